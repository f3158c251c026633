"""Monitoring, alerts, workbook and budget: who is told of what."""

import json

import pytest
from pydantic import ValidationError

from azure_ml_platform.catalog.alerts import ACTIVITY_RULES, LOG_RULES, METRIC_RULES
from azure_ml_platform.components.monitoring import MonitoringArgs, TableArgs
from tests.unit.components.cases.given import GROUP, LOGS, PLACE, SCOPES

METRIC, QUERY = "azure-native:monitor:MetricAlert", "azure-native:monitor:ScheduledQueryRule"
ACTIVITY, ACTIONS = "azure-native:monitor:ActivityLogAlert", "azure-native:monitor:ActionGroup"
TABLE = "pulumi-python:dynamic/azure_ml_platform:LogTable"
VAULT = {"arm_type": "Microsoft.KeyVault/vaults", "id": f"{GROUP}/Microsoft.KeyVault/vaults/kv"}


def test_somebody_is_told_before_the_cap_drops_logs_and_when_it_does(made):
    near, reached = made("Monitoring", daily_cap_gb=10).all(QUERY)
    assert near.inputs["criteria"]["allOf"][0]["threshold"] == 8000
    assert near.inputs["severity"] > reached.inputs["severity"]
    assert "OverQuota" in reached.inputs["criteria"]["allOf"][0]["query"]
    assert made("Monitoring", daily_cap_gb=None).all(QUERY) == []


def test_urgent_alerts_have_an_action_group_of_their_own_with_mail_webhook_and_role(made):
    graph = made("Monitoring", full=True)
    usual, urgent = graph.one(ACTIONS, "x-actions").inputs, graph.one(ACTIONS, "x-urgent-actions").inputs
    assert [mail["emailAddress"] for mail in usual["emailReceivers"]] == ["me@example.com"]
    assert [mail["emailAddress"] for mail in urgent["emailReceivers"]] == ["me@example.com", "pager@example.com"]
    assert urgent["webhookReceivers"][0]["serviceUri"] == "https://chat.example.com/hook"
    assert urgent["armRoleReceivers"][0]["roleId"] == "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    assert all(mail["useCommonAlertSchema"] for mail in urgent["emailReceivers"])


def test_without_urgent_receivers_there_is_one_action_group(made):
    graph = made("Monitoring")
    assert len(graph.all(ACTIONS)) == 1
    outputs = graph.one("azure-ml-platform:index:Monitoring").outputs
    assert outputs["action_group_id"] == outputs["urgent_action_group_id"]


def test_tables_that_differ_are_set(made):
    basic, archived = (node.inputs for node in made("Monitoring", full=True).all(TABLE))
    assert (basic["table"], basic["plan"]) == ("AppTraces", "Basic")
    assert (archived["retention_days"], archived["total_retention_days"]) == (90, 365)


def test_a_table_is_basic_only_where_azure_lets_it_be():
    arguments = {**PLACE, "log_analytics_name": "l", "application_insights_name": "a", "action_group_name": "g"}
    with pytest.raises(ValidationError, match="table AppRequests cannot be of plan Basic; these can: AKSAudit"):
        MonitoringArgs(
            **arguments,
            action_group_short_name="s",
            emails=["me@example.com"],
            tables={"AppRequests": {"plan": "Basic"}},
        )
    with pytest.raises(ValidationError, match="retention_days is fixed for plan Basic"):
        TableArgs(plan="Basic", retention_days=60)


