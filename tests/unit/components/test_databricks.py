"""Databricks: what its arguments change, and what is inside the workspace."""

import json

import pytest
from pydantic import ValidationError

from azure_ml_platform.components.databricks import DatabricksArgs
from azure_ml_platform.components.databricks_objects import (
    ClusterPolicyArgs,
    DatabricksObjectsArgs,
    policy_definition,
)

WORKSPACE = "azure-native:databricks:Workspace"
OBJECT = "pulumi-python:dynamic/azure_ml_platform:DatabricksObject"
PLACE = {"resource_group_name": "rg", "location": "westeurope", "workspace_name": "dbw"}
SERVERLESS = {**PLACE, "compute_mode": "Serverless"}
INSIDE = {"workspace_id": "/dbw", "workspace_url": "host"}


def specs(graph):
    return {node.name: json.loads(node.inputs["spec"]) for node in graph.all(OBJECT)}


def test_clusters_have_no_public_address_and_the_workspace_answers_nobody_outside(made):
    workspace = made("Databricks").one(WORKSPACE).inputs
    assert workspace["parameters"]["enableNoPublicIp"] == {"value": True}
    assert workspace["publicNetworkAccess"] == "Disabled"
    assert workspace["sku"] == {"name": "premium"}


def test_a_workspace_is_protected_unless_somebody_says_otherwise(made):
    assert made("Databricks").one(WORKSPACE).protect


@pytest.mark.avoids("connector-before-firewall")
def test_the_storage_firewall_comes_with_the_connector_that_passes_it(made):
    graph = made("Databricks", full=True)
    workspace = graph.one(WORKSPACE).inputs
    assert workspace["defaultStorageFirewall"] == "Enabled"
    assert workspace["accessConnector"]["id"] == graph.one("azure-native:databricks:AccessConnector").id


@pytest.mark.avoids("security-groups-of-databricks")
def test_a_private_back_end_needs_no_rules_of_databricks(made):
    assert made("Databricks", full=True).one(WORKSPACE).inputs["requiredNsgRules"] == "NoAzureDatabricksRules"
    assert made("Databricks").one(WORKSPACE).inputs["requiredNsgRules"] == "AllRules"


def test_a_serverless_workspace_says_nothing_of_the_classic_kind(made):
    graph = made("Databricks", compute_mode="Serverless", managed_resource_group_id=None)
    workspace = graph.one(WORKSPACE).inputs
    assert not {"managedResourceGroupId", "parameters", "defaultStorageFirewall", "requiredNsgRules"} & set(workspace)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (PLACE, "managed_resource_group_id is required"),
        ({**SERVERLESS, "managed_resource_group_id": "/rg"}, "has no managed_resource_group_id: leave that out"),
        ({**SERVERLESS, "infrastructure_encryption": True}, "has no infrastructure_encryption"),
        ({**PLACE, "managed_resource_group_id": "/rg", "storage_firewall": True}, "storage_firewall needs a connector"),
        ({**PLACE, "managed_resource_group_id": "/rg", "private_back_end": True}, "private_back_end needs injection"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_registered(args, sentence):
    with pytest.raises(ValidationError, match=sentence):
        DatabricksArgs(**args)


def test_a_personal_cluster_is_one_machine_that_ends_when_it_idles():
    policy = ClusterPolicyArgs(use="personal", node_types=["Standard_D4ds_v5"], idle_minutes=20)
    rules = policy_definition(policy, {})
    assert rules["num_workers"] == {"type": "fixed", "value": 0}
    assert rules["autotermination_minutes"] == {"type": "range", "minValue": 10, "maxValue": 20, "defaultValue": 20}


def test_job_clusters_are_for_jobs_alone_and_bounded():
    policy = ClusterPolicyArgs(use="jobs", node_types=["Standard_D4ds_v5"], max_workers=3, max_dbus_per_hour=12)
    rules = policy_definition(policy, {})
    assert rules["cluster_type"] == {"type": "fixed", "value": "job"}
    assert rules["autoscale.max_workers"]["maxValue"] == 3
    assert rules["dbus_per_hour"] == {"type": "range", "maxValue": 12}


def test_every_cluster_bears_the_stacks_tags_and_a_size_that_is_allowed():
    policy = ClusterPolicyArgs(use="jobs", node_types=["Standard_D8ds_v5", "Standard_D4ds_v5"])
    rules = policy_definition(policy, {"cost-center": "ml-4711"})
    assert rules["custom_tags.cost-center"] == {"type": "fixed", "value": "ml-4711"}
    assert rules["node_type_id"]["defaultValue"] == "Standard_D8ds_v5"


def test_the_first_machine_of_a_cluster_is_never_spare_capacity():
    spare = policy_definition(ClusterPolicyArgs(use="jobs", node_types=["Standard_D4ds_v5"]), {})
    assert spare["azure_attributes.availability"]["value"] == "SPOT_WITH_FALLBACK_AZURE"
    assert spare["azure_attributes.first_on_demand"]["value"] == 1


def test_a_job_obeys_its_policy_and_tells_of_its_failures(made):
    graph = made("DatabricksObjects", full=True)
    job = specs(graph)["x-job-curate"]
    declared = next(node for node in graph.all(OBJECT) if node.name == "x-job-curate")
    assert "x-cluster-policy-jobs" in {graph.by_urn(urn).name for urn in declared.dependencies}
    assert job["tasks"][0]["new_cluster"]["policy_id"]
    assert job["email_notifications"] == {"on_failure": ["me@example.com"]}
    assert job["schedule"]["timezone_id"] == "UTC"


@pytest.mark.avoids("catalog-order")
def test_catalog_objects_are_made_in_the_order_in_which_they_need_each_other(made):
    graph = made("DatabricksObjects", full=True)
    order = [node.name for node in graph.all(OBJECT)]
    needed = {node.name: {graph.by_urn(urn).name for urn in node.dependencies} for node in graph.all(OBJECT)}
    assert needed["x-external-location-ml-raw"] == {"x-storage-credential-lake"}
    assert needed["x-catalog-ml"] == {"x-external-location-ml-curated", "x-external-location-ml-raw"}
    assert needed["x-schema-ml-features"] == needed["x-grants-ml"] == {"x-catalog-ml"}
    assert len(order) == len(set(order))


def test_a_catalog_lies_in_the_zone_that_is_its_root(made):
    assert specs(made("DatabricksObjects", full=True))["x-catalog-ml"]["storage_root"].startswith("abfss://curated@")


def test_a_workspace_out_of_reach_is_described_and_left_alone(made):
    full = made("DatabricksObjects", full=True)
    graph = made("DatabricksObjects", full=True, declared=False)
    assert graph.all(OBJECT) == []
    described = graph.one("azure-ml-platform:index:DatabricksObjects").outputs["objects"]
    assert len(described) == len(full.all(OBJECT))


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"secret_scope": "platform"}, "needs vault_id and vault_uri"),
        ({"catalogs": {"ml": {"storage": {"raw": "abfss://"}, "root": "raw"}}}, "who reaches the lake for them"),
        ({"jobs": {"j": {"file": "f.py", "policy": "none"}}}, "jobs.j.policy is 'none'; it must be a policy"),
    ],
)
def test_objects_that_lack_what_they_need_are_refused(args, sentence):
    with pytest.raises(ValidationError, match=sentence):
        DatabricksObjectsArgs(**INSIDE, **args)
