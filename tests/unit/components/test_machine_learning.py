"""The workspace, its datastores, its roles, its clusters."""

import re
from itertools import pairwise

import pytest
from pydantic import ValidationError

from azure_ml_platform.catalog.egress import HOSTS, Purpose, rule_name
from azure_ml_platform.catalog.roles import Role
from tests.unit.components.cases.given import IDENTITY, SCOPES

WORKSPACE = "azure-native:machinelearningservices:Workspace"
DATASTORE = "azure-native:machinelearningservices:Datastore"
COMPUTE = "azure-native:machinelearningservices:Compute"
CONNECTION = "azure-native:machinelearningservices:WorkspaceConnection"
RULE = "azure-native:machinelearningservices:ManagedNetworkSettingsRule"
ROLE = "azure-native:authorization:RoleAssignment"


def granted(graph, principal: str) -> set[tuple[str, str]]:
    """Roles of a principal, each with the name of the resource that it is on."""
    return {
        (Role(node.inputs["roleDefinitionId"].rsplit("/", 1)[1]).name, node.inputs["scope"].rsplit("/", 1)[1])
        for node in graph.all(ROLE)
        if node.inputs["principalId"].endswith(f"-{len(principal):012}")
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
        ("KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER", "kv"),
        ("AZURE_AI_ENTERPRISE_NETWORK_CONNECTION_APPROVER", "stlake"),
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
    of_services = {node.urn for node in graph.all(ROLE) if node.inputs["principalType"] == "ServicePrincipal"}
    assert of_services <= graph.one(WORKSPACE).dependencies


@pytest.mark.avoids("roles-that-spread")
def test_every_assignment_has_a_name_of_its_own_and_says_what_its_principal_is(made):
    roles = made("MachineLearning", full=True).all(ROLE)
    assert len({node.inputs["roleAssignmentName"] for node in roles}) == len(roles)
    assert {node.inputs["principalType"] for node in roles} == {"ServicePrincipal", "Group"}
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


@pytest.mark.avoids("image-build-cluster-replaces")
def test_the_cluster_that_builds_images_is_set_once(made):
    workspace = made("MachineLearning", full=True).one(WORKSPACE)
    assert workspace.inputs["imageBuildCompute"] == "cpu-cluster"
    assert workspace.ignore_changes == ("imageBuildCompute",)


@pytest.mark.avoids("no-shared-keys")
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


@pytest.mark.avoids("network-that-comes-late")
def test_the_managed_network_is_closed_and_can_be_made_at_once(made):
    workspace = made("MachineLearning", full=True).one(WORKSPACE).inputs
    assert workspace["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert workspace["managedNetwork"]["firewallSku"] == "Basic"
    assert workspace["provisionNetworkNow"] is True


def test_outbound_rules_come_one_after_the_other(made):
    rules = {node.inputs["ruleName"]: node for node in made("MachineLearning", full=True).all(RULE)}
    order = ["lake", "conda-anaconda-com", "conda-any-anaconda-com", "conda-any-anaconda-org"]
    assert sorted(rules) == sorted(order)
    for before, after in pairwise(order):
        assert rules[before].urn in rules[after].dependencies


@pytest.mark.avoids("identity-without-its-role")
def test_a_private_endpoint_is_approved_by_the_workspaces_identity(made):
    graph = made("MachineLearning", full=True)
    rule = graph.one(RULE, "x-rule-lake").inputs["properties"]
    assert rule["destination"]["serviceResourceId"].endswith("/storageAccounts/stlake")
    assert (rule["destination"]["subresourceTarget"], rule["destination"]["sparkEnabled"]) == ("dfs", True)
    approval = graph.one(ROLE, "x-approver-stlake")
    assert approval.urn in graph.one(WORKSPACE).dependencies


@pytest.mark.avoids("network-that-comes-late")
@pytest.mark.parametrize("mode", ["AllowInternetOutbound", "Disabled"])
def test_rules_that_a_network_cannot_have_are_refused(made, mode):
    with pytest.raises(ValidationError, match="AllowOnlyApprovedOutbound"):
        made("MachineLearning", network={"isolation_mode": mode, "purposes": ["conda"]})


@pytest.mark.avoids("hosts-to-call")
def test_every_purpose_has_hosts_whose_rules_have_names_of_their_own():
    names = [rule_name(purpose, host) for purpose in Purpose for host in HOSTS[purpose]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", name) for name in names)


def test_a_key_of_ones_own_encrypts_the_workspace(made):
    workspace = made("MachineLearning", full=True).one(WORKSPACE).inputs
    assert workspace["encryption"]["status"] == "Enabled"
    assert workspace["encryption"]["keyVaultProperties"]["keyIdentifier"].endswith("/keys/k/1")
    assert workspace["encryption"]["identity"]["userAssignedIdentity"].endswith("/id-workspace")
    assert workspace["enableServiceSideCMKEncryption"] is False


def test_connections_hold_no_secret(made):
    graph = made("MachineLearning", full=True)
    sql, images = graph.one(CONNECTION, "x-connection-sql"), graph.one(CONNECTION, "x-connection-images")
    assert (sql.inputs["properties"]["authType"], sql.inputs["properties"]["category"]) == ("AAD", "AzureSqlDb")
    assert sql.inputs["properties"]["metadata"] == {"database": "features"}
    assert images.inputs["properties"]["authType"] == "ManagedIdentity"
    assert images.inputs["properties"]["credentials"]["resourceId"].endswith("/id-compute")


def test_people_get_the_roles_of_what_they_do(made):
    graph = made("MachineLearning", full=True)
    assert granted(graph, "scientists-team") == {
        ("AZUREML_DATA_SCIENTIST", "mlw"),
        ("STORAGE_BLOB_DATA_CONTRIBUTOR", "st"),
        ("STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR", "st"),
    }
    labeling = graph.one("azure-native:authorization:RoleDefinition").inputs
    assert all("labeling" in action or action.endswith("workspaces/read") for action in actions(labeling))
    assert labeling["assignableScopes"] == [graph.one(WORKSPACE).id]
    assert graph.one(ROLE, "x-labeler-workspace").inputs["scope"] == graph.one(WORKSPACE).id


def actions(definition) -> list[str]:
    return [action for permission in definition["permissions"] for action in permission["actions"]]


def test_jobs_without_a_cluster_run_in_a_subnet(made):
    serverless = made("MachineLearning", full=True).one(WORKSPACE).inputs["serverlessComputeSettings"]
    assert serverless["serverlessComputeCustomSubnet"].endswith("/subnets/s")
    assert serverless["serverlessComputeNoPublicIP"] is False


@pytest.mark.avoids("instances-run-for-ever")
def test_an_instance_is_one_persons_and_stops_by_itself(made):
    instance = made("Compute", full=True).one(COMPUTE, "x-ci-jane").inputs["properties"]
    assert instance["disableLocalAuth"] is True
    inner = instance["properties"]
    assert inner["personalComputeInstanceSettings"]["assignedUser"]["objectId"].endswith("7")
    assert inner["idleTimeBeforeShutdown"] == "PT60M"
    assert inner["sshSettings"] == {"sshPublicAccess": "Disabled"}
    (stop,) = inner["schedules"]["computeStartStop"]
    assert (stop["action"], stop["triggerType"]) == ("Stop", "Cron")
    assert stop["cron"] == {"expression": "30 18 * * *", "timeZone": "W. Europe Standard Time"}


def test_an_instance_can_be_left_running_at_night(made):
    person = {"user_object_id": "u", "user_tenant_id": "t", "vm_size": "Standard_DS3_v2", "stops_at": None}
    instance = made("Compute", instances={"ci-jane": person}).one(COMPUTE, "x-ci-jane")
    assert "schedules" not in instance.inputs["properties"]["properties"]


def test_a_kubernetes_cluster_offers_instance_types(made):
    attached = made("Compute", full=True).one(COMPUTE, "x-aks").inputs
    assert attached["properties"]["resourceId"].endswith("/managedClusters/aks")
    inner = attached["properties"]["properties"]
    assert (inner["namespace"], inner["defaultInstanceType"]) == ("ml", "cpu-small")
    gpu = inner["instanceTypes"]["gpu-t4"]
    assert gpu["nodeSelector"] == {"pool": "gpu"}
    assert gpu["resources"]["limits"] == {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}
    assert attached["identity"]["userAssignedIdentities"] == [f"{IDENTITY}/id-jobs"]


def test_a_cluster_bears_the_name_that_it_is_listed_under(made):
    assert made("Compute").one(COMPUTE).inputs["computeName"] == "cpu"


def test_a_cluster_can_take_spare_capacity(made):
    nodes = made("Compute", full=True).one(COMPUTE, "x-gpu").inputs["properties"]["properties"]
    assert nodes["vmPriority"] == "LowPriority"
    assert nodes["scaleSettings"] == {"minNodeCount": 1, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT900S"}
    assert nodes["enableNodePublicIp"] is True


@pytest.mark.avoids("clusters-never-change")
def test_what_azure_cannot_change_on_a_cluster_replaces_it_after_it_is_deleted(made):
    cluster = made("Compute").one(COMPUTE)
    assert cluster.delete_before_replace
    assert "properties.properties.vmSize" in cluster.replace_on_changes
    assert "properties.properties.vmPriority" in cluster.replace_on_changes


def test_a_cluster_that_could_never_start_is_refused(made):
    with pytest.raises(ValidationError, match="max_nodes"):
        made("Compute", clusters={"cpu": {"vm_size": "Standard_DS3_v2", "max_nodes": 0}})
