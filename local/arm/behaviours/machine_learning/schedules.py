"""Schedules of jobs: what runs when.

Source: learn.microsoft.com/azure/machine-learning/how-to-schedule-pipeline-job ("A schedule must be disabled to be
deleted").
"""

from local.arm.behaviours.machine_learning.computes import INSTANCE
from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.behaviours.machine_learning.quota import COMPUTE
from local.arm.behaviours.machine_learning.triggers import check_trigger
from local.arm.cloud import Cloud, dangling
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

JOB, BATCH, MONITOR = "CreateJob", "InvokeBatchEndpoint", "CreateMonitor"
DEFINITIONS = {JOB: "jobDefinition", BATCH: "endpointInvocationDefinition", MONITOR: "monitorDefinition"}
"""Where each kind of action says what to do."""
ACTION = "properties.action"


def _check_trigger(change: Change) -> None:
    check_trigger(change.get("properties.trigger", {}), "properties.trigger")


def _check_action(change: Change) -> None:
    kind = change.get(f"{ACTION}.actionType", "")
    if kind not in DEFINITIONS:
        message = f"{ACTION}.actionType is '{kind}'; it must be one of {', '.join(DEFINITIONS)}."
        raise bad_request("InvalidPropertyValue", message, target=ACTION)
    path = f"{ACTION}.{DEFINITIONS[kind]}"
    definition = change.get(path, {})
    if not definition:
        raise bad_request("InvalidPropertyValue", f"An action of the type {kind} needs {path}.", target=path)
    for member in ("computeId", "endpointId"):
        reference = definition.get(member)
        if isinstance(reference, str) and reference.startswith("/"):
            _check_reference(change.cloud, reference, f"{path}.{member}")


def _check_reference(cloud: Cloud, reference: str, path: str) -> None:
    """What a job runs on exists; a person's compute instance is nothing that a schedule can count on."""
    found = cloud.store.get(ResourceId.parse(reference))
    if found is None:
        raise dangling(reference, path)
    if found.type == COMPUTE and found.properties.get("computeType") == INSTANCE:
        message = f"{path} is the compute instance '{found.name}'; a schedule runs on a cluster or serverless compute."
        raise bad_request("InvalidPropertyValue", message, target=path)


def _check_disabled(_: Cloud, schedule: Resource) -> None:
    if schedule.properties.get("isEnabled"):
        message = f"The schedule '{schedule.name}' is enabled; a schedule must be disabled to be deleted."
        raise ArmError(400, "UserError", message, target="properties.isEnabled")


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "isEnabled": change.get("properties.isEnabled", True),
            "displayName": change.get("properties.displayName", change.id.name),
            "tags": change.get("properties.tags", {}),
            "properties": change.get("properties.properties", {}),
            "trigger": {"timeZone": reach(change.sent, "properties.trigger.timeZone") or "UTC"},
        }
    }


TYPES = (
    ResourceType(
        name=f"{WORKSPACE}/schedules",
        names=NameRule(
            r"[A-Za-z0-9][-\w]{0,254}", "1 to 255 letters, digits, '-' and '_', the first a letter or digit"
        ),
        system_data=True,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_trigger, _check_action),
        complete=_complete,
        delete_checks=(_check_disabled,),
    ),
)
