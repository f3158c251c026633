"""Diagnostic settings: which logs and metrics of a resource go where.

Sources: learn.microsoft.com/rest/api/monitor/diagnostic-settings, .../azure/azure-monitor/platform/diagnostic-settings.
"""

from collections.abc import Iterator, Mapping

from local.arm.behaviours.insights.categories import CATEGORIES, GROUPS, Categories
from local.arm.behaviours.operational_insights.workspaces import WORKSPACE as LOG_WORKSPACE
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.identifiers import ResourceId, missing
from local.arm.resource_types import Change, NameRule, ResourceType, Scope, View
from local.arm.store import Resource

SETTINGS = "Microsoft.Insights/diagnosticSettings"
CATEGORY_VIEW = "Microsoft.Insights/diagnosticSettingsCategories"
MOST_SETTINGS = 5
"""Diagnostic settings of one resource."""
SINKS = {
    "workspaceId": LOG_WORKSPACE,
    "storageAccountId": "Microsoft.Storage/storageAccounts",
    "eventHubAuthorizationRuleId": None,
    "marketplacePartnerId": None,
}
"""Destinations by member, with the type that this Azure covers."""


def _check_sinks(change: Change) -> None:
    """At least one destination, each of which exists; no more settings than a resource may have."""
    used = _sinks(change)
    if not used:
        message = f"At least one data sink needs to be specified: one of {', '.join(SINKS)}."
        raise bad_request("BadRequest", message, target="properties")
    for sink, target in used.items():
        kind = SINKS[sink]
        if kind is not None:
            change.cloud.find(target, kind, property_path=f"properties.{sink}")
    others = _others(change)
    if len(others) >= MOST_SETTINGS:
        message = f"'{change.id.scope}' has {len(others)} diagnostic settings; at most {MOST_SETTINGS} are allowed."
        raise conflict("Conflict", message)


def _check_categories(change: Change) -> None:
    """Each category is one of the resource's type, named alone or by its group, without a retention of its own."""
    assert change.id.scope is not None
    known = CATEGORIES.get(change.id.scope.type.casefold())
    for entry in change.objects("properties.logs"):
        _check_entry(entry, "properties.logs", known.logs if known else None)
    for entry in change.objects("properties.metrics"):
        _check_entry(entry, "properties.metrics", known.metrics if known else None)


def _check_entry(entry: Json, path: str, categories: tuple[str, ...] | None) -> None:
    category, group = entry.get("category"), entry.get("categoryGroup")
    if (category is None) == (group is None):
        message = f"Each entry of {path} must have either category or categoryGroup; found {category} and {group}."
        raise bad_request("BadRequest", message, target=path)
    if reach(entry, "retentionPolicy.enabled") or reach(entry, "retentionPolicy.days"):
        message = "Diagnostic settings does not support retention for new diagnostic settings."
        raise bad_request("BadRequest", message, target=path)
    if categories is None:
        return
    if group is not None and (path.endswith("metrics") or group not in GROUPS or not categories):
        raise bad_request("BadRequest", f"Category group '{group}' is not supported.", target=path)
    if category is not None and str(category).casefold() not in {known.casefold() for known in categories}:
        supported = ", ".join(categories) or "none"
        message = f"Category '{category}' is not supported. Supported for this resource: {supported}."
        raise bad_request("BadRequest", message, target=path)


def _check_twin(change: Change) -> None:
    """No category goes to one destination twice."""
    wanted = set(_enabled(change.objects("properties.logs") + change.objects("properties.metrics")))
    for other in _others(change):
        entries = [*(other.properties.get("logs") or []), *(other.properties.get("metrics") or [])]
        shared = wanted & set(_enabled(entries))
        for sink, target in _sinks(change).items():
            if shared and str(other.properties.get(sink, "")).casefold() == target.casefold():
                raise _reused(target, other.name, min(shared))


def _reused(target: str, name: str, category: str) -> ArmError:
    message = (
        f"Data sink '{target}' is already used in diagnostic setting '{name}' for category '{category}'. Data sinks "
        "can't be reused in different settings on the same category for the same resource."
    )
    return conflict("Conflict", message)


def _sinks(change: Change) -> dict[str, str]:
    return {sink: target for sink in SINKS if (target := change.get(f"properties.{sink}", ""))}


def _others(change: Change) -> list[Resource]:
    settings = change.cloud.store.of_type(SETTINGS)
    return [other for other in settings if other.id.scope == change.id.scope and other.id.key != change.id.key]


def _enabled(entries: list[Json]) -> Iterator[str]:
    return (str(entry.get("category") or entry.get("categoryGroup")) for entry in entries if entry.get("enabled"))


def _categories_of(cloud: Cloud, id: ResourceId | None, _: Mapping[str, str]) -> list[Json]:
    """What a resource can send, as `az monitor diagnostic-settings categories list` shows it."""
    if id is None or cloud.store.get(id) is None:
        raise missing(id) if id else bad_request("BadRequest", "Diagnostic categories are those of a resource.")
    known = CATEGORIES.get(id.type.casefold(), Categories())
    return [_category(id, name, "Logs") for name in known.logs] + [
        _category(id, name, "Metrics") for name in known.metrics
    ]


def _category(id: ResourceId, name: str, kind: str) -> Json:
    extension = id.extension(CATEGORY_VIEW, name)
    groups = list(GROUPS) if kind == "Logs" else []
    properties = {"categoryType": kind, "categoryGroups": groups}
    return {"id": extension.text, "name": name, "type": CATEGORY_VIEW, "properties": properties}


def _one_category(cloud: Cloud, id: ResourceId) -> Json | None:
    entries = _categories_of(cloud, id.scope, {})
    return next((entry for entry in entries if entry["name"].casefold() == id.name.casefold()), None)


TYPES = (
    ResourceType(
        name=SETTINGS,
        scope=Scope.ANY,
        provisioning_state=False,
        created_status=200,
        names=NameRule(r"[^<>*%&:\\?+/#]{1,260}", "1 to 260 characters, none of <>*%&:\\?+/#"),
        checks=(_check_sinks, _check_categories, _check_twin),
    ),
)
VIEWS = (View(name=CATEGORY_VIEW, list=_categories_of, get=_one_category),)
