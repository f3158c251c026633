"""Arguments of the monitoring."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.monitor_link import MonitorLinkArgs
from azure_ml_platform.components.monitoring import (
    Monitoring,
    MonitoringArgs,
    ReceiversArgs,
    TableArgs,
    TablePlan,
)
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings import MonitoringSettings
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack

_WEBHOOK = "alert-webhook"
"""The stack's secret with an address that urgent alerts are posted to: such an address is all that it takes to post."""


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
        urgent=_urgent(stack),
        retention_days=wanted.retention_days,
        tables=_tables(wanted),
        daily_cap_gb=wanted.daily_quota_gb,
        sampling_percentage=wanted.sampling_percent,
        public_ingestion=wanted.public_ingestion,
        public_query=wanted.public_query,
        protect=stack.protects_data,
    )


def link(stack: Stack, groups: ResourceGroups, monitoring: Monitoring, links: PrivateLinks | None) -> MonitorLinkArgs:
    """The private link scope of the two stores."""
    return MonitorLinkArgs(
        resource_group_name=groups.by_layer["platform"].name,
        tags=stack.settings.tags,
        scope_name=stack.name(Kind.PRIVATE_LINK_SCOPE),
        stores={"logs": monitoring.log_analytics_id, "insights": monitoring.application_insights_id},
        private_endpoints=links.endpoints(PrivateSystem.MONITORING, groups) if links else {},
    )


def _urgent(stack: Stack) -> ReceiversArgs | None:
    """Who is told of urgent alerts beside those who are told of all; None for nobody."""
    wanted, secrets = stack.settings.monitoring, stack.settings.secrets
    webhooks = {_WEBHOOK: secrets[_WEBHOOK]} if _WEBHOOK in secrets else {}
    roles = (Role.OWNER,) if wanted.urgent_owners else ()
    if not (wanted.urgent_emails or webhooks or roles):
        return None
    return ReceiversArgs(emails=wanted.urgent_emails, webhooks=webhooks, roles=roles)


def _tables(wanted: MonitoringSettings) -> dict[str, TableArgs]:
    basic = {table: TableArgs(plan=TablePlan.BASIC) for table in wanted.basic_tables}
    days = wanted.archive_days
    return basic | {table: TableArgs(total_retention_days=days) for table in wanted.archived_tables if days is not None}
