"""Subnets: their range, what they are tied to, what lies in them.

Sources: learn.microsoft.com/rest/api/virtualnetwork/subnets, .../azure/virtual-network/subnet-delegation-overview,
.../azure/virtual-network/virtual-network-manage-subnet.
"""

import re
from collections.abc import Iterator

from local.arm.behaviours.network import addresses
from local.arm.behaviours.network.addresses import Range
from local.arm.behaviours.network.references import NAMES, existing, ids_at, objects, referred
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

PROVIDER = "Microsoft.Network"
SUBNET = f"{PROVIDER}/virtualNetworks/subnets"
SECURITY_GROUP = f"{PROVIDER}/networkSecurityGroups"
ROUTE_TABLE = f"{PROVIDER}/routeTables"
NAT_GATEWAY = f"{PROVIDER}/natGateways"
ENDPOINT_POLICY = f"{PROVIDER}/serviceEndpointPolicies"
PRIVATE_ENDPOINT = f"{PROVIDER}/privateEndpoints"
LONGEST_PREFIX = {4: 29, 6: 64}
"""The smallest subnet by IP version; one of IPv6 has exactly this length."""
TIED_TO = {
    "properties.networkSecurityGroup.id": SECURITY_GROUP,
    "properties.routeTable.id": ROUTE_TABLE,
    "properties.natGateway.id": NAT_GATEWAY,
}
OCCUPANTS = {
    PRIVATE_ENDPOINT: ("properties.subnet.id",),
    "Microsoft.ContainerService/managedClusters": (
        "properties.agentPoolProfiles[].vnetSubnetID",
        "properties.agentPoolProfiles[].podSubnetID",
        "properties.apiServerAccessProfile.subnetId",
    ),
    "Microsoft.ContainerService/managedClusters/agentPools": ("properties.vnetSubnetID", "properties.podSubnetID"),
    "Microsoft.MachineLearningServices/workspaces/computes": ("properties.properties.subnet.id",),
}
"""Where resources say which subnet they put network interfaces into."""
DATABRICKS = "Microsoft.Databricks/workspaces"
DATABRICKS_SUBNETS = ("customPublicSubnetName", "customPrivateSubnetName")
_SERVICE = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+(/[A-Za-z0-9]+)+")


def ranges(body: Json, owner: str) -> list[Range]:
    """The ranges of a subnet; raises ArmError for what is none."""
    single, several = reach(body, "properties.addressPrefix"), reach(body, "properties.addressPrefixes")
    if several is not None and not isinstance(several, list):
        raise bad_request("InvalidRequestFormat", f"Cannot parse the request: addressPrefixes of {owner} is no list.")
    return addresses.parse_all(several or ([] if single is None else [single]), owner)


def occupants(cloud: Cloud, subnet: ResourceId) -> list[ResourceId]:
    """The resources with network interfaces in a subnet."""
    return list(dict.fromkeys(_occupants(cloud, subnet)))


def _occupants(cloud: Cloud, subnet: ResourceId) -> Iterator[ResourceId]:
    for kind, paths in OCCUPANTS.items():
        for resource in cloud.store.of_type(kind):
            if any(id.key == subnet.key for path in paths for id in ids_at(resource.body, path)):
                yield resource.id
    for workspace in cloud.store.of_type(DATABRICKS):
        parameters = workspace.properties.get("parameters") or {}
        network = str(reach(parameters, "customVirtualNetworkId.value", ""))
        names = {str(reach(parameters, f"{name}.value", "")).casefold() for name in DATABRICKS_SUBNETS}
        if subnet.parent and network.casefold() == subnet.parent.key and subnet.name.casefold() in names:
            yield workspace.id


def tied_to(cloud: Cloud, path: str, id: ResourceId) -> list[Resource]:
    """The subnets that name a resource at a path."""
    return [
        subnet
        for subnet in cloud.store.of_type(SUBNET)
        if any(found.key == id.key for found in ids_at(subnet.body, path))
    ]


def services(body: Json) -> list[str]:
    """The services that a subnet is delegated to."""
    return [str(reach(item, "properties.serviceName", "")) for item in objects(reach(body, "properties.delegations"))]


def _check_range(change: Change) -> None:
    mine = ranges(change.sent, str(change.id))
    if not mine:
        message = f"Subnet '{change.id.name}' has no address prefix: set addressPrefix or addressPrefixes."
        raise bad_request("NoAddressPrefixOrPoolProvided", message, target="properties.addressPrefix")
    network = change.parent
    space = addresses.parse_all(reach(network.body, "properties.addressSpace.addressPrefixes") or [], str(network.id))
    for prefix in mine:
        if not addresses.lies_in(prefix, space):
            message = (
                f"Subnet '{change.id.name}' is not valid because its IP address range {prefix} is outside the IP "
                f"address range of virtual network '{network.name}' ({', '.join(map(str, space))})."
            )
            raise bad_request("NetcfgSubnetRangeOutsideVnet", message)
        longest = LONGEST_PREFIX[prefix.version]
        if prefix.prefixlen > longest or (prefix.version == 6 and prefix.prefixlen != longest):
            message = (
                f"Subnet '{change.id.name}' is not valid in virtual network '{network.name}': {prefix} is smaller than "
                f"/{longest}, and Azure keeps five addresses of each subnet."
            )
            raise bad_request("NetcfgInvalidSubnet", message)
    _check_overlap(change, mine)


