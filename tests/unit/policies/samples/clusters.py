"""Samples of the cost rules on Kubernetes and Databricks."""

import json
from typing import Any

from policies.cost.databricks import OBJECT
from policies.kit.kinds import DIAGNOSTIC_SETTING, KUBERNETES_CLUSTER, NODE_POOL
from tests.unit.policies.samples.case import Case

GPU_SIZE = "Standard_NC4as_T4_v3"
LOCAL_DISK = {"vmSize": "Standard_D4ds_v5"}
POOL = {"vmSize": "Standard_D4s_v5", "mode": "User", "enableAutoScaling": True, "minCount": 1, "maxCount": 3}


def pool(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (POOL | changes).items() if value is not None}


def policy(**changes: Any) -> dict[str, str]:
    """A cluster policy as the library writes it."""
    definition = {
        "autotermination_minutes": {"type": "range", "maxValue": 30},
        "num_workers": {"type": "range", "maxValue": 2},
    } | changes
    return {"kind": "cluster policy", "spec": json.dumps({"definition": json.dumps(definition)})}


SECURITY: tuple[Case, ...] = ()

COST = (
    Case("vm-size-allow-list", NODE_POOL, "vmSize", "Standard_D4s_v5", "Standard_D48s_v5", "violates"),
    Case(
        *("vm-size-allow-list", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([pool()], [pool(vmSize="Standard_D48s_v5")], "passes"),
    ),
    Case("gpu-opt-in", NODE_POOL, "vmSize", "Standard_D4s_v5", "Standard_NC4as_T4_v3", "passes"),
    Case(
        "gpu-opt-in",
        NODE_POOL,
        "tags",
        {"gpu-reason": "trials"},
        {"owner": "x"},
        "violates",
        rest=pool(vmSize=GPU_SIZE),
    ),
    Case("aks-autoscaler", NODE_POOL, "enableAutoScaling", True, False, "violates", rest=pool(enableAutoScaling=None)),
    Case("aks-autoscaler", NODE_POOL, "maxCount", 3, 400, "violates", rest=pool(maxCount=None)),
    Case("aks-autoscaler", NODE_POOL, "minCount", 1, 3, "violates", rest=pool(minCount=None)),
    Case(
        *("aks-autoscaler", NODE_POOL, "minCount", 0, 1, "violates"),
        rest=pool(minCount=None, vmSize=GPU_SIZE),
    ),
    # The pool that the cluster itself needs has a node, of whatever size.
    Case(
        *("aks-autoscaler", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([pool(mode="System", vmSize=GPU_SIZE)], [pool(mode="User", vmSize=GPU_SIZE)], "passes"),
    ),
    Case(
        *("aks-autoscaler", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([pool(vmSize="Standard_D4s_v5")], [pool(vmSize=GPU_SIZE)], "passes"),
    ),
    Case("aks-autoscaler", KUBERNETES_CLUSTER, "agentPoolProfiles", [pool()], [pool(minCount=3)], "passes"),
    Case(
        *("aks-spot-pools", NODE_POOL, "scaleSetPriority", "Spot", "Regular", "violates"),
        rest={"mode": "User", "spotMaxPrice": -1},
    ),
    Case(
        *("aks-ephemeral-os-disk", NODE_POOL, "osDiskType", "Ephemeral", "Managed", "violates"),
        rest=pool(**LOCAL_DISK),
    ),
    Case(
        *("aks-ephemeral-os-disk", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([pool(**LOCAL_DISK, osDiskType="Ephemeral")], [pool(**LOCAL_DISK, osDiskType="Managed")], "passes"),
    ),
    Case(
        *("aks-ephemeral-os-disk", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([pool()], [pool(**LOCAL_DISK)], "passes"),
    ),
    Case("aks-tier", KUBERNETES_CLUSTER, "sku.tier", "Free", "Premium", "passes"),
    Case(
        *("aks-audit-admin", DIAGNOSTIC_SETTING, "logs"),
        *([{"category": "kube-audit-admin", "enabled": True}], [{"category": "kube-audit", "enabled": True}], "passes"),
    ),
    Case(
        *("dbx-cluster-guard", OBJECT, "spec"),
        *(policy()["spec"], policy(autotermination_minutes={"type": "range", "maxValue": 300})["spec"], "violates"),
        rest={"kind": "cluster policy"},
    ),
    Case(
        *("dbx-cluster-guard", OBJECT, "spec"),
        *(policy()["spec"], policy(num_workers={"type": "unlimited"})["spec"], "violates"),
        rest={"kind": "cluster policy"},
    ),
    Case(
        *("dbx-cluster-guard", OBJECT, "spec"),
        *(json.dumps({"idle_instance_autotermination_minutes": 15}), "{}", "violates"),
        rest={"kind": "instance pool"},
    ),
    Case(
        *("dbx-cluster-guard", OBJECT, "spec"),
        *(json.dumps({"job_clusters": [{"new_cluster": {"policy_id": "p"}}]}), '{"job_clusters": [{}]}', "violates"),
        rest={"kind": "job"},
    ),
)
