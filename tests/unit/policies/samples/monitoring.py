"""Samples of the rules on logs, telemetry, alerts and budgets."""

from typing import Any

from policies.kit.kinds import (
    APPLICATION_INSIGHTS,
    BLOB_SERVICE,
    DIAGNOSTIC_SETTING,
    LOG_ANALYTICS,
    ML_WORKSPACE,
    REGISTRY,
    SQL_DATABASE,
    STORAGE_ACCOUNT,
    VAULT,
)
from tests.unit.policies.analyzer import UNKNOWN, Node
from tests.unit.policies.samples.case import Case

GROUP = "/subscriptions/s/resourceGroups/g/providers"
ACCOUNT_ID = f"{GROUP}/Microsoft.Storage/storageAccounts/stmlops"
VAULT_ID = f"{GROUP}/Microsoft.KeyVault/vaults/kvmlops"
WORKSPACE_ID = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/mlw"
REGISTRY_ID = f"{GROUP}/Microsoft.ContainerRegistry/registries/crmlops"
ALL_LOGS = {"categoryGroup": "allLogs", "enabled": True}
AUDIT_EVENTS = {"category": "AuditEvent", "enabled": True}
METRICS_ONLY = {"categoryGroup": "metrics", "enabled": True}
SWITCHED_OFF = {**ALL_LOGS, "enabled": False}
SERVER_ID = f"{GROUP}/Microsoft.Sql/servers/sql-mlops"
BUDGET = "consumption:Budget"
METRIC_ALERT = "monitor:MetricAlert"


def notifications(**changes: Any) -> dict[str, Any]:
    """The notifications of a budget: one on the actual cost, one on the forecast."""
    actual = {"enabled": True, "threshold": 80, "operator": "GreaterThan", "contactEmails": ["team@example.com"]}
    return {"actual": actual, "forecast": {**actual, "thresholdType": "Forecasted", **changes}}


def told_by(*receivers: str) -> dict[str, Any]:
    """Both notifications, received by some kinds of receivers."""
    bare = {name: {**each, "contactEmails": []} for name, each in notifications().items()}
    return {name: {**each, **{receiver: ["somebody"] for receiver in receivers}} for name, each in bare.items()}


