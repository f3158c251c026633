"""Arguments of the container registry."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.registry import RegistryArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack, network_access


def args(
    stack: Stack, groups: ResourceGroups, diagnostics: DiagnosticsArgs | None, links: PrivateLinks | None
) -> RegistryArgs:
    """The registry of the workspace's images."""
    wanted = stack.settings.registry
    return RegistryArgs(
        **stack.place(groups),
        registry_name=stack.name(Kind.CONTAINER_REGISTRY),
        sku=wanted.sku,
        network=network_access(wanted),
        zone_redundancy=wanted.zone_redundancy,
        untagged_retention_days=wanted.untagged_retention_days,
        private_endpoints=links.endpoints(PrivateSystem.REGISTRY, groups) if links else {},
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )
