"""What the committed stacks watch, row by row of what an excellent platform has."""

import json
from dataclasses import replace

import pulumi
import pytest

from tests.harness.stacks import build_platform, graph_of, settings_of

METRIC, QUERY = "azure-native:monitor:MetricAlert", "azure-native:monitor:ScheduledQueryRule"
ACTIVITY, ACTIONS = "azure-native:monitor:ActivityLogAlert", "azure-native:monitor:ActionGroup"
TABLE = "pulumi-python:dynamic/azure_ml_platform:LogTable"
SETTING = "azure-native:monitor:DiagnosticSetting"
LOGS = "azure-native:operationalinsights:Workspace"
CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"


def metrics(graph) -> set[str]:
    """The metrics that alerts look at."""
    return {node.inputs["criteria"]["allOf"][0]["metricName"] for node in graph.all(METRIC)}


@pytest.mark.avoids("logs-that-cost")
@pytest.mark.parametrize(("stack", "days", "cap"), [("dev", 30, 1), ("prod", 90, 10)])
def test_logs_have_a_retention_and_a_cap_of_their_profile_and_no_shared_key(stack, days, cap):
    logs = graph_of(stack).one(LOGS).inputs
    assert (logs["retentionInDays"], logs["workspaceCapping"]["dailyQuotaGb"]) == (days, cap)
    assert logs["features"]["disableLocalAuth"] is True


def test_only_production_archives_tables_and_takes_traces_in_cheaply():
    tables = {node.inputs["table"]: node.inputs for node in graph_of("prod").all(TABLE)}
    assert tables["AppTraces"]["plan"] == "Basic"
    assert tables["AmlOnlineEndpointTrafficLog"]["total_retention_days"] == 365
    assert graph_of("dev").all(TABLE) == []


@pytest.mark.parametrize(("stack", "threshold"), [("dev", 800), ("prod", 8000)])
def test_somebody_is_told_at_eighty_percent_of_the_cap(stack, threshold):
    alert = graph_of(stack).one(QUERY, "mlops-monitoring-log-cap-near").inputs
    assert alert["criteria"]["allOf"][0]["threshold"] == threshold


def test_telemetry_is_kept_in_the_log_store_and_sent_by_identity():
    for stack in ("dev", "prod"):
        graph = graph_of(stack)
        component = graph.one("azure-native:applicationinsights:Component").inputs
        assert component["workspaceResourceId"] == graph.one(LOGS).id
        assert component["disableLocalAuth"] is True


def test_only_production_has_a_private_link_scope():
    scope = graph_of("prod").one("azure-native:monitor:PrivateLinkScope").inputs
    assert scope["accessModeSettings"]["ingestionAccessMode"] == "PrivateOnly"
    assert len(graph_of("prod").all("azure-native:monitor:PrivateLinkScopedResource")) == 2
    assert graph_of("prod").one("azure-native:network:PrivateEndpoint", "mlops-monitor-link-azuremonitor-endpoint")
    assert graph_of("dev").all("azure-native:monitor:PrivateLinkScope") == []


@pytest.mark.avoids("logs-of-parts")
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_no_diagnostic_setting_keeps_anything_itself(stack):
    for node in graph_of(stack).all(SETTING):
        assert "retentionPolicy" not in str(node.inputs), node.name


def test_development_mails_and_production_also_tells_whoever_owns_the_subscription():
    assert len(graph_of("dev").all(ACTIONS)) == 1
    urgent = graph_of("prod").one(ACTIONS, "mlops-monitoring-urgent-actions").inputs
    assert urgent["armRoleReceivers"][0]["name"] == "Owner"


class Webhook(dict):
    """The stack's secrets, each made when it is asked for."""

    def __getitem__(self, name):
        return pulumi.Output.secret(super().__getitem__(name))


def test_a_secret_webhook_is_posted_to_and_stays_secret():
    secrets = Webhook({"alert-webhook": "https://chat.example.com/hook"})
    graph = build_platform(replace(settings_of("prod"), secrets=secrets))
    urgent = graph.one(ACTIONS, "mlops-monitoring-urgent-actions")
    assert urgent.inputs["webhookReceivers"][0]["serviceUri"] == "https://chat.example.com/hook"
    assert "webhookReceivers" in urgent.secrets


