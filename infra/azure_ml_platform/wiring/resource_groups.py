"""Arguments of the resource groups."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.resource_groups import ResourceGroupsArgs
from azure_ml_platform.wiring.stack import Stack


def args(stack: Stack) -> ResourceGroupsArgs:
    """One group for the network and one for data, where there are any, and one for what works on them."""
    settings = stack.settings
    has_data = settings.blob.enabled or settings.data_lake.enabled or settings.sql.enabled
    optional = {"network": settings.network.enabled, "data": has_data}
    layers = (*(layer for layer, wanted in optional.items() if wanted), "platform")
    return ResourceGroupsArgs(
        names={layer: stack.name(Kind.RESOURCE_GROUP, layer) for layer in layers},
        location=stack.settings.platform.location,
        protect=stack.protects_data,
        tags=stack.settings.tags,
    )


def data_lock_name(stack: Stack) -> str:
    """Name of the lock on the group that holds data."""
    return stack.name(Kind.LOCK, "data")
