# The namespaces that the components use. The SDK's own module imports all of its 254 namespaces
# for a type checker, which takes minutes and gigabytes; the signatures still come from the SDK.
import pulumi_azure_native.alertsmanagement as alertsmanagement
import pulumi_azure_native.applicationinsights as applicationinsights
import pulumi_azure_native.authorization as authorization
import pulumi_azure_native.consumption as consumption
import pulumi_azure_native.containerregistry as containerregistry
import pulumi_azure_native.containerservice as containerservice
import pulumi_azure_native.databricks as databricks
import pulumi_azure_native.keyvault as keyvault
import pulumi_azure_native.kubernetesconfiguration as kubernetesconfiguration
import pulumi_azure_native.machinelearningservices as machinelearningservices
import pulumi_azure_native.managedidentity as managedidentity
import pulumi_azure_native.monitor as monitor
import pulumi_azure_native.operationalinsights as operationalinsights
import pulumi_azure_native.resources as resources
import pulumi_azure_native.sql as sql
import pulumi_azure_native.storage as storage
from pulumi_azure_native.provider import Provider as Provider

__all__ = [
    "Provider",
    "alertsmanagement",
    "applicationinsights",
    "authorization",
    "consumption",
    "containerregistry",
    "containerservice",
    "databricks",
    "keyvault",
    "kubernetesconfiguration",
    "machinelearningservices",
    "managedidentity",
    "monitor",
    "operationalinsights",
    "resources",
    "sql",
    "storage",
]
