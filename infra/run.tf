locals {
  # What every service is told. PORT is Cloud Run's, FLOTILLA_HOST the image's. An empty text counts as none.
  environment = {
    FLOTILLA_STACK                  = "google"
    GOOGLE_CLOUD_PROJECT            = var.project
    FLOTILLA_REGION                 = var.region
    FLOTILLA_SPANNER                = "${google_spanner_instance.store.name}/${google_spanner_database.store.name}"
    FLOTILLA_DATASET                = google_bigquery_dataset.warehouse.dataset_id
    FLOTILLA_KEY_RING               = google_kms_key_ring.credentials.name
    FLOTILLA_TASKS_ACCOUNT          = google_service_account.machine["tasks"].email
    FLOTILLA_CALLERS                = jsonencode(local.callers)
    FLOTILLA_SERVICES               = jsonencode(local.origins)
    FLOTILLA_MAIL_FROM              = var.mail.from
    FLOTILLA_DASHBOARD_URL          = local.has_dashboard ? local.dashboard_origin : ""
    FLOTILLA_SLICE_SECONDS          = tostring(var.slice_seconds)
    FLOTILLA_NIGHTLY_SPREAD_SECONDS = tostring(var.nightly_spread_seconds)
    LOG_LEVEL                       = var.log_level
    LOG_FORMAT                      = "json"
    OTEL_EXPORTER_OTLP_ENDPOINT     = var.traces.endpoint
    OTEL_TRACES_SAMPLER_ARG         = tostring(var.traces.ratio)
  }

  # Control's, from Secret Manager: who can read the services' settings is not to read these.
  secret_environment = {
    FLOTILLA_SMTP_URL = var.mail.smtp_secret
  }

  # Only what is behind Identity-Aware Proxy is told whom to expect from there.
  dashboard_environment = {
    FLOTILLA_IAP_AUDIENCE = "/projects/${data.google_project.this.number}/locations/${var.region}/services/dashboard"
    FLOTILLA_PEOPLE       = jsonencode(var.dashboard_people)
  }

  # The dashboard is control once more: the same image, account and settings behind Identity-Aware Proxy, which would turn machines away from control
  # itself (docs/decisions/0023).
  deployed = merge(
    { for name, service in var.services : name => merge(service, { program = name, is_behind_iap = false, environment = local.environment }) },
    { for name in local.has_dashboard ? ["dashboard"] : [] : name => merge(var.services["control"], {
      program       = "control"
      is_behind_iap = true
      environment   = merge(local.environment, local.dashboard_environment)
    }) },
  )

  # The fleet's own come last: nobody can be given their roles by another entry.
  callers = merge(
    var.callers,
    { for role, account in google_service_account.person : account.email => role },
    { for name in ["tasks", "push", "scheduler"] : google_service_account.machine[name].email => name },
    # It asks vendors' services what they are and whether a connection works, and every service how it is: what programs may.
    { (google_service_account.service["control"].email) = "orchestrator" },
  )

  # Enough that the queues are never held up by the instances; one more for calls.
  most_instances = {
    for name, service in var.services : name => 1 + ceil(sum(concat(
      [for queue in values(service.queues) : queue.max_concurrent_dispatches],
      [for subscription in values(service.subscriptions) : 4 * service.concurrency],
      [0],
    )) / service.concurrency)
  }
}

resource "google_cloud_run_v2_service" "service" {
  for_each = local.deployed

  name     = each.key
  location = var.region
  ingress  = "INGRESS_TRAFFIC_ALL"

  # The services verify ID tokens themselves: Cloud Run's own check cuts the signature off a token, and knows no roles. What is behind
  # Identity-Aware Proxy is reached through that alone.
  invoker_iam_disabled = !each.value.is_behind_iap
  iap_enabled          = each.value.is_behind_iap
  deletion_protection  = true

  template {
    service_account                  = google_service_account.service[each.value.program].email
    timeout                          = "${each.value.timeout_seconds}s"
    max_instance_request_concurrency = each.value.concurrency
    # It starts sooner, and a service may have less than 512 MiB.
    execution_environment = "EXECUTION_ENVIRONMENT_GEN1"

    scaling {
      min_instance_count = try(var.scaling[each.key].min_instances, 0)
      max_instance_count = coalesce(try(var.scaling[each.key].max_instances, null), local.most_instances[each.value.program])
    }

    containers {
      image = "${local.images}/${each.value.program}:${var.release}"

      resources {
        limits = {
          cpu    = tostring(each.value.cpu)
          memory = each.value.memory
        }
        # Nothing is done between requests.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      ports {
        container_port = 8080
      }

      dynamic "env" {
        for_each = each.value.environment

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = { for name, secret in local.secret_environment : name => secret if secret != "" && each.value.program == "control" }

        content {
          name = env.key

          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 1
        failure_threshold = 30

        http_get {
          path = "/healthz"
          port = 8080
        }
      }
    }
  }

  # The warehouse makes its tables when it starts, and a service that does not start is not made.
  depends_on = [
    google_bigquery_dataset_iam_member.writer,
    google_project_iam_member.warehouse_jobs,
    google_secret_manager_secret_iam_member.control,
    google_spanner_database_iam_member.user,
  ]

  # cloudbuild.yaml's: which image, and who gets how much of the traffic.
  lifecycle {
    ignore_changes = [template[0].containers[0].image, template[0].revision, traffic, client, client_version]
  }
}

# Who may pass the proxy; what they are then, FLOTILLA_PEOPLE says.
resource "google_iap_web_cloud_run_service_iam_member" "dashboard" {
  for_each = var.dashboard_people

  location               = var.region
  cloud_run_service_name = google_cloud_run_v2_service.service["dashboard"].name
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = startswith(each.key, "@") ? "domain:${trimprefix(each.key, "@")}" : "user:${each.key}"
}

# The proxy itself, which Google makes with: gcloud beta services identity create --service=iap.googleapis.com
resource "google_cloud_run_v2_service_iam_member" "proxy" {
  for_each = toset(local.has_dashboard ? ["dashboard"] : [])

  location = var.region
  name     = google_cloud_run_v2_service.service[each.key].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-iap.iam.gserviceaccount.com"
}

# Run before the services of a release: control's image brings the store up to date.
resource "google_cloud_run_v2_job" "migrate" {
  name                = "migrate"
  location            = var.region
  deletion_protection = true

  template {
    template {
      service_account = google_service_account.machine["migrate"].email
      timeout         = "3600s"
      # Run twice it harms nothing, but what failed once is to be looked at.
      max_retries = 0

      containers {
        image   = "${local.images}/control:${var.release}"
        command = ["node"]
        args    = ["src/migrate.ts"]

        resources {
          limits = {
            cpu    = "1"
            memory = "512Mi"
          }
        }

        env {
          name  = "GOOGLE_CLOUD_PROJECT"
          value = var.project
        }

        env {
          name  = "FLOTILLA_SPANNER"
          value = local.environment["FLOTILLA_SPANNER"]
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}
