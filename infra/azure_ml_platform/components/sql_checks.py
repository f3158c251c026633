"""Checks of the data in a database, as typed objects: what is looked at, how bad a violation is, how often to look."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from azure_ml_platform.args import Args
from azure_ml_platform.tsql import checks
from azure_ml_platform.tsql.quoting import Table
from azure_ml_platform.vocabulary import Severity


class CheckArgs(Args):
    """What every check has."""

    table: str
    """Required. Table or view."""
    schema_name: str = "dbo"
    """Optional. Its schema. Default `dbo`."""
    severity: Severity = Severity.FAIL
    """Optional. Whether a violation is an alert, or a row in the results alone. Default alert."""
    interval: str = "P1D"
    """Optional. Time between two runs, an ISO 8601 duration. Default a day."""

    @property
    def of(self) -> Table:
        """The table."""
        return Table(self.schema_name, self.table)

    @abstractmethod
    def check(self, name: str) -> checks.Check:
        """The query of the check of that name."""

    def script(self, name: str) -> str:
        """The T-SQL of a run."""
        return checks.script(name, self.of, self.check(name), fails=self.severity is Severity.FAIL)


class NotNullCheck(CheckArgs):
    """Every row has a value."""

    kind: Literal["not-null"] = "not-null"
    column: str
    """Required. Column."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.not_null(self.of, self.column)


class UniqueCheck(CheckArgs):
    """No value, or combination of values, occurs twice."""

    kind: Literal["unique"] = "unique"
    columns: Sequence[str] = Field(min_length=1)
    """Required. Columns that are unique together."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.unique(self.of, tuple(self.columns))


class RangeCheck(CheckArgs):
    """No value is outside of bounds."""

    kind: Literal["range"] = "range"
    column: str
    """Required. Column with numbers."""
    minimum: float | None = None
    """Conditional. Least value; needed without a maximum."""
    maximum: float | None = None
    """Conditional. Greatest value; needed without a minimum."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.in_range(self.of, self.column, self.minimum, self.maximum)


class ForeignKeyCheck(CheckArgs):
    """Every reference leads to a row."""

    kind: Literal["foreign-key"] = "foreign-key"
    columns: Sequence[str] = Field(min_length=1)
    """Required. Columns that refer."""
    other_table: str
    """Required. Table that they refer to, in the same schema."""
    other_columns: Sequence[str]
    """Required. Its columns, in the same order."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        other = Table(self.schema_name, self.other_table)
        return checks.foreign_key(self.of, tuple(self.columns), other, tuple(self.other_columns))


class FreshnessCheck(CheckArgs):
    """The latest row is not old."""

    kind: Literal["freshness"] = "freshness"
    column: str
    """Required. Column with moments in UTC."""
    hours: int = Field(ge=1)
    """Required. Hours after which the latest of them is too old."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.fresh(self.of, self.column, self.hours)


class RowCountCheck(CheckArgs):
    """The number of rows does not jump between two runs."""

    kind: Literal["row-count-delta"] = "row-count-delta"
    percent: float = Field(gt=0)
    """Required. Most percent that it may grow or shrink by."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.row_count_delta(name, self.of, self.percent)


class AcceptedValuesCheck(CheckArgs):
    """No value is other than those listed."""

    kind: Literal["accepted-values"] = "accepted-values"
    column: str
    """Required. Column."""
    values: Sequence[str] = Field(min_length=1)
    """Required. Values."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.accepted_values(self.of, self.column, tuple(self.values))


class CustomCheck(CheckArgs):
    """A query finds nothing."""

    kind: Literal["custom"] = "custom"
    query: str
    """Required. A SELECT of the rows that are wrong, without a semicolon."""

    def check(self, name: str) -> checks.Check:  # noqa: D102 - as the base
        return checks.custom(self.of, self.query)


AnyCheck = Annotated[
    NotNullCheck
    | UniqueCheck
    | RangeCheck
    | ForeignKeyCheck
    | FreshnessCheck
    | RowCountCheck
    | AcceptedValuesCheck
    | CustomCheck,
    Field(discriminator="kind"),
]
"""Any of the checks, told apart by `kind`."""
