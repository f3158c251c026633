"""Data collection rules and endpoints.

Sources: learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure,
.../rest/api/monitor/data-collection-rules, .../data-collection-rule-associations.
"""

import uuid
from collections.abc import Iterator

from local.arm.behaviours.monitor_accounts import ACCOUNT
from local.arm.behaviours.operational_insights.workspaces import WORKSPACE as LOG_WORKSPACE
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceType, Scope, objects

RULE = "Microsoft.Insights/dataCollectionRules"
ENDPOINT = "Microsoft.Insights/dataCollectionEndpoints"
ENDPOINT_ASSOCIATION = "configurationAccessEndpoint"
"""The one name of an association with an endpoint."""
DESTINATIONS = {
    "logAnalytics": ("workspaceResourceId", LOG_WORKSPACE),
    "monitoringAccounts": ("accountResourceId", ACCOUNT),
}
"""Destinations that are resources: the member with the id, and its type."""
NAMES = NameRule(r"[A-Za-z0-9][-\w.]{1,62}[A-Za-z0-9]", "3 to 64 letters, digits, '-', '_' and '.'")


def _check_destinations(change: Change) -> None:
    for kind, (member, type_name) in DESTINATIONS.items():
        path = f"properties.destinations.{kind}"
        for destination in change.objects(path):
            change.cloud.find(destination.get(member), type_name, property_path=path)  # type: ignore[arg-type]
    if endpoint := change.get("properties.dataCollectionEndpointId", ""):
        change.cloud.find(endpoint, ENDPOINT, property_path="properties.dataCollectionEndpointId")


def _check_flows(change: Change) -> None:
    """Each flow has streams and ends at destinations that the rule declares."""
    declared = set(_names(change.get("properties.destinations", {})))
    for flow in change.objects("properties.dataFlows"):
        wanted, streams = flow.get("destinations"), flow.get("streams")
        if not isinstance(streams, list) or not streams or not isinstance(wanted, list) or not wanted:
            raise _invalid("each of dataFlows needs streams and destinations")
        if unknown := [name for name in wanted if str(name) not in declared]:
            raise _invalid(f"dataFlows names the destination {unknown[0]!r}, which destinations does not declare")


def _names(destinations: Json) -> Iterator[str]:
    for kind, entries in destinations.items():
        # Metrics of Azure Monitor are one object, every other kind is a list.
        listed = [entries] if isinstance(entries, dict) else objects(entries, f"properties.destinations.{kind}")
        yield from (str(entry.get("name")) for entry in listed)


def _invalid(reason: str) -> Exception:
    return bad_request("InvalidPayload", f"Data collection rule is invalid: {reason}.", target="properties")


def _rule(change: Change) -> Json:
    return {"properties": {"immutableId": change.keep("properties.immutableId", lambda: f"dcr-{uuid.uuid4().hex}")}}


def _endpoint(change: Change) -> Json:
    host = f"{change.id.name}-{uuid.uuid5(uuid.NAMESPACE_URL, change.id.key).hex[:4]}.{change.location}-1"
    return {
        "properties": {
            "immutableId": change.keep("properties.immutableId", lambda: f"dce-{uuid.uuid4().hex}"),
            "configurationAccess": {"endpoint": f"https://{host}.handler.control.monitor.azure.com"},
            "logsIngestion": {"endpoint": f"https://{host}.ingest.monitor.azure.com"},
            "metricsIngestion": {"endpoint": f"https://{host}.metrics.ingest.monitor.azure.com"},
        }
    }


def _check_association(change: Change) -> None:
    """With a rule, or with an endpoint under its one name."""
    rule, endpoint = (
        change.get(f"properties.{name}", "") for name in ("dataCollectionRuleId", "dataCollectionEndpointId")
    )
    if bool(rule) == bool(endpoint):
        raise bad_request(
            "InvalidPayload", "An association needs either dataCollectionRuleId or dataCollectionEndpointId."
        )
    if rule:
        change.cloud.find(rule, RULE, property_path="properties.dataCollectionRuleId")
        return
    change.cloud.find(endpoint, ENDPOINT, property_path="properties.dataCollectionEndpointId")
    if change.id.name != ENDPOINT_ASSOCIATION:
        message = f"'{change.id.name}': an association with an endpoint has the name '{ENDPOINT_ASSOCIATION}'."
        raise bad_request("InvalidPayload", message, target="name")


TYPES = (
    ResourceType(
        name=ENDPOINT,
        tracked=True,
        system_data=True,
        etag="etag",
        names=NAMES,
        immutable=("kind",),
        complete=_endpoint,
    ),
    ResourceType(
        name=RULE,
        tracked=True,
        system_data=True,
        etag="etag",
        names=NAMES,
        immutable=("kind",),
        checks=(_check_destinations, _check_flows),
        complete=_rule,
    ),
    ResourceType(
        name="Microsoft.Insights/dataCollectionRuleAssociations",
        scope=Scope.ANY,
        provisioning_state=False,
        system_data=True,
        etag="etag",
        names=NameRule(r"[^/]{1,64}", "1 to 64 characters"),
        checks=(_check_association,),
    ),
)
