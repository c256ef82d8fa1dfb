output "origins" {
  description = "Where each service is reached, and whom tokens for it must be meant for."
  value       = local.origins
}

output "dashboard" {
  description = "Where people reach the dashboard."
  value       = local.has_dashboard ? local.dashboard_origin : null
}

output "images" {
  description = "Where cloudbuild.yaml puts the images: the substitution _IMAGES."
  value       = local.images
}

output "deploy_account" {
  description = "The account that the trigger of cloudbuild.yaml runs as."
  value       = google_service_account.machine["deploy"].name
}

output "people" {
  description = "By role, the account in whose name people call."
  value       = { for role, account in google_service_account.person : role => account.email }
}

output "accounts" {
  description = "The services' own accounts by their e-mail addresses."
  value       = { for name, account in google_service_account.service : name => account.email }
}