SECURITY = (
    Case("law-local-auth", LOG_ANALYTICS, "features.disableLocalAuth", True, False, "violates"),
    Case(
        *("law-public-access", LOG_ANALYTICS, "publicNetworkAccessForQuery", "Disabled", "Enabled", "violates"),
        rest={"publicNetworkAccessForIngestion": "Disabled"},
    ),
    Case(
        *("law-public-access", APPLICATION_INSIGHTS, "publicNetworkAccessForIngestion"),
        *("Disabled", "Enabled", "violates"),
        rest={"publicNetworkAccessForQuery": "Disabled"},
    ),
    Case("appi-workspace-based", APPLICATION_INSIGHTS, "workspaceResourceId", "/workspaces/log", "", "violates"),
    Case("appi-local-auth", APPLICATION_INSIGHTS, "disableLocalAuth", True, False, "violates"),
    Case(
        *("aml-diagnostic-logs", DIAGNOSTIC_SETTING, "logs", [ALL_LOGS], [SWITCHED_OFF], "violates"),
        rest={"resourceUri": WORKSPACE_ID},
        others=[Node(ML_WORKSPACE, {"workspaceName": "mlw"}, name="workspace")],
    ),
    Case(
        *("aml-diagnostic-logs", DIAGNOSTIC_SETTING, "resourceUri", WORKSPACE_ID),
        *(f"{WORKSPACE_ID}/onlineEndpoints/e", "violates"),
        rest={"logs": [ALL_LOGS]},
        others=[Node(ML_WORKSPACE, {"workspaceName": "mlw"}, name="workspace")],
    ),
    Case(
        *("kv-audit-logs", DIAGNOSTIC_SETTING, "logs", [ALL_LOGS], [METRICS_ONLY], "violates"),
        rest={"resourceUri": VAULT_ID},
        others=[Node(VAULT, {"vaultName": "kvmlops"}, name="vault")],
    ),
    Case(
        *("kv-audit-logs", DIAGNOSTIC_SETTING, "logs", [AUDIT_EVENTS], [{**AUDIT_EVENTS, "category": "x"}], "violates"),
        rest={"resourceUri": VAULT_ID},
        others=[Node(VAULT, {"vaultName": "kvmlops"}, name="vault")],
    ),
    Case(
        *("diag-setting-per-resource", DIAGNOSTIC_SETTING, "resourceUri"),
        *(f"{ACCOUNT_ID}/blobServices/default", VAULT_ID, "violates"),
        rest={"logs": [ALL_LOGS]},
        others=[Node(STORAGE_ACCOUNT, {"accountName": "stmlops"}, name="account")],
    ),
    Case(
        *("diag-setting-per-resource", BLOB_SERVICE, "accountName", "stmlops", "stother", "violates"),
        others=[
            Node(STORAGE_ACCOUNT, {"accountName": "stmlops"}, name="account"),
            Node(
                *(DIAGNOSTIC_SETTING, {"resourceUri": UNKNOWN, "logs": [ALL_LOGS]}, "diagnostics"),
                references={"resourceUri": ["it"]},
            ),
        ],
    ),
    Case(
        *("diag-setting-per-resource", DIAGNOSTIC_SETTING, "resourceUri", REGISTRY_ID, ACCOUNT_ID, "violates"),
        rest={"logs": [ALL_LOGS]},
        others=[Node(REGISTRY, {"registryName": "CrMlOps"}, name="registry")],
    ),
    Case(
        *("alert-routing", "alertsmanagement:SmartDetectorAlertRule", "state", "Enabled", "Disabled", "violates"),
        rest={"actionGroups": {"groupIds": ["/actionGroups/ag"]}},
    ),
    Case(
        *("diag-setting-per-resource", DIAGNOSTIC_SETTING, "resourceUri"),
        *(f"{SERVER_ID}/databases/mlops", f"{SERVER_ID}/databases/master", "violates"),
        rest={"logs": [ALL_LOGS]},
        others=[Node(SQL_DATABASE, {"databaseName": "mlops"}, name="database")],
    ),
    Case(
        "alert-routing", METRIC_ALERT, "actions", [{"actionGroupId": UNKNOWN}], [], "violates", rest={"enabled": True}
    ),
    Case(
        "alert-routing", METRIC_ALERT, "enabled", True, False, "violates", rest={"actions": [{"actionGroupId": "/ag"}]}
    ),
    Case("alert-routing", "monitor:ScheduledQueryRule", "actions.actionGroups", ["/ag"], [], "violates"),
    Case(
        *("alert-routing", "monitor:ActivityLogAlert", "enabled", True, False, "passes"),
        rest={"actions": {"actionGroups": [{"actionGroupId": "/ag"}]}},
    ),
    Case(
        *("alert-routing", "monitor:ActionGroup", "emailReceivers", [{"emailAddress": "a@example.com"}], []),
        absent="violates",
        rest={"enabled": True},
    ),
)

LOGGED = {"workspaceId": WORKSPACE_ID}

COST = (
    # A second destination is one too many whatever its id.
    Case(
        *("diag-single-destination", DIAGNOSTIC_SETTING, "storageAccountId", "", ACCOUNT_ID, "passes"),
        rest={"workspaceId": WORKSPACE_ID},
        unknown="violates",
    ),
    *(
        Case(
            "diag-single-destination",
            DIAGNOSTIC_SETTING,
            other,
            "",
            "/elsewhere",
            "passes",
            rest=LOGGED,
            unknown="violates",
        )
        for other in ("eventHubAuthorizationRuleId", "marketplacePartnerId")
    ),
    Case("law-daily-cap", LOG_ANALYTICS, "workspaceCapping.dailyQuotaGb", 2, -1, "violates"),
    Case("law-retention", LOG_ANALYTICS, "retentionInDays", 31, 90, "passes"),
    Case("law-retention", "operationalinsights:Table", "totalRetentionInDays", 90, 365, "passes"),
    Case(
        *("alert-frequency", "monitor:ScheduledQueryRule", "evaluationFrequency", "PT15M", "PT1M", "violates"),
    ),
    Case("alert-frequency", "monitor:MetricAlert", "autoMitigate", True, False, "passes"),
    Case("appi-retention", APPLICATION_INSIGHTS, "retentionInDays", 90, 730, "passes"),
    Case("appi-sampling", APPLICATION_INSIGHTS, "samplingPercentage", 100, {}, "violates"),
    Case(
        *("budget-present", BUDGET, "amount", 500, 1001, "violates"),
        rest={"timeGrain": "Monthly", "notifications": notifications()},
    ),
    *(
        Case(
            *("budget-present", BUDGET, "notifications", good, bad, "violates"),
            rest={"timeGrain": "Monthly", "amount": 500},
        )
        for good, bad in (
            (notifications(), notifications(enabled=False)),
            (told_by("contactGroups"), told_by()),
            (told_by("contactRoles"), told_by()),
        )
    ),
)
