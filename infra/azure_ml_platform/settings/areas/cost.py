"""What the estimate of the monthly cost takes for granted."""

from collections.abc import Mapping
from typing import Annotated

from azure_ml_platform.constraints import Span, Text
from azure_ml_platform.settings.area import Area
from azure_ml_platform.vocabulary import VmSize

Hours = Annotated[float, Span("hours of a month, from 0 to 730", 20, 0, 730)]
Gigabytes = Annotated[float, Span("gigabytes from 0 to 10000000", 100, 0, 10_000_000)]
TenThousands = Annotated[float, Span("tens of thousands of operations, from 0 to 10000000", 20, 0, 10_000_000)]
Amount = Annotated[float, Span("an amount from 0 to 10000000", 1, 0, 10_000_000)]


class CostSettings(Area):
    """What is used in a month, for each resource of its kind, and on which terms it is bought."""

    cluster_hours: Hours
    """Hours in which a training cluster has all of its nodes."""
    instance_hours: Hours
    """Hours in which a compute instance runs."""
    deployment_peak_hours: Hours
    """Hours in which a deployment that scales has all of its instances."""
    kubernetes_peak_hours: Hours
    """Hours in which a node pool that scales has all of its nodes."""
    databricks_hours: Hours
    """Hours in which a Databricks workspace runs job clusters."""
    databricks_nodes: Annotated[float, Span("machines from 0 to 10000", 2, 0, 10_000)]
    """Machines of those clusters, drivers among them."""
    databricks_node_type: VmSize
    """Size of those machines."""
    sql_active_hours: Hours
    """Hours in which a serverless database is awake."""
    sql_active_vcores: Annotated[float, Span("vCores from 0.5 to 128", 1, 0.5, 128)]
    """Processors that it uses then."""
    sql_backup_gb: Gigabytes
    """Gigabytes of backups beyond what comes with a database: as much as its largest size."""
    sql_long_term_gb: Gigabytes
    """Gigabytes of backups kept for years, of a database that keeps them."""
    blob_gb: Gigabytes
    """Gigabytes in a storage account without a hierarchical namespace."""
    lake_gb: Gigabytes
    """Gigabytes in a storage account with one."""
    storage_writes_10k: TenThousands
    """Writes to a storage account, in tens of thousands."""
    storage_reads_10k: TenThousands
    """Reads from a storage account, in tens of thousands."""
    malware_scan_gb: Gigabytes
    """Gigabytes of uploads that Defender scans, of an account where it does."""
    log_gb: Gigabytes
    """Gigabytes of logs that a Log Analytics workspace takes in."""
    basic_log_gb: Gigabytes
    """Gigabytes of logs that each table of the plan Basic takes in."""
    flow_log_gb: Gigabytes
    """Gigabytes of records of a flow log."""
    nat_gb: Gigabytes
    """Gigabytes through a NAT gateway."""
    firewall_gb: Gigabytes
    """Gigabytes through the firewall of a managed network."""
    private_endpoint_gb: Gigabytes
    """Gigabytes through a private endpoint."""
    peering_gb: Gigabytes
    """Gigabytes through a peering of virtual networks, each way."""
    registry_gb: Gigabytes
    """Gigabytes of images in a registry."""
    key_operations_10k: TenThousands
    """Operations on a key vault, in tens of thousands."""
    currency: Annotated[str, Text("a currency as ISO 4217 writes it", "EUR", r"[A-Z]{3}")]
    """Currency of the estimate, of its ceiling and of one's own prices."""
    exchange_rate: Annotated[float, Span("a rate from 0.000001 to 1000000", 1, 0.000001, 1_000_000)]
    """What one US dollar, in which Azure's list prices are, is in that currency."""
    discount_percent: Annotated[float, Span("a percentage from 0 to 100", 0, 0, 100)]
    """What is off Azure's list prices."""
    region_factor: Annotated[float, Span("a factor from 0.1 to 10", 1.2, 0.1, 10)] | None
    """Factor on prices that are known of other regions only, relative to East US; null for the catalogue's."""
    prices: Mapping[str, Amount]
    """One's own prices by meter, such as `vm/Standard_D4s_v5`, in that currency, instead of the catalogue's."""
