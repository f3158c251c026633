"""Log Analytics, Application Insights on top of it, and the action groups that alerts call."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import pulumi
from pulumi_azure_native import alertsmanagement, applicationinsights, monitor, operationalinsights
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.alerts import log_cap_rules
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.alerts import RoutesArgs
from azure_ml_platform.components.interfaces import ComponentArgs, DiagnosticsArgs, diagnose
from azure_ml_platform.components.log_alert import LogAlertPlaceArgs, log_alert
from azure_ml_platform.dynamic.log_table import LogTable

_FAILURE_DETECTOR = "FailureAnomaliesDetector"
BASIC_TABLES = frozenset({"AKSAudit", "AKSAuditAdmin", "AppTraces", "ContainerLogV2", "StorageBlobLogs"})
"""Tables that can be of plan Basic (learn.microsoft.com/azure/azure-monitor/reference/tables, read 2026-11)."""


class TablePlan(StrEnum):
    """What can be done with a table's lines, and what they cost."""

    ANALYTICS = "Analytics"
    """Every query, alerts included."""
    BASIC = "Basic"
    """Cheap to take in; thirty days, no alerts."""


class TableArgs(Args):
    """How one table of the workspace keeps what it takes in."""

    plan: TablePlan = TablePlan.ANALYTICS
    """Optional. Plan of the table. Default Analytics."""
    retention_days: int | None = Field(default=None, ge=4, le=730)
    """Optional. Days that can be searched at once. Default as the workspace; plan Basic has thirty."""
    total_retention_days: int | None = Field(default=None, ge=4, le=4383)
    """Optional. Days until lines are deleted, the archive counted. Default the days that can be searched."""

    @model_validator(mode="after")
    def _basic_has_its_own(self) -> "TableArgs":
        if self.plan is TablePlan.BASIC and self.retention_days is not None:
            raise ValueError("retention_days is fixed for plan Basic: leave it out, or take plan Analytics")
        return self


class ReceiversArgs(Args):
    """Who is told of an alert."""

    emails: Sequence[str] = ()
    """Optional. Mail addresses. Default none."""
    webhooks: Mapping[str, Input[str]] = {}
    """Optional. Addresses that are posted to, by name: a chat or a pager. Default none."""
    roles: Sequence[Role] = ()
    """Optional. Built-in roles on the subscription whose holders are written to. Default none."""


class MonitoringArgs(ComponentArgs):
    """Inputs of Monitoring."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the resources."""
    location: Input[str]
    """Required. Azure region."""
    log_analytics_name: str
    """Required. Name of the Log Analytics workspace."""
    application_insights_name: str
    """Required. Name of the Application Insights component."""
    action_group_name: str
    """Required. Name of the action group."""
    action_group_short_name: str = Field(max_length=12)
    """Required. Name that a message of the action group shows: at most 12 characters."""
    emails: Sequence[str] = Field(min_length=1)
    """Required. Mail addresses that alerts go to."""
    urgent: ReceiversArgs | None = None
    """Optional. Who is told of severities 0 and 1 as well, by an action group of their own. Default nobody."""
    retention_days: int = Field(default=30, ge=30, le=730)
    """Optional. Days that logs are kept. Default 30, which costs nothing extra."""
    tables: Mapping[str, TableArgs] = {}
    """Optional. Tables that differ from the workspace, by name. Default none."""
    daily_cap_gb: float | None = Field(default=1, gt=0)
    """Optional. Gigabytes a day after which logs are dropped; None for no cap. Default 1."""
    cap_warning_percent: float = Field(default=80, gt=0, lt=100)
    """Optional. Share of the cap at which somebody is told. Default 80."""
    sampling_percentage: float = Field(default=100, gt=0, le=100)
    """Optional. Share of telemetry that Application Insights keeps. Default 100."""
    public_ingestion: bool = True
    """Optional. Take telemetry from public addresses; off needs a private link scope. Default true."""
    public_query: bool = True
    """Optional. Answer queries from public addresses; off needs a private link scope. Default true."""
    protect: bool = False
    """Optional. Refuse to delete or replace the Log Analytics workspace. Default false."""

    @model_validator(mode="after")
    def _basic_where_it_can_be(self) -> "MonitoringArgs":
        for name, table in self.tables.items():
            if table.plan is TablePlan.BASIC and name not in BASIC_TABLES and not name.endswith("_CL"):
                raise ValueError(f"table {name} cannot be of plan Basic; these can: {', '.join(sorted(BASIC_TABLES))}")
        return self


