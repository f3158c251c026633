"""What the settings of the SQL database refuse, and how they say it."""

from typing import Any

import pytest

from azure_ml_platform.settings import Settings
from tests.unit.settings.given_settings import PLATFORM, Load, Problems

GROUP = {"login": "admins", "object_id": "11111111-2222-3333-4444-555555555555"}
ON = {"enabled": True, "administrator": GROUP}
LABEL = {"table": "predictions", "column": "label"}


def test_a_stack_has_a_database_when_it_says_so(load: Load) -> None:
    assert load().sql.enabled is False
    settings: Settings = load(sql=ON)
    assert (settings.sql.sku, settings.sql.pauses) == ("GP_S_Gen5_1", True)


def test_a_database_needs_an_administrator(problems: Problems) -> None:
    problem = problems(sql={"enabled": True})["sql.administrator"]
    assert problem.rule == "given while sql.enabled is true: login and object_id of a group in Microsoft Entra"


@pytest.mark.avoids("kept-for-long-or-asleep")
@pytest.mark.parametrize(("setting", "value"), [("long_term_retention", {}), ("failover", {"location": "northeurope"})])
def test_what_keeps_a_database_awake_is_refused_while_it_pauses(problems: Problems, setting: str, value: Any) -> None:
    problem = problems(sql=ON | {setting: value})[f"sql.{setting}"]
    assert problem.rule == "null while the database pauses (sql.auto_pause_minutes is 60)"
    assert problem.mend == ("pulumi config set --stack dev --path 'sql.auto_pause_minutes' null",)


def test_a_database_that_stays_awake_may_have_both(load: Load) -> None:
    sql = {"auto_pause_minutes": None, "long_term_retention": {}, "failover": {"location": "northeurope"}}
    assert load(sql=ON | sql).sql.long_term_retention is not None
    assert load(sql=ON | {"sku": "GP_Gen5_2", "long_term_retention": {}}).sql.pauses is False


@pytest.mark.parametrize(
    ("given", "path", "rule"),
    [
        ({"sku": "GP_Gen4_2"}, "sql.sku", "a service objective of SQL Database"),
        ({"auto_pause_minutes": 5}, "sql.auto_pause_minutes", "from 15 to 10080"),
        ({"retention_days": 36}, "sql.retention_days", "from 1 to 35"),
        ({"differential_hours": 13}, "sql.differential_hours", "12 or 24"),
        ({"read_scale": True}, "sql.read_scale", "has no replica"),
        ({"administrator": GROUP | {"object_id": "admins"}}, "sql.administrator.object_id", "a GUID"),
        ({"outbound_hosts": ["https://a.b"]}, "sql.outbound_hosts[0]", "a fully qualified domain name"),
        ({"check_interval": "hourly"}, "sql.check_interval", "an ISO 8601 duration"),
        (
            {"failover": {"location": PLATFORM["location"]}, "sku": "GP_Gen5_2"},
            "sql.failover.location",
            "another region",
        ),
    ],
)
def test_a_setting_that_azure_would_refuse(problems: Problems, given: Any, path: str, rule: str) -> None:
    assert rule in problems(sql=ON | given)[path].rule


@pytest.mark.parametrize(
    ("check", "setting", "rule"),
    [
        ({"kind": "not-null", "table": "t"}, "column", "given for a check of kind not-null"),
        ({"kind": "freshness", **LABEL}, "hours", "given for a check of kind freshness"),
        ({"kind": "not-null", **LABEL, "hours": 1}, "hours", "left out of a check of kind not-null"),
        ({"kind": "range", **LABEL}, "minimum", "given, or maximum: a range has a bound"),
        ({"kind": "custom", "table": "t", "query": "DROP TABLE t"}, "query", "one SELECT without a semicolon"),
        ({"kind": "custom", "table": "t", "query": "SELECT 1; DROP TABLE t"}, "query", "one SELECT"),
        (
            {"kind": "foreign-key", "table": "t", "columns": ["a"], "other_table": "o", "other_columns": ["b", "c"]},
            "other_columns",
            "as many as columns (1)",
        ),
        ({"kind": "spelling", **LABEL}, "kind", "one of not-null"),
    ],
)
def test_a_check_has_what_its_kind_needs(problems: Problems, check: Any, setting: str, rule: str) -> None:
    assert rule in problems(sql=ON | {"checks": {"odd": check}})[f"sql.checks.odd.{setting}"].rule


def test_a_region_without_zones_is_told(problems: Problems) -> None:
    found = problems(profile="prod", platform=PLATFORM | {"location": "westus"}, sql=ON)
    assert "westus has no availability zones" in found["sql.zone_redundant"].rule
