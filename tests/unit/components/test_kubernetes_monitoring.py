"""What is collected of a cluster, and who is told of what."""

import re

import pytest

from azure_ml_platform.catalog.prometheus import ALERTS, RECORDINGS

RULE = "azure-native:monitor:DataCollectionRule"
TIE = "azure-native:monitor:DataCollectionRuleAssociation"
GROUP = "azure-native:alertsmanagement:PrometheusRuleGroup"


@pytest.fixture(scope="module")
def graph(made):
    return made("KubernetesMonitoring", full=True)


def test_the_cluster_is_tied_to_all_that_collects_under_the_names_that_azure_wants(graph):
    ties = {node.inputs["associationName"]: node.inputs for node in graph.all(TIE)}
    assert ties.keys() == {"ContainerInsightsExtension", "prometheus", "configurationAccessEndpoint"}
    assert ties["configurationAccessEndpoint"]["dataCollectionEndpointId"]
    rules = {node.id for node in graph.all(RULE)}
    assert {tie["dataCollectionRuleId"] for tie in ties.values() if "dataCollectionRuleId" in tie} == rules


def test_every_flow_ends_at_a_destination_that_its_rule_declares(graph):
    for rule in graph.all(RULE):
        declared = {each["name"] for kind in rule.inputs["destinations"].values() for each in kind}
        assert {name for flow in rule.inputs["dataFlows"] for name in flow["destinations"]} == declared


def test_containers_that_write_most_and_say_least_are_not_logged(graph):
    (source,) = graph.one(RULE, "x-logs").inputs["dataSources"]["extensions"]
    settings = source["extensionSettings"]["dataCollectionSettings"]
    assert settings == {
        "interval": "1m",
        "namespaceFilteringMode": "Exclude",
        "namespaces": ["kube-system"],
        "enableContainerLogV2": True,
    }


def test_rules_read_the_clusters_own_metrics(graph):
    account = graph.one("azure-native:monitor:AzureMonitorWorkspace")
    for group in graph.all(GROUP):
        assert group.inputs["scopes"][0] == account.id
        assert group.inputs["clusterName"] == "aks"


def test_an_alert_goes_to_who_is_told_of_its_severity(graph):
    rules = {rule["alert"]: rule for rule in graph.one(GROUP, "x-alerts").inputs["rules"]}
    assert rules.keys() == {alert.name for alert in ALERTS}
    assert rules["node-not-ready"]["actions"][0]["actionGroupId"].endswith("/urgent")
    assert rules["restarts"]["actions"][0]["actionGroupId"].endswith("/other")
    assert rules["node-not-ready"]["for"] == "PT10M"


def test_whatever_an_alert_asks_of_recordings_is_recorded():
    recorded = {recording.name for recording in RECORDINGS}
    for alert in ALERTS:
        assert set(re.findall(r"\b\w+:\w+:\w+\b", alert.expression)) <= recorded


def test_without_prometheus_there_is_no_store_for_it(made):
    assert made("KubernetesMonitoring").all(RULE) == []