class Monitoring(PlatformComponent):
    """Where every log, metric and trace of the platform goes, with a cap on what a day may cost.

    Both stores take Microsoft Entra sign-in only. Somebody is told before the cap drops logs. Azure adds a
    smart-detector rule to each Application Insights component by itself and leaves it behind; declared here under the
    same name, it is deleted with the rest.
    """

    log_analytics_id: pulumi.Output[str]
    """Resource id of the Log Analytics workspace."""
    application_insights_id: pulumi.Output[str]
    """Resource id of the Application Insights component."""
    application_insights_name: pulumi.Output[str]
    """Name of the Application Insights component."""
    action_group_id: pulumi.Output[str]
    """Resource id of the action group."""
    urgent_action_group_id: pulumi.Output[str]
    """Resource id of the action group of severities 0 and 1, which may be the same."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the stores first, then whoever is told, then the alert rules."""
        args = MonitoringArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.log_analytics = self._log_analytics(name, args)
        self.tables = {table: self._table(name, table, wanted) for table, wanted in args.tables.items()}
        self.application_insights = self._application_insights(name, args)
        self.action_group, self.urgent_action_group = self._action_groups(name, args)
        self._failure_anomalies(name, args)
        self._cap_alerts(name, args)
        own_logs = DiagnosticsArgs(workspace_id=self.log_analytics.id)
        arm_type = "Microsoft.OperationalInsights/workspaces"
        diagnose(self, f"{name}-diagnostics", arm_type, self.log_analytics.id, own_logs)
        self.log_analytics_id = self.log_analytics.id
        self.application_insights_id = self.application_insights.id
        self.application_insights_name = self.application_insights.name
        self.action_group_id = self.action_group.id
        self.urgent_action_group_id = self.urgent_action_group.id
        self.finish()

    @property
    def routes(self) -> RoutesArgs:
        """Which action group is called, by how urgent an alert is."""
        return RoutesArgs(urgent=self.urgent_action_group.id, other=self.action_group.id)

    def _log_analytics(self, name: str, args: MonitoringArgs) -> "operationalinsights.Workspace":
        return operationalinsights.Workspace(
            f"{name}-logs",
            workspace_name=args.log_analytics_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku={"name": "PerGB2018"},
            retention_in_days=args.retention_days,
            workspace_capping=None if args.daily_cap_gb is None else {"daily_quota_gb": args.daily_cap_gb},
            features={"disable_local_auth": True, "enable_log_access_using_only_resource_permissions": True},
            public_network_access_for_ingestion=_access(args.public_ingestion),
            public_network_access_for_query=_access(args.public_query),
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )

    def _table(self, name: str, table: str, wanted: TableArgs) -> LogTable:
        return LogTable(
            f"{name}-{table}",
            workspace_id=self.log_analytics.id,
            table=table,
            plan=wanted.plan.value,
            retention_days=wanted.retention_days,
            total_retention_days=wanted.total_retention_days,
            opts=self.child(),
        )

    def _application_insights(self, name: str, args: MonitoringArgs) -> "applicationinsights.Component":
        return applicationinsights.Component(
            f"{name}-insights",
            resource_name_=args.application_insights_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="web",
            application_type="web",
            ingestion_mode="LogAnalytics",
            workspace_resource_id=self.log_analytics.id,
            disable_local_auth=True,
            sampling_percentage=args.sampling_percentage,
            public_network_access_for_ingestion=_access(args.public_ingestion),
            public_network_access_for_query=_access(args.public_query),
            tags=args.tags,
            opts=self.child(),
        )

    def _action_groups(self, name: str, args: MonitoringArgs) -> "tuple[monitor.ActionGroup, monitor.ActionGroup]":
        """The group of every alert, and that of urgent ones: the same where nobody else is told."""
        usual = self._action_group(f"{name}-actions", args, "", ReceiversArgs(emails=args.emails))
        if args.urgent is None:
            return usual, usual
        urgent = args.urgent.model_copy(update={"emails": tuple(dict.fromkeys((*args.emails, *args.urgent.emails)))})
        return usual, self._action_group(f"{name}-urgent-actions", args, "-urgent", urgent)

    def _action_group(
        self, name: str, args: MonitoringArgs, suffix: str, receivers: ReceiversArgs
    ) -> "monitor.ActionGroup":
        return monitor.ActionGroup(
            name,
            action_group_name=f"{args.action_group_name}{suffix}",
            resource_group_name=args.resource_group_name,
            location="Global",
            group_short_name=args.action_group_short_name,
            enabled=True,
            email_receivers=[
                {"name": mail, "email_address": mail, "use_common_alert_schema": True} for mail in receivers.emails
            ],
            webhook_receivers=[
                {"name": hook, "service_uri": uri, "use_common_alert_schema": True}
                for hook, uri in receivers.webhooks.items()
            ],
            arm_role_receivers=[
                {"name": role.display_name, "role_id": role.value, "use_common_alert_schema": True}
                for role in receivers.roles
            ],
            tags=args.tags,
            opts=self.child(),
        )

    def _failure_anomalies(self, name: str, args: MonitoringArgs) -> "alertsmanagement.SmartDetectorAlertRule":
        return alertsmanagement.SmartDetectorAlertRule(
            f"{name}-failure-anomalies",
            alert_rule_name=f"Failure Anomalies - {args.application_insights_name}",
            resource_group_name=args.resource_group_name,
            location="global",
            description="An unusual rise of failed requests or dependency calls.",
            detector={"id": _FAILURE_DETECTOR},
            scope=[self.application_insights.id],
            action_groups={"group_ids": [self.action_group.id]},
            frequency="PT1M",
            severity="Sev3",
            state="Enabled",
            tags=args.tags,
            opts=self.child(),
        )

    def _cap_alerts(self, name: str, args: MonitoringArgs) -> None:
        """Tell that the cap is near, and that it is reached."""
        for rule in () if args.daily_cap_gb is None else log_cap_rules(args.daily_cap_gb, args.cap_warning_percent):
            place = LogAlertPlaceArgs(
                resource_group_name=args.resource_group_name,
                location=args.location,
                workspace_id=self.log_analytics.id,
                action_group_id=self.routes.of(rule.severity),
                tags=args.tags,
            )
            log_alert(self, f"{name}-{rule.name}", f"{args.log_analytics_name}-{rule.name}", rule, place)


def _access(public: bool) -> str:
    return "Enabled" if public else "Disabled"
