"""Activity log alerts. Source: learn.microsoft.com/rest/api/monitor/activity-log-alerts."""

from local.arm.behaviours.insights.action_groups import check_named
from local.arm.behaviours.insights.alert_rules import NAMES, refusal, targets
from local.arm.documents import Json, reach
from local.arm.resource_types import Change, ResourceType, objects

CATEGORIES = (
    "Administrative",
    "ServiceHealth",
    "ResourceHealth",
    "Alert",
    "Autoscale",
    "Recommendation",
    "Policy",
    "Security",
)
CONDITION = "properties.condition.allOf"
FORMS = ("equals", "containsAny", "anyOf")
"""How a condition says what it wants."""


def _check_condition(change: Change) -> None:
    """One condition names the category; each says in one way what it wants."""
    targets(change)
    conditions = change.objects(CONDITION)
    for condition in conditions:
        used = [form for form in FORMS if condition.get(form) is not None]
        if len(used) != 1 or (used != ["anyOf"] and not condition.get("field")):
            raise refusal(
                CONDITION, condition, "a list of conditions with one of 'field'+'equals', 'containsAny', 'anyOf'"
            )
        for leaf in objects(condition.get("anyOf"), f"{CONDITION}.anyOf"):
            if not leaf.get("field"):
                raise refusal(f"{CONDITION}.anyOf", leaf, "a list of conditions with a 'field'")
    chosen = [one.get("equals") for one in conditions if str(one.get("field")).casefold() == "category"]
    if len(chosen) != 1 or str(chosen[0]).casefold() not in {known.casefold() for known in CATEGORIES}:
        raise refusal(CONDITION, chosen, f"a list with one condition on 'category': {', '.join(CATEGORIES)}")


def _check_actions(change: Change) -> None:
    actions = change.objects("properties.actions.actionGroups")
    check_named(change, [action.get("actionGroupId") for action in actions], "properties.actions.actionGroups")


def _rule(change: Change) -> Json:
    return {
        "location": change.sent.get("location") or "Global",
        "properties": {"enabled": reach(change.sent, "properties.enabled", True)},
    }


TYPES = (
    ResourceType(
        name="Microsoft.Insights/activityLogAlerts",
        raises_alerts=True,
        provisioning_state=False,
        names=NAMES,
        checks=(_check_condition, _check_actions),
        complete=_rule,
    ),
)