def _check_overlap(change: Change, mine: list[Range]) -> None:
    for other in change.cloud.store.below(change.parent.id):
        if other.type != SUBNET or other.id.key == change.id.key:
            continue
        if addresses.overlaps(mine, ranges(other.body, str(other.id))):
            message = (
                f"Subnet '{change.id.name}' is not valid because its IP address range overlaps with that of an "
                f"existing subnet in virtual network '{change.parent.name}': '{other.name}'."
            )
            raise bad_request("NetcfgSubnetRangesOverlap", message)


def _check_ties(change: Change) -> None:
    for path, kind in TIED_TO.items():
        referred(change, path, kind, location=change.parent.location)
    for index, item in enumerate(objects(change.get("properties.serviceEndpointPolicies", []))):
        path = f"properties.serviceEndpointPolicies[{index}].id"
        existing(change, item.get("id"), ENDPOINT_POLICY, path, location=change.parent.location)


def _check_delegations(change: Change) -> None:
    for service in services(change.sent):
        if not _SERVICE.fullmatch(service):
            message = (
                f"The service name {service} specified on a delegation of {change.id} is not valid: it must be a "
                "resource type, such as Microsoft.Databricks/workspaces."
            )
            raise bad_request("InvalidServiceNameOnDelegation", message, target="properties.delegations")


def _check_occupied(change: Change) -> None:
    """What may not change while something lies in the subnet."""
    before = change.current
    users = occupants(change.cloud, change.id) if before else []
    if before is None or not users:
        return
    kept = ranges(change.sent, str(change.id))
    for prefix in ranges(before.body, str(change.id)):
        if not addresses.lies_in(prefix, kept):
            message = (
                f"IpPrefix {prefix} on Subnet {change.id.name} has active allocations and cannot be deleted: it is "
                f"used by {users[0]}."
            )
            raise bad_request("InUsePrefixCannotBeDeleted", message)
    had, wanted = services(before.body), services(change.sent)
    if sorted(map(str.casefold, had)) != sorted(map(str.casefold, wanted)):
        message = (
            f"Delegations of subnet {change.id} cannot be changed from [{', '.join(had)}] to [{', '.join(wanted)}] "
            f"because it is being used by the resource {users[0]}."
        )
        raise bad_request("SubnetDelegationsCannotChangeWhenSubnetUsedByResource", message)


def check_unused(cloud: Cloud, subnet: Resource) -> None:
    """Raise ArmError InUseSubnetCannotBeDeleted while something lies in a subnet."""
    users = occupants(cloud, subnet.id)
    if users:
        named = ", ".join(map(str, users))
        message = (
            f"Subnet {subnet.name} is in use by {named} and cannot be deleted. In order to delete the subnet, delete "
            "all the resources within the subnet. See aka.ms/deletesubnet."
        )
        raise bad_request("InUseSubnetCannotBeDeleted", message)


def _complete(change: Change) -> Json:
    delegations = [
        {
            **item,
            "id": f"{change.id}/delegations/{item.get('name', '')}",
            "type": f"{SUBNET}/delegations",
            "properties": {**_mapping(item.get("properties")), "provisioningState": "Succeeded"},
        }
        for item in objects(change.get("properties.delegations", []))
    ]
    endpoints = [
        {"locations": ["*"], **item, "provisioningState": "Succeeded"}
        for item in objects(change.get("properties.serviceEndpoints", []))
    ]
    return {
        "properties": {
            "delegations": delegations,
            "serviceEndpoints": endpoints,
            "privateEndpointNetworkPolicies": change.get("properties.privateEndpointNetworkPolicies", "Disabled"),
            "privateLinkServiceNetworkPolicies": change.get("properties.privateLinkServiceNetworkPolicies", "Enabled"),
        }
    }


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _shows(cloud: Cloud, subnet: Resource) -> Json:
    """The private endpoints in a subnet, and the address configurations of their network interfaces."""
    endpoints = [
        endpoint
        for endpoint in cloud.store.of_type(PRIVATE_ENDPOINT)
        if any(id.key == subnet.id.key for id in ids_at(endpoint.body, "properties.subnet.id"))
    ]
    if not endpoints:
        return {}
    interfaces = [item["id"] for endpoint in endpoints for item in endpoint.properties.get("networkInterfaces", [])]
    return {
        "properties": {
            "privateEndpoints": [{"id": endpoint.id.text} for endpoint in endpoints],
            "ipConfigurations": [{"id": f"{interface}/ipConfigurations/privateEndpoint"} for interface in interfaces],
        }
    }


TYPE = ResourceType(
    name=SUBNET,
    names=NAMES,
    etag="etag",
    put=Answer.ASYNC_OPERATION,
    delete=Answer.LOCATION,
    checks=(_check_range, _check_ties, _check_delegations, _check_occupied),
    complete=_complete,
    shows=_shows,
    delete_checks=(check_unused,),
)
