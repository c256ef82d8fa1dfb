locals {
  subscriptions = merge([
    for service, profile in var.services : {
      for name, subscription in profile.subscriptions : name => merge(subscription, { service = service })
    }
  ]...)

  month = "${31 * 24 * 3600}s"
}

# Every topic that a subscription asks for: there is one, `changes`.
resource "google_pubsub_topic" "changes" {
  for_each = toset([for subscription in values(local.subscriptions) : subscription.topic])

  name = each.key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = { for pair in setproduct(keys(google_pubsub_topic.changes), local.enqueuers) : join("/", pair) => pair }

  topic  = google_pubsub_topic.changes[each.value[0]].name
  role   = "roles/pubsub.publisher"
  member = local.members[each.value[1]]
}

resource "google_pubsub_subscription" "push" {
  for_each = local.subscriptions

  name                    = each.key
  topic                   = google_pubsub_topic.changes[each.value.topic].id
  ack_deadline_seconds    = each.value.ack_deadline_seconds
  enable_message_ordering = true

  push_config {
    push_endpoint = "${local.origins[each.value.service]}/push/${each.value.route}"

    oidc_token {
      service_account_email = google_service_account.machine["push"].email
      audience              = local.origins[each.value.service]
    }
  }

  retry_policy {
    minimum_backoff = each.value.minimum_backoff
    maximum_backoff = each.value.maximum_backoff
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead[each.key].id
    max_delivery_attempts = each.value.max_delivery_attempts
  }

  # It never expires, however long nothing comes.
  expiration_policy {
    ttl = ""
  }
}

# What was not taken after all attempts. It can be looked at, replayed and discarded for a month.
resource "google_pubsub_topic" "dead" {
  for_each = local.subscriptions

  name = "${each.key}-dead"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "dead" {
  for_each = local.subscriptions

  name                       = "${each.key}-dead"
  topic                      = google_pubsub_topic.dead[each.key].id
  ack_deadline_seconds       = 60
  message_retention_duration = local.month

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves dead letters: it publishes them on the one topic, and acknowledges them to the other.
# https://cloud.google.com/pubsub/docs/handling-failures#grant_forwarding_permissions
resource "google_pubsub_topic_iam_member" "dead_publisher" {
  for_each = local.subscriptions

  topic  = google_pubsub_topic.dead[each.key].name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_subscriber" {
  for_each = local.subscriptions

  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
