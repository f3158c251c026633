"""Cost of watching: logs, telemetry, and the budget that watches all the rest."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.kit.conditions import (
    all_of,
    any_of,
    at_most,
    holds,
    is_set,
    is_true,
    lasts,
    not_false,
    one_of,
    some,
)
from policies.kit.kinds import APPLICATION_INSIGHTS, DIAGNOSTIC_SETTING, LOG_ANALYTICS
from policies.kit.properties import Properties
from policies.kit.resource import Stack
from policies.kit.rule import AnyRule, Judgement, Rule, StackRule
from policies.kit.verdict import PASSED, Verdict, either, violation

_DESTINATIONS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on logs, telemetry and budgets."""
    return [*_logs(limits), *_telemetry(limits), _alerts(limits), _budget(limits)]


def _logs(limits: Limits) -> list[AnyRule]:
    quota = limits.log_quota_gb_max
    return [
        Rule(
            id="law-daily-cap",
            requires="A mistake in a log statement cannot cost more than a day's quota",
            # Azure writes -1 for no cap.
            conditions={
                LOG_ANALYTICS: holds("workspaceCapping.dailyQuotaGb", _within(quota), f"be above 0, at most {quota:g}")
            },
            remedies={LOG_ANALYTICS: {"workspaceCapping.dailyQuotaGb": quota}},
            fix=f"set workspaceCapping.dailyQuotaGb to {quota:g} or less",
            severity=Severity.HIGH,
            control="CO:04",
        ),
        Rule(
            id="law-retention",
            requires="Logs are kept no longer than the stack is meant to pay for",
            conditions={
                LOG_ANALYTICS: at_most("retentionInDays", limits.log_retention_days_max, or_absent=True),
                "operationalinsights:Table": all_of(
                    at_most("retentionInDays", limits.log_retention_days_max, or_absent=True),
                    at_most("totalRetentionInDays", limits.log_archive_days_max, or_absent=True),
                ),
            },
            remedies={
                LOG_ANALYTICS: {"retentionInDays": limits.log_retention_days_max},
                "operationalinsights:Table": {
                    "retentionInDays": limits.log_retention_days_max,
                    "totalRetentionInDays": limits.log_archive_days_max,
                },
            },
            fix=f"set retentionInDays to {limits.log_retention_days_max} or less, and a table's totalRetentionInDays "
            f"to {limits.log_archive_days_max} or less",
            severity=Severity.MEDIUM,
            control="CO:10",
        ),
        Rule(
            id="diag-single-destination",
            requires="Logs are sent to one place, not paid for twice",
            conditions={DIAGNOSTIC_SETTING: _one_destination},
            fix=f"keep one of {', '.join(_DESTINATIONS)}",
            severity=Severity.LOW,
            control="CO:10",
        ),
    ]


def _telemetry(limits: Limits) -> list[AnyRule]:
    return [
        Rule(
            id="appi-retention",
            requires="Telemetry is kept no longer than Application Insights keeps it for nothing",
            conditions={
                APPLICATION_INSIGHTS: at_most("retentionInDays", limits.telemetry_retention_days_max, or_absent=True)
            },
            remedies={APPLICATION_INSIGHTS: {"retentionInDays": limits.telemetry_retention_days_max}},
            fix=f"set retentionInDays to {limits.telemetry_retention_days_max} or less",
            severity=Severity.LOW,
            control="CO:10",
        ),
        Rule(
            id="appi-sampling",
            requires="How much telemetry is kept is a decision",
            conditions={APPLICATION_INSIGHTS: is_set("samplingPercentage")},
            fix="set samplingPercentage",
            severity=Severity.LOW,
            control="CO:10",
        ),
    ]


def _alerts(limits: Limits) -> AnyRule:
    minutes = limits.alert_minutes_min
    return Rule(
        id="alert-frequency",
        requires="An alert looks no more often than somebody would act, and closes by itself",
        conditions={
            "monitor:MetricAlert": not_false("autoMitigate"),
            "monitor:ScheduledQueryRule": all_of(
                lasts("evaluationFrequency", timedelta(minutes=minutes), timedelta(days=1)), not_false("autoMitigate")
            ),
        },
        remedies={
            "monitor:MetricAlert": {"autoMitigate": True},
            "monitor:ScheduledQueryRule": {"evaluationFrequency": f"PT{minutes}M", "autoMitigate": True},
        },
        fix=f'set evaluationFrequency to "PT{minutes}M" or more, and autoMitigate to true',
        severity=Severity.LOW,
        control="CO:07",
        sources=("Azure.Alert.HighFrequencyQuery", "Azure.Alert.MetricAutoMitigate"),
    )


def _within(quota: float) -> Any:
    return lambda value: isinstance(value, float | int) and 0 < value <= quota


def _one_destination(properties: Properties) -> Verdict:
    # A destination whose id is not known yet is a destination all the same.
    found = [name for name in _DESTINATIONS if properties.get(name)]
    if len(found) <= 1:
        return PASSED
    return violation(f"{' and '.join(found)} are set, must be one destination")


def _budget(limits: Limits) -> AnyRule:
    watched = all_of(
        at_most("amount", limits.budget_max),
        one_of("timeGrain", "Monthly"),
        some("notifications", _reaches(one_of("thresholdType", "Actual", or_absent=True)), "warn of what is spent"),
        some("notifications", _reaches(one_of("thresholdType", "Forecasted")), "warn of the forecast"),
    )

    def judge(stack: Stack) -> Iterator[Judgement]:
        budgets = list(stack.of("consumption:Budget"))
        verdict = either([watched(budget.properties) for budget in budgets] or [violation("the stack has no Budget")])
        yield (budgets[0] if len(budgets) == 1 else None), verdict

    return StackRule(
        id="budget-present",
        requires="Somebody is told before the stack costs more than planned",
        judge=judge,
        fix=f"add a monthly Budget of at most {limits.budget_max:g}, with a notification on the actual cost and one "
        "on the forecast that reach somebody",
        severity=Severity.HIGH,
        control="CO:04",
    )


def _reaches(threshold: Any) -> Any:
    receivers = any_of(is_set("contactEmails"), is_set("contactGroups"), is_set("contactRoles"))
    return all_of(is_true("enabled"), threshold, receivers)
