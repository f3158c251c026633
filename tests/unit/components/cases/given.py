"""What the canonical arguments are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent

SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-test/providers"
TAGS = {"owner": "me@example.com"}
PLACE = {"resource_group_name": "rg-test", "location": "westeurope"}
LOGS = {"workspace_id": f"{GROUP}/Microsoft.OperationalInsights/workspaces/log"}
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/mlw"
ACTIONS = f"{GROUP}/Microsoft.Insights/actionGroups"
NETWORK = {"public": True, "allowed_ip_ranges": ["198.51.100.7"]}


def principal(name: str) -> dict[str, str]:
    """A managed identity that roles are assigned to."""
    return {"name": name, "principal_id": f"00000000-0000-4000-8000-{len(name):012}"}


VNET = f"{GROUP}/Microsoft.Network/virtualNetworks/vnet"
SUBNET = f"{VNET}/subnets/links"
ZONES = f"{GROUP}/Microsoft.Network/privateDnsZones"
HUB_SUBSCRIPTION = "00000000-0000-4000-8000-000000000009"
HUB_GROUP = f"/subscriptions/{HUB_SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network"
HUB, HUB_ZONES = f"{HUB_GROUP}/virtualNetworks/vnet-hub", f"{HUB_GROUP}/privateDnsZones"
WATCHER = f"{SUBSCRIPTION}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/nw"


def endpoints(*groups: str) -> dict[str, Any]:
    """Private endpoints of some groups."""
    zone = "privatelink.example.net"
    shared = {**PLACE, "subnet_id": SUBNET, "zone_ids": {zone: f"{ZONES}/{zone}"}}
    return {group: {**shared, "name": f"pep-{group}"} for group in groups}


GRANT = {"role": Role.STORAGE_BLOB_DATA_READER, "principal": {**principal("team"), "principal_type": "Group"}}
SCOPES = {
    "storage": {"name": "st", "id": f"{GROUP}/Microsoft.Storage/storageAccounts/st"},
    "key_vault": {"name": "kv", "id": f"{GROUP}/Microsoft.KeyVault/vaults/kv"},
    "insights": {"name": "appi", "id": f"{GROUP}/Microsoft.Insights/components/appi"},
}
LAKE = {"name": "stlake", "id": f"{GROUP}/Microsoft.Storage/storageAccounts/stlake"}
REGISTRY = {"name": "cr", "id": f"{GROUP}/Microsoft.ContainerRegistry/registries/cr"}
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities"
UPLOAD = {"endpoint": "https://st.blob.core.windows.net/", "container": "models", "datastore": "models"}
CUSTOMER_KEY = {
    "vault_uri": "https://kv.vault.azure.net/",
    "key_name": "data",
    "identity_id": f"{IDENTITY}/id-encryption",
    "permission": f"{GROUP}/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Authorization/roleAssignments/1",
}
STORAGE: dict[str, Any] = {
    "redundancy": "GZRS",
    "soft_delete_days": 14,
    "infrastructure_encryption": False,
    "customer_managed_key": CUSTOMER_KEY,
    "network": NETWORK,
    "trusted_resources": [
        {
            "resource_id": f"{GROUP}/Microsoft.Databricks/accessConnectors/dbac",
            "tenant_id": "00000000-0000-4000-8000-000000000002",
        }
    ],
    "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
    "diagnostics": LOGS,
    "protect": False,
}
ALL_MAX: dict[str, Any] = {"tags": TAGS, "keep_sdk_aliases": True}


@dataclass(frozen=True)
class Case:
    """One component with its arguments."""

    component: Callable[..., PlatformComponent]
    required: dict[str, Any]
    more: dict[str, Any]
    """Every other argument."""

    @property
    def name(self) -> str:
        """Name of the component's class."""
        return self.component.__name__

    def defaults(self) -> dict[str, Any]:
        """Only what is required."""
        return self.required

    def max(self) -> dict[str, Any]:
        """Everything."""
        return {**self.required, **self.more, **ALL_MAX}
