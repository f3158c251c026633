"""What is watched of each ARM type, and when somebody is told.

Metrics and dimensions: learn.microsoft.com/azure/azure-monitor/reference/supported-metrics. Queries read tables of
learn.microsoft.com/azure/azure-monitor/reference/tables. Thresholds are starting points, taken from Azure Monitor's
baseline alerts where they exist (azure.github.io/azure-monitor-baseline-alerts). Read 2026-11.
"""

from dataclasses import dataclass

ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENT = f"{ENDPOINT}/deployments"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
CLUSTER = "Microsoft.ContainerService/managedClusters"
DATABASE = "Microsoft.Sql/servers/databases"
JOB_AGENT = "Microsoft.Sql/servers/jobAgents"
DATABRICKS = "Microsoft.Databricks/workspaces"
STORAGE = "Microsoft.Storage/storageAccounts"
VAULT = "Microsoft.KeyVault/vaults"
FACTORY = "Microsoft.DataFactory/factories"


@dataclass(frozen=True)
class Dimension:
    """A dimension of a metric, and the values that count."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MetricRule:
    """One metric of a type against a fixed threshold."""

    name: str
    """Part of the alert's name, unique for the type."""
    description: str
    metric: str
    aggregation: str
    operator: str
    threshold: float
    severity: int
    """0 is critical, 1 an error, 2 a warning, 3 a piece of information."""
    minutes: int = 15
    """The window that is looked at, each five minutes."""
    dimensions: tuple[Dimension, ...] = ()
    essential: bool = False
    """Watched in development too."""


@dataclass(frozen=True, kw_only=True)
class LogRule:
    """A query whose result is told when it exceeds a threshold."""

    name: str
    description: str
    needs: str = ""
    """ARM type that has to be watched for the query to have anything to read; empty where it always has."""
    query: str
    measure: str | None = None
    """Column that is compared; None counts the rows."""
    threshold: float
    operator: str = "GreaterThan"
    severity: int
    minutes: int = 15
    """The window that is looked at."""
    every_minutes: int | None = None
    """How often; None for each window once."""


@dataclass(frozen=True, kw_only=True)
class ActivityRule:
    """Events of the activity log."""

    name: str
    description: str
    category: str
    any_of: tuple[tuple[str, str], ...] = ()
    """Field and value of which one has to match; empty for all of the category."""
    severity: int
    whole_subscription: bool = False
    """Told of the subscription, not of the stack's groups: service health knows no smaller scope."""


def _above(name: str, description: str, metric: str, threshold: float, severity: int, **more: object) -> MetricRule:
    rule = {"aggregation": "Average", "operator": "GreaterThan", **more}
    return MetricRule(
        name=name,
        description=description,
        metric=metric,
        threshold=threshold,
        severity=severity,
        **rule,  # type: ignore[arg-type]
    )


_FAILED = (Dimension("statusCodeClass", ("5xx",)),)
_MODEL_FAILED = (Dimension("statusCode", ("424",)),)
_THROTTLED = (
    Dimension("ResponseType", ("ClientThrottlingError", "ServerBusyError", "ClientAccountBandwidthThrottlingError")),
)

