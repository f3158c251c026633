"""Platform metrics by type in lower case: what alerts, autoscale rules and the metrics API may name.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-metrics, one page per type. A type that is missing
here is not checked.
"""

from dataclasses import dataclass

_COUNT, _MILLISECONDS, _PERCENT, _BYTES = "Count", "MilliSeconds", "Percent", "Bytes"
AGGREGATIONS = ("Average", "Minimum", "Maximum", "Total", "Count")


@dataclass(frozen=True)
class Metric:
    """One metric."""

    name: str
    unit: str = _COUNT
    aggregation: str = "Average"
    """The one that is shown unless another is asked for."""
    dimensions: tuple[str, ...] = ()


def _all(names: str, unit: str = _COUNT, aggregation: str = "Average", *dimensions: str) -> tuple[Metric, ...]:
    """Metrics alike in everything but their names, which are separated by commas."""
    return tuple(Metric(name.strip(), unit, aggregation, dimensions) for name in names.split(","))


_LATENCIES = "RequestLatency, RequestLatency_P50, RequestLatency_P90, RequestLatency_P95, RequestLatency_P99"
_STORAGE = (
    *_all("Transactions", _COUNT, "Total", "ResponseType", "GeoType", "ApiName", "Authentication"),
    *_all("Ingress, Egress", _BYTES, "Total", "GeoType", "ApiName", "Authentication"),
    *_all("SuccessServerLatency, SuccessE2ELatency", _MILLISECONDS, "Average", "GeoType", "ApiName", "Authentication"),
    *_all("Availability", _PERCENT, "Average", "GeoType", "ApiName", "Authentication"),
)

