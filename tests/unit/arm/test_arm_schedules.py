"""Schedules of jobs."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

CRON: Json = {"triggerType": "Cron", "expression": "0 3 * * 1"}
JOB: Json = {"actionType": "CreateJob", "jobDefinition": {"jobType": "Command", "command": "python train.py"}}


def schedule(trigger: Json = CRON, action: Json = JOB, **properties: object) -> Json:
    return {"properties": {"trigger": trigger, "action": action, **properties}}


@pytest.fixture
def path(platform: Platform) -> str:
    return f"{platform.workspace}/schedules/retrain"


@pytest.mark.trap("schedules-double")
def test_a_schedule_is_one_however_often_it_is_put(azure: Azure, platform: Platform, path: str) -> None:
    azure.put(path, schedule())
    azure.put(path, schedule())
    assert len(azure("GET", f"{platform.workspace}/schedules").body["value"]) == 1


def test_an_enabled_schedule_cannot_be_deleted(azure: Azure, path: str) -> None:
    azure.put(path, schedule())
    answer = azure("DELETE", path)
    assert (answer.code, "must be disabled" in answer.message) == ("UserError", True)
    azure.put(path, schedule(isEnabled=False))
    assert azure.delete(path).status == 202


@pytest.mark.parametrize(
    "trigger",
    [
        {"triggerType": "Event"},
        {**CRON, "expression": "0 3 * *"},
        {**CRON, "expression": "60 3 * * 1"},
        {**CRON, "expression": "0 3 * * Mon"},
        {**CRON, "startTime": "2026-03-02", "endTime": "2026-03-01"},
        {**CRON, "startTime": "soon"},
        {"triggerType": "Recurrence", "frequency": "Year", "interval": 1},
        {"triggerType": "Recurrence", "frequency": "Day", "interval": 0},
        {"triggerType": "Recurrence", "frequency": "Week", "interval": 1, "schedule": {"weekDays": ["Mon"]}},
        {"triggerType": "Recurrence", "frequency": "Week", "interval": 1, "schedule": {"monthDays": [1]}},
        {"triggerType": "Recurrence", "frequency": "Day", "interval": 1, "schedule": {"hours": [24]}},
    ],
)
def test_a_trigger_that_never_fires_is_refused(azure: Azure, path: str, trigger: Json) -> None:
    assert azure("PUT", path, schedule(trigger)).code == "InvalidPropertyValue"


def test_a_trigger_has_lists_ranges_and_steps(azure: Azure, path: str) -> None:
    assert azure("PUT", path, schedule({**CRON, "expression": "*/15 8-18 * * 1,3,5"})).status == 201


def test_a_schedule_runs_on_a_cluster_that_exists(azure: Azure, platform: Platform, path: str) -> None:
    def on(compute: str) -> Json:
        job = {**JOB["jobDefinition"], "computeId": f"{platform.workspace}/computes/{compute}"}
        return schedule(action={**JOB, "jobDefinition": job})

    assert azure("PUT", path, on("cpu")).code == "LinkedResourceNotFound"
    for name, kind in (("cpu", "AmlCompute"), ("ci-user", "ComputeInstance")):
        compute = {"computeType": kind, "properties": {"vmSize": "Standard_DS3_v2"}}
        azure.put(f"{platform.workspace}/computes/{name}", {"location": REGION, "properties": compute})
    assert "compute instance" in azure("PUT", path, on("ci-user")).message
    assert azure("PUT", path, on("cpu")).status == 201


@pytest.mark.parametrize("action", [{"actionType": "Nothing"}, {"actionType": "CreateMonitor"}])
def test_a_schedule_says_what_it_does(azure: Azure, path: str, action: Json) -> None:
    assert azure("PUT", path, schedule(action=action)).code == "InvalidPropertyValue"