METRIC_RULES: dict[str, tuple[MetricRule, ...]] = {
    ENDPOINT: (
        _above(
            "failed-requests",
            "Requests end with a server error.",
            "RequestsPerMinute",
            0,
            1,
            dimensions=_FAILED,
            essential=True,
        ),
        _above(
            "model-errors",
            "The model itself answers with an error.",
            "RequestsPerMinute",
            0,
            2,
            dimensions=_MODEL_FAILED,
        ),
        _above(
            "slow-requests",
            "One request in twenty takes longer than two seconds.",
            "RequestLatency_P95",
            2000,
            2,
            essential=True,
        ),
        _above("connections", "Connections come near the 500 that an endpoint takes.", "ConnectionsActive", 400, 2),
        _above("lost-data", "Collected data of the model is dropped.", "DataCollectionErrorsPerMinute", 0, 3),
    ),
    DEPLOYMENT: (
        _above(
            "processor", "Instances are short of processor time.", "CpuUtilizationPercentage", 90, 2, essential=True
        ),
        _above("memory", "Instances are short of memory.", "CpuMemoryUtilizationPercentage", 90, 2),
        _above("gpu-memory", "Instances are short of memory on their GPU.", "GpuMemoryUtilizationPercentage", 95, 2),
        _above("disk", "The disk of an instance is nearly full.", "DiskUtilization", 90, 1),
    ),
    WORKSPACE: (
        _above("quota", "A cluster is near its quota of cores.", "Quota Utilization Percentage", 90, 2, essential=True),
        _above("unusable-nodes", "Nodes of a cluster do not work.", "Unusable Nodes", 0, 2, essential=True),
        _above("failed-runs", "Training runs fail.", "Failed Runs", 0, 3, aggregation="Total", minutes=60),
        _above("preempted-nodes", "Low-priority nodes are taken away.", "Preempted Nodes", 0, 3, minutes=60),
    ),
    DATABASE: (
        _above("processor", "The database is short of processor time.", "cpu_percent", 90, 2),
        _above("space", "The database is nearly full.", "storage_percent", 85, 1, minutes=60),
        _above("deadlocks", "Transactions block each other.", "deadlock", 0, 3, aggregation="Total"),
        _above(
            "failed-connections", "Connections fail in the service.", "connection_failed", 5, 2, aggregation="Total"
        ),
    ),
    JOB_AGENT: (
        _above(
            "failed",
            "A job of the database failed: a data quality check found violations, or could not run.",
            "elastic_jobs_failed",
            0,
            2,
            aggregation="Total",
            essential=True,
        ),
    ),
    STORAGE: (
        _above(
            "availability", "Requests to the account fail in the service.", "Availability", 99, 1, operator="LessThan"
        ),
        _above(
            "throttling",
            "The account refuses requests as too many.",
            "Transactions",
            0,
            3,
            aggregation="Total",
            dimensions=_THROTTLED,
        ),
    ),
    VAULT: (
        _above(
            "availability", "Requests to the vault fail in the service.", "Availability", 99, 1, operator="LessThan"
        ),
        _above("saturation", "The vault is near the requests that it takes.", "SaturationShoebox", 75, 2),
    ),
    FACTORY: (
        _above(
            "failed",
            "A copy into the lake failed, or its data did not pass its checks and is in quarantine.",
            "PipelineFailedRuns",
            0,
            2,
            aggregation="Total",
            essential=True,
        ),
        _above(
            "not-started", "A trigger could not start its pipeline.", "TriggerFailedRuns", 0, 2, aggregation="Total"
        ),
    ),
    CLUSTER: (
        _above(
            "nodes-not-ready",
            "A node does not answer.",
            "kube_node_status_condition",
            0,
            1,
            dimensions=(Dimension("status2", ("NotReady",)),),
        ),
        _above(
            "pods-pending",
            "Pods find no node, or have failed.",
            "kube_pod_status_phase",
            0,
            2,
            dimensions=(Dimension("phase", ("Pending", "Failed")),),
        ),
        _above("processor", "A node is short of processor time.", "node_cpu_usage_percentage", 90, 2),
        _above(
            "memory", "A node is short of memory; its pods will be ended.", "node_memory_working_set_percentage", 95, 1
        ),
        _above("disk", "The disk of a node is nearly full.", "node_disk_usage_percentage", 85, 2),
    ),
}
"""By ARM type."""

