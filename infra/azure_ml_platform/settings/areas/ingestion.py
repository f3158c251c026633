"""Data that comes into the lake, by Data Factory."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, Mend, System, of_kind
from azure_ml_platform.vocabulary import (
    ContainerName,
    FileFormat,
    FolderPath,
    Frequency,
    HostName,
    HttpsUrl,
    SourceKind,
    SourceName,
    SqlName,
    SqlServerId,
    StorageAccountId,
    TimeOfDay,
    TimeZone,
)

LANDING, RAW, QUARANTINE = "landing", "raw", "quarantine"
ZONES = (LANDING, RAW, QUARANTINE)
"""Zones of the lake that data passes through: first of all, after its checks, and without them."""

_NEEDED: Mapping[SourceKind, tuple[str, ...]] = {
    SourceKind.SQL: ("table",),
    SourceKind.INBOX: (),
    SourceKind.BLOB: ("account_id", "container"),
    SourceKind.HTTPS: ("url",),
}
_SCHEDULE = ("frequency", "at", "time_zone")
_OPTIONAL: Mapping[SourceKind, tuple[str, ...]] = {
    SourceKind.SQL: ("schema_name", "server", "server_id", "database", *_SCHEDULE),
    SourceKind.INBOX: ("file_format",),
    SourceKind.BLOB: ("folder", "file_format"),
    SourceKind.HTTPS: ("file_format", *_SCHEDULE),
}


class ChecksSettings(Area):
    """What has to hold for data before it reaches the zone `raw`; what fails goes to `quarantine`, and alerts."""

    min_rows: Annotated[int, whole(0, 1_000_000_000, "rows")] = 1
    """Rows that there are at least."""
    max_rejected_rows: Annotated[int, whole(0, 1_000_000_000, "rows")] = 0
    """Rows that may be left out as they do not fit the columns; they are kept beside the quarantine."""
    columns: tuple[SqlName, ...] = ()
    """Names of columns that have to be there."""


class SourceSettings(Area):
    """A source of data; which of its settings count follows from `kind`."""

    kind: SourceKind
    """What the source is."""
    enabled: bool = True
    """Whether the stack reads it."""
    checks: ChecksSettings = ChecksSettings()
    """What has to hold for its data."""
    table: SqlName | None = None
    """Table or view; of sql."""
    schema_name: SqlName | None = None
    """Its schema, null for dbo; of sql."""
    server: HostName | None = None
    """Host of the server, null for the stack's own database; of sql."""
    server_id: SqlServerId | None = None
    """ARM id of that server, where it is reached through a private endpoint; of sql."""
    database: SqlName | None = None
    """Database on that server; of sql."""
    account_id: StorageAccountId | None = None
    """ARM id of the storage account, which the factory's identity has to be allowed to read; of blob."""
    container: ContainerName | None = None
    """Container of that account; of blob."""
    folder: FolderPath | None = None
    """Folder of that container, null for all of it; of blob."""
    url: HttpsUrl | None = None
    """Address of the file; of https."""
    file_format: FileFormat | None = None
    """How rows are written, null for csv; of inbox, blob and https."""
    frequency: Frequency | None = None
    """How often it is read, null for daily; of sql and https."""
    at: TimeOfDay | None = None
    """Time of day, null for 02:00; of an hour only the minutes count; of sql and https."""
    time_zone: TimeZone | None = None
    """Time zone of that time, null for UTC; of sql and https."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        yield from of_kind(self, f"source of kind {self.kind}", _NEEDED[self.kind], _OPTIONAL[self.kind])
        if self.server and not self.database:
            yield Broken(("database",), "given with server", Mend.EDIT)
        for name in ("database", "server_id"):
            if getattr(self, name) and not self.server:
                yield Broken((name,), "left out without server: the stack's own database is known", Mend.REMOVE)


class IngestionSettings(System):
    """The way of data into the lake: Microsoft.DataFactory/factories, which signs in by identity only."""

    public_network_access: bool
    """Whether the factory's own service and studio answer from public networks."""
    managed_network: bool
    """Whether copies run in a network of the factory's own, with private endpoints to what they read and write."""
    customer_managed_key: bool
    """Whether the factory is encrypted with a key of the stack's own vault."""
    sources: Mapping[SourceName, SourceSettings] = {}
    """Sources by name."""

    @property
    def active_sources(self) -> Mapping[str, SourceSettings]:
        """The sources that the stack reads."""
        return {name: source for name, source in self.sources.items() if source.enabled}

    @property
    def own_tables(self) -> tuple[str, ...]:
        """Names of the sources that are tables of the stack's own database."""
        own = (SourceKind.SQL, None)
        return tuple(name for name, source in self.active_sources.items() if (source.kind, source.server) == own)
