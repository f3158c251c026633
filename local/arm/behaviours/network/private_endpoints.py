"""Private endpoints.

Sources: learn.microsoft.com/azure/private-link/private-endpoint-overview,
.../rest/api/virtualnetwork/private-endpoints.
"""

import hashlib
from collections.abc import Iterator, Mapping

from local.arm.behaviours import private_links
from local.arm.behaviours.network import addresses, subnets
from local.arm.behaviours.network.interfaces import INTERFACE
from local.arm.behaviours.network.references import LONG_NAMES, existing, ids_at, objects, plain, unresolved
from local.arm.behaviours.network.subnets import PRIVATE_ENDPOINT, SUBNET
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

SUBNET_PATH = "properties.subnet.id"
AUTOMATIC, MANUAL = "properties.privateLinkServiceConnections", "properties.manualPrivateLinkServiceConnections"


def _asked(change: Change) -> list[tuple[str, Json]]:
    """The connections that are asked for, with the path of each."""
    return [
        (f"{path}[{index}]", item)
        for path in (AUTOMATIC, MANUAL)
        for index, item in enumerate(objects(change.get(path, [])))
    ]


def _check_subnet(change: Change) -> None:
    reference = change.get(SUBNET_PATH, "")
    subnet = existing(change, reference, SUBNET, SUBNET_PATH)
    network = change.cloud.store.get(subnet.id.parent)
    if network is None or plain(network.location) != change.location:
        raise unresolved(change, reference, SUBNET_PATH)
    delegated = subnets.services(subnet.body)
    if delegated and change.current is None:
        message = (
            f"Private endpoint {change.id} cannot be created in subnet {subnet.id} as it is delegated to "
            f"{', '.join(delegated)}."
        )
        raise bad_request("PrivateEndpointCreationNotAllowedAsSubnetIsDelegated", message, target=SUBNET_PATH)


def _check_connections(change: Change) -> None:
    asked = _asked(change)
    if len(asked) != 1:
        message = f"Private endpoint {change.id} has {len(asked)} private link service connections; it must have one."
        raise bad_request("PrivateEndpointMustHaveOneConnection", message, target=AUTOMATIC)
    for path, item in asked:
        reference = reach(item, "properties.privateLinkServiceId")
        target_id = ResourceId.parse(reference)
        target, groups = change.cloud.store.get(target_id), private_links.groups_of(target_id.type)
        if target is None:
            raise unresolved(change, reference, f"{path}.properties.privateLinkServiceId")
        wanted = reach(item, "properties.groupIds") or []
        named = wanted if isinstance(wanted, list) else [wanted]
        if len(named) > 1:
            message = (
                f"Private link service connection {change.id}/privateLinkServiceConnections/{item.get('name')} has the "
                f"following group Ids: {', '.join(map(str, named))}. Only one group Id is permitted when connecting to "
                f"a first-party resource ({target.id})."
            )
            raise bad_request("OnlyOneGroupIdPermitted", message, target=f"{path}.properties.groupIds")
        if len(named) != 1 or named[0] not in list(groups):
            message = f"Call to {target.type} failed. Error message: Invalid groupId {named} for {target.id}; " + (
                f"it must be one of {', '.join(groups)}." if groups else "it has no private link."
            )
            raise bad_request("BadRequest", message, target=f"{path}.properties.groupIds")


def _target(cloud: Cloud, body: Json) -> tuple[Resource | None, str, Json]:
    """What an endpoint connects to, the group of it, and the connection."""
    for path in (AUTOMATIC, MANUAL):
        for item in objects(reach(body, path)):
            ids = list(ids_at(item, "properties.privateLinkServiceId"))
            groups = reach(item, "properties.groupIds") or [""]
            return (cloud.store.get(ids[0]) if ids else None), groups[0], item
    return None, "", {}


def _hosts(target: Resource | None, group: str) -> Mapping[str, tuple[str, ...]]:
    known = private_links.groups_of(target.type) if target else {}
    return known[group].hosts(target) if target and group in known else {}


def _taken(cloud: Cloud, subnet: ResourceId, besides: ResourceId) -> Iterator[str]:
    for endpoint in cloud.store.of_type(PRIVATE_ENDPOINT):
        same = any(id.key == subnet.key for id in ids_at(endpoint.body, SUBNET_PATH))
        if same and endpoint.id.key != besides.key:
            for item in endpoint.properties.get("customDnsConfigs", []):
                yield from item["ipAddresses"]


