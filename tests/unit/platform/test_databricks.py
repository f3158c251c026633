"""Databricks of the project's own stacks."""

import json

import pytest

from azure_ml_platform.settings import SettingsError
from tests.harness.stacks import STACKS, graph_of, settings_of

WORKSPACE = "azure-native:databricks:Workspace"
OBJECT = "pulumi-python:dynamic/azure_ml_platform:DatabricksObject"
ENDPOINT = "azure-native:network:PrivateEndpoint"


@pytest.mark.parametrize("stack", STACKS)
def test_a_workspace_is_premium_and_its_clusters_have_no_public_address(stack):
    workspace = graph_of(stack).one(WORKSPACE).inputs
    assert workspace["sku"] == {"name": "premium"}
    assert workspace["parameters"]["enableNoPublicIp"] == {"value": True}


@pytest.mark.avoids("databricks-leftovers")
@pytest.mark.parametrize("stack", STACKS)
def test_the_managed_group_is_named_after_the_workspace(stack):
    workspace = graph_of(stack).one(WORKSPACE).inputs
    assert workspace["managedResourceGroupId"].endswith(f"/resourceGroups/rg-{workspace['workspaceName']}")


def test_production_is_closed_front_and_back():
    graph = graph_of("prod")
    workspace = graph.one(WORKSPACE).inputs
    assert workspace["publicNetworkAccess"] == "Disabled"
    assert workspace["requiredNsgRules"] == "NoAzureDatabricksRules"
    assert workspace["defaultStorageFirewall"] == "Enabled"
    names = {node.name for node in graph.all(ENDPOINT) if node.name.startswith("mlops-databricks")}
    assert names == {"mlops-databricks-databricks-ui-api-endpoint", "mlops-databricks-browser-authentication-endpoint"}


def test_production_puts_clusters_into_the_two_subnets_that_are_delegated_to_them():
    graph = graph_of("prod")
    parameters = graph.one(WORKSPACE).inputs["parameters"]
    network = graph.one("azure-native:network:VirtualNetwork").inputs
    delegated = {
        subnet["name"]
        for subnet in network["subnets"]
        if any(each["serviceName"] == "Microsoft.Databricks/workspaces" for each in subnet.get("delegations", []))
    }
    assert {parameters[f"custom{part}SubnetName"]["value"] for part in ("Public", "Private")} == delegated


def test_production_encrypts_twice_and_hardens_clusters():
    workspace = graph_of("prod").one(WORKSPACE).inputs
    assert workspace["parameters"]["requireInfrastructureEncryption"] == {"value": True}
    assert workspace["enhancedSecurityCompliance"]["enhancedSecurityMonitoring"] == {"value": "Enabled"}


def test_production_is_protected_from_deletion_and_development_is_not():
    assert graph_of("prod").one(WORKSPACE).protect
    assert not graph_of("dev").one(WORKSPACE).protect


def test_development_declares_what_is_inside_and_production_describes_it():
    assert len(graph_of("dev").all(OBJECT)) >= 5
    assert graph_of("prod").all(OBJECT) == []
    described = [each["kind"] for each in graph_of("prod").exports["databricks_objects"].value]
    assert described.count("catalog") == 1
    assert described.index("storage credential") < described.index("external location") < described.index("catalog")


def test_a_catalog_bears_the_stacks_name_and_lies_in_its_lake():
    graph = graph_of("dev")
    catalog = next(json.loads(node.inputs["spec"]) for node in graph.all(OBJECT) if node.inputs["kind"] == "catalog")
    assert catalog["name"] == "mlops_dev"
    assert catalog["storage_root"].startswith("abfss://curated@")


def test_a_personal_cluster_ends_within_half_an_hour():
    graph = graph_of("dev")
    policy = next(
        json.loads(node.inputs["spec"]) for node in graph.all(OBJECT) if node.name.endswith("cluster-policy-personal")
    )
    assert json.loads(policy["definition"])["autotermination_minutes"]["maxValue"] <= 30


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        ({"catalog": {"zones": ["raw", "gold"], "root": "raw"}}, "a zone of data_lake.zones"),
        ({"catalog": {"root": "gold"}}, "one of databricks.catalog.zones"),
        ({"jobs": {"curate": {"file": "curate.py", "policy": "none"}}}, "a policy of databricks.policies"),
        ({"public_network_access": False}, "described while databricks.public_network_access is false"),
        ({"compute_mode": "Serverless", "infrastructure_encryption": True}, "false while databricks.compute_mode is"),
    ],
)
def test_settings_that_do_not_fit_are_refused_with_what_mends_them(area, sentence):
    with pytest.raises(SettingsError, match=sentence) as refused:
        settings_of("dev", databricks=area)
    assert "pulumi config set" in str(refused.value)
