"""The alerts of a platform: the catalog's rules on whatever each system says is to be watched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi
from pulumi_azure_native import monitor

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.alerts import ACTIVITY_RULES, LOG_RULES, METRIC_RULES, ActivityRule, LogRule, MetricRule
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs, WatchedArgs
from azure_ml_platform.components.log_alert import LogAlertPlaceArgs, duration, log_alert

_CRITERIA = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
_URGENT = 1
"""The least urgent severity that goes to those who are woken."""


class RoutesArgs(Args):
    """Which action group is called, by how urgent an alert is."""

    urgent: Input[str]
    """Required. Action group of severities 0 and 1."""
    other: Input[str]
    """Required. Action group of every other severity."""

    def of(self, severity: int) -> Input[str]:
        """The action group of a severity."""
        return self.urgent if severity <= _URGENT else self.other


class AlertsArgs(ComponentArgs):
    """Inputs of Alerts."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the rules."""
    location: Input[str]
    """Required. Azure region of the log search rules; all others are global."""
    name_prefix: str
    """Required. Start of the name of every rule."""
    routes: RoutesArgs
    """Required. Who is called."""
    watched: Mapping[str, WatchedArgs] = {}
    """Optional. What is watched, by a name that is part of its rules' names. Default nothing."""
    essential_only: bool = False
    """Optional. Only the rules that development needs: neither logs nor activity. Default false."""
    thresholds: Mapping[str, float] = {}
    """Optional. Other thresholds, by `<watched>-<rule>` for metrics and `<rule>` for logs. Default the catalog's."""
    log_analytics_id: Input[str] | None = None
    """Optional. Log Analytics workspace that the log search rules query. Default none, and no such rule."""
    activity_scopes: Sequence[Input[str]] = ()
    """Optional. Ids of the resource groups whose activity is watched. Default none, and no such rule."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription whose service health is watched. Default none."""


class Alerts(PlatformComponent):
    """Metric, log search and activity log alerts, curated in the catalog and routed by severity.

    Metric alerts resolve by themselves, log search alerts too (Microsoft.Insights/metricAlerts, scheduledQueryRules,
    activityLogAlerts).
    """

    rule_names: list[str]
    """Names of all rules."""

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the rules of everything that is watched."""
        args = AlertsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._args = args
        self._names: list[str] = []
        self._check_thresholds(args)
        self.metric_alerts = [
            self._metric_alert(name, key, watched, rule)
            for key, watched in args.watched.items()
            for rule in METRIC_RULES.get(watched.arm_type, ())
            if rule.essential or not args.essential_only
        ]
        types = {watched.arm_type for watched in args.watched.values()}
        log_rules = [rule for rule in LOG_RULES if rule.needs in types and not args.essential_only]
        self.log_alerts = [
            self._log_alert(name, rule, args.log_analytics_id)
            for rule in log_rules
            if args.log_analytics_id is not None
        ]
        self.activity_alerts = [
            self._activity_alert(name, rule, scopes)
            for rule in ACTIVITY_RULES
            if not args.essential_only and (scopes := self._activity_scopes(rule))
        ]
        self.rule_names = sorted(self._names)
        self.finish()

    @staticmethod
    def _check_thresholds(args: AlertsArgs) -> None:
        """Raise ValueError for a threshold of a rule that there is not."""
        known = {rule.name for rule in LOG_RULES}
        for key, watched in args.watched.items():
            known |= {f"{key}-{rule.name}" for rule in METRIC_RULES.get(watched.arm_type, ())}
        if unknown := sorted(set(args.thresholds) - known):
            raise ValueError(f"thresholds: no rule {unknown[0]!r}; rules are {', '.join(sorted(known))}")

    def _physical(self, rule: str) -> str:
        """Name of a rule in Azure, remembered for the outputs."""
        self._names.append(f"{self._args.name_prefix}-{rule}")
        return self._names[-1]

    def _metric_alert(self, name: str, key: str, watched: WatchedArgs, rule: MetricRule) -> "monitor.MetricAlert":
        label = f"{key}-{rule.name}"
        return monitor.MetricAlert(
            f"{name}-{label}",
            rule_name=self._physical(label),
            resource_group_name=self._args.resource_group_name,
            location="global",
            description=rule.description,
            severity=rule.severity,
            enabled=True,
            scopes=[watched.id],
            evaluation_frequency="PT5M",
            window_size=duration(rule.minutes),
            auto_mitigate=True,
            criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                odata_type=_CRITERIA,
                all_of=[
                    monitor.MetricCriteriaArgs(
                        criterion_type="StaticThresholdCriterion",
                        name=rule.name,
                        metric_name=rule.metric,
                        metric_namespace=watched.arm_type,
                        operator=rule.operator,
                        threshold=self._args.thresholds.get(label, rule.threshold),
                        time_aggregation=rule.aggregation,
                        dimensions=[
                            monitor.MetricDimensionArgs(name=one.name, operator="Include", values=list(one.values))
                            for one in rule.dimensions
                        ],
                    )
                ],
            ),
            actions=[monitor.MetricAlertActionArgs(action_group_id=self._args.routes.of(rule.severity))],
            tags=self._args.tags,
            opts=self.child(),
        )

    def _log_alert(self, name: str, rule: LogRule, workspace_id: Input[str]) -> "monitor.ScheduledQueryRule":
        place = LogAlertPlaceArgs(
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            workspace_id=workspace_id,
            action_group_id=self._args.routes.of(rule.severity),
            tags=self._args.tags,
        )
        own = replace(rule, threshold=self._args.thresholds.get(rule.name, rule.threshold))
        return log_alert(self, f"{name}-{rule.name}", self._physical(rule.name), own, place)

    def _activity_scopes(self, rule: ActivityRule) -> list[Input[str]]:
        if not rule.whole_subscription:
            return list(self._args.activity_scopes)
        subscription = self._args.subscription_id
        return [] if subscription is None else [pulumi.Output.concat("/subscriptions/", subscription)]

    def _activity_alert(
        self, name: str, rule: ActivityRule, scopes: Sequence[Input[str]]
    ) -> "monitor.ActivityLogAlert":
        conditions = [monitor.AlertRuleAnyOfOrLeafConditionArgs(field="category", equals=rule.category)]
        if rule.any_of:
            leaves = [monitor.AlertRuleLeafConditionArgs(field=field, equals=value) for field, value in rule.any_of]
            conditions.append(monitor.AlertRuleAnyOfOrLeafConditionArgs(any_of=leaves))
        return monitor.ActivityLogAlert(
            f"{name}-{rule.name}",
            activity_log_alert_name=self._physical(rule.name),
            resource_group_name=self._args.resource_group_name,
            location="global",
            description=rule.description,
            enabled=True,
            scopes=list(scopes),
            condition=monitor.AlertRuleAllOfConditionArgs(all_of=conditions),
            actions=monitor.ActionListArgs(
                action_groups=[monitor.ActionGroupArgs(action_group_id=self._args.routes.of(rule.severity))]
            ),
            tags=self._args.tags,
            opts=self.child(),
        )
