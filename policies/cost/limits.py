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
    log_archive_days_max: int
    """Days that a table may keep logs, archived ones included."""
    telemetry_retention_days_max: int
    """Days that Application Insights may keep telemetry."""
    alert_minutes_min: int
    """Minutes between two looks of an alert on logs."""
    registry_skus: tuple[str, ...]
    """Tiers that a container registry may have."""
    vault_skus: tuple[str, ...]
    """Tiers that a key vault may have."""
    firewall_skus: tuple[str, ...]
    """Tiers that the firewall of a managed network may have."""
    kubernetes_nodes_max: int
    """Nodes that a pool of Kubernetes may grow to."""
    kubernetes_tiers: tuple[str, ...]
    """Levels of service that a Kubernetes cluster may have."""
    sql_pause_minutes_max: int
    """Minutes after which an idle database sleeps."""
    sql_min_vcores_max: float
    """Processors that a serverless database may keep while it is awake."""
    databricks_idle_minutes_max: int
    """Minutes after which an idle Databricks cluster ends."""
    databricks_workers_max: int
    """Workers that a Databricks cluster may grow to."""
    budget_max: float
    """Largest monthly budget, in the billing currency."""
    estimate_max: float
    """Largest estimate of a month, in the currency of the setting `cost`."""
    price_age_days_max: int
    """Days for which a price may be used after it was read."""
    unpriced_meters: tuple[str, ...]
    """Globs of the meters that may have no price."""
