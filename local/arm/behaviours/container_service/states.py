"""What a managed cluster is doing: one operation at a time on it and its node pools, none but a start when stopped.

Source: learn.microsoft.com/azure/aks/start-stop-cluster and aka.ms/aks-pending-operation.
"""

from local.arm.cloud import Cloud
from local.arm.errors import ArmError, conflict
from local.arm.identifiers import ResourceId
from local.arm.store import Resource

CLUSTER = "Microsoft.ContainerService/managedClusters"
POOL = f"{CLUSTER}/agentPools"
_AT_REST = ("Succeeded", "Failed", "Canceled")


def pools_of(cloud: Cloud, cluster: ResourceId) -> list[Resource]:
    """The node pools of a cluster, in order of creation."""
    return [resource for resource in cloud.store.below(cluster) if resource.type == POOL]


def is_stopped(cluster: Resource) -> bool:
    """Whether a cluster was stopped."""
    return bool(cluster.properties.get("powerState", {}).get("code") == "Stopped")


def check_at_rest(cloud: Cloud, cluster: ResourceId, *, but_for: ResourceId) -> None:
    """Raise ArmError OperationNotAllowed while an operation works on a cluster or another of its node pools."""
    for resource in (cloud.store.get(cluster), *pools_of(cloud, cluster)):
        state = resource.properties.get("provisioningState") if resource else "Succeeded"
        if resource and resource.id.key != but_for.key and state not in _AT_REST:
            raise _pending(str(state) if resource.type == CLUSTER else f"{resource.name} - {state}")


def check_running(cluster: Resource) -> None:
    """Raise ArmError OperationNotAllowed for a cluster that was stopped."""
    if is_stopped(cluster):
        message = f"Operation is not allowed: the managed cluster '{cluster.name}' is stopped; start it first."
        raise conflict("OperationNotAllowed", message)


def _pending(what: str) -> ArmError:
    message = (
        f"Operation is not allowed: Another operation ({what}) is in progress, please wait for it to finish before "
        "starting a new operation. See https://aka.ms/aks-pending-operation for more details"
    )
    return conflict("OperationNotAllowed", message)
