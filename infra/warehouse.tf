# Tables and views are made by the warehouse's service when it starts.
resource "google_bigquery_dataset" "warehouse" {
  dataset_id                 = "flotilla"
  location                   = var.region
  description                = "Every change of every record, and views of how records stand"
  delete_contents_on_destroy = false

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

resource "google_bigquery_dataset_iam_member" "writer" {
  dataset_id = google_bigquery_dataset.warehouse.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = local.members["warehouse"]
}

# Queries are jobs, and jobs are the project's.
resource "google_project_iam_member" "warehouse_jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = local.members["warehouse"]
}

resource "google_bigquery_dataset_iam_member" "reader" {
  for_each = var.warehouse_readers

  dataset_id = google_bigquery_dataset.warehouse.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.key
}
