"""Training compute."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.catalog import vm_sizes
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, System
from azure_ml_platform.vocabulary import (
    ClusterName,
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


class ComputeSettings(System):
    """Training compute of the workspace."""

    clusters: Mapping[ClusterName, ClusterSettings]
    """Clusters by name; what a cluster does not say it takes from the profile."""

    @property
    def active_clusters(self) -> Mapping[str, ClusterSettings]:
        """The clusters that the stack has."""
        return {name: cluster for name, cluster in self.clusters.items() if self.enabled and cluster.enabled}
