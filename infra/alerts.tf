locals {
  # What the services say in their logs, word for word: a test looks for each text in the code.
  said = {
    run-failed = {
      title    = "A run failed"
      messages = ["A run failed"]
      severity = "ERROR"
      advice   = "Read its report (`runs.report`): it says what failed and who must act."
    }
    run-held = {
      title    = "A run is held"
      messages = ["A run is held until somebody decides"]
      severity = "WARNING"
      advice   = "It would change more than its limits allow. Read its plan (`runs.plan`), then approve or reject it (`runs.approve`, `runs.reject`)."
    }
    task-dead = {
      title    = "A task is dead"
      messages = ["A task failed for the last time and is dead", "What becomes of a task could not be kept"]
      severity = "ERROR"
      advice   = "It is kept with its last answer (`deadLetters.list`). Once the cause is gone, replay it (`deadLetters.replay`; docs/decisions/0019)."
    }
    store-not-migrated = {
      title    = "The store could not be migrated"
      messages = ["The store could not be migrated"]
      severity = "CRITICAL"
      advice   = "The release has stopped before its services. See the log of the job `migrate`."
    }
  }
}

resource "google_logging_metric" "said" {
  for_each = local.said

  name        = "flotilla/${each.key}"
  description = each.value.title
  filter      = "resource.type=(\"cloud_run_revision\" OR \"cloud_run_job\") AND jsonPayload.message=(${join(" OR ", [for text in each.value.messages : "\"${text}\""])})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "said" {
  for_each = local.said

  display_name          = "Flotilla: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.said[each.key].name}\" AND resource.type=\"${each.key == "store-not-migrated" ? "cloud_run_job" : "cloud_run_revision"}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_SUM"
      }
    }
  }

  # Nothing more of it is heard: it has been dealt with, or it comes again.
  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }
}

locals {
  # What Google measures. https://cloud.google.com/monitoring/api/metrics_gcp
  measured = {
    dead-letters = {
      title     = "Dead letters"
      filter    = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=one_of(${join(",", [for name in keys(local.subscriptions) : "\"${name}-dead\""])})"
      aligner   = "ALIGN_MAX"
      threshold = 0
      duration  = "0s"
      severity  = "ERROR"
      advice    = "Changes could not be written to the warehouse. They are kept for 31 days: find out why (`deadLetters.list`), then `deadLetters.replay`."
    }
    changes-late = {
      title     = "Changes wait for the warehouse"
      filter    = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=one_of(${join(",", [for name in keys(local.subscriptions) : "\"${name}\""])})"
      aligner   = "ALIGN_MAX"
      threshold = 1800
      duration  = "300s"
      severity  = "WARNING"
      advice    = "The oldest change has waited for half an hour. See the log of the service `warehouse`."
    }
    # Cloud Tasks does not tell how old its tasks are, only how late they are tried.
    tasks-late = {
      title     = "Tasks are late"
      filter    = "metric.type=\"cloudtasks.googleapis.com/queue/task_attempt_delays\" AND resource.type=\"cloud_tasks_queue\""
      aligner   = "ALIGN_PERCENTILE_95"
      threshold = 3600000
      duration  = "900s"
      severity  = "WARNING"
      advice    = "Tasks are tried an hour after they were due: the queue's rate is too low for the work, or its service does not answer."
    }
    queue-long = {
      title     = "A queue is long"
      filter    = "metric.type=\"cloudtasks.googleapis.com/queue/depth\" AND resource.type=\"cloud_tasks_queue\""
      aligner   = "ALIGN_MEAN"
      threshold = 10000
      duration  = "3600s"
      severity  = "WARNING"
      advice    = "More than 10,000 tasks for an hour. See whether they are answered (queue/task_attempt_count by response code)."
    }
  }
}

resource "google_monitoring_alert_policy" "measured" {
  for_each = local.measured

  display_name          = "Flotilla: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.threshold
      duration        = each.value.duration

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = each.value.aligner
      }
    }
  }

  # Nothing more of it is heard: it has been dealt with, or it comes again.
  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.this]
}

# A night that nobody starts says nothing by itself.
resource "google_monitoring_alert_policy" "scheduler" {
  display_name          = "Flotilla: Cloud Scheduler could not call"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels

  conditions {
    display_name = "A scheduled call failed"

    condition_matched_log {
      filter = "resource.type=\"cloud_scheduler_job\" AND severity>=ERROR"
    }
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "3600s"
    }
  }

  documentation {
    content   = "The nights are started and lost work is found by scheduled calls. See the job's log for the answer that it got."
    mime_type = "text/markdown"
  }
}
