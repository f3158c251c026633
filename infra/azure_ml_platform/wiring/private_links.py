"""Arguments of private endpoints, and of the zones that hold their names."""

from collections.abc import Mapping
from dataclasses import dataclass

from azure_ml_platform.args import Input
from azure_ml_platform.catalog import private_link
from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.components.private_dns import PrivateDns, PrivateDnsArgs
from azure_ml_platform.components.private_endpoints import PrivateEndpointArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring.stack import Stack

GROUPS: Mapping[PrivateSystem, tuple[str, tuple[str, ...]]] = {
    PrivateSystem.KEY_VAULT: ("Microsoft.KeyVault/vaults", ("vault",)),
    PrivateSystem.REGISTRY: ("Microsoft.ContainerRegistry/registries", ("registry",)),
    # A workspace keeps blobs and notebooks' files in its account.
    PrivateSystem.BLOB: ("Microsoft.Storage/storageAccounts", ("blob", "file")),
    # Clients of a lake use both: files by path through one, the rest through the other.
    PrivateSystem.DATA_LAKE: ("Microsoft.Storage/storageAccounts", ("dfs", "blob")),
    PrivateSystem.SQL: ("Microsoft.Sql/servers", ("sqlServer",)),
    PrivateSystem.INGESTION: ("Microsoft.DataFactory/factories", ("dataFactory", "portal")),
    PrivateSystem.MACHINE_LEARNING: ("Microsoft.MachineLearningServices/workspaces", ("amlworkspace",)),
    PrivateSystem.MONITORING: ("Microsoft.Insights/privateLinkScopes", ("azuremonitor",)),
    # Signing in has one endpoint for all workspaces of a region that share a zone.
    PrivateSystem.DATABRICKS: ("Microsoft.Databricks/workspaces", ("databricks_ui_api", "browser_authentication")),
}
"""ARM type and groups of each system that private endpoints can lead to."""


@dataclass(frozen=True)
class PrivateLinks:
    """What the systems of a stack need for their private endpoints."""

    stack: Stack
    virtual_network_id: Input[str]
    subnet_ids: Mapping[SubnetPurpose, Input[str]]
    zones: PrivateDns

    def endpoints(
        self, system: PrivateSystem, groups: ResourceGroups, layer: str = "platform", part: str = ""
    ) -> dict[str, PrivateEndpointArgs]:
        """The private endpoints of a system, or a part of it, by group id; none where the stack wants none for it."""
        if system not in self.stack.settings.network.private_endpoints:
            return {}
        arm_type, wanted = GROUPS[system]
        location = self.stack.settings.platform.location
        return {
            group: PrivateEndpointArgs(
                name=self.stack.name(Kind.PRIVATE_ENDPOINT, _role(system, group, part)),
                subnet_id=self.subnet_ids[SubnetPurpose.PRIVATE_ENDPOINTS],
                zone_ids={zone: self.zones.by_name[zone] for zone in private_link.zones(arm_type, group, location)},
                resource_group_name=groups.by_layer[layer].name,
                location=location,
            )
            for group in wanted
        }


def zone_args(stack: Stack, groups: ResourceGroups, virtual_network_id: Input[str]) -> PrivateDnsArgs:
    """The zones of all systems that are switched on, each once."""
    wanted, location = stack.settings.network, stack.settings.platform.location
    systems = [system for system in wanted.private_endpoints if getattr(stack.settings, system.value).enabled]
    zones = (
        zone
        for system in systems
        for group in GROUPS[system][1]
        for zone in private_link.zones(GROUPS[system][0], group, location)
    )
    return PrivateDnsArgs(
        resource_group_name=groups.by_layer["network"].name,
        tags=stack.settings.tags,
        virtual_network_id=virtual_network_id,
        link_name=stack.name(Kind.VIRTUAL_NETWORK),
        zones=tuple(dict.fromkeys(zones)),
        hub_zone_ids=wanted.private_dns_zone_ids,
        link_hub_zones=wanted.link_hub_zones,
    )


def _role(system: PrivateSystem, group: str, part: str) -> str:
    words = (system.value, part, group if len(GROUPS[system][1]) > 1 else "")
    return "-".join(word.lower().replace("_", "-") for word in words if word)
