"""Node pools: names, sizes, counts, and what a pool keeps from its creation.

Sources: learn.microsoft.com/rest/api/aks/agent-pools, .../azure/aks/create-node-pools, .../use-system-pools,
.../spot-node-pool, .../gpu-multi-instance. A pool is written as a resource or inside its cluster; both are one thing.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.arm import vm_sizes
from local.arm.behaviours.container_service.quota import check_quota
from local.arm.behaviours.container_service.running import run
from local.arm.behaviours.container_service.states import (
    POOL,
    check_at_rest,
    check_running,
    is_stopped,
    pools_of,
)
from local.arm.behaviours.container_service.versions import resolved
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, bad_request
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

LINUX_NAME, WINDOWS_NAME = re.compile(r"[a-z][a-z0-9]{0,11}"), re.compile(r"[a-z][a-z0-9]{0,5}")
LARGEST_POOL = 1000
SYSTEM_POOL_CORES = 2
IMMUTABLE = (
    "availabilityZones",
    "enableNodePublicIP",
    "gpuInstanceProfile",
    "kubeletDiskType",
    "maxPods",
    "osDiskSizeGB",
    "osDiskType",
    "osType",
    "podSubnetID",
    "proximityPlacementGroupID",
    "scaleSetPriority",
    "type",
    "vmSize",
    "vnetSubnetID",
)
SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
_SLICED = re.compile(r"Standard_(N[CD]\d+[a-z]*_(A100|H100|H200)_v\d|ND\d+as?r_v4)", re.IGNORECASE)
"""Sizes whose GPUs can be cut into instances."""

_KINDS: Json = {
    "availabilityZones": [],
    "count": 0,
    "enableAutoScaling": False,
    "maxCount": 0,
    "maxPods": 0,
    "minCount": 0,
    "mode": "",
    "name": "",
    "nodeLabels": {},
    "nodeTaints": [],
    "osType": "",
    "scaleSetPriority": "",
    "vmSize": "",
}
"""A value of the kind that each member must have: nodes are made of them."""

Pool = Mapping[str, Any]
"""The properties of a pool, with its `name` in them."""


def check_pool(change: Change, pool: Pool, region: str) -> None:
    """Raise ArmError for a pool that Azure would not make."""
    pool = _stated(pool)
    written = replace(change, sent=pool)
    for member, example in _KINDS.items():
        written.get(member, example)
    name, windows = str(pool.get("name", "")), pool.get("osType") == "Windows"
    if not (WINDOWS_NAME if windows else LINUX_NAME).fullmatch(name):
        raise invalid("agentPoolProfile.name", "Please see https://aka.ms/aks-naming-rules for more details.")
    _check_size(pool, region)
    _check_counts(pool)
    if pool.get("mode") == "System":
        _check_system(pool, windows=windows)
    check_quota(change, pool, region)


def invalid(parameter: str, why: str) -> ArmError:
    """The refusal of a parameter, in the words of the service."""
    return bad_request("InvalidParameter", f"The value of parameter {parameter} is invalid. {why}", target=parameter)


def completed_pool(pool: Pool, version: str, *, overlay_network: bool) -> Json:
    """What the service fills in."""
    pool = _stated(pool)
    spot = pool.get("scaleSetPriority") == "Spot"
    taints = list(pool.get("nodeTaints", []))
    labels = dict(pool.get("nodeLabels", {}))
    if spot:
        taints += [] if SPOT_TAINT in taints else [SPOT_TAINT]
        labels["kubernetes.azure.com/scalesetpriority"] = "spot"
    added: Json = {
        "count": pool.get("count", 1),
        "mode": pool.get("mode", "User"),
        "osType": pool.get("osType", "Linux"),
        "osDiskType": pool.get("osDiskType", "Managed"),
        "maxPods": pool.get("maxPods", 250 if overlay_network else 30),
        "type": pool.get("type", "VirtualMachineScaleSets"),
        "scaleSetPriority": pool.get("scaleSetPriority", "Regular"),
        "enableAutoScaling": pool.get("enableAutoScaling", False),
        "enableNodePublicIP": pool.get("enableNodePublicIP", False),
        "powerState": pool.get("powerState", {"code": "Running"}),
        "orchestratorVersion": pool.get("orchestratorVersion", version),
        "currentOrchestratorVersion": version,
    }
    if taints:
        added["nodeTaints"] = taints
    if labels:
        added["nodeLabels"] = labels
    return overlay(pool, added)


def _stated(pool: Pool) -> Json:
    """The members that have a value."""
    return {name: value for name, value in pool.items() if value is not None}


def _check_size(pool: Pool, region: str) -> None:
    size = str(pool.get("vmSize", ""))
    if vm_sizes.find(size) is None:
        message = (
            f"Virtual Machine size: '{size}' is not supported for subscription in location '{region}': it is retired "
            "or none that this local Azure knows. For more information, please visit: "
            "https://aka.ms/aks/quotas-skus-regions"
        )
        raise bad_request("VMSizeNotSupported", message, target="properties.vmSize")
    if pool.get("gpuInstanceProfile") and not _SLICED.fullmatch(size):
        raise invalid("agentPoolProfile.gpuInstanceProfile", f"The GPUs of '{size}' cannot be cut into instances.")


def _check_counts(pool: Pool) -> None:
    count, least, most = pool.get("count", 1), pool.get("minCount"), pool.get("maxCount")
    lowest = 1 if pool.get("mode") == "System" else 0
    if not lowest <= count <= LARGEST_POOL:
        raise invalid("agentPoolProfile.count", f"It is {count}; it must be from {lowest} to {LARGEST_POOL}.")
    if not pool.get("enableAutoScaling"):
        if least is not None or most is not None:
            why = "minCount and maxCount belong to a pool with enableAutoScaling."
            raise invalid("agentPoolProfile.minCount", why)
        return
    if least is None or most is None:
        raise invalid("agentPoolProfile.minCount", "A pool with enableAutoScaling needs minCount and maxCount.")
    if not lowest <= least <= most <= LARGEST_POOL:
        why = f"minCount is {least} and maxCount {most}; {lowest} <= minCount <= maxCount <= {LARGEST_POOL} must hold."
        raise invalid("agentPoolProfile.minCount", why)
    if not least <= count <= most:
        why = f"It is {count}; under autoscaling it must be from minCount {least} to maxCount {most}."
        raise invalid("agentPoolProfile.count", why)


def _check_system(pool: Pool, *, windows: bool) -> None:
    if windows:
        raise invalid("agentPoolProfile.osType", "A system node pool runs Linux.")
    if pool.get("scaleSetPriority") == "Spot":
        raise invalid("agentPoolProfile.scaleSetPriority", "A system node pool cannot be a spot pool.")
    size = vm_sizes.find(str(pool.get("vmSize", "")))
    if size is None or size.cores < SYSTEM_POOL_CORES:
        message = (
            f"System node pool must use VM sku with at least {SYSTEM_POOL_CORES} cores and 4GB memory; "
            f"'{pool.get('vmSize')}' has fewer."
        )
        raise bad_request("SystemPoolSkuTooLow", message, target="properties.vmSize")


def check_system_pool_left(cloud: Cloud, pool: Resource) -> None:
    """Raise ArmError MustDefineAtLeastOneSystemPool when a cluster would be without a system pool but for this one."""
    cluster = pool.id.parent
    assert cluster is not None
    others = [other for other in pools_of(cloud, cluster) if other.id.key != pool.id.key]
    if not any(other.properties.get("mode") == "System" for other in others):
        raise bad_request("MustDefineAtLeastOneSystemPool", "Must define at least one system pool.")


def _check(change: Change) -> None:
    cluster = change.parent
    check_running(cluster)
    check_at_rest(change.cloud, cluster.id, but_for=change.id)
    properties = change.get("properties", {})
    check_pool(change, {"name": change.id.name, **properties}, cluster.location)
    if change.current and change.was("properties.mode") == "System" and properties.get("mode", "User") != "System":
        check_system_pool_left(change.cloud, change.current)


def _complete(change: Change) -> Json:
    cluster = change.parent.properties
    now = cluster["currentKubernetesVersion"]
    version = resolved(change, "properties.orchestratorVersion", "AgentPoolK8sVersionNotSupported")
    if change.get("properties.orchestratorVersion") is None:
        version = change.was("properties.currentOrchestratorVersion") or now
    overlay_network = cluster.get("networkProfile", {}).get("networkPluginMode") == "overlay"
    return {"properties": completed_pool(change.get("properties", {}), version, overlay_network=overlay_network)}


def _provision(cloud: Cloud, pool: Resource) -> Json:
    _reconcile(cloud, pool)
    return {}


def _reconcile(cloud: Cloud, pool: Resource) -> None:
    """Give the cluster the nodes that its pools now have."""
    cluster = cloud.store.get(pool.id.parent)
    if cluster and not is_stopped(cluster):
        run(cloud, cluster)


def _deprovision(cloud: Cloud, pool: Resource) -> None:
    cluster = cloud.store.get(pool.id.parent)
    if cluster and cluster.properties.get("provisioningState") != "Deleting" and not is_stopped(cluster):
        run(cloud, cluster, without=pool)


def _check_deletable(cloud: Cloud, pool: Resource) -> None:
    cluster = cloud.store.get(pool.id.parent)
    if cluster:
        check_at_rest(cloud, cluster.id, but_for=pool.id)
    if pool.properties.get("mode") == "System":
        check_system_pool_left(cloud, pool)


TYPES = (
    ResourceType(
        name=POOL,
        immutable=tuple(f"properties.{name}" for name in IMMUTABLE),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check,),
        complete=_complete,
        provision=_provision,
        delete_checks=(_check_deletable,),
        deprovision=_deprovision,
    ),
)
