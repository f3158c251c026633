"""Logs, telemetry and alerts."""

from typing import Annotated

from azure_ml_platform.constraints import Span, whole
from azure_ml_platform.settings.area import System
from azure_ml_platform.vocabulary import (
    Email,
)


class MonitoringSettings(System):
    """Logs and alerts: Microsoft.OperationalInsights/workspaces, Microsoft.Insights/components and actionGroups."""

    retention_days: Annotated[int, whole(30, 730, "days")]
    """Days that logs are kept."""
    daily_quota_gb: Annotated[float, Span("a number of GB from 0.023 to 4000", 1, 0.023, 4000)] | None
    """GB of logs taken in per day before the workspace stops until the next; null for no cap."""
    sampling_percent: Annotated[float, Span("a percentage from 1 to 100", 100, 1, 100)] = 100.0
    """Share of the telemetry that Application Insights keeps."""
    public_ingestion: bool = True
    """Whether telemetry is taken from public networks; off needs a private link scope."""
    public_query: bool = True
    """Whether logs can be queried from public networks; off needs a private link scope."""
    alert_emails: tuple[Email, ...] = ()
    """Receivers of alerts; empty for the owner."""
