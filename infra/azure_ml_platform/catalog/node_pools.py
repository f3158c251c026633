"""Node pools of a Kubernetes cluster by what they are for: machines, limits, and the marks that keep others away.

Sources, read 2026-11: learn.microsoft.com/azure/aks/use-system-pools, .../aks/spot-node-pool, .../aks/use-nvidia-gpu.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PoolPreset(StrEnum):
    """What a pool is for."""

    SYSTEM = "system"
    """The cluster's own pods, and whatever has no pool of its own."""
    CPU_SERVING = "cpu_serving"
    """Models that answer on processors."""
    GPU_SPOT = "gpu_spot"
    """Trials on a GPU of spare capacity, taken away at any time."""
    GPU_DEDICATED = "gpu_dedicated"
    """Models that answer on a GPU."""


@dataclass(frozen=True)
class NodePool:
    """What a preset stands for."""

    vm_size: str
    """Size of the machines, where nothing else is said."""
    min_nodes: int
    max_nodes: int
    mode: str = "User"
    """`System` for a pool that the cluster's own pods may use."""
    spot: bool = False
    """Whether the machines are spare capacity."""
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[str, ...] = ()
    """Only pods that tolerate them come here."""
    gpu_reason: str | None = None
    """What its GPUs are for, where it has some."""


SPOT_LABEL = {"kubernetes.azure.com/scalesetpriority": "spot"}
SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
"""What AKS puts on spot nodes; said by the program too, so that a refresh finds nothing new."""
GPU_TAINT = "sku=gpu:NoSchedule"
GPU_REASON = "gpu-reason"
"""Tag of a pool with GPUs that tells what they are for; the cost policies ask for it."""
WORKLOAD = "workload"
"""Label that tells what a pool is for."""

NODE_POOLS: Mapping[PoolPreset, NodePool] = {
    PoolPreset.SYSTEM: NodePool("Standard_D4s_v5", 1, 3, mode="System"),
    PoolPreset.CPU_SERVING: NodePool("Standard_D8s_v5", 1, 10, labels={WORKLOAD: "cpu-serving"}),
    PoolPreset.GPU_SPOT: NodePool(
        "Standard_NC4as_T4_v3",
        0,
        1,
        spot=True,
        labels={WORKLOAD: "gpu", **SPOT_LABEL},
        taints=(GPU_TAINT, SPOT_TAINT),
        gpu_reason="trials on spare capacity",
    ),
    PoolPreset.GPU_DEDICATED: NodePool(
        "Standard_NC4as_T4_v3",
        0,
        4,
        labels={WORKLOAD: "gpu"},
        taints=(GPU_TAINT,),
        gpu_reason="models that answer on a GPU",
    ),
}
"""Every preset."""
