"""Network watchers, one for each region, and their flow logs.

Sources: learn.microsoft.com/azure/network-watcher/network-watcher-create (one per region and subscription, made with
the first virtual network), .../vnet-flow-logs-overview, .../nsg-flow-logs-overview (no new ones since 30 June 2025).
"""

import uuid
from dataclasses import replace

from local.arm.behaviours.network.peerings import NETWORK
from local.arm.behaviours.network.references import NAMES, existing, plain, unresolved
from local.arm.behaviours.network.subnets import SECURITY_GROUP, SUBNET
from local.arm.behaviours.storage.types import ACCOUNT
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.identifiers import GROUP, RESOURCES, ResourceId
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

WATCHER = "Microsoft.Network/networkWatchers"
FLOW_LOG = f"{WATCHER}/flowLogs"
WATCHER_GROUP = "NetworkWatcherRG"
TARGET, STORAGE = "properties.targetResourceId", "properties.storageId"


def ensure(cloud: Cloud, network: Resource) -> None:
    """Make the watcher of a network's region, unless there is one; `NetworkWatcher_<region>` in NetworkWatcherRG."""
    region = plain(network.location)
    with cloud.store.transaction():
        if any(plain(watcher.location) == region for watcher in cloud.store.of_type(WATCHER)):
            return
        group = ResourceId(network.id.subscription, RESOURCES, ("resourceGroups",), (WATCHER_GROUP,))
        made = replace(network, sent=None, private={}, body=_made(region))
        if cloud.store.get(group) is None:
            cloud.store.put(replace(made, id=group, type=GROUP))
        namespace, _, kind = WATCHER.partition("/")
        watcher = ResourceId(group, namespace, (kind,), (f"NetworkWatcher_{region}",))
        cloud.store.put(replace(made, id=watcher, type=WATCHER))


def _made(region: str) -> Json:
    return {"location": region, "properties": {"provisioningState": "Succeeded"}}


def _check_only_one(change: Change) -> None:
    for other in change.cloud.store.of_type(WATCHER):
        if other.id.key != change.id.key and plain(other.location) == change.location:
            message = (
                f"Cannot create more than 1 network watchers for this subscription in this region ({change.location}): "
                f"there is {other.id}."
            )
            raise bad_request("NetworkWatcherCountLimitReached", message)


def _check_target(change: Change) -> None:
    target = ResourceId.parse(change.get(TARGET, ""))
    if target.type.casefold() == SECURITY_GROUP.casefold() and change.current is None:
        message = (
            "On September 30, 2027, Network Security Group (NSG) flow logs will be retired; creation of new NSG flow "
            f"logs is blocked starting June 30, 2025. Make the flow log of the virtual network instead of {target}."
        )
        raise bad_request("NsgFlowLogCreationBlocked", message, target=TARGET)
    network = target.parent if target.type.casefold() == SUBNET.casefold() else target
    if change.cloud.store.get(target) is None or network is None:
        raise unresolved(change, target.text, TARGET)
    if target.type.casefold() in (NETWORK.casefold(), SUBNET.casefold()):
        existing(change, network.text, NETWORK, TARGET, location=change.parent.location)


def _check_storage(change: Change) -> None:
    """The account has to exist, in the region of the watcher and of the flow log."""
    if plain(change.parent.location) != change.location:
        message = (
            f"Flow log {change.id} is in {change.location}, its network watcher in {change.parent.location}: both must "
            "be in one region."
        )
        raise bad_request("BadRequest", message, target="location")
    existing(change, change.get(STORAGE, ""), ACCOUNT, STORAGE, location=change.location)


def _check_target_once(change: Change) -> None:
    target = str(change.get(TARGET, "")).casefold()
    for other in change.cloud.store.of_type(FLOW_LOG):
        if other.id.key != change.id.key and str(other.properties.get("targetResourceId", "")).casefold() == target:
            message = f"Target resource {target} has a flow log already: {other.id}."
            raise bad_request("BadRequest", message, target=TARGET)


def _flow_log(change: Change) -> Json:
    retention = {"days": 0, "enabled": False, **change.get("properties.retentionPolicy", {})}
    return {
        "properties": {
            "targetResourceGuid": change.keep("properties.targetResourceGuid", lambda: str(uuid.uuid4())),
            "enabled": change.get("properties.enabled", False),
            "retentionPolicy": retention,
            "format": {"type": "JSON", "version": 2, **change.get("properties.format", {})},
        }
    }


TYPES = (
    ResourceType(name=WATCHER, tracked=True, names=NAMES, etag="etag", checks=(_check_only_one,)),
    ResourceType(
        name=FLOW_LOG,
        tracked=True,
        names=NAMES,
        etag="etag",
        immutable=(TARGET,),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_check_target, _check_storage, _check_target_once),
        complete=_flow_log,
    ),
)
