"""Compute targets of a workspace. Source: learn.microsoft.com/rest/api/azureml/compute."""

import re

from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType

COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
RETIRED = re.compile(r"Standard_(NC\d+r?|NC\d+r?s_v2|NC\d+r?s_v3|ND\d+r?s|NV\d+)(_Promo)?", re.IGNORECASE)
"""VM sizes of the series NC, NCv2, NCv3, ND and NV, retired between 2022 and 2025
(learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list)."""
UNBOUNDED = float("inf")
VM_SIZE, SCALE = "properties.properties.vmSize", "properties.properties.scaleSettings"


def _check_vm_size(change: Change) -> None:
    size = str(change.get(VM_SIZE, ""))
    if RETIRED.fullmatch(size):
        message = f"The specified Azure ML Compute VM size '{size}' is retired. Choose a size of a current series."
        raise bad_request("InvalidPropertyValue", message, target=VM_SIZE)


def _check_scale(change: Change) -> None:
    least, most = change.get(f"{SCALE}.minNodeCount", 0), change.get(f"{SCALE}.maxNodeCount", UNBOUNDED)
    if least > most:
        message = f"minNodeCount is {least} and maxNodeCount is {most}; the minimum must not exceed the maximum."
        raise bad_request("InvalidPropertyValue", message, target=SCALE)


def _complete(change: Change) -> Json:
    now = change.cloud.now()
    state: Json = {}
    if change.get("properties.computeType") == "AmlCompute":
        nodes = change.get(f"{SCALE}.minNodeCount", 0)
        state = {
            "allocationState": "Steady",
            "allocationStateTransitionTime": now,
            "currentNodeCount": nodes,
            "targetNodeCount": nodes,
            "nodeStateCounts": {
                "idleNodeCount": nodes,
                "leavingNodeCount": 0,
                "preemptedNodeCount": 0,
                "preparingNodeCount": 0,
                "runningNodeCount": 0,
                "unusableNodeCount": 0,
            },
            "errors": None,
            "remoteLoginPortPublicAccess": change.get(
                "properties.properties.remoteLoginPortPublicAccess", "NotSpecified"
            ),
        }
    elif change.get("properties.computeType") == "ComputeInstance":
        state = {
            "state": "Running",
            "errors": [],
            "createdBy": {"userObjectId": change.cloud.directory.caller.object_id},
        }
    return {
        "location": change.get("location", change.parent.location),
        "properties": {
            "createdOn": change.keep("properties.createdOn", lambda: now),
            "modifiedOn": now,
            "isAttachedCompute": "resourceId" in change.get("properties", {}),
            "computeLocation": change.get("properties.computeLocation", change.get("location", change.parent.location)),
            "provisioningErrors": None,
            "properties": state,
        },
    }


TYPES = (
    ResourceType(
        name=COMPUTE,
        names=NameRule(
            r"[A-Za-z]([-A-Za-z0-9]{0,30}[A-Za-z0-9])",
            "2 to 32 letters, digits and '-', the first a letter, the last no '-'",
        ),
        system_data=True,
        immutable=(
            "location",
            "properties.computeType",
            "properties.computeLocation",
            VM_SIZE,
            "properties.properties.vmPriority",
            "properties.properties.osType",
            "properties.properties.subnet.id",
            "properties.properties.enableNodePublicIp",
            "properties.properties.remoteLoginPortPublicAccess",
        ),
        write_only=(
            "properties.properties.userAccountCredentials.adminUserPassword",
            "properties.properties.userAccountCredentials.adminUserSshPublicKey",
        ),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_vm_size, _check_scale),
        complete=_complete,
    ),
)
