"""Training compute."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.catalog import vm_sizes
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, System
from azure_ml_platform.vocabulary import (
    ClusterName,
    InstanceName,
    ObjectId,
    TimeOfDay,
    TimeZone,
    VmFamily,
    VmSize,
)


class ClusterSettings(Area):
    """A compute cluster: Microsoft.MachineLearningServices/workspaces/computes of type AmlCompute."""

    enabled: bool = True
    """Whether the stack has this cluster."""
    vm_size: VmSize
    """Size of its machines; immutable."""
    min_nodes: Annotated[int, whole(0, 65_000, "nodes")]
    """Nodes that stay up, and are paid, without any job."""
    max_nodes: Annotated[int, whole(1, 65_000, "nodes")]
    """Most nodes at a time."""
    idle_minutes: Annotated[int, whole(2, 1440, "minutes")]
    """Minutes without a job after which a node is given back."""
    low_priority: bool
    """Whether the nodes are spare capacity: a fifth of the price, taken away at any time; immutable."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.min_nodes > self.max_nodes:
            yield Broken(("min_nodes",), f"at most max_nodes ({self.max_nodes})", self.max_nodes)

    @property
    def gpu(self) -> bool:
        """Whether its machines have a GPU."""
        return vm_sizes.VM_SIZES[self.vm_size].gpus > 0


class MachineSettings(Area):
    """What the machines of all people start from."""

    enabled: bool = True
    """Whether the stack has this instance."""
    vm_size: VmSize
    """Size of the machine; immutable."""
    idle_minutes: Annotated[int, whole(15, 4320, "minutes")]
    """Minutes without activity after which it stops."""
    stops_at: TimeOfDay | None
    """Time of day at which it stops; null for never."""
    time_zone: TimeZone = "UTC"
    """Time zone of that time."""


class InstanceSettings(MachineSettings):
    """A compute instance: Microsoft.MachineLearningServices/workspaces/computes of type ComputeInstance."""

    user: ObjectId
    """The one person who opens it; immutable."""


class ComputeSettings(System):
    """Training compute of the workspace."""

    clusters: Mapping[ClusterName, ClusterSettings]
    """Clusters by name; what a cluster does not say it takes from the profile."""
    instances: Mapping[InstanceName, InstanceSettings] = {}
    """Compute instances by name; what an instance does not say it takes from the profile."""
    quota: Mapping[VmFamily, Annotated[int, whole(0, 1_000_000, "vCPUs")]] = {}
    """vCPUs that Azure has granted in the region, by family of sizes. A family with GPUs has none until it is here."""

    @property
    def active_clusters(self) -> Mapping[str, ClusterSettings]:
        """The clusters that the stack has."""
        return {name: cluster for name, cluster in self.clusters.items() if self.enabled and cluster.enabled}

    @property
    def active_instances(self) -> Mapping[str, InstanceSettings]:
        """The instances that the stack has."""
        return {name: instance for name, instance in self.instances.items() if self.enabled and instance.enabled}
