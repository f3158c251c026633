"""Ids of resources that the stack did not make."""

import re
from typing import Annotated

from azure_ml_platform.constraints import Text


def _arm_id(arm_type: str, name: str) -> Text:
    """An ARM id of a type in a resource group; `name` may go on with child segments, as `name/subnets/child`."""
    example = f"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/{arm_type}/{name}"
    _, *children = name.split("/")
    tail = "".join(f"/{kind}/[^/]+" for kind in children[::2])
    pattern = rf"/subscriptions/[0-9a-f-]{{36}}/resourceGroups/[^/]+/providers/{re.escape(arm_type)}/[^/]+{tail}"
    full = "/".join((arm_type, *children[::2]))
    return Text(f"the ARM id of a {full}", example, pattern)


NetworkWatcherId = Annotated[str, _arm_id("Microsoft.Network/networkWatchers", "NetworkWatcher_westeurope")]
"""ARM id of a network watcher."""

PrivateDnsZoneId = Annotated[str, _arm_id("Microsoft.Network/privateDnsZones", "privatelink.vaultcore.azure.net")]
"""ARM id of a private DNS zone, in whatever subscription."""

SubnetId = Annotated[str, _arm_id("Microsoft.Network/virtualNetworks", "vnet-hub/subnets/links")]
"""ARM id of a subnet."""

StorageAccountId = Annotated[str, _arm_id("Microsoft.Storage/storageAccounts", "stexports")]
"""ARM id of a storage account."""

SqlServerId = Annotated[str, _arm_id("Microsoft.Sql/servers", "sql-orders")]
"""ARM id of a SQL server."""

VirtualNetworkId = Annotated[str, _arm_id("Microsoft.Network/virtualNetworks", "vnet-hub")]
"""ARM id of a virtual network, in whatever subscription."""

VaultId = Annotated[str, _arm_id("Microsoft.KeyVault/vaults", "kv-keys")]
"""ARM id of a key vault."""
