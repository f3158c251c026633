"""The workspace and its siblings in the committed stacks, and what its studio needs to show everything."""

from itertools import pairwise

import pytest

from tests.harness.stacks import build_platform, graph_of, settings_of

ML = "azure-native:machinelearningservices"
RULE, CONNECTION = f"{ML}:ManagedNetworkSettingsRule", f"{ML}:WorkspaceConnection"
ROLE = "azure-native:authorization:RoleAssignment"
ENDPOINT = "azure-native:network:PrivateEndpoint"
ZONES = "azure-native:network:PrivateDnsZoneGroup"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
APPROVER = "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"


@pytest.fixture(params=["dev", "prod"])
def graph(request):
    return graph_of(request.param)


@pytest.fixture
def prod():
    return graph_of("prod")


def roles_of(graph, part, role):
    principal = graph.one("azure-native:managedidentity:UserAssignedIdentity", f"mlops-identities-{part}")
    mine = (node for node in graph.all(ROLE) if node.inputs["principalId"] == principal.state["principalId"])
    return [node for node in mine if node.inputs["roleDefinitionId"].endswith(role)]


def test_the_workspace_is_connected_to_every_sibling_without_a_secret(graph):
    found = {node.inputs["properties"]["category"]: node.inputs["properties"] for node in graph.all(CONNECTION)}
    assert found.keys() == {"ContainerRegistry", "ADLSGen2", "AzureSqlDb", "Databricks"}
    assert {properties["authType"] for properties in found.values()} == {"AAD", "ManagedIdentity"}
    assert found["AzureSqlDb"]["metadata"] == {"database": "data"}
    assert found["Databricks"]["target"].startswith("https://adb-")


def test_a_closed_network_has_a_way_to_every_sibling_and_an_open_one_needs_none(prod):
    targets = {node.inputs["properties"]["destination"]["subresourceTarget"] for node in prod.all(RULE)}
    assert {"dfs", "blob", "sqlServer", "databricks_ui_api"} <= targets
    assert graph_of("dev").all(RULE) == []


def test_the_workspace_may_approve_each_of_its_private_endpoints(prod):
    approved = {node.inputs["scope"] for node in roles_of(prod, "workspace", APPROVER)}
    assert {node.inputs["properties"]["destination"]["serviceResourceId"] for node in prod.all(RULE)} <= approved


def test_the_network_changes_one_rule_at_a_time(prod):
    links = prod.one("azure-ml-platform:index:WorkspaceLinks")
    own = [node for node in prod.all(RULE) if node.parent != links.urn]
    assert all(node.urn in prod.before(links) for node in own)
    later = [node for node in prod.all(RULE) if node.parent == links.urn]
    ordered = sorted(later, key=lambda node: len(prod.before(node)))
    assert all(one.urn in prod.before(other) for one, other in pairwise(ordered))


def test_references_adapt_when_a_sibling_is_left_out():
    graph = build_platform(settings_of("prod", databricks={"enabled": False}))
    assert "Databricks" not in {node.inputs["properties"]["category"] for node in graph.all(CONNECTION)}
    targets = {node.inputs["properties"]["destination"]["subresourceTarget"] for node in graph.all(RULE)}
    assert "databricks_ui_api" not in targets


STUDIO_NEEDS = (
    "pages of studio may ask the account",
    "files of notebooks by a private endpoint",
    "names of notebooks",
    "sight of the storage's private endpoints",
    "compute for AutoML without a cluster",
    "datastores opened as whoever looks",
)


def studio_has(graph):
    """What studio needs behind private endpoints, of what there is.

    Source: learn.microsoft.com/azure/machine-learning/how-to-enable-studio-virtual-network.
    """
    service = graph.one("azure-native:storage:BlobServiceProperties", "mlops-blob-store-service").inputs
    origins = {origin for rule in service["cors"]["corsRules"] for origin in rule["allowedOrigins"]}
    yield STUDIO_NEEDS[0], "https://ml.azure.com" in origins
    yield STUDIO_NEEDS[1], bool(graph.one(ENDPOINT, "mlops-blob-store-file-endpoint"))
    zones = {zone["name"] for node in graph.all(ZONES) for zone in node.inputs["privateDnsZoneConfigs"]}
    yield STUDIO_NEEDS[2], "privatelink-notebooks-azure-net" in zones
    seen = {node.inputs["scope"] for node in roles_of(graph, "workspace", READER)}
    storage = {graph.one(ENDPOINT, f"mlops-blob-store-{part}-endpoint").id for part in ("blob", "file")}
    yield STUDIO_NEEDS[3], storage <= seen
    workspace = graph.one(f"{ML}:Workspace").inputs
    yield STUDIO_NEEDS[4], workspace["serverlessComputeSettings"]["serverlessComputeNoPublicIP"]
    stores = graph.all(f"{ML}:Datastore")
    kinds = {node.inputs["properties"]["credentials"]["credentialsType"] for node in stores}
    yield STUDIO_NEEDS[5], workspace["systemDatastoresAuthMode"] == "Identity" and kinds == {"None"}


def test_studio_is_ready_behind_private_endpoints(prod):
    assert {need: bool(there) for need, there in studio_has(prod)} == dict.fromkeys(STUDIO_NEEDS, True)


def test_without_studio_the_account_lets_no_page_in_and_shows_no_endpoint():
    graph = build_platform(settings_of("prod", blob={"studio": False}))
    service = graph.one("azure-native:storage:BlobServiceProperties", "mlops-blob-store-service").inputs
    assert "cors" not in service
    assert roles_of(graph, "workspace", READER) == []


def test_what_the_sdks_need_is_among_the_outputs(graph):
    values = {name: export.value for name, export in graph.exports.items()}
    assert values["sdk_config"].keys() == {"subscription_id", "resource_group", "workspace_name"}
    assert values["mlflow_tracking_uri"].startswith("azureml://")
    assert values["studio_url"].startswith("https://ml.azure.com/?wsid=/subscriptions/")