LOG_RULES: tuple[LogRule, ...] = (
    LogRule(
        name="job-failure-rate",
        description="More than one job in five fails.",
        needs=WORKSPACE,
        query=(
            'AmlComputeJobEvent | where EventType in ("JobSucceeded", "JobFailed") '
            '| summarize failed_percent = 100.0 * countif(EventType == "JobFailed") / count()'
        ),
        measure="failed_percent",
        threshold=20,
        severity=2,
        minutes=360,
    ),
    LogRule(
        name="silent-endpoint",
        description="No request has reached any endpoint for a day.",
        needs=ENDPOINT,
        query="AmlOnlineEndpointTrafficLog | summarize requests = count()",
        measure="requests",
        operator="LessThan",
        threshold=1,
        severity=3,
        minutes=1440,
    ),
    LogRule(
        name="refused-by-vault",
        description="Somebody without the right asks the vault again and again.",
        needs=VAULT,
        query='AzureDiagnostics | where ResourceProvider == "MICROSOFT.KEYVAULT" and httpStatusCode_d == 403',
        threshold=10,
        severity=2,
    ),
    LogRule(
        name="refused-by-storage",
        description="Somebody without the right asks the storage again and again.",
        needs=STORAGE,
        query='StorageBlobLogs | where StatusCode == "403"',
        threshold=50,
        severity=2,
    ),
    LogRule(
        name="failed-databricks-jobs",
        description="Runs of Databricks jobs fail.",
        needs=DATABRICKS,
        query='DatabricksJobs | where ActionName == "runFailed"',
        threshold=0,
        severity=2,
    ),
)
"""Queries on the logs, where what they read is there."""

ACTIVITY_RULES: tuple[ActivityRule, ...] = (
    ActivityRule(
        name="service-health",
        description="Azure has an incident, maintenance or advice that concerns the subscription.",
        category="ServiceHealth",
        severity=1,
        whole_subscription=True,
    ),
    ActivityRule(
        name="resource-health",
        description="A resource of the stack does not work as it should.",
        category="ResourceHealth",
        any_of=(("properties.currentHealthStatus", "Degraded"), ("properties.currentHealthStatus", "Unavailable")),
        severity=1,
    ),
    ActivityRule(
        name="denied-by-policy",
        description="Azure Policy has refused a change.",
        category="Policy",
        any_of=(("operationName", "Microsoft.Authorization/policies/deny/action"),),
        severity=2,
    ),
    ActivityRule(
        name="vault-deleted",
        description="A vault with its keys was deleted.",
        category="Administrative",
        any_of=(("operationName", "Microsoft.KeyVault/vaults/delete"),),
        severity=1,
    ),
    ActivityRule(
        name="firewall-changed",
        description="A rule of a firewall or of a network security group was changed.",
        category="Administrative",
        any_of=(
            ("operationName", "Microsoft.Sql/servers/firewallRules/write"),
            ("operationName", "Microsoft.Network/networkSecurityGroups/securityRules/write"),
            ("operationName", "Microsoft.Network/azureFirewalls/write"),
        ),
        severity=2,
    ),
    ActivityRule(
        name="lock-removed",
        description="A lock that keeps data from deletion was taken off.",
        category="Administrative",
        any_of=(("operationName", "Microsoft.Authorization/locks/delete"),),
        severity=1,
    ),
)
"""Events of the activity log."""


def log_cap_rules(cap_gb: float, warn_percent: float) -> tuple[LogRule, ...]:
    """What is told of a workspace's daily cap: that it is near, and that logs are dropped until tomorrow.

    Queries: learn.microsoft.com/azure/azure-monitor/logs/daily-cap, .../logs/cost-usage.
    """
    return (
        LogRule(
            name="log-cap-near",
            description=f"Today's logs have reached {warn_percent:g} % of the {cap_gb:g} GB that are taken in a day.",
            query=(
                "Usage | where IsBillable and TimeGenerated >= startofday(now()) | summarize megabytes = sum(Quantity)"
            ),
            measure="megabytes",
            # Azure publishes the threshold as a whole number.
            threshold=round(cap_gb * 1000 * warn_percent / 100),
            severity=2,
            minutes=1440,
            every_minutes=60,
        ),
        LogRule(
            name="log-cap-reached",
            description=f"The {cap_gb:g} GB of today are used up: logs are dropped until tomorrow.",
            query='_LogOperation | where Category =~ "Ingestion" and Detail contains "OverQuota"',
            threshold=0,
            severity=1,
            every_minutes=15,
        ),
    )
