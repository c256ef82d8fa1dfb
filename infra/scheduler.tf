# Customers' own schedules say when their runs begin. Called each hour, it makes up for a start that was missed.
resource "google_cloud_scheduler_job" "nightly" {
  name             = "nightly"
  description      = "Starts what is due by the customers' schedules; asking twice starts nothing twice"
  region           = var.region
  schedule         = "0 * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "60s"

  retry_config {
    retry_count          = 5
    min_backoff_duration = "10s"
    max_backoff_duration = "300s"
    max_doublings        = 4
  }

  http_target {
    uri         = "${local.origins["control"]}/rpc"
    http_method = "POST"
    headers     = { "Content-Type" = "application/json" }
    body = base64encode(jsonencode({
      jsonrpc = "2.0"
      id      = "nightly"
      method  = "nightly.run.v1"
      params  = {}
    }))

    oidc_token {
      service_account_email = google_service_account.machine["scheduler"].email
      audience              = local.origins["control"]
    }
  }

  depends_on = [google_project_service.this]
}

# Finds work whose task was lost (docs/decisions/0019), of every service that has queues.
resource "google_cloud_scheduler_job" "sweep" {
  for_each = { for name, service in var.services : name => service if length(service.queues) > 0 }

  name             = "sweep-${each.key}"
  description      = "Has ${each.key} look for work that was lost"
  region           = var.region
  schedule         = "*/5 * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "240s"

  # The next one comes soon enough.
  retry_config {
    retry_count = 0
  }

  http_target {
    uri         = "${local.origins[each.key]}/tasks/sweep"
    http_method = "POST"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode(jsonencode({}))

    oidc_token {
      service_account_email = google_service_account.machine["tasks"].email
      audience              = local.origins[each.key]
    }
  }

  depends_on = [google_project_service.this]
}
