"""Network security groups, route tables and service endpoint policies: lists of rules that subnets are tied to.

Sources: learn.microsoft.com/azure/virtual-network/network-security-groups-overview,
.../azure/virtual-network/virtual-networks-udr-overview,
.../azure/virtual-network/virtual-network-service-endpoint-policies-overview, and their REST references.
"""

import uuid
from collections.abc import Callable

from local.arm.behaviours.network import addresses
from local.arm.behaviours.network.references import NAMES
from local.arm.behaviours.network.subnets import ENDPOINT_POLICY, ROUTE_TABLE, SECURITY_GROUP, tied_to
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, InlineChildren, ResourceType
from local.arm.store import Resource

RULE = f"{SECURITY_GROUP}/securityRules"
ROUTE = f"{ROUTE_TABLE}/routes"
DEFINITION = f"{ENDPOINT_POLICY}/serviceEndpointPolicyDefinitions"
GROUP_PATH, TABLE_PATH = "properties.networkSecurityGroup.id", "properties.routeTable.id"
POLICY_PATH = "properties.serviceEndpointPolicies[].id"
SOURCES = ("sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups")
TARGETS = ("destinationAddressPrefix", "destinationAddressPrefixes", "destinationApplicationSecurityGroups")
PORTS = (("sourcePortRange", "sourcePortRanges"), ("destinationPortRange", "destinationPortRanges"))
HOPS = ("VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None")
APPLIANCE = "VirtualAppliance"
DEFAULT_RULES = (
    ("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*"),
    ("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*"),
)
"""Name, priority, direction, access, source and destination of the rules that each group ends with."""


def _check_rule(change: Change) -> None:
    priority = change.get("properties.priority", 0)
    if not 100 <= priority <= 4096:
        message = f"Security rule {change.id.name} has invalid priority {priority}; it must be between 100 and 4096."
        raise bad_request("SecurityRuleInvalidPriority", message, target="properties.priority")
    for choice in (SOURCES, TARGETS, *PORTS):
        if not any(change.get(f"properties.{name}") for name in choice):
            message = f"Required security rule parameters are missing in {change.id}: one of {', '.join(choice)}."
            raise bad_request("SecurityRuleParameterMissing", message)
    direction = str(change.get("properties.direction", ""))
    for other in change.cloud.store.below(change.parent.id):
        same = other.properties.get("priority") == priority and other.id.key != change.id.key
        if same and str(other.properties.get("direction")).casefold() == direction.casefold():
            message = (
                f"Security rule {change.id.name} conflicts with rule {other.name}. Rules cannot have the same Priority "
                f"and Direction ({priority}, {direction})."
            )
            raise bad_request("SecurityRuleConflict", message)


def _group(change: Change) -> Json:
    rules = [
        {
            "id": f"{change.id}/defaultSecurityRules/{name}",
            "name": name,
            "type": f"{SECURITY_GROUP}/defaultSecurityRules",
            "properties": {
                "provisioningState": "Succeeded",
                "protocol": "*",
                "sourcePortRange": "*",
                "destinationPortRange": "*",
                "sourceAddressPrefix": source,
                "destinationAddressPrefix": target,
                "access": access,
                "priority": priority,
                "direction": direction,
            },
        }
        for name, priority, direction, access, source, target in DEFAULT_RULES
    ]
    return {"properties": {"resourceGuid": _guid(change), "defaultSecurityRules": rules}}


def _check_route(change: Change) -> None:
    hop = str(change.get("properties.nextHopType", ""))
    address = change.get("properties.nextHopIpAddress", "")
    if hop not in HOPS:
        message = f"nextHopType of {change.id} is '{hop}'; it must be one of {', '.join(HOPS)}."
        raise bad_request("InvalidRequestFormat", message, target="properties.nextHopType")
    if (hop == APPLIANCE) != bool(address):
        message = (
            f"Route {change.id} has the next hop {hop} and the address '{address}': an address goes with "
            f"{APPLIANCE}, and only with it."
        )
        raise bad_request("BadRequest", message, target="properties.nextHopIpAddress")
    prefix = change.get("properties.addressPrefix", "")
    if "/" in prefix:
        addresses.parse(prefix, str(change.id))
    elif not prefix:
        raise bad_request("InvalidAddressPrefixFormat", f"Route {change.id} has no address prefix.")


def _check_definition(change: Change) -> None:
    for resource in change.get("properties.serviceResources", []):
        ResourceId.parse(resource)


def _guid(change: Change) -> str:
    return str(change.keep("properties.resourceGuid", lambda: str(uuid.uuid4())))


def _table(change: Change) -> Json:
    return {
        "properties": {
            "resourceGuid": _guid(change),
            "disableBgpRoutePropagation": change.get("properties.disableBgpRoutePropagation", False),
        }
    }


def _tied(path: str) -> Callable[[Cloud, Resource], Json]:
    def shows(cloud: Cloud, resource: Resource) -> Json:
        tied = tied_to(cloud, path, resource.id)
        return {"properties": {"subnets": [{"id": subnet.id.text} for subnet in tied]}} if tied else {}

    return shows


def _untied(path: str, code: str, what: str) -> Callable[[Cloud, Resource], None]:
    def check(cloud: Cloud, resource: Resource) -> None:
        tied = tied_to(cloud, path, resource.id)
        if tied:
            named = ", ".join(subnet.id.text for subnet in tied)
            message = (
                f"{what} {resource.id} cannot be deleted because it is in use by the following resources: {named}."
            )
            raise bad_request(code, message)

    return check


def _rules(name: str, check: Callable[[Change], None]) -> ResourceType:
    return ResourceType(
        name=name, names=NAMES, etag="etag", put=Answer.ASYNC_OPERATION, delete=Answer.LOCATION, checks=(check,)
    )


_RULE_TYPE, _ROUTE_TYPE = _rules(RULE, _check_rule), _rules(ROUTE, _check_route)
_DEFINITION_TYPE = _rules(DEFINITION, _check_definition)


def _list(
    name: str, inline: InlineChildren, complete: Callable[[Change], Json], path: str, code: str, what: str
) -> ResourceType:
    return ResourceType(
        name=name,
        tracked=True,
        names=NAMES,
        etag="etag",
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        complete=complete,
        inline=(inline,),
        shows=_tied(path),
        delete_checks=(_untied(path, code, what),),
    )


TYPES = (
    _list(
        SECURITY_GROUP,
        InlineChildren("properties.securityRules", _RULE_TYPE),
        _group,
        GROUP_PATH,
        "InUseNetworkSecurityGroupCannotBeDeleted",
        "Network security group",
    ),
    _RULE_TYPE,
    _list(
        ROUTE_TABLE,
        InlineChildren("properties.routes", _ROUTE_TYPE),
        _table,
        TABLE_PATH,
        "InUseRouteTableCannotBeDeleted",
        "Route table",
    ),
    _ROUTE_TYPE,
    _list(
        ENDPOINT_POLICY,
        InlineChildren("properties.serviceEndpointPolicyDefinitions", _DEFINITION_TYPE),
        lambda change: {"properties": {"resourceGuid": _guid(change)}},
        POLICY_PATH,
        "BadRequest",
        "Service endpoint policy",
    ),
    _DEFINITION_TYPE,
)
