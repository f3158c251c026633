"""Azure Monitor private link scopes. Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-security."""

from local.arm.behaviours import private_links
from local.arm.behaviours.insights.alert_rules import refusal
from local.arm.behaviours.insights.collection import ENDPOINT
from local.arm.behaviours.insights.components import COMPONENT
from local.arm.behaviours.operational_insights.workspaces import WORKSPACE as LOG_WORKSPACE
from local.arm.cloud import dangling
from local.arm.errors import conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, NameRule, ResourceType

SCOPE = "Microsoft.Insights/privateLinkScopes"
SCOPED = f"{SCOPE}/scopedResources"
LINKABLE = {kind.casefold() for kind in (LOG_WORKSPACE, COMPONENT, ENDPOINT)}
MOST_RESOURCES = 3000
"""Resources of one scope."""
LINK = "properties.linkedResourceId"


def _check_modes(change: Change) -> None:
    for name in ("ingestionAccessMode", "queryAccessMode"):
        path = f"properties.accessModeSettings.{name}"
        if change.get(path) not in ("Open", "PrivateOnly"):
            raise refusal(path, change.get(path), "Open or PrivateOnly")


def _check_link(change: Change) -> None:
    """A workspace, a component or a data collection endpoint that exists and is not in this scope already."""
    linked = ResourceId.parse(change.get(LINK, ""))
    if linked.type.casefold() not in LINKABLE:
        raise refusal(LINK, linked, "the id of a workspace, a component or a data collection endpoint")
    if change.cloud.store.get(linked) is None:
        raise dangling(linked.text, LINK)
    parent = change.id.parent
    assert parent is not None
    others = [other for other in change.cloud.store.below(parent) if other.type == SCOPED and other.id != change.id]
    if any(str(other.properties.get("linkedResourceId", "")).casefold() == linked.key for other in others):
        raise conflict("Conflict", f"'{linked}' is in the private link scope '{parent.name}' already.")
    if len(others) >= MOST_RESOURCES:
        raise conflict("Conflict", f"'{parent.name}' has {len(others)} resources, the most that a scope may have.")


TYPES = (
    private_links.connection_type(SCOPE),
    ResourceType(
        name=SCOPE,
        shows=private_links.connections,
        tracked=True,
        system_data=True,
        names=NameRule(r"[-\w.()]{0,254}[-\w()]", "1 to 255 letters, digits, '_', '-', '.', '(' and ')'"),
        checks=(_check_modes,),
    ),
    ResourceType(
        name=SCOPED,
        names=NameRule(r"[-\w.()]{0,254}[-\w()]", "1 to 255 letters, digits, '_', '-', '.', '(' and ')'"),
        immutable=(LINK,),
        checks=(_check_link,),
    ),
)
