"""Whether a schedule of a workspace runs, apart from what it runs: Azure deletes none that is enabled.

Source: learn.microsoft.com/azure/machine-learning/how-to-schedule-pipeline-job, "Delete a schedule".
"""

from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient, ArmError

REVISION = 1
"""Raised when switching comes to mean something else."""

API_VERSION = "2025-12-01"
"""Version of Microsoft.MachineLearningServices/workspaces/schedules that the SDK sends too."""

_READ_ONLY = ("provisioningState",)


class ScheduleSwitchProvider(dynamic.ResourceProvider):
    """Switches a schedule on, and off before it is deleted."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Switch the schedule on."""
        with ArmClient() as arm:
            if not _switch(arm, props["schedule_id"], on=True):
                raise ArmError(
                    "ResourceNotFound", "the schedule is gone: update again with --refresh", props["schedule_id"]
                )
        return dynamic.CreateResult(f"{props['schedule_id']}/switch", props)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Switch again a schedule that was written, which switches it off, and one that is replaced."""
        replaces = ["schedule_id"] if olds.get("schedule_id") != news.get("schedule_id") else []
        changed = [key for key in ("written", "revision") if olds.get(key) != news.get(key)]
        return dynamic.DiffResult(changes=bool(replaces or changed), replaces=replaces, delete_before_replace=True)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Switch the schedule on again."""
        return dynamic.UpdateResult(self.create(news).outs)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Find a schedule that somebody switched off: the next update switches it on."""
        with ArmClient() as arm:
            schedule = arm.get(props["schedule_id"], API_VERSION)
        if schedule is None:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, props if schedule["properties"].get("isEnabled") else {**props, "written": ""})

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Switch the schedule off; one that is gone needs none of it."""
        with ArmClient() as arm:
            _switch(arm, props["schedule_id"], on=False)


class ScheduleSwitch(dynamic.Resource, module="azure_ml_platform", name="ScheduleSwitch"):
    """Stands after a schedule that is declared disabled, so that it goes before it."""

    def __init__(
        self,
        name: str,
        *,
        schedule_id: pulumi.Input[str],
        written: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Have the schedule run; `written` is any text that changes when it is written."""
        props = {"schedule_id": schedule_id, "written": written, "revision": REVISION}
        super().__init__(ScheduleSwitchProvider(), name, props, opts)


def _switch(arm: ArmClient, schedule_id: str, *, on: bool) -> bool:
    """Write a schedule back, on or off; False when there is none."""
    schedule = arm.get(schedule_id, API_VERSION)
    if schedule is None:
        return False
    if bool(schedule["properties"].get("isEnabled")) is not on:
        properties = {key: value for key, value in schedule["properties"].items() if key not in _READ_ONLY}
        arm.put(schedule_id, API_VERSION, {"properties": {**properties, "isEnabled": on}})
    return True
