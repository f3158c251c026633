"""What is attached to a workspace as compute: what it may be, and who has to be let in.

Source: learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace.
"""

from local.arm.behaviours.container_service.installed import MACHINE_LEARNING, extension_type, extensions_of
from local.arm.cloud import Cloud, dangling
from local.arm.documents import reach
from local.arm.errors import bad_request
from local.arm.held_roles import held_roles
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change
from local.arm.store import Resource

KUBERNETES = "Kubernetes"
ATTACHED = {
    KUBERNETES: ("Microsoft.ContainerService/managedClusters", "Microsoft.Kubernetes/connectedClusters"),
    "AKS": ("Microsoft.ContainerService/managedClusters",),
    "Databricks": ("Microsoft.Databricks/workspaces",),
    "SynapseSpark": ("Microsoft.Synapse/workspaces/bigDataPools",),
    "VirtualMachine": ("Microsoft.Compute/virtualMachines",),
    "DataLakeAnalytics": ("Microsoft.DataLakeAnalytics/accounts",),
    "HDInsight": ("Microsoft.HDInsight/clusters",),
}
"""Types that `resourceId` may have, by kind of compute."""
_TARGET = "properties.resourceId"
_OWNER, _CONTRIBUTOR = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c"
_NEEDED = {
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
    "85cb6faf-e071-4c9b-8136-154b5a04f717": "Kubernetes Extension Contributor",
    "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8": "Azure Kubernetes Service Cluster Admin Role",
}
"""What a workspace's user-assigned identity needs on the cluster, where it is neither owner nor contributor."""


def check_attached(change: Change) -> None:
    """What is attached exists, is of the kind, and a cluster has the extension that runs jobs and endpoints."""
    kind = str(change.get("properties.computeType", ""))
    kinds, reference = ATTACHED.get(kind), change.get(_TARGET, "")
    if kinds is None or (not reference and kind == "AKS"):
        return
    id = ResourceId.parse(reference)
    if id.type.casefold() not in {kind.casefold() for kind in kinds}:
        message = f"{_TARGET} is of type '{id.type}'; a {kind} compute attaches {' or '.join(kinds)}."
        raise bad_request("LinkedInvalidPropertyId", message, target=_TARGET)
    target = change.cloud.store.get(id)
    if target is None:
        raise dangling(reference, _TARGET)
    if kind == KUBERNETES:
        _check_cluster(change.cloud, target, change.parent)


def _check_cluster(cloud: Cloud, cluster: Resource, workspace: Resource) -> None:
    if not any(extension_type(item) == MACHINE_LEARNING for item in extensions_of(cloud, cluster.id)):
        message = (
            f"The Azure Machine Learning extension ({MACHINE_LEARNING}) is not installed on the cluster "
            f"'{cluster.name}'. Install it before you attach the cluster."
        )
        raise bad_request("BadRequest", message, target=_TARGET)
    attached = (reach(workspace.body, "identity.userAssignedIdentities") or {}).values()
    if "systemassigned" in str(reach(workspace.body, "identity.type", "")).casefold() or not attached:
        return
    held = {role for one in attached for role in held_roles(cloud.store, one["principalId"], cluster.id)}
    if held & {_OWNER, _CONTRIBUTOR}:
        return
    # Without local accounts the workspace comes by trusted access, which asks for more.
    needed = {_CONTRIBUTOR: "Contributor"} if cluster.properties.get("disableLocalAccounts") else _NEEDED
    if missing := [title for role, title in needed.items() if role not in held]:
        message = (
            f"The user-assigned identity of the workspace '{workspace.name}' has no role {', '.join(missing)} on the "
            f"cluster '{cluster.name}'; assign it before you attach the cluster."
        )
        raise bad_request("BadRequest", message, target=_TARGET)
