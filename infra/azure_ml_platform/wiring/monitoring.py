"""Arguments of the monitoring."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.monitoring import MonitoringArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.wiring.stack import Stack


def args(stack: Stack, groups: ResourceGroups) -> MonitoringArgs:
    """Alerts go to the owner where nobody else is named."""
    wanted = stack.settings.monitoring
    return MonitoringArgs(
        **stack.place(groups),
        log_analytics_name=stack.name(Kind.LOG_ANALYTICS_WORKSPACE),
        application_insights_name=stack.name(Kind.APPLICATION_INSIGHTS),
        action_group_name=stack.name(Kind.ACTION_GROUP),
        action_group_short_name=stack.settings.platform.workload,
        emails=stack.receivers(wanted.alert_emails),
        retention_days=wanted.retention_days,
        daily_cap_gb=wanted.daily_quota_gb,
        sampling_percentage=wanted.sampling_percent,
        public_ingestion=wanted.public_ingestion,
        public_query=wanted.public_query,
        protect=stack.protects_data,
    )
