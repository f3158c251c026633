terraform {
  required_providers {
    azapi = { source = "azure-ml-platform.invalid/azure/azapi" }
  }
}

variable "endpoint" {
  type = string
}

provider "azapi" {
  endpoint = [{
    resource_manager_endpoint       = var.endpoint
    active_directory_authority_host = "${var.endpoint}/"
    resource_manager_audience       = "https://management.azure.com/"
  }]
  use_cli                    = false
  use_msi                    = true
  skip_provider_registration = true
}

resource "azapi_resource" "group" {
  type     = "Microsoft.Resources/resourceGroups@2024-03-01"
  name     = "rg-tofu"
  location = "westeurope"
  tags     = { owner = "tofu" }
}

resource "azapi_resource" "identity" {
  type      = "Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31"
  parent_id = azapi_resource.group.id
  name      = "id-tofu"
  location  = azapi_resource.group.location
}
