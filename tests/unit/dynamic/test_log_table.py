"""Tables of a workspace: what setting one writes, and what is read back."""

import pytest

from azure_ml_platform.dynamic.log_table import LogTableProvider

WORKSPACE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"
TABLE = f"{WORKSPACE}/tables/AppTraces"


def inputs(**changes):
    props = {
        "workspace_id": WORKSPACE,
        "table": "AppTraces",
        "plan": "Analytics",
        "retention_days": None,
        "total_retention_days": 365.0,
        "revision": 1.0,
    }
    return {**props, **changes}


def shown(plan="Analytics", **properties):
    """A table as Azure answers it."""
    days = {"retentionInDays": 30, "totalRetentionInDays": 365, "retentionInDaysAsDefault": True}
    return {"id": TABLE, "properties": {"plan": plan, "provisioningState": "Succeeded", **days, **properties}}


@pytest.fixture
def logs(azure_):
    azure_.resources[TABLE] = shown()
    return azure_


def test_a_table_is_set_to_what_is_wanted_and_keeps_the_workspaces_days_otherwise(logs):
    created = LogTableProvider().create(inputs())
    assert created.id == TABLE
    assert logs.bodies == [{"properties": {"plan": "Analytics", "totalRetentionInDays": 365}}]


def test_days_that_are_wanted_no_more_go_back_to_the_workspaces(logs):
    LogTableProvider().update(TABLE, inputs(), inputs(total_retention_days=None))
    assert logs.bodies == [{"properties": {"plan": "Analytics", "totalRetentionInDays": -1}}]


def test_a_dropped_table_keeps_its_plan_and_gives_its_days_back(logs):
    LogTableProvider().delete(TABLE, inputs(plan="Basic"))
    assert logs.bodies == [{"properties": {"plan": "Basic", "totalRetentionInDays": -1}}]


def test_a_table_whose_workspace_is_gone_is_gone_with_it(azure_):
    LogTableProvider().delete(TABLE, inputs())
    assert azure_.bodies == []
    assert LogTableProvider().read(TABLE, inputs()).id == ""


def test_what_was_changed_behind_the_engines_back_is_seen(logs):
    logs.resources[TABLE] = shown("Basic", totalRetentionInDays=400)
    seen = LogTableProvider().read(TABLE, inputs()).outs
    assert (seen["plan"], seen["total_retention_days"], seen["retention_days"]) == ("Basic", 400, None)


def test_days_of_the_workspace_are_read_as_nobodys_choice(logs):
    logs.resources[TABLE] = shown(totalRetentionInDays=30, totalRetentionInDaysAsDefault=True)
    seen = LogTableProvider().read(TABLE, inputs()).outs
    assert (seen["retention_days"], seen["total_retention_days"]) == (None, None)


@pytest.mark.parametrize(
    ("changes", "replaces", "changed"),
    [({}, [], False), ({"plan": "Basic"}, [], True), ({"table": "AppRequests"}, ["table"], True)],
)
def test_another_table_is_another_resource(changes, replaces, changed):
    diff = LogTableProvider().diff(TABLE, inputs(), inputs(**changes))
    assert (diff.replaces, diff.changes) == (replaces, changed)