def _addresses(change: Change, subnet: Resource, members: Mapping[str, tuple[str, ...]]) -> list[str]:
    """One address of the subnet for each member: fixed ones as asked for, the others the first that are free."""
    fixed = {
        str(reach(item, "properties.memberName", "")): str(reach(item, "properties.privateIPAddress", ""))
        for item in objects(change.get("properties.ipConfigurations", []))
    }
    taken = [*_taken(change.cloud, subnet.id, change.id), *fixed.values()]
    missing = [member for member in members if member not in fixed]
    for prefix in subnets.ranges(subnet.body, str(subnet.id)):
        found = addresses.free(prefix, taken, len(missing))
        if len(found) == len(missing):
            by_member = fixed | dict(zip(missing, found, strict=True))
            return [by_member[member] for member in members]
    message = (
        f"Subnet {subnet.name} with address prefix {reach(subnet.body, 'properties.addressPrefix')} does not have "
        f"enough capacity for {len(missing)} IP addresses."
    )
    raise bad_request("SubnetIsFull", message)


def _interface(change: Change) -> ResourceId:
    name = change.get("properties.customNetworkInterfaceName", "") or f"{change.id.name}.nic.{_digest(change.id)}"
    namespace, _, kind = INTERFACE.partition("/")
    return ResourceId(change.id.scope, namespace, (kind,), (name,))


def _digest(id: ResourceId) -> str:
    return hashlib.sha256(id.key.encode()).hexdigest()[:12]


def _complete(change: Change) -> Json:
    target, group, _ = _target(change.cloud, change.sent)
    subnet = change.cloud.store.get(ResourceId.parse(change.get(SUBNET_PATH, "")))
    members = _hosts(target, group)
    assert subnet is not None
    places = change.was("properties.customDnsConfigs") or [
        {"fqdn": ".".join(host.split(" ")), "ipAddresses": [address]}
        for hosts, address in zip(members.values(), _addresses(change, subnet, members), strict=True)
        for host in hosts
    ]
    return {
        "properties": {
            "customDnsConfigs": places,
            "networkInterfaces": [{"id": _interface(change).text}],
            "privateLinkServiceConnections": change.get(AUTOMATIC, []),
            "manualPrivateLinkServiceConnections": change.get(MANUAL, []),
        }
    }


def connection_name(endpoint: ResourceId) -> str:
    """What an endpoint's connection is called at its target."""
    return f"{endpoint.name}.{_digest(endpoint)}"


def _connect(cloud: Cloud, endpoint: Resource) -> Json:
    """Show the endpoint at its target; what its own subscription asks for automatically is approved."""
    target, group, _ = _target(cloud, endpoint.body)
    if target is not None:
        private_links.open_connection(
            cloud,
            target,
            connection_name(endpoint.id),
            endpoint=endpoint.id.text,
            group=group,
            approved=bool(endpoint.properties.get("privateLinkServiceConnections")),
        )
    return {}


def _disconnect(cloud: Cloud, endpoint: Resource) -> None:
    target, _, _ = _target(cloud, endpoint.body)
    if target:
        cloud.store.remove(target.id.child(private_links.CONNECTIONS, connection_name(endpoint.id)))


def _shows(cloud: Cloud, endpoint: Resource) -> Json:
    """The connection with the state that its target's owner gave it."""
    target, _, item = _target(cloud, endpoint.body)
    state = private_links.connection_state(cloud, target, connection_name(endpoint.id))
    shown = {
        **item,
        "id": f"{endpoint.id}/privateLinkServiceConnections/{item.get('name', '')}",
        "properties": {
            **item.get("properties", {}),
            "privateLinkServiceConnectionState": state,
            "provisioningState": "Succeeded",
        },
    }
    manual = bool(endpoint.properties.get("manualPrivateLinkServiceConnections"))
    return {"properties": {(MANUAL if manual else AUTOMATIC).rpartition(".")[2]: [shown]}}


TYPE = ResourceType(
    name=PRIVATE_ENDPOINT,
    tracked=True,
    names=LONG_NAMES,
    etag="etag",
    immutable=(SUBNET_PATH, "properties.customNetworkInterfaceName"),
    put=Answer.ASYNC_OPERATION,
    delete=Answer.LOCATION,
    checks=(_check_subnet, _check_connections),
    complete=_complete,
    provision=_connect,
    shows=_shows,
    deprovision=_disconnect,
)
