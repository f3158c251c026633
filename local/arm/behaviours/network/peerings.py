"""Peerings of virtual networks: two halves that see each other.

Sources: learn.microsoft.com/rest/api/virtualnetwork/virtual-network-peerings,
.../azure/virtual-network/virtual-network-troubleshoot-peering-issues.
"""

from dataclasses import replace

from local.arm.behaviours.network import addresses
from local.arm.behaviours.network.addresses import Range
from local.arm.behaviours.network.references import NAMES, existing, ids_at
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

NETWORK = "Microsoft.Network/virtualNetworks"
PEERING = f"{NETWORK}/virtualNetworkPeerings"
REMOTE = "properties.remoteVirtualNetwork.id"
FLAGS = ("allowVirtualNetworkAccess", "allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways")


def space(network: Resource) -> list[Range]:
    """The address space of a virtual network."""
    return addresses.parse_all(reach(network.body, "properties.addressSpace.addressPrefixes") or [], str(network.id))


def peers(cloud: Cloud, network: ResourceId) -> list[Resource]:
    """The networks that a network has a peering to."""
    found = (cloud.store.get(id) for peering in _of(cloud, network) for id in ids_at(peering.body, REMOTE))
    return [peer for peer in found if peer]


def _of(cloud: Cloud, network: ResourceId) -> list[Resource]:
    return [item for item in cloud.store.below(network) if item.type == PEERING]


def _reverse(cloud: Cloud, peering: Resource) -> Resource | None:
    """The other half of a peering."""
    own = peering.id.parent
    for remote in ids_at(peering.body, REMOTE):
        for half in _of(cloud, remote):
            if own and any(id.key == own.key for id in ids_at(half.body, REMOTE)):
                return half
    return None


def _check(change: Change) -> None:
    if not change.get(REMOTE, ""):
        raise bad_request("InvalidRequestFormat", f"Cannot parse the request: {REMOTE} is missing.", target=REMOTE)
    remote = existing(change, change.get(REMOTE, ""), NETWORK, REMOTE)
    own = change.parent
    for half in _of(change.cloud, remote.id):
        broken = half.properties.get("peeringState") == "Disconnected"
        if broken and any(id.key == own.id.key for id in ids_at(half.body, REMOTE)):
            message = (
                f"Cannot create or update peering {change.id} because remote peering {half.id} referencing parent "
                "virtual network is in Disconnected state. Update or re-create the remote peering to get it back to "
                "Initiated state. Peering gets Disconnected when remote vnet or remote peering is deleted and "
                "re-created."
            )
            raise bad_request("RemotePeeringIsDisconnected", message)
    for other in _of(change.cloud, own.id):
        if other.id.key != change.id.key and any(id.key == remote.id.key for id in ids_at(other.body, REMOTE)):
            message = f"Peering {other.id} already references remote virtual network {remote.id}."
            raise bad_request("AnotherPeeringAlreadyReferencesRemoteVnet", message)
    _check_space(change, own, remote)


def _check_space(change: Change, own: Resource, remote: Resource) -> None:
    start = f"Cannot create or update peering {change.id}. Virtual networks {own.id} and {remote.id} cannot be peered"
    shared = addresses.overlaps(space(own), space(remote))
    if shared:
        message = f"{start} because their address spaces overlap. Overlapping address prefixes: {_listed(shared)}."
        raise bad_request("VnetAddressSpacesOverlap", message)
    for one, other in ((own, remote), (remote, own)):
        for peer in peers(change.cloud, other.id):
            shared = addresses.overlaps(space(one), space(peer))
            if shared and peer.id.key != one.id.key:
                message = (
                    f"{start} because address space of virtual network {one.id} overlaps with address space of virtual "
                    f"network {peer.id} already peered with the other one. Overlapping address prefixes: "
                    f"{_listed(shared)}."
                )
                raise bad_request("VnetAddressSpaceOverlapsWithAlreadyPeeredVnet", message)


def _listed(ranges: list[Range]) -> str:
    return ", ".join(map(str, ranges))


def _complete(change: Change) -> Json:
    remote = change.cloud.store.get(ResourceId.parse(change.get(REMOTE, "")))
    prefixes = {"addressPrefixes": [str(item) for item in space(remote)] if remote else []}
    return {
        "properties": {
            **{flag: change.get(f"properties.{flag}", flag == FLAGS[0]) for flag in FLAGS},
            "peeringState": "Initiated",
            "peeringSyncLevel": "FullyInSync",
            "remoteAddressSpace": prefixes,
            "remoteVirtualNetworkAddressSpace": prefixes,
        }
    }


def _shows(cloud: Cloud, peering: Resource) -> Json:
    """Connected while the other half is there; Disconnected, once it went, until it is written again."""
    if peering.properties.get("peeringState") == "Disconnected":
        return {}
    return {"properties": {"peeringState": "Connected" if _reverse(cloud, peering) else "Initiated"}}


def _disconnect(cloud: Cloud, peering: Resource) -> None:
    half = _reverse(cloud, peering)
    if half:
        cloud.store.put(replace(half, body=overlay(half.body, {"properties": {"peeringState": "Disconnected"}})))


TYPE = ResourceType(
    name=PEERING,
    names=NAMES,
    etag="etag",
    immutable=(REMOTE,),
    put=Answer.ASYNC_OPERATION,
    delete=Answer.LOCATION,
    checks=(_check,),
    complete=_complete,
    shows=_shows,
    deprovision=_disconnect,
)
