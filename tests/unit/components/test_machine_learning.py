"""The workspace, its datastores, its roles, its clusters."""

import pytest
from pydantic import ValidationError

from azure_ml_platform.catalog.roles import Role
from tests.unit.components.cases import SCOPES

WORKSPACE = "azure-native:machinelearningservices:Workspace"
DATASTORE = "azure-native:machinelearningservices:Datastore"
COMPUTE = "azure-native:machinelearningservices:Compute"
ROLE = "azure-native:authorization:RoleAssignment"


def granted(graph, principal: str) -> set[tuple[str, str]]:
    """Roles of a principal, each with the name of the resource that it is on."""
    return {
        (Role(node.inputs["roleDefinitionId"].rsplit("/", 1)[1]).name, node.inputs["scope"].rsplit("/", 1)[1])
        for node in graph.all(ROLE)
        if node.inputs["principalId"].endswith(f"{len(principal):012}")
    }


def test_the_workspace_gets_what_it_needs_on_each_of_its_resources(made):
    assert granted(made("MachineLearning", full=True), "id-workspace") == {
        ("CONTRIBUTOR", "st"),
        ("STORAGE_BLOB_DATA_CONTRIBUTOR", "st"),
        ("STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR", "st"),
        ("CONTRIBUTOR", "kv"),
        ("KEY_VAULT_ADMINISTRATOR", "kv"),
        ("CONTRIBUTOR", "cr"),
        ("CONTRIBUTOR", "appi"),
    }


def test_jobs_and_endpoints_get_less(made):
    graph = made("MachineLearning", full=True)
    assert granted(graph, "id-compute") == {("STORAGE_BLOB_DATA_CONTRIBUTOR", "st"), ("ACR_PULL", "cr")}
    assert granted(graph, "id-endpoint") == {("STORAGE_BLOB_DATA_READER", "st"), ("ACR_PULL", "cr")}


def test_what_is_not_there_gets_no_role(made):
    graph = made("MachineLearning")
    assert {scope for _, scope in granted(graph, "id-workspace")} == {"st", "kv", "appi"}
    assert granted(graph, "id-compute") == set()


def test_every_role_is_granted_before_the_workspace_is_made(made):
    graph = made("MachineLearning", full=True)
    assert {node.urn for node in graph.all(ROLE)} <= graph.one(WORKSPACE).dependencies


def test_every_assignment_has_a_name_of_its_own_and_says_what_its_principal_is(made):
    roles = made("MachineLearning", full=True).all(ROLE)
    assert len({node.inputs["roleAssignmentName"] for node in roles}) == len(roles)
    assert {node.inputs["principalType"] for node in roles} == {"ServicePrincipal"}
    assert all(node.delete_before_replace for node in roles)


def test_a_role_refers_to_its_definition_in_the_subscription_of_its_scope(made):
    elsewhere = "/subscriptions/other/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
    graph = made("MachineLearning", storage={**SCOPES["storage"], "id": elsewhere})
    (contributor,) = [
        node
        for node in graph.all(ROLE)
        if node.inputs["scope"] == elsewhere and node.inputs["roleDefinitionId"].endswith(Role.CONTRIBUTOR)
    ]
    assert contributor.inputs["roleDefinitionId"].startswith("/subscriptions/other/providers/")


def test_the_associated_resources_are_named_one_by_one(made):
    workspace = made("MachineLearning", full=True).one(WORKSPACE).inputs
    assert workspace["storageAccount"].endswith("/storageAccounts/st")
    assert workspace["keyVault"].endswith("/vaults/kv")
    assert workspace["applicationInsights"].endswith("/components/appi")
    assert workspace["containerRegistry"].endswith("/registries/cr")


def test_the_cluster_that_builds_images_is_set_once(made):
    workspace = made("MachineLearning", full=True).one(WORKSPACE)
    assert workspace.inputs["imageBuildCompute"] == "cpu-cluster"
    assert workspace.ignore_changes == ("imageBuildCompute",)


def test_a_datastore_holds_no_credential(made):
    graph = made("MachineLearning", full=True)
    assert [node.inputs["name"] for node in graph.all(DATASTORE)] == ["models", "run_logs"]
    datastore = graph.one(DATASTORE, "x-run_logs").inputs["properties"]
    assert datastore["credentials"] == {"credentialsType": "None"}
    assert datastore["serviceDataAccessAuthIdentity"] == "WorkspaceUserAssignedIdentity"
    assert (datastore["accountName"], datastore["containerName"]) == ("st", "run-logs")
    assert (datastore["endpoint"], datastore["protocol"]) == ("core.usgovcloudapi.net", "https")
    assert datastore["resourceGroup"] == "rg-test"
    assert datastore["subscriptionId"] == "00000000-0000-4000-8000-000000000001"


def test_the_managed_network_can_be_opened_and_made_at_once(made):
    workspace = made("MachineLearning", full=True).one(WORKSPACE).inputs
    assert workspace["managedNetwork"]["isolationMode"] == "AllowInternetOutbound"
    assert workspace["managedNetwork"]["firewallSku"] == "Basic"
    assert workspace["provisionNetworkNow"] is True


def test_a_cluster_bears_the_name_that_it_is_listed_under(made):
    assert made("Compute").one(COMPUTE).inputs["computeName"] == "cpu"


def test_a_cluster_can_take_spare_capacity(made):
    nodes = made("Compute", full=True).one(COMPUTE).inputs["properties"]["properties"]
    assert nodes["vmPriority"] == "LowPriority"
    assert nodes["scaleSettings"] == {"minNodeCount": 1, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT900S"}
    assert nodes["enableNodePublicIp"] is True


def test_what_azure_cannot_change_on_a_cluster_replaces_it_after_it_is_deleted(made):
    cluster = made("Compute").one(COMPUTE)
    assert cluster.delete_before_replace
    assert "properties.properties.vmSize" in cluster.replace_on_changes
    assert "properties.properties.vmPriority" in cluster.replace_on_changes


def test_a_cluster_that_could_never_start_is_refused(made):
    with pytest.raises(ValidationError, match="max_nodes"):
        made("Compute", clusters={"cpu": {"vm_size": "Standard_DS3_v2", "max_nodes": 0}})
