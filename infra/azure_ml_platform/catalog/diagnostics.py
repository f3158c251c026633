"""What each ARM type can log: the categories that the platform collects, and those too many to collect always.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-logs and supported-metrics, read 2026-11.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Categories:
    """Categories of one ARM type, as diagnostic settings name them."""

    logs: tuple[str, ...] = ()
    """Logs that are collected."""
    metrics: tuple[str, ...] = ("AllMetrics",)
    """Metrics that are collected."""
    verbose: tuple[str, ...] = ()
    """Logs with a line per read, which cost more than they tell unless somebody asks."""


_STORAGE_METRICS = ("Transaction", "Capacity")

DIAGNOSTIC_CATEGORIES: dict[str, Categories] = {
    "Microsoft.ContainerService/managedClusters": Categories(
        # The audit without reads: all of it is most of the bill of many a cluster.
        logs=("cluster-autoscaler", "guard", "kube-apiserver", "kube-audit-admin", "kube-controller-manager"),
        verbose=("kube-audit", "kube-scheduler"),
    ),
    "Microsoft.ContainerRegistry/registries": Categories(
        logs=("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"),
    ),
    "Microsoft.Databricks/workspaces": Categories(
        logs=("accounts", "clusters", "jobs", "secrets", "unityCatalog", "workspace"),
        metrics=(),
        verbose=("dbfs", "notebook"),
    ),
    "Microsoft.DataFactory/factories": Categories(logs=("ActivityRuns", "PipelineRuns", "TriggerRuns")),
    "Microsoft.KeyVault/vaults": Categories(logs=("AuditEvent", "AzurePolicyEvaluationDetails")),
    "Microsoft.MachineLearningServices/workspaces": Categories(
        logs=(
            "AmlComputeClusterEvent",
            "AmlComputeClusterNodeEvent",
            "AmlComputeCpuGpuUtilization",
            "AmlComputeJobEvent",
            "AmlRunStatusChangedEvent",
            "ComputeInstanceEvent",
            "DataSetChangeEvent",
            "DataStoreChangeEvent",
            "EnvironmentChangeEvent",
            "ModelsChangeEvent",
            "ModelsActionEvent",
            "PipelineChangeEvent",
            "RunEvent",
        ),
        verbose=(
            "DataSetReadEvent",
            "DataStoreReadEvent",
            "EnvironmentReadEvent",
            "ModelsReadEvent",
            "PipelineReadEvent",
            "RunReadEvent",
        ),
    ),
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints": Categories(
        logs=("AmlOnlineEndpointConsoleLog", "AmlOnlineEndpointEventLog", "AmlOnlineEndpointTrafficLog"),
    ),
    "Microsoft.Network/networkSecurityGroups": Categories(
        logs=("NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"), metrics=()
    ),
    "Microsoft.Network/publicIPAddresses": Categories(
        logs=("DDoSProtectionNotifications", "DDoSMitigationFlowLogs", "DDoSMitigationReports")
    ),
    "Microsoft.Network/virtualNetworks": Categories(logs=("VMProtectionAlerts",)),
    "Microsoft.OperationalInsights/workspaces": Categories(logs=("Audit",)),
    "Microsoft.Sql/servers/databases": Categories(
        logs=("SQLInsights", "Errors", "Timeouts", "Deadlocks", "AutomaticTuning"),
        metrics=("Basic", "InstanceAndAppAdvanced", "WorkloadManagement"),
        verbose=("Blocks", "DatabaseWaitStatistics", "QueryStoreRuntimeStatistics", "QueryStoreWaitStatistics"),
    ),
    "Microsoft.Storage/storageAccounts": Categories(metrics=_STORAGE_METRICS),
    "Microsoft.Storage/storageAccounts/blobServices": Categories(
        logs=("StorageWrite", "StorageDelete"), metrics=_STORAGE_METRICS, verbose=("StorageRead",)
    ),
}
"""By ARM type."""
