"""The Kubernetes cluster."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from azure_ml_platform.catalog import vm_sizes
from azure_ml_platform.catalog.node_pools import NODE_POOLS, PoolPreset
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, System
from azure_ml_platform.vocabulary import IpRange, KubernetesVersion, PluginVersion, PoolName, VmSize


class NodePoolSettings(Area):
    """A node pool: Microsoft.ContainerService/managedClusters/agentPools."""

    enabled: bool = True
    """Whether the cluster has this pool."""
    preset: PoolPreset
    """What the pool is for; decides what the other settings do not say."""
    vm_size: VmSize | None = None
    """Size of its machines; null for the preset's. A change replaces the pool."""
    min_nodes: Annotated[int, whole(0, 1000, "nodes")] | None = None
    """Nodes that stay up, and are paid; null for the preset's."""
    max_nodes: Annotated[int, whole(1, 1000, "nodes")] | None = None
    """Most nodes at a time; null for the preset's."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.max_nodes is not None and self.least_nodes > self.max_nodes:
            yield Broken(("min_nodes",), f"at most max_nodes ({self.max_nodes})", self.max_nodes)
        if self.preset is PoolPreset.SYSTEM and self.least_nodes < 1:
            yield Broken(("min_nodes",), "at least 1: the cluster's own pods live there", 1)
        wants_gpu = self.preset in (PoolPreset.GPU_SPOT, PoolPreset.GPU_DEDICATED)
        if self.vm_size is not None and (vm_sizes.VM_SIZES[self.vm_size].gpus > 0) != wants_gpu:
            rule = "a size with a GPU" if wants_gpu else "a size without a GPU"
            yield Broken(
                ("vm_size",), f"{rule}, as the preset {self.preset.value} says", NODE_POOLS[self.preset].vm_size
            )

    @property
    def least_nodes(self) -> int:
        """Nodes that stay up."""
        return NODE_POOLS[self.preset].min_nodes if self.min_nodes is None else self.min_nodes

    @property
    def gpu(self) -> bool:
        """Whether its machines have a GPU."""
        return self.preset in (PoolPreset.GPU_SPOT, PoolPreset.GPU_DEDICATED)


class KubernetesSettings(System):
    """The Kubernetes cluster: Microsoft.ContainerService/managedClusters."""

    version: KubernetesVersion = "1.33"
    """Minor version; patches come by themselves."""
    pools: Mapping[PoolName, NodePoolSettings]
    """Node pools by name; the one called `system` is part of the cluster."""
    zones: tuple[Literal["1", "2", "3"], ...]
    """Availability zones that nodes are spread over; a change replaces the pools."""
    uptime_sla: bool
    """Whether the control plane has a service level, and is paid."""
    private: bool
    """Whether the API server has a private address only."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Addresses that may call a public API server; none listed: everybody who can sign in."""
    admin_group_ids: tuple[str, ...] = ()
    """Entra groups whose members administer the cluster, by object id."""
    local_accounts: bool
    """Whether the account that needs no Entra sign-in stays."""
    trusted_access: bool
    """Whether the workspace is let in by a role of its own; without it the extension needs local accounts."""
    encryption_at_host: bool
    """Whether the nodes' temporary disks are encrypted; the subscription needs the feature EncryptionAtHost."""
    closed_node_group: bool
    """Whether nobody but Azure changes the resource group of the nodes."""
    policy: bool
    """Whether Azure Policy is enforced inside the cluster."""
    defender: bool
    """Whether Microsoft Defender watches the cluster."""
    prometheus: bool
    """Whether metrics are collected for Azure Monitor's Prometheus."""
    serving: bool = True
    """Whether the cluster is compute of the machine learning workspace."""
    training: bool = False
    """Whether training jobs run on it too."""
    in_cluster: bool = True
    """Whether namespaces, quotas and the like are declared inside the cluster; the update has to reach it."""
    plugin_version: PluginVersion | None = None
    """Version of the engine's Kubernetes plugin, where it is not the SDK's."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if "system" not in self.active_pools:
            yield Broken(("pools", "system"), "a pool of the preset system", {"preset": "system"})
        elif self.active_pools["system"].preset is not PoolPreset.SYSTEM:
            yield Broken(("pools", "system", "preset"), "system", "system")
        if self.private and self.allowed_ip_ranges:
            yield Broken(("allowed_ip_ranges",), "empty while private is true: only networks reach it", [])
        if self.serving and not self.local_accounts and not self.trusted_access:
            rule = "true while serving is and local_accounts is not: the workspace has to get in"
            yield Broken(("trusted_access",), rule, True)
        if self.training and not self.serving:
            yield Broken(("serving",), "true while training is: it is the extension that runs jobs", True)

    @property
    def active_pools(self) -> Mapping[str, NodePoolSettings]:
        """The pools that the cluster has."""
        return {name: pool for name, pool in self.pools.items() if pool.enabled}

    @property
    def further_pools(self) -> Mapping[str, NodePoolSettings]:
        """The pools beside the one that is part of the cluster."""
        return {name: pool for name, pool in self.active_pools.items() if name != "system"}

    @property
    def steady_nodes(self) -> int:
        """Nodes that are always there and take any pod."""
        open_pools = [pool for pool in self.active_pools.values() if not NODE_POOLS[pool.preset].taints]
        return sum(pool.least_nodes for pool in open_pools)
