"""The switch of a schedule on the local Azure, which deletes none that is enabled."""

import pytest

from azure_ml_platform.dynamic.arm import ArmError
from azure_ml_platform.dynamic.schedule_switch import ScheduleSwitchProvider
from tests.unit.arm.doubles import platform
from tests.unit.dynamic.local_azure import LocalAzure


@pytest.fixture
def schedule(local_azure: LocalAzure) -> str:
    """A schedule that is declared off."""
    path = f"{platform(local_azure.azure).workspace}/schedules/wine-monitor"
    monitor = {"computeConfiguration": {"computeType": "ServerlessSpark"}, "signals": {}}
    properties = {
        "action": {"actionType": "CreateMonitor", "monitorDefinition": monitor},
        "trigger": {"triggerType": "Recurrence", "frequency": "Day", "interval": 1},
        "isEnabled": False,
    }
    local_azure.azure.put(path, {"properties": properties})
    return path


def inputs(schedule: str, **more: object) -> dict[str, object]:
    return {"schedule_id": schedule, "written": "1", "revision": 1.0, **more}


def test_a_schedule_runs_until_it_is_deleted(local_azure, schedule):
    provider = ScheduleSwitchProvider()
    made = provider.create(inputs(schedule))
    shown = local_azure.azure("GET", schedule).properties
    assert (shown["isEnabled"], shown["action"]["actionType"]) == (True, "CreateMonitor")
    assert local_azure.azure("DELETE", schedule).code == "UserError"
    provider.delete(made.id, made.outs)
    local_azure.azure.delete(schedule)


def test_what_is_as_it_should_be_is_not_written(local_azure, schedule):
    provider = ScheduleSwitchProvider()
    made = provider.create(inputs(schedule))
    provider.update(made.id, made.outs, inputs(schedule, written="2"))
    assert [method for method, _ in local_azure.asked].count("PUT") == 1


def test_a_schedule_that_was_written_is_switched_on_again(schedule):
    provider = ScheduleSwitchProvider()
    diff = provider.diff("id", inputs(schedule), inputs(schedule, written="2"))
    assert (diff.changes, diff.replaces) == (True, [])
    assert provider.diff("id", inputs(schedule), inputs("other")).replaces == ["schedule_id"]
    assert not provider.diff("id", inputs(schedule), inputs(schedule)).changes


def test_one_that_somebody_switched_off_is_found(local_azure, schedule):
    provider = ScheduleSwitchProvider()
    made = provider.create(inputs(schedule))
    assert provider.read(made.id, made.outs).outs == made.outs
    provider.delete(made.id, made.outs)
    assert provider.diff("id", provider.read(made.id, made.outs).outs, inputs(schedule)).changes


def test_one_that_is_gone_is_said_to_be(local_azure, schedule):
    local_azure.azure.delete(schedule)
    provider = ScheduleSwitchProvider()
    assert provider.read("id", inputs(schedule)).id == ""
    provider.delete("id", inputs(schedule))
    with pytest.raises(ArmError, match="the schedule is gone"):
        provider.create(inputs(schedule))
