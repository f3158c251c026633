"""The values within which the cost rules judge; a profile sets each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the cost pack."""

    environments: tuple[str, ...]
    """Values that the tag `environment` may have."""
    cost_center_pattern: str
    """Regular expression that the tag `cost-center` must match."""
    vm_sizes: tuple[str, ...]
    """Globs of the virtual machine sizes that may be used."""
    gpus: bool
    """Whether sizes with a GPU may be used, with a reason in the tag `gpu-reason`."""
    cluster_nodes_max: int
    """Nodes that a CPU cluster may grow to."""
    gpu_cluster_nodes_max: int
    """Nodes that a GPU cluster may grow to."""
    cluster_idle_minutes_max: int
    """Minutes after which an idle node of a cluster goes."""
    instance_idle_minutes_max: int
    """Minutes after which an idle compute instance stops."""
    endpoint_instances_max: int
    """Instances that a deployment may have."""
    storage_skus: tuple[str, ...]
    """Redundancy that storage may have."""
    blob_recovery_days_max: int
    """Days for which deleted blobs and containers may be kept, and paid for."""
    log_quota_gb_max: float
    """Gigabytes of logs that may be taken in per day."""
    log_retention_days_max: int
    """Days that logs may be kept."""
    telemetry_retention_days_max: int
    """Days that Application Insights may keep telemetry."""
    registry_skus: tuple[str, ...]
    """Tiers that a container registry may have."""
    vault_skus: tuple[str, ...]
    """Tiers that a key vault may have."""
    firewall_skus: tuple[str, ...]
    """Tiers that the firewall of a managed network may have."""
    budget_max: float
    """Largest monthly budget, in the billing currency."""
