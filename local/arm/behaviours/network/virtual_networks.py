"""Virtual networks.

Sources: learn.microsoft.com/rest/api/virtualnetwork/virtual-networks,
.../azure/network-watcher/network-watcher-create (a network brings the region's network watcher).
"""

import uuid

from local.arm.behaviours.network import addresses, peerings, subnets, watchers
from local.arm.behaviours.network.addresses import Range
from local.arm.behaviours.network.peerings import NETWORK
from local.arm.behaviours.network.references import LONG_NAMES
from local.arm.behaviours.network.subnets import SUBNET
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, InlineChildren, ResourceType
from local.arm.store import Resource

SPACE = "properties.addressSpace.addressPrefixes"


def _space(change: Change) -> list[Range]:
    return addresses.parse_all(change.get(SPACE, []), str(change.id))


def _check_space(change: Change) -> None:
    space = _space(change)
    if not space:
        message = f"Virtual network {change.id} has no address space: set {SPACE}."
        raise bad_request("NoAddressPrefixOrPoolProvided", message, target=SPACE)
    for index, prefix in enumerate(space):
        if addresses.overlaps([prefix], space[:index]):
            message = f"Virtual network {change.id} has address prefixes that overlap: {prefix} with one before it."
            raise bad_request("BadRequest", message, target=SPACE)


def _check_kept_subnets(change: Change) -> None:
    """Subnets that the request does not name have to fit into the new address space."""
    if change.get("properties.subnets") is not None:
        return
    space = _space(change)
    for subnet in change.cloud.store.below(change.id):
        if subnet.type == SUBNET:
            outside = [r for r in subnets.ranges(subnet.body, str(subnet.id)) if not addresses.lies_in(r, space)]
            if outside:
                message = (
                    f"Subnet '{subnet.name}' is not valid because its IP address range {outside[0]} is outside the IP "
                    f"address range of virtual network '{change.id.name}'."
                )
                raise bad_request("NetcfgSubnetRangeOutsideVnet", message)


def _check_peers(change: Change) -> None:
    for peer in peerings.peers(change.cloud, change.id):
        shared = addresses.overlaps(_space(change), peerings.space(peer))
        if shared:
            message = (
                f"Address space of virtual network {change.id} overlaps with that of {peer.id}, which it is peered "
                f"with. Overlapping address prefixes: {', '.join(map(str, shared))}."
            )
            raise bad_request("VnetAddressSpacesOverlap", message, target=SPACE)


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "resourceGuid": change.keep("properties.resourceGuid", lambda: str(uuid.uuid4())),
            "enableDdosProtection": change.get("properties.enableDdosProtection", False),
        }
    }


def _provision(cloud: Cloud, network: Resource) -> Json:
    watchers.ensure(cloud, network)
    return {}


def _check_unused(cloud: Cloud, network: Resource) -> None:
    for subnet in cloud.store.below(network.id):
        if subnet.type == SUBNET:
            subnets.check_unused(cloud, subnet)


TYPE = ResourceType(
    name=NETWORK,
    tracked=True,
    names=LONG_NAMES,
    etag="etag",
    put=Answer.ASYNC_OPERATION,
    delete=Answer.LOCATION,
    one_operation_at_a_time=True,
    checks=(_check_space, _check_kept_subnets, _check_peers),
    complete=_complete,
    provision=_provision,
    inline=(
        InlineChildren("properties.subnets", subnets.TYPE),
        InlineChildren("properties.virtualNetworkPeerings", peerings.TYPE),
    ),
    delete_checks=(_check_unused,),
)
