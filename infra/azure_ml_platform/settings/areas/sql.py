"""The SQL database: its server, its backups, and the checks of its data."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.constraints import Span, whole
from azure_ml_platform.settings.area import Area, Broken, Mend, System, of_kind
from azure_ml_platform.vocabulary import (
    AzureLocation,
    BackupRedundancy,
    CheckKind,
    CheckName,
    Duration,
    Email,
    HostName,
    IpRange,
    ObjectId,
    SensitivityRank,
    Severity,
    SqlName,
    SqlSku,
)

_NEEDED: Mapping[CheckKind, tuple[str, ...]] = {
    CheckKind.NOT_NULL: ("column",),
    CheckKind.UNIQUE: ("columns",),
    CheckKind.RANGE: ("column",),
    CheckKind.FOREIGN_KEY: ("columns", "other_table", "other_columns"),
    CheckKind.FRESHNESS: ("column", "hours"),
    CheckKind.ROW_COUNT_DELTA: ("percent",),
    CheckKind.ACCEPTED_VALUES: ("column", "values"),
    CheckKind.CUSTOM: ("query",),
}
_OPTIONAL: Mapping[CheckKind, tuple[str, ...]] = {CheckKind.RANGE: ("minimum", "maximum")}
_COMMON = ("interval",)


class SqlAdministratorSettings(Area):
    """Who administers the server: a group of Microsoft Entra. The jobs' identity has to be one of its members."""

    login: SqlName
    """Name of the group."""
    object_id: ObjectId
    """Its object id."""


class LongTermRetentionSettings(Area):
    """Backups that are kept for years."""

    weekly: Duration = "P4W"
    """How long each week's backup is kept."""
    monthly: Duration = "P12M"
    """How long each month's first backup is kept."""
    yearly: Duration = "P5Y"
    """How long one backup a year is kept."""
    week_of_year: Annotated[int, whole(1, 52)] = 1
    """The week whose backup is the year's."""


class SqlFailoverSettings(Area):
    """A second server in another region: Microsoft.Sql/servers/failoverGroups."""

    location: AzureLocation
    """Region of the second server."""
    grace_minutes: Annotated[int, whole(60, 1440, "minutes")] = 60
    """Minutes of outage before Azure fails over with loss of data."""
    standby: bool = False
    """Whether the second database has no licence and serves disaster recovery alone."""


class ColumnSettings(Area):
    """What a column holds, and whether it is masked."""

    table: SqlName
    """Table."""
    column: SqlName
    """Column."""
    schema_name: SqlName = "dbo"
    """Schema of the table."""
    label: SqlName = "Confidential"
    """Sensitivity label."""
    information_type: SqlName = "Other"
    """Kind of information, such as Contact Info."""
    rank: SensitivityRank = SensitivityRank.MEDIUM
    """How sensitive it is."""
    mask: SqlName | None = None
    """Masking function, such as `email()`; null shows the column to everyone."""


class CheckSettings(Area):
    """A data quality check; which of its settings count follows from `kind`."""

    kind: CheckKind
    """What is looked at."""
    table: SqlName
    """Table or view."""
    schema_name: SqlName = "dbo"
    """Its schema."""
    severity: Severity = Severity.FAIL
    """Whether a violation is an alert, or a row in the results alone."""
    interval: Duration | None = None
    """Time between two runs; null for `sql.check_interval`."""
    column: SqlName | None = None
    """Column; of not-null, range, freshness and accepted-values."""
    columns: tuple[SqlName, ...] | None = None
    """Columns; of unique and foreign-key."""
    minimum: float | None = None
    """Least value; of range."""
    maximum: float | None = None
    """Greatest value; of range."""
    other_table: SqlName | None = None
    """Table that is referred to; of foreign-key."""
    other_columns: tuple[SqlName, ...] | None = None
    """Its columns, in the order of `columns`; of foreign-key."""
    hours: Annotated[int, whole(1, 8760, "hours")] | None = None
    """Hours after which the latest row is too old; of freshness."""
    percent: Annotated[float, Span("a number from 0.1 to 1000", 20, 0.1, 1000)] | None = None
    """Percent by which the number of rows may change; of row-count-delta."""
    values: tuple[str, ...] | None = None
    """Accepted values; of accepted-values."""
    query: str | None = None
    """SELECT of the rows that are wrong, without a semicolon; of custom."""

    @property
    def needed(self) -> tuple[str, ...]:
        """The settings that a check of this kind has beside the common ones."""
        return (*_NEEDED[self.kind], *_OPTIONAL.get(self.kind, ()))

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        yield from of_kind(self, f"check of kind {self.kind}", _NEEDED[self.kind], (*_COMMON, *self.needed))
        if self.kind is CheckKind.RANGE and self.minimum is None and self.maximum is None:
            yield Broken(("minimum",), "given, or maximum: a range has a bound", 0)
        if self.columns and self.other_columns and len(self.columns) != len(self.other_columns):
            yield Broken(("other_columns",), f"as many as columns ({len(self.columns)})", Mend.EDIT)
        if self.query and (";" in self.query or not self.query.lstrip().lower().startswith("select")):
            yield Broken(("query",), "one SELECT without a semicolon", Mend.EDIT)