def test_development_watches_requests_machines_quota_nodes_and_checks():
    assert metrics(graph_of("dev")) == {
        "RequestsPerMinute",
        "RequestLatency_P95",
        "CpuUtilizationPercentage",
        "Quota Utilization Percentage",
        "Unusable Nodes",
        "elastic_jobs_failed",
        "PipelineFailedRuns",
    }
    assert graph_of("dev").all(ACTIVITY) == []


def test_production_watches_every_system_that_it_has():
    found = metrics(graph_of("prod"))
    assert {"Failed Runs", "Preempted Nodes", "Availability", "SaturationShoebox", "Transactions"} <= found
    queries = {node.name for node in graph_of("prod").all(QUERY)}
    assert {"mlops-alerts-job-failure-rate", "mlops-alerts-refused-by-vault"} <= queries


def test_production_is_told_of_health_refusals_and_deletions():
    names = {node.name.removeprefix("mlops-alerts-") for node in graph_of("prod").all(ACTIVITY)}
    assert {"service-health", "resource-health", "denied-by-policy", "vault-deleted", "firewall-changed"} <= names


def test_an_endpoint_of_production_is_watched_for_latency_errors_and_connections():
    graph = build_platform(settings_of("dev", monitoring={"alerts": "all"}))
    assert {"RequestLatency_P95", "ConnectionsActive", "CpuUtilizationPercentage", "DiskUtilization"} <= metrics(graph)
    assert graph.one(QUERY, "mlops-alerts-silent-endpoint")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_alert_calls_an_action_group_of_the_stack(stack):
    graph = graph_of(stack)
    groups = {node.id for node in graph.all(ACTIONS)}
    for node in graph.all(METRIC):
        assert {action["actionGroupId"] for action in node.inputs["actions"]} <= groups
    for node in graph.all(QUERY):
        assert set(node.inputs["actions"]["actionGroups"]) <= groups


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_each_stack_has_a_workbook_of_its_operations(stack):
    book = graph_of(stack).one("azure-native:applicationinsights:Workbook").inputs
    assert json.loads(book["serializedData"])["version"] == "Notebook/1.0"
    assert book["displayName"].endswith(f"({stack})")


def test_a_stack_can_do_without_alerts_and_workbook():
    graph = build_platform(settings_of("dev", monitoring={"alerts": "none", "workbook": False}))
    assert graph.all(METRIC) == graph.all("azure-native:applicationinsights:Workbook") == []


def test_only_production_is_mailed_about_cost_anomalies():
    kind = "azure-native:costmanagement:ScheduledActionByScope"
    assert graph_of("prod").one(kind).inputs["schedule"]["startDate"] == "2026-11-01T00:00:00Z"
    assert graph_of("dev").all(kind) == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_budget_is_monthly_pinned_and_tells_what_was_spent_and_what_will_be(stack):
    budget = graph_of(stack).one("azure-native:consumption:Budget").inputs
    assert budget["timePeriod"]["startDate"] == "2026-11-01T00:00:00Z"
    told = {(each["thresholdType"], each["threshold"]) for each in budget["notifications"].values()}
    assert told == {("Actual", 50), ("Actual", 80), ("Actual", 100), ("Forecasted", 100)}
    assert all(each["contactGroups"] for each in budget["notifications"].values())


def test_a_pipeline_signs_in_without_a_secret_and_looks_with_another_identity_than_it_changes():
    graph = build_platform(settings_of("prod", pipeline={"enabled": True, "repository": "organisation/platform"}))
    subjects = {node.inputs["subject"] for node in graph.all(CREDENTIAL) if "-pipeline-" in node.name}
    assert subjects == {"repo:organisation/platform:pull_request", "repo:organisation/platform:environment:prod"}
    exported = {graph.exports[name].value for name in ("preview_client_id", "update_client_id")}
    assert len(exported) == 2
    assert not [node for node in graph_of("prod").all(CREDENTIAL) if "-pipeline-" in node.name]


def test_a_stack_that_is_not_meant_to_stay_says_until_when():
    graph = build_platform(settings_of("dev", platform={"expires_on": "2027-01-31"}))
    tagged = [node for node in graph if "tags" in node.inputs]
    assert {node.inputs["tags"]["expires-on"] for node in tagged} == {"2027-01-31"}
    assert "expires-on" not in graph_of("dev").one(LOGS).inputs["tags"]
