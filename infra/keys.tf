# Neither rings nor keys can ever be deleted from Google Cloud, only their versions: and with those everything that they encrypted.
resource "google_kms_key_ring" "credentials" {
  name     = "flotilla"
  location = var.region

  depends_on = [google_project_service.this]
}

# One a vendor, of its name.
resource "google_kms_crypto_key" "vendor" {
  for_each = local.vendors

  name            = each.key
  key_ring        = google_kms_key_ring.credentials.id
  purpose         = "ENCRYPT_DECRYPT"
  rotation_period = "${90 * 24 * 3600}s"

  lifecycle {
    prevent_destroy = true
  }
}

# A vendor's service opens what its own key has closed, and nothing else.
resource "google_kms_crypto_key_iam_member" "vendor" {
  for_each = local.vendors

  crypto_key_id = google_kms_crypto_key.vendor[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = local.members[each.key]
}

# Control stores secrets and must never read one.
resource "google_kms_crypto_key_iam_member" "control" {
  for_each = local.vendors

  crypto_key_id = google_kms_crypto_key.vendor[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypter"
  member        = local.members["control"]
}

# Both ask which version is the primary one.
resource "google_kms_crypto_key_iam_member" "viewer" {
  for_each = merge([
    for vendor in keys(local.vendors) : {
      for service in [vendor, "control"] : "${vendor}/${service}" => { vendor = vendor, service = service }
    }
  ]...)

  crypto_key_id = google_kms_crypto_key.vendor[each.value.vendor].id
  role          = "roles/cloudkms.viewer"
  member        = local.members[each.value.service]
}