class SqlSettings(System):
    """The SQL database: Microsoft.Sql/servers/databases on a server of its own, Microsoft Entra sign-in only."""

    administrator: SqlAdministratorSettings | None = None
    """Who administers the server; needed while `enabled`."""
    database_name: SqlName = "data"
    """Name of the database."""
    sku: SqlSku
    """Size of the database."""
    auto_pause_minutes: Annotated[int, whole(15, 10080, "minutes", 60)] | None
    """Minutes without use after which a serverless database pauses; null for never."""
    min_vcores: Annotated[float, Span("a number of vCores from 0.5 to 10", 0.5, 0.5, 10)] | None
    """vCores below which a serverless database does not go while it runs."""
    zone_redundant: bool
    """Whether the database is spread over zones of the region."""
    read_scale: bool = False
    """Whether a replica answers read-only connections; General Purpose has none."""
    ledger: bool = False
    """Whether every table is a ledger whose history nobody can change; immutable."""
    backup_redundancy: BackupRedundancy
    """How backups are copied."""
    retention_days: Annotated[int, whole(1, 35, "days", 7)]
    """Days back to which the database can be restored to any moment."""
    differential_hours: Annotated[int, whole(12, 24, "hours")]
    """Hours between differential backups, 12 or 24."""
    long_term_retention: LongTermRetentionSettings | None
    """Backups that are kept for years; null for none."""
    failover: SqlFailoverSettings | None = None
    """Second server in another region; null for none."""
    customer_managed_key: bool
    """Whether the databases are encrypted with a key of the stack's own vault."""
    public_network_access: bool
    """Whether the server answers from public networks, and there only to `allowed_ip_ranges`."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the server."""
    outbound_hosts: tuple[HostName, ...] | None
    """The only hosts that the server may call; null for any."""
    alert_emails: tuple[Email, ...] = ()
    """Who is written to about threats; the owner where nobody is named."""
    check_interval: Duration
    """Time between two runs of a check."""
    checks: Mapping[CheckName, CheckSettings] = {}
    """Data quality checks."""
    columns: tuple[ColumnSettings, ...] = ()
    """Columns that are classified, and masked."""

    @property
    def pauses(self) -> bool:
        """Whether the database pauses when nobody uses it."""
        return "_S_" in self.sku and self.auto_pause_minutes is not None

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.enabled and self.administrator is None:
            rule = "given while sql.enabled is true: login and object_id of a group in Microsoft Entra"
            yield Broken(("administrator",), rule, Mend.EDIT)
        if self.differential_hours not in (12, 24):
            yield Broken(("differential_hours",), "12 or 24", 24)
        general = self.sku.startswith(("GP_", "Basic", "S"))
        if self.read_scale and general:
            yield Broken(("read_scale",), f"false with sql.sku {self.sku}, which has no replica", False)
        if not self.pauses:
            return
        for name, value in (("long_term_retention", self.long_term_retention), ("failover", self.failover)):
            if value is not None:
                rule = f"null while the database pauses (sql.auto_pause_minutes is {self.auto_pause_minutes})"
                yield Broken((name,), rule, None, mend_path=("auto_pause_minutes",))