METRICS: dict[str, tuple[Metric, ...]] = {
    "microsoft.containerregistry/registries": (
        *_all("TotalPullCount, SuccessfulPullCount, TotalPushCount, SuccessfulPushCount, RunDuration", _COUNT, "Total"),
        *_all("StorageUsed", _BYTES, "Average", "Geolocation"),
    ),
    "microsoft.containerservice/managedclusters": (
        *_all("node_cpu_usage_percentage, node_memory_rss_percentage", _PERCENT, "Average", "node", "nodepool"),
        *_all("node_memory_working_set_percentage", _PERCENT, "Average", "node", "nodepool"),
        *_all("node_disk_usage_percentage", _PERCENT, "Average", "node", "nodepool", "device"),
        *_all("kube_node_status_condition", _COUNT, "Average", "condition", "status", "status2", "node"),
        *_all("kube_pod_status_phase", _COUNT, "Average", "phase", "namespace", "pod"),
        *_all("kube_pod_status_ready", _COUNT, "Average", "namespace", "pod", "condition"),
        *_all("kube_node_status_allocatable_cpu_cores, kube_node_status_allocatable_memory_bytes"),
        *_all("cluster_autoscaler_cluster_safe_to_autoscale, cluster_autoscaler_unschedulable_pods_count"),
        *_all("cluster_autoscaler_scale_down_in_cooldown, cluster_autoscaler_unneeded_nodes_count"),
        *_all("apiserver_current_inflight_requests", _COUNT, "Average", "requestKind"),
        *_all("apiserver_cpu_usage_percentage, apiserver_memory_usage_percentage", _PERCENT),
        *_all("etcd_cpu_usage_percentage, etcd_memory_usage_percentage, etcd_database_usage_percentage", _PERCENT),
    ),
    "microsoft.datafactory/factories": (
        *_all("ActivityFailedRuns, ActivitySucceededRuns", _COUNT, "Total", "ActivityType", "PipelineName", "Name"),
        *_all("PipelineFailedRuns, PipelineSucceededRuns", _COUNT, "Total", "FailureType", "Name"),
        *_all("TriggerFailedRuns, TriggerSucceededRuns", _COUNT, "Total", "FailureType", "Name"),
    ),
    "microsoft.keyvault/vaults": (
        *_all("ServiceApiHit", _COUNT, "Count", "ActivityType", "ActivityName"),
        *_all("ServiceApiLatency", _MILLISECONDS, "Average", "ActivityType", "ActivityName", "StatusCode"),
        *_all("ServiceApiResult", _COUNT, "Count", "ActivityType", "ActivityName", "StatusCode", "StatusCodeClass"),
        *_all("SaturationShoebox", _PERCENT, "Average", "ActivityType", "ActivityName", "TransactionType"),
        *_all("Availability", _PERCENT, "Average", "ActivityType", "ActivityName", "StatusCode", "StatusCodeClass"),
    ),
    "microsoft.machinelearningservices/workspaces": (
        *_all("Completed Runs, Failed Runs, Started Runs, Cancelled Runs", _COUNT, "Total", "Scenario", "RunType"),
        *_all("Errors, Warnings", _COUNT, "Total", "Scenario"),
        *_all("Total Nodes, Active Nodes, Idle Nodes, Leaving Nodes", _COUNT, "Average", "Scenario", "ClusterName"),
        *_all("Unusable Nodes, Preempted Nodes", _COUNT, "Average", "Scenario", "ClusterName"),
        *_all("Total Cores, Active Cores, Idle Cores, Leaving Cores", _COUNT, "Average", "Scenario", "ClusterName"),
        *_all("Unusable Cores, Preempted Cores", _COUNT, "Average", "Scenario", "ClusterName"),
        *_all(
            "Quota Utilization Percentage", _COUNT, "Average", "Scenario", "ClusterName", "VmFamilyName", "VmPriority"
        ),
        *_all("CpuUtilization, GpuUtilization", _COUNT, "Average", "Scenario", "runId", "NodeId", "ClusterName"),
        *_all("Model Deploy Succeeded, Model Deploy Failed, Model Register Succeeded", _COUNT, "Total", "Scenario"),
    ),
    "microsoft.machinelearningservices/workspaces/onlineendpoints": (
        *_all("RequestsPerMinute", _COUNT, "Average", "deployment", "statusCode", "statusCodeClass", "modelStatusCode"),
        *_all(_LATENCIES, _MILLISECONDS, "Average", "deployment"),
        *_all("ConnectionsActive"),
        *_all("NetworkBytes", "BytesPerSecond"),
        *_all("NewConnectionsPerSecond", "CountPerSecond"),
        *_all("DataCollectionEventsPerMinute", _COUNT, "Average", "deployment", "type"),
        *_all("DataCollectionErrorsPerMinute", _COUNT, "Average", "deployment", "type", "reason"),
    ),
    "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments": (
        *_all("RequestsPerMinute", _COUNT, "Average", "envoy_response_code"),
        *_all(_LATENCIES.partition(", ")[2], _MILLISECONDS),
        *_all("CpuUtilizationPercentage, CpuMemoryUtilizationPercentage", _PERCENT, "Average", "instanceId"),
        *_all("GpuUtilizationPercentage, GpuMemoryUtilizationPercentage", _PERCENT, "Average", "instanceId"),
        *_all("DiskUtilization", _PERCENT, "Average", "instanceId", "disk"),
        *_all("GpuEnergyJoules", _COUNT, "Average", "instanceId"),
        *_all("DeploymentCapacity", _COUNT, "Average", "instanceId", "State"),
        *_all("DataCollectionEventsPerMinute", _COUNT, "Average", "instanceId", "type"),
        *_all("DataCollectionErrorsPerMinute", _COUNT, "Average", "instanceId", "reason", "type"),
    ),
    "microsoft.sql/servers/databases": (
        *_all("cpu_percent, physical_data_read_percent, log_write_percent, dtu_consumption_percent", _PERCENT),
        *_all("storage_percent, workers_percent, sessions_percent, app_cpu_percent, app_memory_percent", _PERCENT),
        *_all("sql_instance_cpu_percent, sql_instance_memory_percent, tempdb_log_used_percent, availability", _PERCENT),
        *_all("app_cpu_billed, deadlock, blocked_by_firewall", _COUNT, "Total"),
        *_all("connection_failed, connection_failed_user_error", _COUNT, "Total", "Error"),
        *_all("connection_successful", _COUNT, "Total", "SslProtocol"),
        *_all("cpu_limit, cpu_used, dtu_limit, dtu_used, sessions_count"),
        *_all("storage, allocated_data_storage", _BYTES),
    ),
    "microsoft.storage/storageaccounts": (*_all("UsedCapacity", _BYTES), *_STORAGE),
    "microsoft.storage/storageaccounts/blobservices": (
        *_all("BlobCapacity", _BYTES, "Average", "BlobType", "Tier"),
        *_all("BlobCount", _COUNT, "Average", "BlobType", "Tier"),
        *_all("ContainerCount"),
        *_STORAGE,
    ),
}


def metric(type_name: str, name: str) -> Metric | None:
    """The metric of a type, letter case ignored; None if the type has none of that name."""
    wanted = name.casefold()
    return next((known for known in METRICS.get(type_name.casefold(), ()) if known.name.casefold() == wanted), None)
