"""Arguments of the budget."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.budget import AnomalyAlertArgs, BudgetArgs
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.wiring.stack import Stack


def args(stack: Stack, groups: ResourceGroups, monitoring: Monitoring | None) -> BudgetArgs:
    """The budget of all groups of the stack."""
    wanted = stack.settings.budget
    assert wanted.start_date, "settings refuse a budget without its start"
    return BudgetArgs(
        subscription_id=stack.deployer.subscription_id,
        budget_name=stack.name(Kind.BUDGET),
        resource_group_names=[group.name for group in groups.by_layer.values()],
        monthly_amount=wanted.monthly_amount,
        start_date=wanted.start_date,
        emails=stack.receivers(wanted.contact_emails),
        action_group_ids=[monitoring.action_group_id] if monitoring else [],
        actual_thresholds=wanted.actual_thresholds,
        forecast_thresholds=wanted.forecast_thresholds,
        anomaly_alert=_anomaly_alert(stack),
    )


def _anomaly_alert(stack: Stack) -> AnomalyAlertArgs | None:
    wanted = stack.settings.budget
    start = wanted.anomaly_start_date or wanted.start_date
    if not wanted.anomaly_alert or start is None:
        return None
    return AnomalyAlertArgs(name=stack.name(Kind.COST_ALERT), start_date=start)
