"""Log search alerts. Sources: learn.microsoft.com/rest/api/monitor/scheduled-query-rules,
.../azure/azure-monitor/alerts/alerts-types#log-alerts.
"""

from local.arm.behaviours.insights.action_groups import check_named
from local.arm.behaviours.insights.alert_rules import DAY, HOUR, MINUTE, NAMES, one_of, refusal, targets
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.resource_types import Change, ResourceType, objects

QUERY_ALERT = "Microsoft.Insights/scheduledQueryRules"
FREQUENCIES = (
    *(minutes * MINUTE for minutes in (1, 5, 10, 15, 30, 45)),
    *(hours * HOUR for hours in (1, 2, 3, 4, 5, 6)),
    DAY,
)
WINDOWS = (*FREQUENCIES, 2 * DAY)
MOST_PERIODS = 6
CRITERIA = "properties.criteria.allOf"


def _check_times(change: Change) -> None:
    if str(change.get("kind", "LogAlert")) != "LogAlert":
        return
    one_of(change, "properties.evaluationFrequency", FREQUENCIES)
    one_of(change, "properties.windowSize", WINDOWS)
    if change.get("properties.muteActionsDuration", "") and change.get("properties.autoMitigate", False):
        message = "muteActionsDuration and autoMitigate exclude each other: a rule that resolves itself mutes nothing."
        raise bad_request("BadRequest", message, target="properties.muteActionsDuration")


def _check_criteria(change: Change) -> None:
    targets(change)
    criteria = objects(change.get("properties.criteria.allOf", []), CRITERIA)
    if not criteria:
        raise refusal(CRITERIA, criteria, "a list with a query")
    for criterion in criteria:
        if not str(criterion.get("query") or "").strip():
            raise refusal(f"{CRITERIA}.query", criterion.get("query"), "a query in KQL")
        periods = reach(criterion, "failingPeriods.numberOfEvaluationPeriods", 1)
        failing = reach(criterion, "failingPeriods.minFailingPeriodsToAlert", 1)
        numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (periods, failing))
        if not numbers or not 1 <= failing <= periods <= MOST_PERIODS:
            path = f"{CRITERIA}.failingPeriods"
            raise refusal(path, f"{failing} of {periods}", f"some of 1 to {MOST_PERIODS} evaluation periods")


def _check_actions(change: Change) -> None:
    check_named(change, change.get("properties.actions.actionGroups", []), "properties.actions.actionGroups")


def _rule(change: Change) -> Json:
    api = "2025-01-01-preview"
    return {
        "kind": change.get("kind", "LogAlert"),
        "properties": {
            "createdWithApiVersion": change.keep("properties.createdWithApiVersion", lambda: api),
            "isLegacyLogAnalyticsRule": False,
            "isWorkspaceAlertsStorageConfigured": False,
            "enabled": change.get("properties.enabled", True),
            "autoMitigate": change.get("properties.autoMitigate", False),
        },
    }


TYPES = (
    ResourceType(
        name=QUERY_ALERT,
        raises_alerts=True,
        tracked=True,
        provisioning_state=False,
        system_data=True,
        etag="etag",
        names=NAMES,
        immutable=("kind",),
        checks=(_check_times, _check_criteria, _check_actions),
        complete=_rule,
    ),
)
