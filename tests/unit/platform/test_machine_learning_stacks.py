"""The machine learning workspace of the committed development and production stacks, setting by setting."""

import pytest

from tests.harness.stacks import build_platform, graph_of, settings_of

ML = "azure-native:machinelearningservices"
PERSON = "00000000-0000-4000-8000-000000000007"


@pytest.fixture(params=("dev", "prod"))
def stack(request):
    return request.param


@pytest.fixture
def workspace(stack):
    return graph_of(stack).one(f"{ML}:Workspace")


def by_stack(stack, dev, prod):
    return {"dev": dev, "prod": prod}[stack]


def test_the_workspace_acts_by_an_identity_and_so_do_its_datastores(workspace, stack):
    assert workspace.inputs["identity"]["type"] == "UserAssigned"
    assert workspace.inputs["primaryUserAssignedIdentity"].endswith("workspace")
    assert workspace.inputs["systemDatastoresAuthMode"] == "Identity"
    assert workspace.inputs["v1LegacyMode"] is False
    for store in graph_of(stack).all(f"{ML}:Datastore"):
        assert store.inputs["properties"]["credentials"] == {"credentialsType": "None"}


def test_production_is_closed_and_development_answers(workspace, stack):
    assert workspace.inputs["publicNetworkAccess"] == by_stack(stack, "Enabled", "Disabled")
    assert workspace.inputs["hbiWorkspace"] is by_stack(stack, False, True)
    assert workspace.protect is by_stack(stack, False, True)


def test_the_managed_network_lets_out_what_the_stack_allows(workspace, stack):
    network = workspace.inputs["managedNetwork"]
    mode = by_stack(stack, "AllowInternetOutbound", "AllowOnlyApprovedOutbound")
    assert network["isolationMode"] == mode
    assert network.get("firewallSku") == by_stack(stack, None, "Standard")
    assert workspace.inputs["provisionNetworkNow"] is True, "a model cannot be deployed before there is a network"
    assert workspace.inputs["serverlessComputeSettings"] == {"serverlessComputeNoPublicIP": True}


@pytest.mark.avoids("firewall-for-host-names")
def test_production_reaches_what_it_needs_by_private_endpoints_and_no_host_by_name(stack):
    rules = [node.inputs["properties"] for node in graph_of(stack).all(f"{ML}:ManagedNetworkSettingsRule")]
    reached = {rule["destination"]["subresourceTarget"] for rule in rules if rule["type"] == "PrivateEndpoint"}
    assert reached == by_stack(stack, set(), {"queue", "table", "blob", "dfs", "sqlServer", "databricks_ui_api"})
    assert [rule for rule in rules if rule["type"] == "FQDN"] == []


def test_connections_of_the_stacks_hold_no_secret(stack):
    connections = graph_of(stack).all(f"{ML}:WorkspaceConnection")
    by_name = {node.inputs["connectionName"]: node.inputs["properties"]["authType"] for node in connections}
    people = dict.fromkeys(("data-lake", "sql-database", "databricks"), "AAD")
    assert by_name == {"container-registry": "ManagedIdentity", **people}


@pytest.mark.avoids("bills-that-surprise")
def test_the_cluster_costs_nothing_while_it_does_nothing(stack):
    cluster = graph_of(stack).one(f"{ML}:Compute", "mlops-compute-cpu-cluster")
    inner = cluster.inputs["properties"]["properties"]
    assert inner["vmPriority"] == by_stack(stack, "LowPriority", "Dedicated")
    idle = by_stack(stack, "PT120S", "PT900S")
    assert inner["scaleSettings"]["minNodeCount"] == 0
    assert inner["scaleSettings"]["nodeIdleTimeBeforeScaleDown"] == idle
    assert (inner["enableNodePublicIp"], inner["remoteLoginPortPublicAccess"]) == (False, "Disabled")
    assert cluster.inputs["properties"]["disableLocalAuth"] is True


def test_a_persons_instance_belongs_to_that_person_and_stops_in_the_evening(stack):
    given = {"compute": {"instances": {"ci-jane": {"user": PERSON}}}}
    graph = build_platform(settings_of(stack, **given))
    instance = next(node for node in graph.all(f"{ML}:Compute") if node.inputs["computeName"] == "ci-jane")
    inner = instance.inputs["properties"]["properties"]
    assert inner["personalComputeInstanceSettings"]["assignedUser"]["objectId"] == PERSON
    assert inner["idleTimeBeforeShutdown"] == by_stack(stack, "PT30M", "PT60M")
    assert inner["schedules"]["computeStartStop"][0]["cron"]["expression"] == "0 19 * * *"
    assert graph.exports["instance_names"].value == ["ci-jane"]


def test_named_purposes_open_their_hosts_and_groups_get_their_roles():
    given = {
        "machine_learning": {
            "outbound_purposes": ["deep-learning", "conda"],
            "personas": {"data-scientist": PERSON, "labeler": PERSON},
            "asset_registry": {"regions": ["northeurope"]},
        }
    }
    graph = build_platform(settings_of("prod", **given))
    rules = graph.all(f"{ML}:ManagedNetworkSettingsRule")
    hosts = {node.inputs["properties"]["destination"] for node in rules if node.inputs["properties"]["type"] == "FQDN"}
    assert len(hosts) == 6
    assert len(graph.all("azure-native:authorization:RoleDefinition")) == 1
    details = graph.one(f"{ML}:Registry").inputs["regionDetails"]
    assert [detail["location"] for detail in details] == ["westeurope", "northeurope"]
    assert graph.exports["asset_registry_name"].value.startswith("mlr-mlops-prod")


def test_the_sdks_are_told_where_the_workspace_is(stack):
    exports = graph_of(stack).exports
    config = exports["sdk_config"].value
    assert set(config) == {"subscription_id", "resource_group", "workspace_name"}
    assert exports["studio_url"].value.startswith("https://ml.azure.com/?wsid=/subscriptions/")
    assert "models" in exports["datastore_names"].value
