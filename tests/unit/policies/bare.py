"""A bare stack: of each resource no more than the SDK asks for, so that Azure's own defaults hold.

Where the SDK asks for a choice, it is the one that is in the way of nobody.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi_kubernetes as kubernetes
from pulumi.runtime import mocks
from pulumi_azure_native import (
    applicationinsights,
    authorization,
    cognitiveservices,
    containerregistry,
    containerservice,
    databricks,
    keyvault,
    machinelearningservices,
    monitor,
    network,
    operationalinsights,
    resources,
    sql,
    storage,
)

GROUP: dict[str, Any] = {"resource_group_name": "rg-bare"}
SUBSCRIPTION = "/subscriptions/s"
ROLES = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
OWNER, CONTRIBUTOR = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c"


class Cloud(mocks.Mocks):
    """Makes whatever it is asked for."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """The id and the state of a resource."""
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        """Nothing is looked up."""
        raise NotImplementedError(args.token)


def _machine_learning() -> None:
    inside = {**GROUP, "workspace_name": "mlw"}
    machinelearningservices.Workspace("workspace", **inside)
    cluster = machinelearningservices.AmlComputeArgs(compute_type="AmlCompute")
    machinelearningservices.Compute("cluster", properties=cluster, **inside)
    instance = machinelearningservices.ComputeInstanceArgs(compute_type="ComputeInstance")
    machinelearningservices.Compute("instance", properties=instance, **inside)
    blobs = machinelearningservices.AzureBlobDatastoreArgs(
        datastore_type="AzureBlob",
        credentials=machinelearningservices.AccountKeyDatastoreCredentialsArgs(
            credentials_type="AccountKey",
            secrets=machinelearningservices.AccountKeyDatastoreSecretsArgs(secrets_type="AccountKey"),
        ),
    )
    machinelearningservices.Datastore("datastore", properties=blobs, **inside)
    machinelearningservices.OnlineEndpoint("endpoint", properties={"auth_mode": "Key"}, **inside)
    deployment = machinelearningservices.ManagedOnlineDeploymentArgs(endpoint_compute_type="Managed")
    machinelearningservices.OnlineDeployment("deployment", endpoint_name="endpoint", properties=deployment, **inside)
    machinelearningservices.BatchEndpoint("batch", properties={"auth_mode": "Key"}, **inside)
    machinelearningservices.Registry("models", **GROUP)


def _storage() -> None:
    storage.StorageAccount("account", account_name="stbare", kind="StorageV2", sku={"name": "Standard_LRS"}, **GROUP)
    storage.BlobServiceProperties("blobs", account_name="stother", **GROUP)
    storage.BlobContainer("container", account_name="stbare", **GROUP)


def _vault() -> None:
    vault = {**GROUP, "vault_name": "kv-bare"}
    sku = keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD)
    keyvault.Vault("vault", properties=keyvault.VaultPropertiesArgs(sku=sku, tenant_id="t"), **vault)
    keyvault.Key("key", properties={}, **vault)
    keyvault.Secret("secret", properties={}, **vault)


def _registry() -> None:
    containerregistry.Registry("images", sku={"name": "Basic"}, **GROUP)


def _sql() -> None:
    server = {**GROUP, "server_name": "sql-bare"}
    sql.Server("server", **server)
    sql.Database("database", **server)
    sql.FirewallRule("azure", start_ip_address="0.0.0.0", end_ip_address="0.0.0.0", **server)


def _kubernetes() -> None:
    cluster = {**GROUP, "resource_name_": "aks-bare"}
    containerservice.ManagedCluster("kubernetes", agent_pool_profiles=[{"name": "system", "mode": "System"}], **cluster)
    containerservice.AgentPool("pool", **cluster)
    kubernetes.core.v1.Pod("pod", spec={"containers": [{"name": "main", "image": "model"}]})
    kubernetes.core.v1.Service("service", spec={"type": "LoadBalancer"})


def _databricks() -> None:
    databricks.Workspace("databricks", **GROUP)


def _network() -> None:
    network.VirtualNetwork("network", subnets=[{"name": "default", "address_prefix": "10.0.0.0/24"}], **GROUP)
    network.PublicIPAddress("address", **GROUP)
    network.PrivateEndpoint("private", private_link_service_connections=[{"group_ids": ["blob"]}], **GROUP)


def _monitoring() -> None:
    operationalinsights.Workspace("logs", **GROUP)
    applicationinsights.Component("telemetry", kind="web", **GROUP)
    monitor.ActionGroup("people", group_short_name="people", **GROUP)


def _access() -> None:
    resources.ResourceGroup("group", location="brazilsouth")
    for name, role in (("owner", OWNER), ("contributor", CONTRIBUTOR)):
        authorization.RoleAssignment(name, principal_id="p", role_definition_id=f"{ROLES}/{role}", scope=SUBSCRIPTION)
    authorization.RoleDefinition("role", scope=SUBSCRIPTION)


def _ai_services() -> None:
    cognitiveservices.Account("ai", **GROUP)


SYSTEMS: Mapping[str, Callable[[], None]] = {
    "machine learning": _machine_learning,
    "storage": _storage,
    "key vault": _vault,
    "container registry": _registry,
    "Azure SQL": _sql,
    "Kubernetes": _kubernetes,
    "Databricks": _databricks,
    "network": _network,
    "monitoring": _monitoring,
    "access": _access,
    "AI services": _ai_services,
}
"""By system, what makes its resources."""


def stack() -> None:
    """The program of the whole stack."""
    for system in SYSTEMS.values():
        system()
