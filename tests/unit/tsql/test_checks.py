"""What checks mean: each query runs, in another dialect, on data that passes and on data that fails."""

from collections.abc import Iterator

import duckdb
import pytest
import sqlglot

from azure_ml_platform.tsql import checks
from azure_ml_platform.tsql.checks import Check
from azure_ml_platform.tsql.quoting import Table

WINES = Table("dbo", "wines")
MAKERS = Table("dbo", "makers")
GOOD = [(1, "Barolo", 14.0, 10), (2, "Barbera", 13.5, 10), (3, "Grignolino", 12.0, None)]


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA dbo; CREATE SCHEMA quality")
    connection.execute("CREATE MACRO getutcdate() AS now() AT TIME ZONE 'UTC'")
    connection.execute("CREATE TABLE dbo.wines (id int, cultivar text, alcohol double, maker int, made_at timestamp)")
    connection.execute("CREATE TABLE dbo.makers (id int)")
    connection.execute("INSERT INTO dbo.makers VALUES (10)")
    connection.execute("CREATE TABLE quality.results (check_name text, measured bigint, checked_at timestamp)")
    for row in GOOD:
        add(connection, *row)
    yield connection
    connection.close()


def add(database: duckdb.DuckDBPyConnection, *row: object, age_hours: int = 1) -> None:
    moment = f"now() AT TIME ZONE 'UTC' - INTERVAL {age_hours} HOUR"
    database.execute(f"INSERT INTO dbo.wines VALUES (?, ?, ?, ?, {moment})", row)


def violations(database: duckdb.DuckDBPyConnection, check: Check) -> int:
    (query,) = sqlglot.transpile(
        check.violations, read="tsql", write="duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    ((count,),) = database.execute(query.replace("N'", "'")).fetchall()
    return int(count)


CASES = [
    pytest.param(checks.not_null(WINES, "cultivar"), (4, None, 12.0, 10), 1, id="not null"),
    pytest.param(checks.unique(WINES, ("id",)), (3, "Barolo", 12.0, 10), 1, id="unique"),
    pytest.param(checks.unique(WINES, ("id", "cultivar")), (3, "Grignolino", 12.0, 10), 1, id="unique together"),
    pytest.param(checks.in_range(WINES, "alcohol", 10, 15.5), (4, "Barolo", 16.0, 10), 1, id="above"),
    pytest.param(checks.in_range(WINES, "alcohol", 10, None), (4, "Barolo", 9.9, 10), 1, id="below"),
    pytest.param(checks.foreign_key(WINES, ("maker",), MAKERS, ("id",)), (4, "Barolo", 12.0, 99), 1, id="foreign key"),
    pytest.param(
        checks.accepted_values(WINES, "cultivar", ("Barolo", "Barbera", "Grignolino")),
        (4, "Nebbiolo d'Alba", 12.0, 10),
        1,
        id="accepted values",
    ),
    pytest.param(
        checks.custom(WINES, "SELECT id FROM dbo.wines WHERE cultivar = 'Barolo' AND alcohol < 13"),
        (4, "Barolo", 11.0, 10),
        1,
        id="custom",
    ),
]


@pytest.mark.parametrize(("check", "bad", "count"), CASES)
def test_good_rows_pass_and_a_bad_one_is_counted(
    database: duckdb.DuckDBPyConnection, check: Check, bad: tuple[object, ...], count: int
) -> None:
    assert violations(database, check) == 0
    add(database, *bad)
    assert violations(database, check) == count


def test_a_missing_value_is_only_what_the_not_null_check_looks_for(database: duckdb.DuckDBPyConnection) -> None:
    add(database, 4, None, None, None)
    assert violations(database, checks.in_range(WINES, "alcohol", 0, 20)) == 0
    assert violations(database, checks.accepted_values(WINES, "cultivar", ("Barolo", "Barbera", "Grignolino"))) == 0
    assert violations(database, checks.foreign_key(WINES, ("maker",), MAKERS, ("id",))) == 0


@pytest.mark.parametrize(("hours", "stale"), [(2, 0), (24, 0), (1, 1)])
def test_the_latest_row_is_at_most_so_old(database: duckdb.DuckDBPyConnection, hours: int, stale: int) -> None:
    assert violations(database, checks.fresh(WINES, "made_at", hours)) == stale


def test_an_empty_table_is_not_fresh(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("DELETE FROM dbo.wines")
    assert violations(database, checks.fresh(WINES, "made_at", 24)) == 1


@pytest.mark.parametrize(("last", "jumps"), [(None, 0), (3, 0), (2, 1), (5, 1), (4, 0)])
def test_the_number_of_rows_is_compared_with_the_last_run(
    database: duckdb.DuckDBPyConnection, last: int | None, jumps: int
) -> None:
    """Three rows against the last run's, 25 percent allowed; older runs and other checks do not count."""
    database.execute(
        "INSERT INTO quality.results VALUES ('other', 1000, now()), ('rows', 1000, now() - INTERVAL 9 DAY)"
    )
    if last is None:
        database.execute("DELETE FROM quality.results WHERE check_name = 'rows'")
    else:
        database.execute("INSERT INTO quality.results VALUES ('rows', ?, now())", [last])
    assert violations(database, checks.row_count_delta("rows", WINES, 25)) == jumps


@pytest.mark.parametrize("fails", [True, False])
def test_a_script_is_read_by_a_real_parser_and_raises_only_where_it_should(fails: bool) -> None:
    odd = Table("dbo", "odd]name'")
    text = checks.script("labels", odd, checks.not_null(odd, "a'b]"), fails=fails)
    assert sqlglot.parse(text, read="tsql", error_level=sqlglot.ErrorLevel.RAISE)
    assert ("IF @violations > 0 RAISERROR" in text) == fails
    assert f"N'{'fail' if fails else 'warn'}'" in text


def test_a_run_before_the_table_is_there_ends_and_one_after_it_is_gone_fails() -> None:
    text = checks.script("labels", WINES, checks.not_null(WINES, "cultivar"), fails=False)
    gone, waiting = (line for line in text.splitlines() if line.startswith("IF OBJECT_ID(N'[dbo].[wines]') IS NULL"))
    assert "EXISTS (SELECT 1 FROM [quality].[results] WHERE check_name = N'labels') RAISERROR" in gone
    assert waiting.endswith("RETURN;")
    assert text.index(waiting) < text.index("DECLARE @violations")