def test_both_stores_are_in_the_private_link_scope(made):
    graph = made("MonitorLink", full=True)
    scope = graph.one("azure-native:monitor:PrivateLinkScope")
    modes = {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "PrivateOnly"}
    assert scope.inputs["accessModeSettings"] == modes
    linked = {node.inputs["linkedResourceId"] for node in graph.all("azure-native:monitor:PrivateLinkScopedResource")}
    assert linked == {LOGS["workspace_id"], SCOPES["insights"]["id"]}
    (connection,) = graph.one("azure-native:network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert (connection["privateLinkServiceId"], connection["groupIds"]) == (scope.id, ["azuremonitor"])


@pytest.mark.avoids("rule-that-azure-adds")
def test_the_rule_that_azure_adds_by_itself_is_declared_under_its_name(made):
    rule = made("Monitoring").one("azure-native:alertsmanagement:SmartDetectorAlertRule").inputs
    assert rule["alertRuleName"] == "Failure Anomalies - appi"


def test_each_watched_resource_has_the_alerts_of_its_type(made):
    graph = made("Alerts", watched={"vault": VAULT})
    rules = METRIC_RULES["Microsoft.KeyVault/vaults"]
    assert {node.name for node in graph.all(METRIC)} == {f"x-vault-{rule.name}" for rule in rules}
    for node in graph.all(METRIC):
        assert node.inputs["scopes"] == [VAULT["id"]]
        assert node.inputs["criteria"]["allOf"][0]["metricNamespace"] == "Microsoft.KeyVault/vaults"


def test_alerts_are_routed_by_severity(made):
    graph = made("Alerts", full=True)
    for node in graph.all(METRIC):
        called = node.inputs["actions"][0]["actionGroupId"].rpartition("/")[2]
        assert called == ("urgent" if node.inputs["severity"] <= 1 else "other"), node.name


def test_a_threshold_can_be_another_and_one_of_no_rule_is_refused(made):
    graph = made("Alerts", full=True)
    assert graph.one(METRIC, "x-vault-saturation").inputs["criteria"]["allOf"][0]["threshold"] == 60
    assert graph.one(QUERY, "x-refused-by-storage").inputs["criteria"]["allOf"][0]["threshold"] == 5
    with pytest.raises(ValueError, match="no rule 'vault-surprise'; rules are"):
        made("Alerts", watched={"vault": VAULT}, thresholds={"vault-surprise": 1})


def test_logs_are_queried_only_where_what_they_tell_of_is_there(made):
    graph = made("Alerts", watched={"vault": VAULT}, log_analytics_id=LOGS["workspace_id"])
    assert [node.name for node in graph.all(QUERY)] == ["x-refused-by-vault"]
    assert made("Alerts", watched={"vault": VAULT}).all(QUERY) == []


def test_development_has_the_essential_alerts_alone(made):
    endpoint = {"arm_type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints", "id": f"{GROUP}/e"}
    everything = {"watched": {"wine": endpoint}, "log_analytics_id": "l", "activity_scopes": ["g"]}
    graph = made("Alerts", **everything, essential_only=True)
    assert [node.name for node in graph.all(METRIC)] == ["x-wine-failed-requests", "x-wine-slow-requests"]
    assert graph.all(QUERY) == graph.all(ACTIVITY) == []


def test_service_health_is_told_of_the_subscription_and_all_else_of_the_stacks_groups(made):
    for node in made("Alerts", full=True).all(ACTIVITY):
        of_subscription = node.name == "x-service-health"
        assert node.inputs["scopes"][0].endswith("/rg-test") is not of_subscription
        assert node.inputs["condition"]["allOf"][0]["field"] == "category"


def test_rules_of_the_catalog_have_names_of_their_own_and_windows_of_azures():
    windows = {1, 5, 10, 15, 30, 60, 120, 180, 240, 300, 360, 720, 1440}
    for rules in (*METRIC_RULES.values(), LOG_RULES, ACTIVITY_RULES):
        assert len({rule.name for rule in rules}) == len(rules)
    assert {rule.minutes for rules in METRIC_RULES.values() for rule in rules} <= windows
    assert {rule.minutes for rule in LOG_RULES} <= windows
    assert any(rule.essential for rules in METRIC_RULES.values() for rule in rules)


def test_the_workbook_reads_the_log_store_and_shows_the_instances_of_each_deployment(made):
    bare = json.loads(made("Workbook").one("azure-native:applicationinsights:Workbook").inputs["serializedData"])
    full = json.loads(
        made("Workbook", full=True).one("azure-native:applicationinsights:Workbook").inputs["serializedData"]
    )
    charts = [item["content"] for item in bare["items"] if item["type"] == 3]
    assert {chart["crossComponentResources"][0] for chart in charts} == {LOGS["workspace_id"]}
    assert any("DeploymentName" in chart["query"] for chart in charts)
    assert any("p95" in chart["query"] for chart in charts)
    (instances,) = (item["content"] for item in full["items"] if item["type"] == 10)
    assert instances["resourceIds"][0].endswith("/deployments/blue")
    assert [item for item in bare["items"] if item["type"] == 10] == []


def test_a_workbook_keeps_its_id(made):
    ids = {made("Workbook").one("azure-native:applicationinsights:Workbook").inputs["resourceName"] for _ in range(2)}
    assert len(ids) == 1


def test_cost_anomalies_are_mailed_for_a_year_from_a_pinned_day(made):
    alert = made("Budget", full=True).one("azure-native:costmanagement:ScheduledActionByScope").inputs
    assert alert["kind"] == "InsightAlert"
    assert alert["scope"].count("/") == 2
    assert alert["schedule"]["startDate"] == "2026-11-01T00:00:00Z"
    assert alert["schedule"]["endDate"] == "2027-11-01T00:00:00Z"
    assert alert["viewId"].endswith("/views/ms:DailyAnomalyByResourceGroup")
