"""Accepted bodies of what watches a platform and of who may do what, for `samples`."""

from collections.abc import Callable
from uuid import UUID

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

Add = Callable[[str, str, str, Json], str]
LOCATION: Json = {"location": REGION}
SINGLE = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"


def metric_alert(target: str, metric: str, **changes: object) -> Json:
    """A rule with one criterion that anything above zero meets."""
    criterion = {
        "criterionType": "StaticThresholdCriterion",
        "name": "one",
        "metricName": metric,
        "operator": "GreaterThan",
        "threshold": 0,
        "timeAggregation": "Average",
        "dimensions": [],
    }
    properties = {
        "severity": 2,
        "enabled": True,
        "scopes": [target],
        "evaluationFrequency": "PT1M",
        "windowSize": "PT5M",
        "criteria": {"odata.type": SINGLE, "allOf": [criterion]},
        "actions": [],
    }
    return {"location": "global", "properties": properties | changes}


def query_alert(logs: str, **changes: object) -> Json:
    """A log search rule."""
    periods = {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1}
    query = {"query": "AppTraces", "operator": "GreaterThan", "threshold": 0, "failingPeriods": periods}
    properties = {
        "severity": 2,
        "scopes": [logs],
        "evaluationFrequency": "PT5M",
        "windowSize": "PT15M",
        "criteria": {"allOf": [query]},
        "actions": {"actionGroups": []},
    }
    return {**LOCATION, "kind": "LogAlert", "properties": properties | changes}


def autoscale(target: str, metric: str = "Transactions", **changes: object) -> Json:
    """A setting with one profile and one rule."""
    trigger = {"metricName": metric, "metricResourceUri": target, "timeGrain": "PT1M", "timeWindow": "PT5M"}
    rule = {"metricTrigger": trigger, "scaleAction": {"direction": "Increase", "cooldown": "PT5M", "value": "1"}}
    profile = {"name": "usual", "capacity": {"minimum": "1", "default": "1", "maximum": "3"}, "rules": [rule]}
    properties = {"enabled": True, "targetResourceUri": target, "profiles": [profile]}
    return {**LOCATION, "properties": properties | changes}


def add_monitoring(parts: Platform, add: Add) -> None:
    insights, group = "Microsoft.Insights", parts.group
    add(f"{insights}/metricAlerts", group, "busy", metric_alert(parts.storage, "Transactions"))
    add(f"{insights}/scheduledQueryRules", group, "failing", query_alert(parts.logs))
    condition = {
        "allOf": [{"field": "category", "equals": "ServiceHealth"}, {"anyOf": [{"field": "a", "equals": "b"}]}]
    }
    alert = {"scopes": [parts.group], "condition": condition, "actions": {"actionGroups": []}}
    add(f"{insights}/activityLogAlerts", group, "health", {"location": "global", "properties": alert})
    add(f"{insights}/autoscaleSettings", group, "scale", autoscale(parts.storage))
    modes = {"accessModeSettings": {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "Open", "exclusions": []}}
    scope = add(f"{insights}/privateLinkScopes", group, "ampls", {"location": "global", "properties": modes})
    linked: Json = {"properties": {"linkedResourceId": parts.logs}}
    add(f"{insights}/privateLinkScopes/scopedResources", scope, "logs", linked)
    account = add("Microsoft.Monitor/accounts", group, "amw-sample", {**LOCATION, "properties": {}})
    endpoint = add(f"{insights}/dataCollectionEndpoints", group, "dce-sample", {**LOCATION, "properties": {}})
    sinks = {
        "logAnalytics": [{"name": "logs", "workspaceResourceId": parts.logs}],
        "monitoringAccounts": [{"name": "metrics", "accountResourceId": account}],
        "azureMonitorMetrics": {"name": "platform"},
    }
    flows = [{"streams": ["Microsoft-Perf"], "destinations": ["logs", "metrics", "platform"]}]
    rule = {"dataCollectionEndpointId": endpoint, "destinations": sinks, "dataFlows": flows, "dataSources": {}}
    collection = add(f"{insights}/dataCollectionRules", group, "dcr-sample", {**LOCATION, "properties": rule})
    join: Json = {"properties": {"dataCollectionRuleId": collection}}
    add(f"{insights}/dataCollectionRuleAssociations", parts.vault, "perf", join)
    shown = {
        "displayName": "Overview",
        "category": "workbook",
        "serializedData": '{"items": []}',
        "sourceId": parts.logs,
    }
    add(f"{insights}/workbooks", group, str(UUID(int=1)), {**LOCATION, "kind": "shared", "properties": shown})
    test = {
        "SyntheticMonitorId": "probe",
        "Kind": "standard",
        "Frequency": 300,
        "Locations": [{"Id": "emea-nl-ams-azr"}],
    }
    probe = {"RequestUrl": "https://example.com", "Headers": [{"key": "a", "value": "b"}]}
    tags = {f"hidden-link:{parts.insights}": "Resource"}
    add(f"{insights}/webtests", group, "probe", {**LOCATION, "tags": tags, "properties": {**test, "Request": probe}})
    columns = [{"name": "TimeGenerated", "type": "dateTime"}]
    table = {"plan": "Analytics", "totalRetentionInDays": 90, "schema": {"name": "Own_CL", "columns": columns}}
    add("Microsoft.OperationalInsights/workspaces/tables", parts.logs, "Own_CL", {"properties": table})
    rules = [{"alert": "Slow", "expression": "up == 0", "for": "PT5M", "severity": 2, "labels": {}, "actions": []}]
    prometheus = {"scopes": [account], "interval": "PT1M", "rules": rules}
    add("Microsoft.AlertsManagement/prometheusRuleGroups", group, "slow", {**LOCATION, "properties": prometheus})


def add_access(azure: Azure, parts: Platform, add: Add) -> None:
    permissions = [{"actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": []}]
    role = {"roleName": "Sample", "type": "CustomRole", "assignableScopes": [parts.group], "permissions": permissions}
    add("Microsoft.Authorization/roleDefinitions", azure.subscription, str(UUID(int=2)), {"properties": role})
    policy = "/providers/Microsoft.Authorization/policyDefinitions/audit"
    assignment: Json = {"properties": {"policyDefinitionId": policy, "parameters": {}}}
    add("Microsoft.Authorization/policyAssignments", parts.group, "audit", assignment)
    trust = {"issuer": "https://issuer.example.com", "subject": "repo:a/b", "audiences": ["api://AzureADTokenExchange"]}
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
    add(kind, parts.identity, "ci-sample", {"properties": trust})
    schedule = {"frequency": "Daily", "startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z"}
    anomaly = {
        "displayName": "Anomalies",
        "status": "Enabled",
        "viewId": f"{azure.subscription}/providers/Microsoft.CostManagement/views/ms:DailyAnomalyByResourceGroup",
        "schedule": schedule,
        "notification": {"to": ["me@example.com"], "subject": "Cost anomaly"},
    }
    body: Json = {"kind": "InsightAlert", "properties": anomaly}
    add("Microsoft.CostManagement/scheduledActions", azure.subscription, "anomalies", body)
