provider "google" {
  project = var.project
  region  = var.region
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "this" {
  for_each = toset([
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudscheduler.googleapis.com",
    "cloudtasks.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "iap.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "spanner.googleapis.com",
  ])

  service            = each.key
  disable_on_destroy = false
}

locals {
  vendors = { for name, service in var.services : name => service if service.is_vendor }

  # Known before the services are, which need to know each other. Tokens are meant for these.
  # https://cloud.google.com/run/docs/triggering/https-request#deterministic
  origins = { for name in keys(var.services) : name => "https://${name}-${data.google_project.this.number}.${var.region}.run.app" }

  # Nobody could sign in to one without people.
  has_dashboard    = length(var.dashboard_people) > 0
  dashboard_origin = "https://dashboard-${data.google_project.this.number}.${var.region}.run.app"

  images = "${google_artifact_registry_repository.images.location}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"

  # Made by Google with the API.
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "flotilla"
  location      = var.region
  format        = "DOCKER"
  description   = "The images of the fleet's services"

  # A tag is a commit: what runs can be found.
  docker_config {
    immutable_tags = true
  }

  depends_on = [google_project_service.this]
}
