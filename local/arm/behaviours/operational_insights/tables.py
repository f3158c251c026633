"""Tables of a workspace: those of Azure's come with it, others are made by their schema.

Sources: learn.microsoft.com/rest/api/loganalytics/tables, .../azure/azure-monitor/logs/data-retention-configure,
.../azure/azure-monitor/logs/logs-table-plans, .../azure/azure-monitor/reference/tables (which plans a table has).
"""

from datetime import timedelta

from local.arm.clock import moment
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

TABLE = "Microsoft.OperationalInsights/workspaces/tables"
AZURE_TABLES = {
    "AKSAudit": True,
    "AKSAuditAdmin": True,
    "AmlComputeClusterEvent": False,
    "AmlComputeJobEvent": False,
    "AmlOnlineEndpointConsoleLog": False,
    "AmlOnlineEndpointEventLog": False,
    "AmlOnlineEndpointTrafficLog": False,
    "AmlRunStatusChangedEvent": False,
    "AppDependencies": False,
    "AppExceptions": False,
    "AppMetrics": False,
    "AppRequests": False,
    "AppTraces": True,
    "AzureActivity": False,
    "AzureDiagnostics": False,
    "AzureMetrics": False,
    "ContainerLogV2": True,
    "DatabricksClusters": False,
    "DatabricksJobs": False,
    "StorageBlobLogs": True,
    "Usage": False,
}
"""Some of the tables that each workspace has, with whether they can be of plan Basic."""
PLACED = tuple((TABLE, name) for name in AZURE_TABLES)
OWN = ("_CL", "_SRCH", "_RST")
"""Ends of the names of tables that are made: custom logs, search results, restored logs."""
DEFAULT = -1
"""The workspace's own retention."""
BASIC_DAYS = 30
ANALYTICS_DAYS = (4, 730)
MOST_TOTAL_DAYS = 4383
BETWEEN_SWITCHES = timedelta(days=7)


def _check_name(change: Change) -> None:
    """A new table is one of the makers'; those of Azure's are there already."""
    if change.current is None and change.id.name not in AZURE_TABLES and not change.id.name.endswith(OWN):
        message = f"The specified table: '{change.id.name}' does not exist; a new one ends in {', '.join(OWN)}."
        raise ArmError(404, "NotFound", message)
    if change.current is None and change.id.name.endswith("_CL"):
        columns = [column.get("name") for column in change.objects("properties.schema.columns")]
        if "TimeGenerated" not in columns:
            raise _refusal("properties.schema.columns", columns, "a list with the column TimeGenerated")


def _check_plan(change: Change) -> None:
    """Basic where the table can be, switched at most once a week."""
    plan, present = change.get("properties.plan", "Analytics"), change.was("properties.plan")
    if plan == "Basic" and not AZURE_TABLES.get(change.id.name, True):
        raise _refusal("properties.plan", plan, f"Analytics: the table '{change.id.name}' does not support Basic")
    switched = change.was("properties.lastPlanModifiedDate")
    if present is not None and plan != present and switched is not None:
        earliest = moment(switched) + BETWEEN_SWITCHES
        if change.cloud.clock.now() < earliest:
            raise _refusal("properties.plan", plan, f"{present} until {earliest:%Y-%m-%d}: it changes once a week")


def _check_retention(change: Change) -> None:
    """Days of interactive use within the plan's, and of the whole at least as many."""
    days = change.get("properties.retentionInDays", DEFAULT)
    total = change.get("properties.totalRetentionInDays", DEFAULT)
    if change.get("properties.plan", "Analytics") == "Basic":
        if days not in (DEFAULT, BASIC_DAYS):
            raise _refusal("properties.retentionInDays", days, f"absent for plan Basic, which keeps {BASIC_DAYS} days")
    elif days != DEFAULT and not ANALYTICS_DAYS[0] <= days <= ANALYTICS_DAYS[1]:
        low, high = ANALYTICS_DAYS
        raise _refusal("properties.retentionInDays", days, f"{low} to {high}, or {DEFAULT} for the workspace's")
    if total != DEFAULT and not max(days, ANALYTICS_DAYS[0]) <= total <= MOST_TOTAL_DAYS:
        rule = f"at least retentionInDays and at most {MOST_TOTAL_DAYS}, or {DEFAULT} for the same"
        raise _refusal("properties.totalRetentionInDays", total, rule)


def _refusal(path: str, found: object, rule: str) -> ArmError:
    return bad_request("InvalidParameter", f"{path} is '{found}'; it must be {rule}.", target=path)


def _table(change: Change) -> Json:
    plan, present = change.get("properties.plan", "Analytics"), change.was("properties.plan")
    switched = change.cloud.now() if present not in (None, plan) else change.was("properties.lastPlanModifiedDate")
    own = change.id.name.endswith(OWN)
    return {
        "properties": {
            "plan": plan,
            "retentionInDays": change.get("properties.retentionInDays", DEFAULT),
            "totalRetentionInDays": change.get("properties.totalRetentionInDays", DEFAULT),
            "schema": {"name": change.id.name, "tableType": "CustomLog" if own else "Microsoft"},
            **({"lastPlanModifiedDate": switched} if switched else {}),
        }
    }


def _shown(cloud: Cloud, table: Resource) -> Json:
    """Retention as it is in effect, with whether it is the workspace's own."""
    workspace = cloud.store.get(table.id.parent)
    usual = reach(workspace.body if workspace else {}, "properties.retentionInDays", BASIC_DAYS)
    set_days, set_total = (table.properties[name] for name in ("retentionInDays", "totalRetentionInDays"))
    days = BASIC_DAYS if table.properties["plan"] == "Basic" else usual if set_days == DEFAULT else set_days
    total = max(days, set_total)
    return {
        "properties": {
            "retentionInDays": days,
            "totalRetentionInDays": total,
            "archiveRetentionInDays": total - days,
            "retentionInDaysAsDefault": set_days == DEFAULT,
            "totalRetentionInDaysAsDefault": set_total == DEFAULT,
        }
    }


TYPES = (
    ResourceType(
        name=TABLE,
        names=NameRule(r"[A-Za-z][A-Za-z0-9_]{2,62}", "3 to 63 letters, digits and '_', the first a letter"),
        system_data=True,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_name, _check_plan, _check_retention),
        complete=_table,
        shows=_shown,
    ),
)
