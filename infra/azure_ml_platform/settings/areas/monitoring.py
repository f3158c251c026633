"""Logs, telemetry and alerts."""

from collections.abc import Iterable
from typing import Annotated

from azure_ml_platform.constraints import Span, whole
from azure_ml_platform.settings.area import Broken, Mend, System
from azure_ml_platform.vocabulary import AlertSet, Email, LogTableName


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
    private_link: bool
    """Whether the stores are in a private link scope, which the private endpoints of a closed network lead to."""
    basic_tables: tuple[LogTableName, ...] = ()
    """Tables that are cheap to take in, kept for thirty days, and read by no alert."""
    archived_tables: tuple[LogTableName, ...] = ()
    """Tables whose lines are kept longer, in the archive."""
    archive_days: Annotated[int, whole(30, 4383, "days", 365)] | None = None
    """Days that archived tables are kept altogether; null for as long as all others."""
    alerts: AlertSet
    """Which of the curated alerts the stack has."""
    alert_emails: tuple[Email, ...] = ()
    """Receivers of alerts; empty for the owner."""
    urgent_emails: tuple[Email, ...] = ()
    """Further receivers of urgent alerts; the stack's secret `alert-webhook`, if it has one, is posted to as well."""
    urgent_owners: bool
    """Whether the owners of the subscription are written to about urgent alerts."""
    workbook: bool = True
    """Whether the stack has a workbook of its operations."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        for index, table in enumerate(self.basic_tables):
            if table in self.archived_tables:
                yield Broken(("basic_tables", index), "left out of monitoring.archived_tables, or of this", Mend.REMOVE)
        if self.archive_days is not None and self.archive_days < self.retention_days:
            yield Broken(("archive_days",), "at least monitoring.retention_days", self.retention_days)
