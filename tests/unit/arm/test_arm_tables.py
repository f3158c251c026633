"""Tables of a Log Analytics workspace, and the workspace's own limits."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

DAY = 86_400


def table(plan: str = "Analytics", **properties: object) -> Json:
    return {"properties": {"plan": plan, **properties}}


def test_tables_of_azure_come_with_the_workspace_and_keep_what_it_keeps(azure: Azure, platform: Platform) -> None:
    shown = azure("GET", f"{platform.logs}/tables/AppTraces").properties
    assert (shown["plan"], shown["retentionInDays"], shown["retentionInDaysAsDefault"]) == ("Analytics", 30, True)
    azure.put(platform.logs, {"location": REGION, "properties": {"retentionInDays": 90}})
    assert azure("GET", f"{platform.logs}/tables/AppTraces").properties["totalRetentionInDays"] == 90
    assert azure("DELETE", f"{platform.logs}/tables/AppTraces").status == 405


def test_retention_can_be_longer_than_the_workspaces(azure: Azure, platform: Platform) -> None:
    path = f"{platform.logs}/tables/AppRequests"
    shown = azure.put(path, table(retentionInDays=90, totalRetentionInDays=365)).properties
    assert (shown["retentionInDays"], shown["totalRetentionInDays"], shown["archiveRetentionInDays"]) == (90, 365, 275)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("AppRequests", table("Basic")),
        ("AppTraces", table("Basic", retentionInDays=60)),
        ("AppRequests", table(retentionInDays=3)),
        ("AppRequests", table(retentionInDays=90, totalRetentionInDays=60)),
        ("AppRequests", table(totalRetentionInDays=5000)),
        ("Own_CL", table()),
    ],
)
def test_plans_and_retention_have_limits(azure: Azure, platform: Platform, name: str, body: Json) -> None:
    answer = azure("PUT", f"{platform.logs}/tables/{name}", body)
    assert (answer.status, answer.code) == (400, "InvalidParameter")


@pytest.mark.trap("logs-that-cost")
def test_a_plan_changes_once_a_week(azure: Azure, platform: Platform) -> None:
    path = f"{platform.logs}/tables/AppTraces"
    assert azure.put(path, table("Basic")).properties["retentionInDays"] == 30
    assert "once a week" in azure("PUT", path, table("Analytics")).message
    azure("POST", "/local/clock", {"move_seconds": 8 * DAY}, version=None)
    assert azure.put(path, table("Analytics")).properties["plan"] == "Analytics"


def test_a_table_that_is_nobodys_does_not_exist(azure: Azure, platform: Platform) -> None:
    assert azure("PUT", f"{platform.logs}/tables/Invented", table()).status == 404


def test_a_workspace_of_the_same_name_is_the_old_one_with_its_tables_unless_it_was_deleted_by_force(
    azure: Azure, platform: Platform
) -> None:
    logs = f"{platform.group}/providers/Microsoft.OperationalInsights/workspaces/log-other"
    body: Json = {"location": REGION, "properties": {}}
    before = azure.put(logs, body).properties["customerId"]
    azure.put(f"{logs}/tables/AppTraces", table("Basic"))
    azure.delete(logs)
    assert azure.put(logs, body).properties["customerId"] == before
    assert azure("GET", f"{logs}/tables/AppTraces").properties["plan"] == "Basic"
    azure.delete(f"{logs}?force=true")
    assert azure.put(logs, body).properties["customerId"] != before
    assert azure("GET", f"{logs}/tables/AppTraces").properties["plan"] == "Analytics"


@pytest.mark.parametrize("properties", [{"retentionInDays": 7}, {"workspaceCapping": {"dailyQuotaGb": 0}}])
def test_a_workspace_keeps_and_takes_within_limits(azure: Azure, platform: Platform, properties: Json) -> None:
    assert azure("PUT", platform.logs, {"location": REGION, "properties": properties}).code == "InvalidParameter"
