"""Whether a resource can be reached through a private endpoint: Microsoft.Network/privateEndpoints."""

from collections.abc import Callable

from policies.kit.conditions import includes
from policies.kit.kinds import PRIVATE_ENDPOINT
from policies.kit.properties import Properties, Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.verdict import PASSED, Verdict, either, every, undecided, violation

_CONNECTIONS = "privateLinkServiceConnections"
_ELSEWHERE = violation("it leads elsewhere")


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
