"""The SQL database and the quality of its data."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

SqlName = Annotated[
    str,
    Text("a name of 1 to 128 printable characters", "people", r"[^\x00-\x1f\x7f]{1,128}"),
]
"""Name of a schema, table or column."""

SqlSku = Annotated[
    str,
    Text(
        "a service objective of SQL Database, such as GP_S_Gen5_1, GP_Gen5_2, BC_Gen5_4, HS_Gen5_2 or S1",
        "GP_S_Gen5_1",
        r"(GP|BC|HS)(_S)?_(Gen5|PRMS|MOPRMS)_[0-9]{1,3}|Basic|S([0-4]|6|7|9|12)|P(1|2|4|6|11|15)",
    ),
]
"""Size of a SQL database."""

CheckName = Annotated[
    str,
    Text(
        "a name of 1 to 60 lower-case letters, digits and single hyphens",
        "orders-have-a-customer",
        r"(?=.{1,60}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a data quality check; part of its job's name."""


class BackupRedundancy(StrEnum):
    """How the backups of a SQL database are copied; the value is ARM's."""

    LOCAL = "Local"
    """Three copies in one datacenter."""
    ZONE = "Zone"
    """Three zones of the region."""
    GEO = "Geo"
    """Local, and the paired region."""
    GEO_ZONE = "GeoZone"
    """Zone, and the paired region."""


class Severity(StrEnum):
    """What a violation of a data quality check means."""

    WARN = "warn"
    """A row in the results."""
    FAIL = "fail"
    """A row in the results, and an alert."""


class CheckKind(StrEnum):
    """What a data quality check looks at."""

    NOT_NULL = "not-null"
    """Every row has a value."""
    UNIQUE = "unique"
    """No value occurs twice."""
    RANGE = "range"
    """No value is outside of bounds."""
    FOREIGN_KEY = "foreign-key"
    """Every reference leads to a row."""
    FRESHNESS = "freshness"
    """The latest row is not old."""
    ROW_COUNT_DELTA = "row-count-delta"
    """The number of rows does not jump."""
    ACCEPTED_VALUES = "accepted-values"
    """No value is other than those listed."""
    CUSTOM = "custom"
    """A query finds nothing."""


class SensitivityRank(StrEnum):
    """How sensitive the values of a column are."""

    LOW = "low"
    """Little harm when they get out."""
    MEDIUM = "medium"
    """Some harm."""
    HIGH = "high"
    """Much harm."""
    CRITICAL = "critical"
    """Harm without remedy."""
