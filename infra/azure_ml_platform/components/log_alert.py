"""One log search alert."""

from collections.abc import Mapping

from pulumi_azure_native import monitor

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.alerts import LogRule
from azure_ml_platform.component import PlatformComponent


class LogAlertPlaceArgs(Args):
    """Where log search alerts are, what they query and whom they call."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the rule."""
    location: Input[str]
    """Required. Azure region."""
    workspace_id: Input[str]
    """Required. Log Analytics workspace that is queried."""
    action_group_id: Input[str]
    """Required. Action group that is called."""
    tags: Mapping[str, str] = {}
    """Optional. Tags of the rule. Default none."""


def log_alert(
    owner: PlatformComponent, name: str, rule_name: str, rule: LogRule, place: LogAlertPlaceArgs
) -> "monitor.ScheduledQueryRule":
    """Tell when a query exceeds its threshold, and when it does no more (Microsoft.Insights/scheduledQueryRules)."""
    return monitor.ScheduledQueryRule(
        name,
        rule_name=rule_name,
        resource_group_name=place.resource_group_name,
        location=place.location,
        kind="LogAlert",
        display_name=rule.name,
        description=rule.description,
        severity=rule.severity,
        enabled=True,
        scopes=[place.workspace_id],
        evaluation_frequency=duration(rule.every_minutes or rule.minutes),
        window_size=duration(rule.minutes),
        auto_mitigate=True,
        # A table is there once its first line has come.
        skip_query_validation=True,
        criteria=monitor.ScheduledQueryRuleCriteriaArgs(
            all_of=[
                monitor.ConditionArgs(
                    query=rule.query,
                    metric_measure_column=rule.measure,
                    time_aggregation="Average" if rule.measure else "Count",
                    operator=rule.operator,
                    threshold=rule.threshold,
                )
            ]
        ),
        actions=monitor.ActionsArgs(action_groups=[place.action_group_id]),
        tags=place.tags,
        opts=owner.child(),
    )


def duration(minutes: int) -> str:
    """Minutes as Azure writes them: 15 is `PT15M`, 360 `PT6H`, 1440 `P1D`."""
    if minutes % 1440 == 0:
        return f"P{minutes // 1440}D"
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"
