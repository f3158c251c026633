"""Autoscale settings. Sources: learn.microsoft.com/rest/api/monitor/autoscale-settings,
.../azure/azure-monitor/autoscale/autoscale-understanding-settings, .../azure/azure-monitor/service-limits.
"""

from datetime import timedelta

from local.arm.behaviours.insights.alert_rules import HOUR, MINUTE, NAMES, refusal, within
from local.arm.behaviours.insights.metric_names import METRICS, metric
from local.arm.cloud import dangling
from local.arm.documents import Json, reach
from local.arm.errors import bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, ResourceType, objects

AUTOSCALE = "Microsoft.Insights/autoscaleSettings"
TARGET, PROFILES = "properties.targetResourceUri", "properties.profiles"
MOST_PROFILES, MOST_RULES = 20, 10
WEEK = timedelta(weeks=1)


def _check_target(change: Change) -> None:
    """It exists, and no other setting scales it."""
    target = ResourceId.parse(change.get(TARGET, ""))
    if change.cloud.store.get(target) is None:
        raise dangling(target.text, TARGET)
    for other in change.cloud.store.of_type(AUTOSCALE):
        same = str(other.properties.get("targetResourceUri", "")).casefold() == target.key
        if same and other.id.key != change.id.key:
            message = f"'{target}' is scaled by the autoscale setting '{other.name}' already; a resource has one."
            raise conflict("Conflict", message)


def _check_profiles(change: Change) -> None:
    profiles = change.objects(PROFILES)
    if not 1 <= len(profiles) <= MOST_PROFILES:
        raise refusal(PROFILES, f"{len(profiles)} entries", f"a list of 1 to {MOST_PROFILES} profiles")
    for profile in profiles:
        _check_capacity(reach(profile, "capacity"))
        rules = objects(profile.get("rules"), f"{PROFILES}.rules")
        if len(rules) > MOST_RULES:
            raise refusal(f"{PROFILES}.rules", f"{len(rules)} entries", f"at most {MOST_RULES} rules")
        for rule in rules:
            _check_rule(change, rule)


def _check_capacity(capacity: object) -> None:
    """Whole numbers in strings: minimum, default and maximum in this order."""
    ends = [reach(capacity, name) for name in ("minimum", "default", "maximum")]
    if not all(isinstance(end, str) and end.isascii() and end.isdigit() and len(end) < 7 for end in ends):
        raise refusal(f"{PROFILES}.capacity", ends, "minimum, default and maximum, whole numbers in strings")
    low, usual, high = (int(end) for end in ends)
    if not low <= usual <= high:
        raise refusal(f"{PROFILES}.capacity", f"{low}, {usual}, {high}", "minimum <= default <= maximum")


def _check_rule(change: Change, rule: Json) -> None:
    trigger, path = reach(rule, "metricTrigger"), f"{PROFILES}.rules.metricTrigger"
    within(reach(trigger, "timeGrain"), f"{path}.timeGrain", MINUTE, 12 * HOUR)
    within(reach(trigger, "timeWindow"), f"{path}.timeWindow", 5 * MINUTE, 12 * HOUR)
    within(reach(rule, "scaleAction.cooldown"), f"{PROFILES}.rules.scaleAction.cooldown", MINUTE, WEEK)
    source = ResourceId.parse(reach(trigger, "metricResourceUri", ""))
    if change.cloud.store.get(source) is None:
        raise dangling(source.text, f"{path}.metricResourceUri")
    name = str(reach(trigger, "metricName", ""))
    if source.type.casefold() in METRICS and metric(source.type, name) is None:
        message = (
            f"Couldn't find a metric named {name}. Make sure the name is correct. The resource is of {source.type}."
        )
        raise bad_request("BadRequest", message, target=f"{path}.metricName")


def _setting(change: Change) -> Json:
    return {
        "properties": {
            "enabled": change.get("properties.enabled", True),
            "name": change.get("properties.name", change.id.name),
        }
    }


TYPES = (
    ResourceType(
        name=AUTOSCALE,
        tracked=True,
        provisioning_state=False,
        system_data=True,
        names=NAMES,
        immutable=(TARGET,),
        checks=(_check_target, _check_profiles),
        complete=_setting,
    ),
)
