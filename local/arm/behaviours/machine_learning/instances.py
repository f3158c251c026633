"""Compute instances: names, idle shutdown, schedules, and their power.

Sources: learn.microsoft.com/rest/api/azureml/compute, .../azure/machine-learning/how-to-create-compute-instance.
"""

import re
from dataclasses import replace
from datetime import timedelta

from local.arm.behaviours.machine_learning.quota import COMPUTE, VM_SIZE, check_nodes, region_of, sized
from local.arm.behaviours.machine_learning.triggers import check_trigger
from local.arm.documents import Json, overlay, reach
from local.arm.errors import ArmError, bad_request
from local.arm.resource_types import Call, Change
from local.arm.store import Resource

NAMES = re.compile(r"[A-Za-z](?!.*-\d+$)[-A-Za-z0-9]{1,22}[A-Za-z0-9]")
IDLE, SCHEDULES = "properties.properties.idleTimeBeforeShutdown", "properties.properties.schedules.computeStartStop"
LEAST_IDLE, MOST_IDLE = timedelta(minutes=15), timedelta(days=3)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def check(change: Change) -> None:
    """Raise ArmError for an instance with a name that is taken or not allowed, or with settings out of range."""
    if change.get("properties.computeType") != "ComputeInstance":
        return
    _check_name(change)
    idle = change.get(IDLE)
    if idle is not None and not LEAST_IDLE <= duration(str(idle)) <= MOST_IDLE:
        message = f"idleTimeBeforeShutdown is '{idle}'; it must be a duration between PT15M and P3D."
        raise bad_request("InvalidPropertyValue", message, target=IDLE)
    for schedule in change.get(SCHEDULES, []):
        _check_schedule(schedule)


def _check_name(change: Change) -> None:
    name = change.id.name
    if not NAMES.fullmatch(name):
        message = (
            f"The name '{name}' is not valid: a name for an Azure ML Compute Instance must be between 3 and 24 "
            "characters in length and must use only numbers, letters and minus symbol (-) and must start with letters. "
            "Numbers cannot be the ending of the name if the previous character is a minus symbol (-)."
        )
        raise bad_request("InvalidResourceName", message, target="name")
    if change.current is None:
        for other in change.cloud.store.of_type(COMPUTE, name=name):
            if other.properties.get("computeType") == "ComputeInstance" and _region(other) == region_of(change):
                message = (
                    f"Compute with the name '{name}' already exists, in '{other.id.parent}'. The name of an instance "
                    "needs to be unique across all existing computes within an Azure region."
                )
                raise ArmError(409, "AlreadyExists", message, target="name")


def _check_schedule(schedule: object) -> None:
    action = reach(schedule, "action")
    if action not in ("Start", "Stop"):
        message = f"The action of a schedule is {action!r}; it must be Start or Stop."
        raise bad_request("InvalidPropertyValue", message, target=f"{SCHEDULES}.action")
    kind = str(reach(schedule, "triggerType", ""))
    trigger = reach(schedule, kind.casefold(), {})
    if not isinstance(trigger, dict):
        raise bad_request("InvalidPropertyValue", f"{kind.casefold()} is no object.", target=SCHEDULES)
    check_trigger({**trigger, "triggerType": kind}, SCHEDULES)


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days to seconds; no time at all for what is none."""
    match = _DURATION.fullmatch(text)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def state(change: Change) -> Json:
    """What Azure tells of an instance beside its settings."""
    caller = change.cloud.directory.caller.object_id
    assigned = change.get("properties.properties.personalComputeInstanceSettings.assignedUser.objectId", caller)
    return {
        "state": change.keep("properties.properties.state", lambda: "Running"),
        "errors": [],
        "createdBy": {"userObjectId": caller},
        "applications": [],
        "connectivityEndpoints": {"privateIpAddress": None, "publicIpAddress": None},
        "lastOperation": change.keep(
            "properties.properties.lastOperation",
            lambda: {
                "operationName": "Create",
                "operationStatus": "Succeeded",
                "operationTime": change.cloud.now(),
                "operationTrigger": "User",
            },
        ),
        "enableSSO": change.get("properties.properties.enableSSO", True),
        "personalComputeInstanceSettings": {"assignedUser": {"objectId": assigned}},
    }


def _power(call: Call, operation: str, to: str) -> None:
    """Start, stop or restart an instance; raises ArmError for a cluster, or for a start beyond the quota."""
    resource = call.resource
    if resource.properties.get("computeType") != "ComputeInstance":
        message = f"'{resource.name}' is no compute instance; only those are started, stopped and restarted."
        raise bad_request("BadRequest", message)
    now = reach(resource.body, "properties.properties.state")
    if operation != "Start" and now != "Running":
        message = f"The compute instance '{resource.name}' is {now}; it has to run for {operation.casefold()}."
        raise ArmError(409, "Conflict", message)
    if operation == "Start":
        size = sized(str(reach(resource.body, VM_SIZE)), VM_SIZE)
        check_nodes(Change(call.cloud, resource.id, resource.body, resource), size, 1)
    done = {
        "operationName": operation,
        "operationStatus": "Succeeded",
        "operationTime": call.cloud.now(),
        "operationTrigger": "User",
    }
    call.cloud.store.put(_with(resource, {"state": to, "lastOperation": done}))


def _with(resource: Resource, members: Json) -> Resource:
    return replace(resource, body=overlay(resource.body, {"properties": {"properties": members}}))


def _idle_shutdown(call: Call) -> None:
    """`updateIdleShutdownSetting`."""
    idle = call.body.get("idleTimeBeforeShutdown")
    if not LEAST_IDLE <= duration(str(idle)) <= MOST_IDLE:
        message = f"idleTimeBeforeShutdown is '{idle}'; it must be a duration between PT15M and P3D."
        raise bad_request("InvalidPropertyValue", message, target="idleTimeBeforeShutdown")
    call.cloud.store.put(_with(call.resource, {"idleTimeBeforeShutdown": idle}))


def _region(compute: Resource) -> str:
    return str(compute.properties.get("computeLocation", "")).replace(" ", "").casefold()


ACTIONS = {
    "start": lambda call: _power(call, "Start", "Running"),
    "stop": lambda call: _power(call, "Stop", "Stopped"),
    "restart": lambda call: _power(call, "Restart", "Running"),
    "updateidleshutdownsetting": _idle_shutdown,
}
