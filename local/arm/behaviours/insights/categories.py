"""What resources can send to a diagnostic setting, by type in lower case.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-logs and .../supported-metrics, one page per type.
A type that is missing here is not checked; one with no logs has metrics alone.
"""

from dataclasses import dataclass

GROUPS = ("allLogs", "audit")
"""Category groups that the platform has for every type with logs."""


@dataclass(frozen=True)
class Categories:
    """Categories of logs and metrics."""

    logs: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ("AllMetrics",)


_STORAGE = ("Transaction", "Capacity")
_STORAGE_SERVICE = Categories(("StorageRead", "StorageWrite", "StorageDelete"), _STORAGE)
_SSIS = (
    *("SSISIntegrationRuntimeLogs", "SSISPackageEventMessageContext", "SSISPackageEventMessages"),
    *("SSISPackageExecutableStatistics", "SSISPackageExecutionComponentPhases", "SSISPackageExecutionDataStatistics"),
    *("SandboxActivityRuns", "SandboxPipelineRuns"),
)

CATEGORIES: dict[str, Categories] = {
    "microsoft.containerregistry/registries": Categories(
        ("ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents")
    ),
    "microsoft.containerservice/managedclusters": Categories(
        (
            "kube-apiserver",
            "kube-audit",
            "kube-audit-admin",
            "kube-controller-manager",
            "kube-scheduler",
            "cluster-autoscaler",
            "cloud-controller-manager",
            "guard",
            "csi-azuredisk-controller",
            "csi-azurefile-controller",
            "csi-snapshot-controller",
        )
    ),
    "microsoft.databricks/workspaces": Categories(
        (
            "dbfs",
            "clusters",
            "accounts",
            "jobs",
            "notebook",
            "ssh",
            "workspace",
            "secrets",
            "sqlPermissions",
            "instancePools",
            "sqlanalytics",
            "genie",
            "globalInitScripts",
            "iamRole",
            "mlflowExperiment",
            "featureStore",
            "RemoteHistoryService",
            "mlflowAcledArtifact",
            "databrickssql",
            "deltaPipelines",
            "modelRegistry",
            "repos",
            "unityCatalog",
            "gitCredentials",
            "webTerminal",
            "serverlessRealTimeInference",
            "clusterLibraries",
            "partnerHub",
            "clamAVScan",
            "capsule8Dataplane",
        ),
        metrics=(),
    ),
    "microsoft.insights/components": Categories(
        (
            "AppAvailabilityResults",
            "AppBrowserTimings",
            "AppEvents",
            "AppMetrics",
            "AppDependencies",
            "AppExceptions",
            "AppPageViews",
            "AppPerformanceCounters",
            "AppRequests",
            "AppSystemEvents",
            "AppTraces",
        )
    ),
    "microsoft.datafactory/factories": Categories(("ActivityRuns", "PipelineRuns", "TriggerRuns", *_SSIS)),
    "microsoft.keyvault/vaults": Categories(("AuditEvent", "AzurePolicyEvaluationDetails")),
    "microsoft.machinelearningservices/registries": Categories(
        ("RegistryAssetReadEvent", "RegistryAssetWriteEvent"), metrics=()
    ),
    "microsoft.machinelearningservices/workspaces": Categories(
        (
            "AmlComputeClusterEvent",
            "AmlComputeClusterNodeEvent",
            "AmlComputeJobEvent",
            "AmlComputeCpuGpuUtilization",
            "AmlRunStatusChangedEvent",
            "ModelsChangeEvent",
            "ModelsReadEvent",
            "ModelsActionEvent",
            "DeploymentReadEvent",
            "DeploymentEventACI",
            "DeploymentEventAKS",
            "InferencingOperationAKS",
            "InferencingOperationACI",
            "EnvironmentChangeEvent",
            "EnvironmentReadEvent",
            "DataLabelChangeEvent",
            "DataLabelReadEvent",
            "ComputeInstanceEvent",
            "DataStoreChangeEvent",
            "DataStoreReadEvent",
            "DataSetChangeEvent",
            "DataSetReadEvent",
            "PipelineChangeEvent",
            "PipelineReadEvent",
            "RunEvent",
            "RunReadEvent",
        )
    ),
    "microsoft.machinelearningservices/workspaces/onlineendpoints": Categories(
        ("AmlOnlineEndpointTrafficLog", "AmlOnlineEndpointConsoleLog", "AmlOnlineEndpointEventLog")
    ),
    "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments": Categories(),
    "microsoft.network/natgateways": Categories(),
    "microsoft.network/networksecuritygroups": Categories(
        ("NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"), metrics=()
    ),
    "microsoft.network/privateendpoints": Categories(),
    "microsoft.network/publicipaddresses": Categories(
        ("DDoSProtectionNotifications", "DDoSMitigationFlowLogs", "DDoSMitigationReports")
    ),
    "microsoft.network/virtualnetworks": Categories(("VMProtectionAlerts",)),
    "microsoft.operationalinsights/workspaces": Categories(("Audit", "SummaryLogs")),
    "microsoft.sql/servers/databases": Categories(
        (
            "SQLInsights",
            "AutomaticTuning",
            "QueryStoreRuntimeStatistics",
            "QueryStoreWaitStatistics",
            "Errors",
            "DatabaseWaitStatistics",
            "Timeouts",
            "Blocks",
            "Deadlocks",
            "DevOpsOperationsAudit",
            "SQLSecurityAuditEvents",
        ),
        ("Basic", "InstanceAndAppAdvanced", "WorkloadManagement", "AllMetrics"),
    ),
    "microsoft.storage/storageaccounts": Categories((), (*_STORAGE, "AllMetrics")),
    "microsoft.storage/storageaccounts/blobservices": _STORAGE_SERVICE,
    "microsoft.storage/storageaccounts/fileservices": _STORAGE_SERVICE,
    "microsoft.storage/storageaccounts/queueservices": _STORAGE_SERVICE,
    "microsoft.storage/storageaccounts/tableservices": _STORAGE_SERVICE,
}
