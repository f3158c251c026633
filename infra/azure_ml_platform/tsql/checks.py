"""Data quality checks: each is one query that counts violations, in a script that records the count and raises.

Sources: learn.microsoft.com/sql/t-sql/language-elements/raiserror-transact-sql (severity 16 fails the step),
.../t-sql/statements/create-schema-transact-sql (alone in its batch, hence EXEC).
"""

from dataclasses import dataclass

from azure_ml_platform.tsql.quoting import Literal, Table, literal, name, names

RESULTS = Table("quality", "results")
"""Where every run of every check leaves a row, in the database that is checked."""


@dataclass(frozen=True)
class Check:
    """What is counted."""

    violations: str
    """A query with one row and one column, `violations`: 0 is well."""
    measured: str
    """An expression that is kept beside it: the number of rows at the time."""


def not_null(table: Table, column: str) -> Check:
    """Rows without a value."""
    return _rows(table, f"{name(column)} IS NULL")


def unique(table: Table, columns: tuple[str, ...]) -> Check:
    """Values, or combinations of values, that occur more than once."""
    listed = names(columns)
    query = (
        f"SELECT COUNT_BIG(*) AS violations FROM (SELECT {listed} FROM {table.quoted} "
        f"GROUP BY {listed} HAVING COUNT_BIG(*) > 1) AS duplicates"
    )
    return Check(query, _count(table))


def in_range(table: Table, column: str, minimum: Literal | None, maximum: Literal | None) -> Check:
    """Values below the minimum or above the maximum; none at all is no violation."""
    bounds = [
        f"{name(column)} {sign} {literal(bound)}"
        for sign, bound in (("<", minimum), (">", maximum))
        if bound is not None
    ]
    return _rows(table, " OR ".join(bounds))


def foreign_key(table: Table, columns: tuple[str, ...], other: Table, other_columns: tuple[str, ...]) -> Check:
    """Rows that refer to none of the other table; a row without a reference is no violation."""
    pairs = zip(columns, other_columns, strict=True)
    same = " AND ".join(f"referred.{name(theirs)} = referring.{name(ours)}" for ours, theirs in pairs)
    given = " AND ".join(f"referring.{name(column)} IS NOT NULL" for column in columns)
    query = (
        f"SELECT COUNT_BIG(*) AS violations FROM {table.quoted} AS referring WHERE {given} "
        f"AND NOT EXISTS (SELECT 1 FROM {other.quoted} AS referred WHERE {same})"
    )
    return Check(query, _count(table))


def fresh(table: Table, column: str, hours: int) -> Check:
    """1 when the latest moment (UTC) is older than so many hours, or when there is none."""
    latest = f"MAX({name(column)})"
    query = (
        f"SELECT CASE WHEN {latest} IS NULL OR {latest} < DATEADD(HOUR, {-hours}, GETUTCDATE()) "
        f"THEN 1 ELSE 0 END AS violations FROM {table.quoted}"
    )
    return Check(query, _count(table))


def row_count_delta(check_name: str, table: Table, percent: float) -> Check:
    """1 when the number of rows differs from the last run's by more than so many percent; the first run is well."""
    last = (
        f"SELECT TOP (1) measured FROM {RESULTS.quoted} WHERE check_name = {literal(check_name)} "
        "AND measured IS NOT NULL ORDER BY checked_at DESC"
    )
    query = (
        f"SELECT COUNT_BIG(*) AS violations FROM ({last}) AS previous "
        f"WHERE ABS({_count(table)} - previous.measured) * 100.0 > {literal(percent)} * previous.measured"
    )
    return Check(query, _count(table))


def accepted_values(table: Table, column: str, values: tuple[Literal, ...]) -> Check:
    """Values that are none of those listed; none at all is no violation."""
    listed = ", ".join(literal(value) for value in values)
    return _rows(table, f"{name(column)} IS NOT NULL AND {name(column)} NOT IN ({listed})")


def custom(table: Table, query: str) -> Check:
    """The rows of a query that selects what is wrong."""
    return Check(f"SELECT COUNT_BIG(*) AS violations FROM ({query}) AS violating", _count(table))


def _rows(table: Table, condition: str) -> Check:
    return Check(f"SELECT COUNT_BIG(*) AS violations FROM {table.quoted} WHERE {condition}", _count(table))


def _count(table: Table) -> str:
    return f"(SELECT COUNT_BIG(*) FROM {table.quoted})"


def script(check_name: str, table: Table, check: Check, *, fails: bool) -> str:
    """The text of a job's step: make the results table, count, keep the count; raise when a check that fails does."""
    told = literal(f"Data quality check {check_name} on {table.text}: ")
    raising = [
        f"DECLARE @message nvarchar(2048) = CONCAT({told}, @violations, N' violations');",
        "IF @violations > 0 RAISERROR(N'%s', 16, 1, @message);",
    ]
    return "\n".join(
        [
            *_results_table(),
            *_presence(check_name, table),
            f"DECLARE @measured bigint = {check.measured};",
            f"DECLARE @violations bigint = ({check.violations});",
            f"INSERT INTO {RESULTS.quoted} (check_name, table_name, severity, violations, measured, checked_at)",
            f"VALUES ({literal(check_name)}, {literal(table.text)}, {literal('fail' if fails else 'warn')}, "
            "@violations, @measured, SYSUTCDATETIME());",
            *(raising if fails else []),
        ]
    )


def _presence(check_name: str, table: Table) -> list[str]:
    """Statements that end the run without a result while the table was never there, and fail it when it is gone."""
    absent = f"OBJECT_ID({literal(table.quoted)}) IS NULL"
    ran = f"EXISTS (SELECT 1 FROM {RESULTS.quoted} WHERE check_name = {literal(check_name)})"
    gone = literal(f"Data quality check {check_name}: {table.text} is gone")
    return [
        f"IF {absent} AND {ran} RAISERROR(N'%s', 16, 1, {gone});",
        f"IF {absent} RETURN;",
    ]


def _results_table() -> list[str]:
    """Statements that make schema and table unless they exist."""
    return [
        f"IF SCHEMA_ID({literal(RESULTS.schema)}) IS NULL EXEC(N'CREATE SCHEMA {name(RESULTS.schema)}');",
        f"IF OBJECT_ID({literal(RESULTS.text)}, N'U') IS NULL",
        f"  CREATE TABLE {RESULTS.quoted} (",
        "    id bigint IDENTITY(1, 1) PRIMARY KEY,",
        "    check_name nvarchar(128) NOT NULL,",
        "    table_name nvarchar(257) NOT NULL,",
        "    severity nvarchar(8) NOT NULL,",
        "    violations bigint NULL,",
        "    measured bigint NULL,",
        "    checked_at datetime2 NOT NULL",
        "  );",
    ]
