"""Compute targets of a workspace: clusters, instances, and what is attached.

Source: learn.microsoft.com/rest/api/azureml/compute.
"""

from local.arm.behaviours.machine_learning import instances, managed_network
from local.arm.behaviours.machine_learning.attaching import ATTACHED, check_attached
from local.arm.behaviours.machine_learning.quota import COMPUTE, VM_SIZE, check_nodes, sized
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

SCALE = "properties.properties.scaleSettings"
UNBOUNDED = float("inf")
CLUSTER, INSTANCE = "AmlCompute", "ComputeInstance"
MANAGED = (CLUSTER, INSTANCE)
"""Kinds that Azure Machine Learning runs itself, in its own network or in the workspace's managed one."""


def _kind(change: Change) -> str:
    return str(change.get("properties.computeType", ""))


def _check_size(change: Change) -> None:
    """The size is on offer, and the nodes that always run fit into the quota."""
    kind = _kind(change)
    if kind not in MANAGED:
        return
    size = sized(str(change.get(VM_SIZE, "")), VM_SIZE)
    if kind == INSTANCE:
        check_nodes(change, size, 1)
    else:
        low = change.get("properties.properties.vmPriority") == "LowPriority"
        check_nodes(change, size, change.get(f"{SCALE}.minNodeCount", 0), low_priority=low)


def _check_scale(change: Change) -> None:
    least, most = change.get(f"{SCALE}.minNodeCount", 0), change.get(f"{SCALE}.maxNodeCount", UNBOUNDED)
    if least > most:
        message = f"minNodeCount is {least} and maxNodeCount is {most}; the minimum must not exceed the maximum."
        raise bad_request("InvalidPropertyValue", message, target=SCALE)


def _check_place(change: Change) -> None:
    """In a managed network: no network of one's own and no other region (how-to-managed-network, "Limitations")."""
    if _kind(change) not in MANAGED:
        return
    subnet = change.get("properties.properties.subnet.id")
    if not managed_network.is_on(change.parent):
        if change.get("properties.properties.enableNodePublicIp", True) is False and not subnet:
            message = "Nodes without a public address need a subnet, or a workspace with a managed network."
            raise bad_request("ValidationError", message, target="properties.properties.enableNodePublicIp")
        return
    if subnet:
        message = f"The workspace '{change.parent.name}' has a managed network; its computes cannot lie in '{subnet}'."
        raise bad_request("ValidationError", message, target="properties.properties.subnet.id")
    region = change.get("properties.computeLocation", "") or change.get("location", "") or change.parent.location
    if region.replace(" ", "").casefold() != change.parent.location.replace(" ", "").casefold():
        message = f"A compute in a managed network lies in the workspace's region, {change.parent.location}."
        raise bad_request("ValidationError", message, target="properties.computeLocation")


def _check_access(change: Change) -> None:
    """The public SSH port is decided at creation."""
    path = "properties.properties.remoteLoginPortPublicAccess"
    present, wanted = change.was(path), change.get(path, "NotSpecified")
    if present is not None and wanted not in ("NotSpecified", present):
        message = f"Changing property '{path}' is not allowed: it is {present!r} since the resource was created."
        raise ArmError(409, "PropertyChangeNotAllowed", message, target=path)


def _complete(change: Change) -> Json:
    now, kind = change.cloud.now(), _kind(change)
    region = change.get("location", change.parent.location)
    state: Json = {}
    if kind == CLUSTER:
        state = _cluster_state(change, now)
    elif kind == INSTANCE:
        state = instances.state(change)
    return {
        "location": region,
        "properties": {
            "createdOn": change.keep("properties.createdOn", lambda: now),
            "modifiedOn": now,
            "isAttachedCompute": kind in ATTACHED,
            "computeLocation": change.get("properties.computeLocation", region),
            "provisioningErrors": None,
            "properties": state,
        },
    }


def _cluster_state(change: Change, now: str) -> Json:
    nodes = change.get(f"{SCALE}.minNodeCount", 0)
    others = ("leaving", "preempted", "preparing", "running", "unusable")
    return {
        "allocationState": "Steady",
        "allocationStateTransitionTime": now,
        "currentNodeCount": nodes,
        "targetNodeCount": nodes,
        "nodeStateCounts": {"idleNodeCount": nodes, **{f"{state}NodeCount": 0 for state in others}},
        "errors": None,
        "remoteLoginPortPublicAccess": _access(change),
    }


def _access(change: Change) -> str:
    """The public SSH port: what is not specified is decided at creation, closed in a network and open elsewhere."""
    path = "properties.properties.remoteLoginPortPublicAccess"
    stated = change.get(path, "NotSpecified")
    if stated != "NotSpecified":
        return str(stated)
    networked = managed_network.is_on(change.parent) or change.get("properties.properties.subnet.id")
    return str(change.keep(path, lambda: "Disabled" if networked else "Enabled"))


def _provision(cloud: Cloud, compute: Resource) -> Json:
    """The first managed compute brings the workspace's network into being."""
    if compute.properties.get("computeType") in MANAGED:
        managed_network.activate(cloud, compute.id.parent)
    return {}


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
            "properties.resourceId",
            VM_SIZE,
            "properties.properties.vmPriority",
            "properties.properties.osType",
            "properties.properties.subnet.id",
            "properties.properties.enableNodePublicIp",
            "properties.properties.personalComputeInstanceSettings.assignedUser.objectId",
            "properties.properties.sshSettings.sshPublicAccess",
        ),
        write_only=(
            "properties.properties.userAccountCredentials.adminUserPassword",
            "properties.properties.userAccountCredentials.adminUserSshPublicKey",
            "properties.properties.databricksAccessToken",
            "properties.properties.administratorAccount.password",
            "properties.properties.relayConnectionString",
            "properties.properties.serviceBusConnectionString",
        ),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_size, _check_scale, _check_place, _check_access, check_attached, instances.check),
        complete=_complete,
        provision=_provision,
        actions=instances.ACTIONS,
    ),
)
