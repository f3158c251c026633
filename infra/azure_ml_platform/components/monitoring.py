"""Log Analytics, Application Insights on top of it, and the action group that alerts call."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import alertsmanagement, applicationinsights, monitor, operationalinsights
from pydantic import Field

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs, DiagnosticsArgs, diagnose

_FAILURE_DETECTOR = "FailureAnomaliesDetector"


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
    retention_days: int = Field(default=30, ge=30, le=730)
    """Optional. Days that logs are kept. Default 30, which costs nothing extra."""
    daily_cap_gb: float | None = Field(default=1, gt=0)
    """Optional. Gigabytes a day after which logs are dropped; None for no cap. Default 1."""
    sampling_percentage: float = Field(default=100, gt=0, le=100)
    """Optional. Share of telemetry that Application Insights keeps. Default 100."""
    public_ingestion: bool = True
    """Optional. Take telemetry from public addresses; off needs a private link scope. Default true."""
    public_query: bool = True
    """Optional. Answer queries from public addresses; off needs a private link scope. Default true."""
    protect: bool = False
    """Optional. Refuse to delete or replace the Log Analytics workspace. Default false."""


class Monitoring(PlatformComponent):
    """Where every log, metric and trace of the platform goes, with a cap on what a day may cost.

    Both stores take Microsoft Entra sign-in only. Azure adds a smart-detector rule to each Application Insights
    component by itself and leaves it behind; declared here under the same name, it is deleted with the rest.
    """

    log_analytics_id: pulumi.Output[str]
    """Resource id of the Log Analytics workspace."""
    application_insights_id: pulumi.Output[str]
    """Resource id of the Application Insights component."""
    application_insights_name: pulumi.Output[str]
    """Name of the Application Insights component."""
    action_group_id: pulumi.Output[str]
    """Resource id of the action group."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the stores first, then the alert rule."""
        args = MonitoringArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.log_analytics = self._log_analytics(name, args)
        self.application_insights = self._application_insights(name, args)
        self.action_group = self._action_group(name, args)
        self._failure_anomalies(name, args)
        own_logs = DiagnosticsArgs(workspace_id=self.log_analytics.id)
        arm_type = "Microsoft.OperationalInsights/workspaces"
        diagnose(self, f"{name}-diagnostics", arm_type, self.log_analytics.id, own_logs)
        self.log_analytics_id = self.log_analytics.id
        self.application_insights_id = self.application_insights.id
        self.application_insights_name = self.application_insights.name
        self.action_group_id = self.action_group.id
        self.finish()

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

    def _action_group(self, name: str, args: MonitoringArgs) -> "monitor.ActionGroup":
        return monitor.ActionGroup(
            f"{name}-actions",
            action_group_name=args.action_group_name,
            resource_group_name=args.resource_group_name,
            location="Global",
            group_short_name=args.action_group_short_name,
            enabled=True,
            email_receivers=[
                {"name": address, "email_address": address, "use_common_alert_schema": True} for address in args.emails
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


def _access(public: bool) -> str:
    return "Enabled" if public else "Disabled"
