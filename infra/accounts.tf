# Who does what. A right is given on the thing itself wherever Google lets it be.

# One account a service.
resource "google_service_account" "service" {
  for_each = var.services

  account_id   = "flotilla-${each.key}"
  display_name = "Flotilla: the service ${each.key}"

  depends_on = [google_project_service.this]
}

# Those in whose names Cloud Tasks, Pub/Sub and Cloud Scheduler call the services, and those that migrate and deploy. None can read anything.
resource "google_service_account" "machine" {
  for_each = {
    tasks     = "Cloud Tasks and the sweeps call the services in its name"
    push      = "Pub/Sub pushes in its name"
    scheduler = "Cloud Scheduler starts the nights in its name"
    migrate   = "Brings the store up to date before a release"
    deploy    = "Cloud Build tests and rolls out in its name"
  }

  account_id   = "flotilla-${each.key}"
  display_name = "Flotilla: ${each.key}"
  description  = each.value

  depends_on = [google_project_service.this]
}

# Those in whose names people call. They may do nothing in Google Cloud itself.
resource "google_service_account" "person" {
  for_each = var.people

  account_id   = "flotilla-as-${each.key}"
  display_name = "Flotilla: people who are ${each.key}"

  depends_on = [google_project_service.this]
}

resource "google_service_account_iam_member" "person" {
  for_each = merge([
    for role, members in var.people : { for member in members : "${role}/${member}" => { role = role, member = member } }
  ]...)

  service_account_id = google_service_account.person[each.value.role].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = each.value.member
}

locals {
  members  = { for name, account in google_service_account.service : name => "serviceAccount:${account.email}" }
  machines = { for name, account in google_service_account.machine : name => "serviceAccount:${account.email}" }

  # Who starts or continues runs. The warehouse only takes what is pushed to it.
  enqueuers = toset(concat(["control"], keys(local.vendors)))
}

# Whoever creates a task names the account that it is sent in, and must be allowed to.
resource "google_service_account_iam_member" "tasks_actor" {
  for_each = local.enqueuers

  service_account_id = google_service_account.machine["tasks"].name
  role               = "roles/iam.serviceAccountUser"
  member             = local.members[each.key]
}

# Projects made before April 2021 have not given it to Pub/Sub by themselves.
# https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
resource "google_service_account_iam_member" "push_signer" {
  service_account_id = google_service_account.machine["push"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent

  depends_on = [google_pubsub_topic.changes]
}

# Spanner's client counts its calls in Cloud Monitoring.
resource "google_project_iam_member" "metric_writer" {
  for_each = local.enqueuers

  project = var.project
  role    = "roles/monitoring.metricWriter"
  member  = local.members[each.key]
}

# What waits in a subscription only Cloud Monitoring tells.
resource "google_project_iam_member" "metric_viewer" {
  project = var.project
  role    = "roles/monitoring.viewer"
  member  = local.members["control"]
}

# Cloud Build: releases, the migration, and a look at the canary's requests in the log.
resource "google_project_iam_member" "deploy" {
  for_each = toset([
    "roles/run.developer",
    "roles/logging.logWriter",
    "roles/logging.viewer",
  ])

  project = var.project
  role    = each.key
  member  = local.machines["deploy"]
}

resource "google_artifact_registry_repository_iam_member" "deploy" {
  repository = google_artifact_registry_repository.images.repository_id
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = local.machines["deploy"]
}

# A revision runs as its service's account, so whoever releases it must be allowed to.
resource "google_service_account_iam_member" "deploy_actor" {
  for_each = merge(
    { for name, account in google_service_account.service : name => account.name },
    { migrate = google_service_account.machine["migrate"].name },
  )

  service_account_id = each.value
  role               = "roles/iam.serviceAccountUser"
  member             = local.machines["deploy"]
}

# Whoever lists, replays and discards dead letters does it through control.
resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = local.subscriptions

  subscription = google_pubsub_subscription.dead[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.members["control"]
}

# It asks whose dead letters they are.
resource "google_pubsub_subscription_iam_member" "dead_letters_origin" {
  for_each = local.subscriptions

  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.viewer"
  member       = local.members["control"]
}

# The secrets are made by hand: what Terraform makes stands in its state.
resource "google_secret_manager_secret_iam_member" "control" {
  for_each = { for name, secret in local.secret_environment : name => secret if secret != "" }

  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = local.members["control"]
}
