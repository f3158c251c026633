"""What the page shows, gathered from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.arm.admin import Admin
from local.arm.documents import Json
from local.arm.identifiers import GROUP
from local.arm.manager import Manager
from local.arm.operations import Operation
from local.arm.store import Resource

MOST_RESOURCES = 200
"""Resources of one group that are shown; the rest is counted."""
MOST_OPERATIONS = 25
MOST_ALERTS = 25
OUTSIDE = "outside of resource groups"


@dataclass(frozen=True)
class Entry:
    """One resource."""

    name: str
    type: str
    location: str
    state: str


@dataclass(frozen=True)
class Group:
    """A resource group, or what lies outside of one."""

    name: str
    location: str
    entries: Sequence[Entry]
    more: int
    """Resources that are not among the entries."""


@dataclass(frozen=True)
class Overview:
    """All of it."""

    status: Mapping[str, Any]
    """As `GET /local/status` answers."""
    subscription: str
    groups: Sequence[Group]
    alerts: Sequence[Json]
    """Alerts that were fired: their `essentials`, the latest first."""
    alert_rules: Sequence[Entry]
    operations: Sequence[Operation]
    """The latest first."""


def overview(manager: Manager, admin: Admin) -> Overview:
    """What is deployed now."""
    # Sub-resources that came with their parents have no body that was sent; they would only hide what was deployed.
    resources = [item for item in manager.cloud.store.scan() if item.type != GROUP and item.sent is not None]
    alerting = {kind.name for kind in manager.catalogue.types if kind.raises_alerts}
    alert_rules = [_entry(resource) for resource in resources if resource.type in alerting]
    return Overview(
        status=admin.status(),
        subscription=manager.cloud.directory.subscription_id,
        groups=_groups(manager.cloud.store.of_type(GROUP), resources),
        alerts=_alerts(manager),
        alert_rules=alert_rules,
        operations=manager.operations.all()[: -MOST_OPERATIONS - 1 : -1],
    )


def _alerts(manager: Manager) -> list[Json]:
    shown = [view for provider in manager.catalogue.providers.values() for view in provider.views if view.shows_alerts]
    fired = [entry["properties"]["essentials"] for view in shown for entry in view.list(manager.cloud, None, {})]
    return sorted(fired, key=lambda alert: str(alert["startDateTime"]), reverse=True)[:MOST_ALERTS]


def _groups(groups: Sequence[Resource], resources: Sequence[Resource]) -> list[Group]:
    inside: dict[str, list[Resource]] = {group.id.key: [] for group in groups}
    outside: list[Resource] = []
    for resource in resources:
        place = resource.id.group
        (inside.get(place.key, outside) if place else outside).append(resource)
    found = [_group(group.name, group.location, inside[group.id.key]) for group in groups]
    return [*found, *([_group(OUTSIDE, "", outside)] if outside else [])]


def _group(name: str, location: str, resources: Sequence[Resource]) -> Group:
    shown = sorted(resources[:MOST_RESOURCES], key=lambda resource: (resource.type, resource.id.key))
    return Group(name, location, [_entry(resource) for resource in shown], len(resources) - len(shown))


def _entry(resource: Resource) -> Entry:
    properties: Json = resource.properties
    state = str(properties.get("provisioningState") or "")
    return Entry(resource.id.full_name, resource.type, resource.location, state)
