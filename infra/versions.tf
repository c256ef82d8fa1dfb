terraform {
  required_version = ">= 1.9"

  # scripts/infra/provider-arguments.json has the names of this version's arguments: change both together.
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45.0"
    }
  }

  # Where the state is, `terraform init -backend-config="bucket=<a bucket with versions>"` says.
  backend "gcs" {
    prefix = "flotilla"
  }
}
