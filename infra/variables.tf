variable "project" {
  description = "The id of the project that everything is in. It belongs to the fleet alone."
  type        = string

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.project))
    error_message = "The id of a project has 6 to 30 lower-case letters, digits and hyphens, such as district-flotilla."
  }
}

variable "region" {
  description = "Where services, queues, keys, the store and the warehouse are, so that the customers' data stay there."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+\\d+$", var.region))
    error_message = "A region is named like us-central1."
  }
}

variable "services" {
  description = "What each service of the fleet needs, by its name. Rendered from the code into services.auto.tfvars.json: never written by hand."
  type = map(object({
    is_vendor       = bool
    memory          = string
    cpu             = number
    timeout_seconds = number
    concurrency     = number
    queues = map(object({
      max_dispatches_per_second = number
      max_concurrent_dispatches = number
      max_attempts              = number
      min_backoff               = string
      max_backoff               = string
      max_doublings             = number
      max_retry_duration        = optional(string)
    }))
    subscriptions = map(object({
      topic                 = string
      route                 = string
      ack_deadline_seconds  = number
      minimum_backoff       = string
      maximum_backoff       = string
      max_delivery_attempts = number
    }))
  }))

  validation {
    condition     = alltrue([for name in ["control", "warehouse"] : contains(keys(var.services), name)])
    error_message = "The fleet needs the services control and warehouse: npm run render writes services.auto.tfvars.json."
  }

  validation {
    condition     = alltrue([for name in keys(var.services) : can(regex("^[a-z][a-z0-9-]{0,20}$", name))])
    error_message = "A service's account is named flotilla-<service> and has at most 30 characters, so the name has at most 21."
  }

  validation {
    condition     = length(setintersection(keys(var.services), ["tasks", "push", "scheduler", "migrate", "deploy", "dashboard"])) == 0
    error_message = "A service cannot be named tasks, push, scheduler, migrate or deploy, which are accounts of the fleet, nor dashboard."
  }
}

variable "scaling" {
  description = "By the service's name, how many instances it has at least and at most where that is not to follow from its queues. Whoever wants no cold start has one at least."
  type = map(object({
    min_instances = optional(number, 0)
    max_instances = optional(number)
  }))
  default = {}

  validation {
    condition     = alltrue([for one in values(var.scaling) : one.min_instances >= 0 && one.min_instances <= coalesce(one.max_instances, 1000)])
    error_message = "There cannot be more instances at least than at most."
  }
}

variable "release" {
  description = "The tag of the images with which services are made. Later releases are cloudbuild.yaml's: Terraform leaves images alone."
  type        = string

  validation {
    condition     = can(regex("^[\\w][\\w.-]{0,127}$", var.release))
    error_message = "The tag of an image, such as the commit that it was built from."
  }
}

variable "people" {
  description = "Which people may call the services as what: by role, members as IAM names them (group:it@district.example). They call in the name of an account of that role, since what gcloud gives a person himself is meant for gcloud."
  type        = map(set(string))
  default     = {}

  validation {
    condition     = alltrue([for role in keys(var.people) : contains(["admin", "orchestrator", "viewer"], role)])
    error_message = "People are admin, orchestrator or viewer."
  }

  validation {
    condition     = alltrue([for member in flatten(values(var.people)) : can(regex("^(user|group|domain):", member))])
    error_message = "Members are named like group:it@district.example."
  }
}

variable "dashboard_people" {
  description = "Who may use the dashboard as what: people by the e-mail addresses of their Google accounts, all others of a Workspace domain by @ and its name. Groups cannot be named: Identity-Aware Proxy does not tell who is in one. Empty: there is no dashboard."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for role in values(var.dashboard_people) : contains(["admin", "orchestrator", "viewer"], role)])
    error_message = "People are admin, orchestrator or viewer."
  }

  validation {
    condition     = alltrue([for name in keys(var.dashboard_people) : can(regex("^[^@\\s]*@[^@\\s]+$", name))])
    error_message = "People are named like ana@district.example, domains like @district.example."
  }
}

variable "mail" {
  description = "Whom mails of control are from, and the name of the secret in Secret Manager that holds the address of the mail server with what is needed to be let in (smtps://user:password@host). Both or none: then no mail is sent."
  type = object({
    from        = optional(string, "")
    smtp_secret = optional(string, "")
  })
  default = {}

  validation {
    condition     = (var.mail.from == "") == (var.mail.smtp_secret == "")
    error_message = "Mail needs both: whom it is from, and the secret with the mail server."
  }

  validation {
    condition     = can(regex("^[\\w-]{0,255}$", var.mail.smtp_secret))
    error_message = "A secret is named by its id, such as flotilla-smtp."
  }
}

variable "callers" {
  description = "Which other systems may call the services as what: service accounts by their e-mail addresses."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for role in values(var.callers) : contains(["admin", "orchestrator", "scheduler", "viewer"], role)])
    error_message = "A caller is admin, orchestrator, scheduler or viewer."
  }

  validation {
    condition     = alltrue([for email in keys(var.callers) : can(regex("^[^@\\s]+@[^@\\s]+$", email))])
    error_message = "Callers are named by e-mail addresses."
  }
}

variable "warehouse_readers" {
  description = "Who may read the warehouse in BigQuery, as IAM names members: group:analysts@district.example."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.warehouse_readers : can(regex("^(user|group|serviceAccount|domain):", member))])
    error_message = "Members are named like group:analysts@district.example."
  }
}

variable "spanner_processing_units" {
  description = "The size of the Spanner instance: 100 is a tenth of a node."
  type        = number
  default     = 100

  validation {
    condition     = var.spanner_processing_units < 1000 ? var.spanner_processing_units >= 100 && var.spanner_processing_units % 100 == 0 : var.spanner_processing_units % 1000 == 0
    error_message = "Hundreds up to 1000, then thousands."
  }
}

variable "backup_retention_days" {
  description = "How long the daily backup of the store is kept."
  type        = number
  default     = 30

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 366
    error_message = "From 1 to 366 days."
  }
}

variable "slice_seconds" {
  description = "How long one task works on a run before it hands over; well below the queues' dispatch deadline of 900 s."
  type        = number
  default     = 480

  validation {
    condition     = var.slice_seconds >= 30 && var.slice_seconds <= 780
    error_message = "From 30 to 780 seconds."
  }
}

variable "nightly_spread_seconds" {
  description = "Over how long the runs of a night begin."
  type        = number
  default     = 3600

  validation {
    condition     = var.nightly_spread_seconds >= 0 && var.nightly_spread_seconds <= 21600
    error_message = "From 0 to 21600 seconds."
  }
}

variable "log_level" {
  description = "Lines below it are not written. At warn the logs have no trace of what went well."
  type        = string
  default     = "info"

  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "One of debug, info, warn, error."
  }
}

variable "traces" {
  description = "Where OpenTelemetry traces are sent by OTLP over HTTP, and how many of them are kept, from 0 to 1. No endpoint: none are made."
  type = object({
    endpoint = optional(string, "")
    ratio    = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.traces.endpoint == "" || can(regex("^https?://", var.traces.endpoint))
    error_message = "The endpoint is a URL."
  }

  validation {
    condition     = var.traces.ratio >= 0 && var.traces.ratio <= 1
    error_message = "The ratio is from 0 to 1."
  }
}

variable "notification_channels" {
  description = "Who is told by alerts: names of Cloud Monitoring's channels, projects/<project>/notificationChannels/<number>."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", name))])
    error_message = "A channel is named like projects/district-flotilla/notificationChannels/123."
  }
}
