"""The Kubernetes cluster behind a managed cluster: how it lets people in, and its nodes.

Sources: learn.microsoft.com/azure/aks/use-labels (labels of nodes), .../azure/aks/manage-azure-rbac.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from local.arm import vm_sizes
from local.arm.access_reviews import ACCESS, TOKEN, route
from local.arm.behaviours.container_service.installed import objects_in
from local.arm.behaviours.container_service.states import pools_of
from local.arm.cloud import Cloud
from local.arm.data_planes import ClusterSpec, NodeSpec
from local.arm.store import Resource

_GIB_PER_CORE = {
    "standardEASv4Family": 8.0,
    "standardEDSv4Family": 8.0,
    "standardEDSv5Family": 8.0,
    "standardESv3Family": 8.0,
    "standardESv5Family": 8.0,
    "standardFSv2Family": 2.0,
    "standardLSv2Family": 8.0,
    "standardNCADSA100v4Family": 220 / 24,
    "standardNCADSH100v5Family": 8.0,
    "standardNCASv3_T4Family": 7.0,
    "standardNVADSA10v5Family": 55 / 6,
}
"""Memory for each core (learn.microsoft.com/azure/virtual-machines/sizes), where it is not that of most."""
_MOST_GIB_PER_CORE = 4.0


def key_of(cluster: Resource) -> str:
    """What names a cluster on this machine."""
    return f"{cluster.name.casefold()}-{hashlib.sha256(cluster.id.key.encode()).hexdigest()[:8]}"


def run(cloud: Cloud, cluster: Resource, *, without: Resource | None = None) -> None:
    """Start the cluster unless it runs, with the nodes that its pools have and what its extensions have brought.

    without: a pool that is going away.
    """
    nodes = [
        node for pool in pools_of(cloud, cluster.id) if pool.id != (without and without.id) for node in _nodes(pool)
    ]
    cloud.clusters.run(_spec(cloud, cluster), nodes, objects_in(cloud, cluster.id))


def _spec(cloud: Cloud, cluster: Resource) -> ClusterSpec:
    entra = cluster.properties.get("aadProfile") or {}
    key = key_of(cluster)
    return ClusterSpec(
        key=key,
        issuer=cluster.private["issuer"],
        token_webhook=route(cloud, key, TOKEN) if entra.get("managed") else None,
        access_webhook=route(cloud, key, ACCESS) if entra.get("enableAzureRBAC") else None,
        webhook_token=cloud.directory.secret,
    )


def _nodes(pool: Resource) -> Iterator[NodeSpec]:
    properties, name = pool.properties, pool.name
    scale_set = f"aks-{name}-{hashlib.sha256(pool.id.key.encode()).hexdigest()[:8]}-vmss"
    zones = properties.get("availabilityZones") or []
    for number in range(int(properties["count"])):
        labels = {
            "agentpool": name,
            "kubernetes.azure.com/agentpool": name,
            "kubernetes.azure.com/mode": properties["mode"].lower(),
            "kubernetes.io/arch": "amd64",
            "kubernetes.io/hostname": f"{scale_set}{number:06d}",
            "kubernetes.io/os": properties["osType"].lower(),
            "node.kubernetes.io/instance-type": properties["vmSize"],
            **(properties.get("nodeLabels") or {}),
        }
        if zones:
            labels["topology.kubernetes.io/zone"] = zones[number % len(zones)]
        yield NodeSpec(
            name=f"{scale_set}{number:06d}",
            provider_id=f"azure://{pool.id.group}/virtualMachineScaleSets/{scale_set}/virtualMachines/{number}",
            labels=labels,
            taints=[_taint(text) for text in properties.get("nodeTaints") or []],
            capacity=_capacity(properties),
        )


def _taint(text: str) -> Mapping[str, str]:
    """A taint as AKS writes it, `key=value:Effect`."""
    pair, _, effect = text.rpartition(":")
    key, _, value = pair.partition("=")
    return {"key": key, "value": value, "effect": effect}


def _capacity(pool: Mapping[str, Any]) -> Mapping[str, str]:
    size = vm_sizes.find(pool["vmSize"])
    assert size is not None
    gib = int(size.cores * _GIB_PER_CORE.get(size.family, _MOST_GIB_PER_CORE))
    capacity = {"cpu": str(size.cores), "memory": f"{gib}Gi", "pods": str(pool["maxPods"])}
    return {**capacity, "nvidia.com/gpu": str(size.gpus)} if size.gpus else capacity
