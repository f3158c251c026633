"""Metric alerts. Sources: learn.microsoft.com/rest/api/monitor/metric-alerts,
.../azure/azure-monitor/alerts/alerts-troubleshoot-metric.
"""

from itertools import pairwise

from local.arm.behaviours.insights.action_groups import check_named
from local.arm.behaviours.insights.alert_rules import DAY, HOUR, MINUTE, NAMES, one_of, refusal, targets
from local.arm.behaviours.insights.metric_names import AGGREGATIONS, METRICS, metric
from local.arm.documents import Json, member
from local.arm.errors import bad_request
from local.arm.resource_types import Change, ResourceType, objects

METRIC_ALERT = "Microsoft.Insights/metricAlerts"
SINGLE = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
MULTIPLE = "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria"
FREQUENCIES = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR)
WINDOWS = (*FREQUENCIES, 6 * HOUR, 12 * HOUR, DAY)
CRITERIA = "properties.criteria"
MOST_CRITERIA = 5


def _check_times(change: Change) -> None:
    frequency = one_of(change, "properties.evaluationFrequency", FREQUENCIES)
    window = one_of(change, "properties.windowSize", WINDOWS)
    if frequency > window:
        path = "properties.evaluationFrequency"
        raise refusal(path, change.get(path), "no longer than properties.windowSize")


def _check_targets(change: Change) -> None:
    """They exist and are of one type; a rule over many of them says which type that is."""
    watched = targets(change)
    if len({resource.type.casefold() for resource in watched}) > 1:
        found = ", ".join(sorted({resource.type for resource in watched}))
        raise refusal("properties.scopes", found, "resources of one type")
    kind = member(change.get(CRITERIA, {}), "odata.type")
    if len(change.get("properties.scopes", [])) > 1 and kind == SINGLE:
        raise refusal(f"{CRITERIA}.odata.type", kind, f"{MULTIPLE} for a rule with several scopes")
    if kind == MULTIPLE and not change.get("properties.targetResourceType", ""):
        raise refusal("properties.targetResourceType", "", f"the type of the scopes where the criteria are {MULTIPLE}")


def _check_criteria(change: Change) -> None:
    """Names are unique, metrics and dimensions are among those of the watched type."""
    criteria = change.get(CRITERIA, {})
    kind = member(criteria, "odata.type")
    if kind not in (SINGLE, MULTIPLE):
        return
    path = f"{CRITERIA}.allOf"
    entries = objects(member(criteria, "allOf"), path)
    if not 1 <= len(entries) <= MOST_CRITERIA:
        raise refusal(path, f"{len(entries)} entries", f"a list of 1 to {MOST_CRITERIA} criteria")
    names = sorted(str(entry.get("name", "")) for entry in entries)
    if any(one == other for one, other in pairwise(names)):
        raise refusal(path, ", ".join(names), "a list of criteria with names of their own")
    for entry in entries:
        _check_threshold(entry)
    types = {resource.type for resource in targets(change)}
    for entry in entries:
        for watched in types:
            _check_metric(watched, entry)


def _check_threshold(criterion: Json) -> None:
    threshold, aggregation = criterion.get("threshold"), criterion.get("timeAggregation")
    is_learned = criterion.get("criterionType") == "DynamicThresholdCriterion"
    if not is_learned and (isinstance(threshold, bool) or not isinstance(threshold, int | float)):
        raise refusal(f"{CRITERIA}.allOf.threshold", threshold, "a number")
    if aggregation not in AGGREGATIONS:
        raise refusal(f"{CRITERIA}.allOf.timeAggregation", aggregation, f"one of {', '.join(AGGREGATIONS)}")


def _check_metric(watched: str, criterion: Json) -> None:
    """A metric of the platform's is known by name; one of a custom namespace is not looked up."""
    own = str(criterion.get("metricNamespace") or watched).casefold() == watched.casefold()
    if not own or watched.casefold() not in METRICS or criterion.get("skipMetricValidation") is True:
        return
    name, path = str(criterion.get("metricName", "")), f"{CRITERIA}.allOf"
    known = metric(watched, name)
    if known is None:
        message = f"Couldn't find a metric named {name}. Make sure the name is correct. The resource is of {watched}."
        raise bad_request("BadRequest", message, target=path)
    for dimension in objects(criterion.get("dimensions"), f"{path}.dimensions"):
        if str(dimension.get("name")).casefold() not in {one.casefold() for one in known.dimensions}:
            allowed = ", ".join(known.dimensions) or "none"
            raise refusal(f"{path}.dimensions", dimension.get("name"), f"a dimension of {name}: {allowed}")


def _check_actions(change: Change) -> None:
    actions = change.objects("properties.actions")
    check_named(change, [action.get("actionGroupId") for action in actions], "properties.actions")


def _rule(change: Change) -> Json:
    """Alerts of a rule count from its last change of what it watches."""
    watched = ("properties.criteria", "properties.scopes", "properties.windowSize", "properties.enabled")
    same = change.current is not None and all(change.was(path) == change.get(path) for path in watched)
    since = change.was("properties.lastUpdatedTime") if same else None
    return {
        "properties": {
            "autoMitigate": change.get("properties.autoMitigate", True),
            "lastUpdatedTime": since or change.cloud.now(),
        }
    }


TYPES = (
    ResourceType(
        name=METRIC_ALERT,
        raises_alerts=True,
        tracked=True,
        provisioning_state=False,
        created_status=200,
        names=NAMES,
        checks=(_check_times, _check_targets, _check_criteria, _check_actions),
        complete=_rule,
    ),
)
