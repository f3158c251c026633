"""The network."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from azure_ml_platform import addresses
from azure_ml_platform.catalog.subnets import SUBNET_RULES, SubnetPurpose
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, Mend, System
from azure_ml_platform.vocabulary import (
    IpAddress,
    NetworkRange,
    NetworkWatcherId,
    PrivateDnsZoneId,
    PrivateSystem,
    SubnetId,
    VirtualNetworkId,
)

Purpose = Annotated[SubnetPurpose, Field(strict=False)]
"""A purpose, as a key of a map: files know no other keys than strings."""


class HubSettings(Area):
    """The hub that the network is peered with."""

    virtual_network_id: VirtualNetworkId
    """Virtual network of the hub. The other half of the peering is made in its resource group."""
    firewall_address: IpAddress | None = None
    """Private address of the hub's firewall: everything that is called outside goes there. Null for a NAT gateway."""
    use_gateways: bool = False
    """Whether networks behind the hub's gateways are reached through them."""


class ExistingNetworkSettings(Area):
    """A virtual network that somebody else made."""

    virtual_network_id: VirtualNetworkId
    """The network."""
    subnet_ids: Mapping[Purpose, SubnetId]
    """Its subnets by what they are for."""


class NetworkSettings(System):
    """The network: Microsoft.Network/virtualNetworks, private endpoints and private DNS zones."""

    address_space: tuple[NetworkRange, ...]
    """Addresses of the virtual network. They overlap with none that it is peered with."""
    subnets: Mapping[Purpose, NetworkRange | None]
    """Addresses of the subnets by what they are for; null for none."""
    nat_zone: Annotated[int, whole(1, 3)] | None
    """Availability zone of the NAT gateway and its address; null for none in particular."""
    existing: ExistingNetworkSettings | None = None
    """Network to use instead of an own one; nothing is made in it but private endpoints."""
    hub: HubSettings | None = None
    """Hub to peer with; null for none."""
    private_endpoints: tuple[Annotated[PrivateSystem, Field(strict=False)], ...]
    """Systems that are reached by private endpoints; those that are switched off have none."""
    private_dns_zone_ids: tuple[PrivateDnsZoneId, ...] = ()
    """Zones of a hub that hold the names of private endpoints, in place of own ones of the same names."""
    link_hub_zones: bool = False
    """Whether those zones are linked to the network here; false where the hub resolves names."""
    flow_logs: bool
    """Whether the network's flows are logged into the blob account."""
    flow_log_retention_days: Annotated[int, whole(0, 365, "days")] = 90
    """Days that flow logs are kept; 0 for ever."""
    network_watcher_id: NetworkWatcherId | None = None
    """Network watcher of the region; null for the one that Azure makes by itself."""

    @property
    def subnet_ranges(self) -> Mapping[SubnetPurpose, str]:
        """Addresses of the subnets that there are."""
        return {purpose: cidr for purpose, cidr in self.subnets.items() if cidr is not None}

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.existing:
            if self.hub:
                yield Broken(("hub",), "null while network.existing is given: its owner peers it", Mend.REMOVE)
        elif not self.address_space:
            yield Broken(("address_space",), "a list of at least one block", ["10.40.0.0/16"])
        else:
            yield from self._misplaced()
        named = [each.rpartition("/")[2].casefold() for each in self.private_dns_zone_ids]
        for index, name in enumerate(named):
            if name in named[:index]:
                rule = f"a list without the zone {name} twice"
                yield Broken(("private_dns_zone_ids", index), rule, Mend.REMOVE)

    def _misplaced(self) -> Iterable[Broken]:
        for index, block in enumerate(self.address_space):
            other = addresses.overlapping(self.address_space[:index], block)
            if other:
                yield Broken(("address_space", index), f"apart from the block {other}", Mend.REMOVE)
        before: dict[SubnetPurpose, str] = {}
        for purpose, cidr in self.subnet_ranges.items():
            path, longest = ("subnets", purpose.value), SUBNET_RULES[purpose].longest_prefix
            if not addresses.within(cidr, self.address_space):
                rule = f"inside network.address_space ({', '.join(self.address_space)})"
                yield Broken(path, rule, Mend.EDIT)
            elif addresses.prefix_length(cidr) > longest:
                yield Broken(path, f"/{longest} or larger", f"{cidr.partition('/')[0]}/{longest}")
            else:
                other = addresses.overlapping(before.values(), cidr)
                if other:
                    owner = next(each for each, taken in before.items() if taken == other)
                    yield Broken(path, f"apart from network.subnets.{owner.value} ({other})", Mend.EDIT)
            before[purpose] = cidr
