resource "google_spanner_instance" "store" {
  name             = "flotilla"
  config           = "regional-${var.region}"
  display_name     = "Flotilla"
  processing_units = var.spanner_processing_units
  edition          = "STANDARD"
  # Ours is made below.
  default_backup_schedule_type = "NONE"

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

# Its tables are made by the job `migrate`.
resource "google_spanner_database" "store" {
  name     = "fleet"
  instance = google_spanner_instance.store.name
  # A week back by the minute; further back by the daily backups.
  version_retention_period = "7d"
  enable_drop_protection   = true
  deletion_protection      = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_spanner_backup_schedule" "daily" {
  name               = "daily"
  instance           = google_spanner_instance.store.name
  database           = google_spanner_database.store.name
  retention_duration = "${var.backup_retention_days * 24 * 3600}s"

  # In UTC: in the afternoon of America and the evening of Europe, between two nights.
  spec {
    cron_spec {
      text = "0 20 * * *"
    }
  }

  full_backup_spec {}
}

# All but the warehouse, which only takes what is pushed to it.
resource "google_spanner_database_iam_member" "user" {
  for_each = local.enqueuers

  instance = google_spanner_instance.store.name
  database = google_spanner_database.store.name
  role     = "roles/spanner.databaseUser"
  member   = local.members[each.key]
}

resource "google_spanner_database_iam_member" "migrate" {
  instance = google_spanner_instance.store.name
  database = google_spanner_database.store.name
  role     = "roles/spanner.databaseAdmin"
  member   = local.machines["migrate"]
}
