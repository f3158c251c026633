"""A monthly budget over the stack's resource groups, and a mail when the cost of a day is out of the ordinary."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pulumi
from pulumi_azure_native import consumption, costmanagement
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs

_ANOMALY_VIEW = "ms:DailyAnomalyByResourceGroup"
_YEAR = timedelta(days=365)


class AnomalyAlertArgs(Args):
    """A mail about days whose cost is out of the ordinary, sent for a year (Microsoft.CostManagement)."""

    name: str
    """Required. Name of the alert in the subscription."""
    start_date: date
    """Required. First day, pinned: Azure keeps such an alert for a year at most, then the day is moved on."""


class BudgetArgs(ComponentArgs):
    """Inputs of Budget."""

    subscription_id: Input[str]
    """Required. Subscription that pays."""
    budget_name: str
    """Required. Name of the budget in the subscription."""
    resource_group_names: Sequence[Input[str]] = Field(min_length=1)
    """Required. Resource groups whose cost counts."""
    monthly_amount: float = Field(gt=0)
    """Required. Amount per month in the billing currency."""
    start_date: date
    """Required. First day of the first month, pinned: Azure refuses to move it."""
    emails: Sequence[str] = Field(min_length=1)
    """Required. Mail addresses that are told."""
    action_group_ids: Sequence[Input[str]] = ()
    """Optional. Action groups that are called too. Default none."""
    actual_thresholds: Sequence[float] = (50, 80, 100)
    """Optional. Percentages of the amount whose spending is told. Default 50, 80 and 100."""
    forecast_thresholds: Sequence[float] = (100,)
    """Optional. Percentages of the amount whose forecast is told. Default 100."""
    anomaly_alert: AnomalyAlertArgs | None = None
    """Optional. Mail about days whose cost is out of the ordinary, in the whole subscription. Default none."""


class Budget(PlatformComponent):
    """A budget that tells before the month is over (Microsoft.Consumption/budgets)."""

    budget_id: pulumi.Output[str]
    """Resource id of the budget."""

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the budget."""
        args = BudgetArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.budget = consumption.Budget(
            f"{name}-budget",
            budget_name=args.budget_name,
            scope=pulumi.Output.concat("/subscriptions/", args.subscription_id),
            amount=args.monthly_amount,
            category="Cost",
            time_grain="Monthly",
            time_period=consumption.BudgetTimePeriodArgs(start_date=_midnight(args.start_date)),
            filter=consumption.BudgetFilterArgs(
                dimensions=consumption.BudgetComparisonExpressionArgs(
                    name="ResourceGroupName", operator="In", values=list(args.resource_group_names)
                )
            ),
            notifications=_notifications(args),
            opts=self.child(),
        )
        if args.anomaly_alert is not None:
            self.anomaly_alert = self._anomaly_alert(name, args, args.anomaly_alert)
        self.budget_id = self.budget.id
        self.finish()

    def _anomaly_alert(
        self, name: str, args: BudgetArgs, wanted: AnomalyAlertArgs
    ) -> "costmanagement.ScheduledActionByScope":
        scope = pulumi.Output.concat("/subscriptions/", args.subscription_id)
        return costmanagement.ScheduledActionByScope(
            f"{name}-anomaly-alert",
            name=wanted.name,
            scope=scope,
            kind="InsightAlert",
            display_name=wanted.name,
            status="Enabled",
            view_id=pulumi.Output.concat(scope, "/providers/Microsoft.CostManagement/views/", _ANOMALY_VIEW),
            schedule=costmanagement.SchedulePropertiesArgs(
                frequency="Daily",
                start_date=_midnight(wanted.start_date),
                end_date=_midnight(wanted.start_date + _YEAR),
            ),
            notification=costmanagement.NotificationPropertiesArgs(
                subject="The cost of a day is out of the ordinary", to=list(args.emails)
            ),
            notification_email=args.emails[0],
            opts=self.child(),
        )


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _notifications(args: BudgetArgs) -> "Mapping[str, consumption.NotificationArgs]":
    kinds = {"Actual": args.actual_thresholds, "Forecasted": args.forecast_thresholds}
    return {
        f"{kind.lower()}-{threshold:g}-percent".replace(".", "-"): consumption.NotificationArgs(
            enabled=True,
            operator="GreaterThanOrEqualTo",
            threshold=threshold,
            threshold_type=kind,
            contact_emails=list(args.emails),
            contact_groups=list(args.action_group_ids) or None,
        )
        for kind, thresholds in kinds.items()
        for threshold in thresholds
    }
