"""Security of private endpoints, Microsoft.Network/privateEndpoints: who has one, and whether names lead there."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from pulumi_policy import Severity

from azure_ml_platform.catalog.private_link import PRIVATE_LINKS
from policies.kit.conditions import includes
from policies.kit.kinds import PRIVATE_DNS_ZONE, PRIVATE_ENDPOINT, SUBNET, VIRTUAL_NETWORK
from policies.kit.properties import Properties, Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, either, every, not_applicable, undecided, violation
from policies.kit.wording import choices
from policies.security.limits import Limits

_CONNECTIONS = "privateLinkServiceConnections"
_ZONE_IDS = "privateDnsZoneConfigs[].privateDnsZoneId"
_ELSEWHERE = violation("it leads elsewhere")


def rules(_: Limits) -> list[AnyRule]:
    """The rules on private endpoints of any service."""
    return [
        StackRule(
            id="pe-has-dns-zone",
            requires="The names of a service lead to its private endpoint, in the network that the endpoint is in",
            judge=for_each((PRIVATE_ENDPOINT,), _has_names),
            fix="add a PrivateDnsZoneGroup with the service's zones, and a VirtualNetworkLink of each to the network",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP ee40564d", "AP 0eddd7f3", "AP ac673a9a", "AP 75973700", "AP e9585a95"),
        ),
    ]


def has_private_endpoint(group: str) -> Callable[[Resource, Stack], Verdict]:
    """Judges whether a stack has a private endpoint of a group (a sub-resource such as `blob`) of a resource."""
    missing = violation(f'no PrivateEndpoint of the group "{group}" leads to it, must have one')

    def judge(resource: Resource, stack: Stack) -> Verdict:
        verdict = either(_leads(endpoint, resource, group) for endpoint in stack.of(PRIVATE_ENDPOINT))
        return missing if verdict.violated else verdict

    return judge


def _leads(endpoint: Resource, resource: Resource, group: str) -> Verdict:
    connections = Properties(endpoint.properties.values, endpoint.name).objects(_CONNECTIONS)
    if isinstance(connections, Unknown):
        return _connects(endpoint, connections, resource, group)
    return either(_connects(endpoint, connection, resource, group) for connection in connections)


def _connects(endpoint: Resource, connection: Properties | Unknown, resource: Resource, group: str) -> Verdict:
    if isinstance(connection, Unknown):
        return every([_target(endpoint, connection, resource), undecided(connection.path)])
    target = _target(endpoint, connection.get("privateLinkServiceId"), resource)
    return every([target, includes("groupIds", group)(connection)])


def _target(endpoint: Resource, value: object, resource: Resource) -> Verdict:
    leads = endpoint.points_at(_CONNECTIONS, value, resource)
    if isinstance(leads, Unknown):
        return undecided(leads.path)
    return PASSED if leads else _ELSEWHERE


def _has_names(endpoint: Resource, stack: Stack) -> Verdict:
    groups = endpoint.properties.every(f"{_CONNECTIONS}[].groupIds[]")
    if not groups:
        return not_applicable("it leads to a service of somebody's own, whose names are its owner's")
    zone_groups = stack.referring("network:PrivateDnsZoneGroup", "privateEndpointName", endpoint)
    return zone_groups.some(
        lambda zone_group: _leads_there(zone_group, groups, endpoint, stack), "no PrivateDnsZoneGroup belongs to it"
    )


def _leads_there(zone_group: Resource, groups: Iterable[object], endpoint: Resource, stack: Stack) -> Verdict:
    """Whether a zone group has the zones of the endpoint's groups, and those of this stack are linked."""
    own = [zone for zone in stack.of(PRIVATE_DNS_ZONE) if zone_group.refers_to(_ZONE_IDS, zone) is True]
    ids = zone_group.properties.every(_ZONE_IDS)
    names = {str(zone.azure_name) for zone in own}
    names |= {value.rstrip("/").rpartition("/")[2].casefold() for value in ids if isinstance(value, str)}
    unknown = [value.path for value in ids if isinstance(value, Unknown)]
    if len(own) >= len(unknown):
        # They are the ids of those zones.
        unknown = []
    linked = (_linked(zone, endpoint, stack) for zone in own)
    return every([*(_has_zones(group, names, unknown) for group in groups), *linked])


def _has_zones(group: object, names: set[str], unknown: list[str]) -> Verdict:
    if isinstance(group, Unknown):
        return undecided(group.path)
    known = [link.zones for (_, name), link in PRIVATE_LINKS.items() if name.casefold() == str(group).casefold()]
    wanted = [zones for clouds in known for zones in clouds.values() if zones]
    if any(all(_among(zone, names) for zone in zones) for zones in wanted) or (names and not wanted):
        return PASSED
    if unknown:
        return undecided(*unknown)
    zones = choices(list(wanted[0])).replace(" or ", " and ") if wanted else "a zone"
    return violation(f'{_ZONE_IDS} of "{group}" are {choices(sorted(names)) or "absent"}, must be {zones}')


def _among(zone: str, names: set[str]) -> bool:
    return any(fnmatchcase(name.casefold(), zone.format(region="*")) for name in names)


def _linked(zone: Resource, endpoint: Resource, stack: Stack) -> Verdict:
    """Whether a zone is linked to the endpoint's network, or to any where that is not of this stack."""
    networks = _networks(endpoint, stack)
    missing = f"no VirtualNetworkLink of {zone.azure_name} leads to its network"

    def reaches(link: Resource) -> Verdict:
        reached = [link.refers_to("virtualNetwork.id", network) for network in networks]
        if True in reached or not networks:
            return PASSED
        unknown = [value.path for value in reached if isinstance(value, Unknown)]
        return undecided(*unknown) if unknown else violation(missing)

    return stack.referring("privatedns:VirtualNetworkLink", "privateZoneName", zone).some(reaches, missing)


def _networks(endpoint: Resource, stack: Stack) -> list[Resource]:
    """The virtual networks of the stack that an endpoint's subnet is in."""
    subnets = [subnet for subnet in stack.of(SUBNET) if endpoint.refers_to("subnet.id", subnet) is True]
    places = [(endpoint, "subnet.id"), *((subnet, "virtualNetworkName") for subnet in subnets)]
    return [
        network
        for network in stack.of(VIRTUAL_NETWORK)
        if any(source.refers_to(path, network) is True for source, path in places)
    ]
