locals {
  queues = merge([
    for service, profile in var.services : {
      for name, queue in profile.queues : name => merge(queue, { service = service })
    }
  ]...)

  # Control starts the runs of every vendor; a vendor's service continues its own.
  queue_enqueuers = merge([
    for name, queue in local.queues : {
      for service in distinct([queue.service, "control"]) : "${name}/${service}" => { queue = name, service = service }
    }
  ]...)
}

# A task's dispatch deadline stands in the task, not in the queue. Dead tasks are kept in the store (docs/decisions/0019).
resource "google_cloud_tasks_queue" "queue" {
  for_each = local.queues

  name     = each.key
  location = var.region

  rate_limits {
    max_dispatches_per_second = each.value.max_dispatches_per_second
    max_concurrent_dispatches = each.value.max_concurrent_dispatches
  }

  retry_config {
    max_attempts       = each.value.max_attempts
    min_backoff        = each.value.min_backoff
    max_backoff        = each.value.max_backoff
    max_doublings      = each.value.max_doublings
    max_retry_duration = each.value.max_retry_duration
  }

  stackdriver_logging_config {
    sampling_ratio = 1
  }

  depends_on = [google_project_service.this]
}

# What waits in a queue is counted by listing its tasks: Cloud Tasks tells no numbers.
resource "google_cloud_tasks_queue_iam_member" "counter" {
  for_each = google_cloud_tasks_queue.queue

  name     = each.value.name
  location = var.region
  role     = "roles/cloudtasks.viewer"
  member   = local.members["control"]
}

resource "google_cloud_tasks_queue_iam_member" "enqueuer" {
  for_each = local.queue_enqueuers

  name     = google_cloud_tasks_queue.queue[each.value.queue].name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = local.members[each.value.service]
}
