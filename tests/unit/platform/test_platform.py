"""The project's own stacks, as their committed files describe them, and with systems switched off."""

import importlib
import inspect

import pytest

from azure_ml_platform.catalog.tags import REQUIRED_TAGS
from azure_ml_platform.outputs import PlatformOutputs
from tests.harness.stacks import STACKS, build_platform, graph_of, settings_of

ML = "azure-native:machinelearningservices"
ROLE = "azure-native:authorization:RoleAssignment"
LOCK = "azure-native:authorization:ManagementLockByScope"
GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
ARTIFACT = "pulumi-python:dynamic/azure_ml_platform:Artifact"
NOBODY = {"enabled": False}
OFF = ("data_lake", "ingestion", "databricks", "sql", "machine_learning", "compute", "kubernetes")
NO_WORK = {**dict.fromkeys(OFF, NOBODY), "models": None}


@pytest.fixture(params=STACKS)
def stack(request):
    return request.param


@pytest.fixture
def graph(stack):
    return graph_of(stack)


def takes_tags(token: str) -> bool:
    module, name = token.removeprefix("azure-native:").split(":")
    kind = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)
    return "tags" in inspect.signature(kind._internal_init).parameters


def test_everything_that_can_bear_tags_bears_the_required_ones(graph):
    native = [node for node in graph if node.type.startswith("azure-native:")]
    taggable = [node for node in native if takes_tags(node.type)]
    assert len(taggable) >= 10
    assert [node.name for node in taggable if not set(REQUIRED_TAGS) <= set(node.inputs.get("tags", {}))] == []


def test_tags_tell_the_stack_that_a_resource_belongs_to(graph, stack):
    assert {node.inputs["tags"]["stack"] for node in graph if "tags" in node.inputs} == {stack}


def test_every_child_is_named_after_its_component(graph):
    known = {node.urn: node for node in graph}
    strays = [node.name for node in graph if node.parent in known and not is_named_after(node, known[node.parent])]
    assert strays == []


def is_named_after(node, parent) -> bool:
    return node.name.startswith(f"{parent.name}-")


def test_nothing_bears_an_alias_that_a_stack_of_this_version_cannot_need(graph):
    assert [node.name for node in graph if node.aliases] == []


def test_only_the_platform_is_at_the_top(graph):
    known = {node.urn for node in graph}
    assert [node.type for node in graph if node.parent not in known] == ["azure-ml-platform:index:Platform"]


def test_no_historic_alias_of_the_sdk_is_left(graph):
    assert [node.name for node in graph if node.aliases] == []


def test_what_it_exports_is_what_readers_of_the_outputs_expect(graph):
    outputs = PlatformOutputs.read({name: export.value for name, export in graph.exports.items()})
    assert outputs.workspace_resource_group in outputs.resource_groups
    assert outputs.compute_names == ("cpu-cluster",)


def test_no_output_is_a_secret_or_holds_one(graph):
    assert [name for name, export in graph.exports.items() if export.secret] == []
    assert "key=" not in str(graph.exports).lower()


def test_every_role_that_a_workspace_needs_is_granted_before_it_and_so_before_what_is_in_it(graph):
    workspace = graph.one(f"{ML}:Workspace")
    roles = {node.urn for node in graph.all(ROLE) if "machine-learning" in node.name}
    assert roles
    assert roles <= workspace.dependencies
    for node in (*graph.all(f"{ML}:Compute"), *graph.all(f"{ML}:OnlineEndpoint"), *graph.all(f"{ML}:Datastore")):
        assert roles <= graph.before(node), node.name


def test_whoever_deploys_may_write_before_anything_is_uploaded(graph):
    for upload in graph.all(ARTIFACT):
        assert graph.one(ROLE, "mlops-blob-store-uploader-role").urn in upload.dependencies


def test_only_a_stack_with_something_to_upload_gives_that_role(graph):
    uploaders = [node for node in graph.all(ROLE) if "uploader" in node.name]
    assert bool(uploaders) == bool(graph.all(ARTIFACT))


def test_everything_waits_for_its_resource_group(graph):
    groups = {node.inputs["resourceGroupName"]: node.urn for node in graph.all(GROUP)}
    members = [node for node in graph if node.type != GROUP and "resourceGroupName" in node.inputs]
    # Azure makes the group of network watchers by itself.
    members = [node for node in members if node.inputs["resourceGroupName"] != "NetworkWatcherRG"]
    assert members
    assert [node.name for node in members if groups[node.inputs["resourceGroupName"]] not in graph.before(node)] == []


def test_data_has_a_group_of_its_own(graph):
    in_data = [node.type for node in graph if str(node.inputs.get("resourceGroupName", "")).endswith("-data")]
    assert ACCOUNT in in_data
    assert not any(kind.startswith(ML) for kind in in_data)


def test_only_production_is_protected(graph, stack):
    protected = {node.type.rsplit(":", 1)[1] for node in graph if node.protect}
    stateful = {"ResourceGroup", "StorageAccount", "BlobContainer", "Vault", "Workspace", "Registry"}
    stateful |= {"VirtualNetwork", "PublicIPAddress", "Server", "Database", "ManagedCluster"}
    assert protected == (stateful if stack == "prod" else set())


@pytest.mark.avoids("locks-keep")
def test_production_locks_its_data_after_everything_in_it():
    graph = graph_of("prod")
    lock = graph.one(LOCK)
    group = next(node for node in graph.all(GROUP) if node.name.endswith("-data"))
    assert lock.inputs["scope"] == group.id
    assert lock.inputs["level"] == "CanNotDelete"
    below = [node for node in graph if node.custom and node.id.startswith(f"{group.id}/") and node != lock]
    assert len(below) > 10
    assert [node.name for node in below if node.urn not in lock.dependencies] == []


def test_only_production_is_locked(graph, stack):
    assert bool(graph.all(LOCK)) == (stack == "prod")


def test_production_is_closed():
    graph = graph_of("prod")
    closed = {
        **{account.name: account.inputs for account in graph.all(ACCOUNT)},
        "vault": graph.one("azure-native:keyvault:Vault").inputs["properties"],
        "registry": graph.one("azure-native:containerregistry:Registry").inputs,
        "workspace": graph.one(f"{ML}:Workspace").inputs,
    }
    assert {inputs["publicNetworkAccess"] for inputs in closed.values()} == {"Disabled"}
    assert graph.one(f"{ML}:Workspace").inputs["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"


def test_a_preview_builds_the_same_resources(stack, graph):
    preview = build_platform(settings_of(stack), preview=True)
    assert {node.urn for node in preview} == {node.urn for node in graph}


def test_without_work_there_is_no_workspace_and_nothing_that_only_it_needs():
    graph = build_platform(settings_of("local", **NO_WORK))
    assert not any(node.type.startswith(ML) for node in graph)
    assert graph.all("azure-native:managedidentity:UserAssignedIdentity") == []
    assert graph.all(ROLE) == []
    assert graph.exports["workspace_id"].value is None
    assert graph.one(ACCOUNT)


@pytest.mark.parametrize("area", ["key_vault", "registry", "blob", "monitoring", "budget"])
def test_any_other_system_can_be_left_out(area):
    everything = build_platform(settings_of("dev", **NO_WORK))
    without = build_platform(settings_of("dev", **NO_WORK, **{area: NOBODY}))
    types = {node.type for node in everything} - {node.type for node in without}
    assert any(kind.startswith("azure-ml-platform:") for kind in types)


def test_without_blobs_there_is_no_group_for_data():
    graph = build_platform(settings_of("prod", **NO_WORK, blob=NOBODY, network={"flow_logs": False}))
    assert [node.name for node in graph.all(GROUP)] == ["mlops-groups-network", "mlops-groups-platform"]
    assert graph.all(LOCK) == []


def test_without_monitoring_nothing_sends_logs():
    graph = build_platform(settings_of("dev", **NO_WORK, monitoring=NOBODY))
    assert graph.all("azure-native:monitor:DiagnosticSetting") == []


def test_without_models_the_rest_is_untouched():
    graph = build_platform(settings_of("local", models=None))
    assert graph.exports["models"].value == {}
    assert graph.all(f"{ML}:OnlineEndpoint") == []
    assert graph.one(f"{ML}:Workspace")


def test_without_clusters_there_is_no_compute():
    graph = build_platform(
        settings_of("local", compute=NOBODY, kubernetes=NOBODY, machine_learning={"image_build_cluster": None})
    )
    assert graph.all(f"{ML}:Compute") == []
    assert graph.exports["compute_names"].value == []


def test_alerts_and_bills_go_to_the_owner_unless_somebody_else_is_named():
    graph = build_platform(settings_of("dev", monitoring={"alert_emails": ["ops@example.com", "ops@example.org"]}))
    receivers = graph.one("azure-native:monitor:ActionGroup").inputs["emailReceivers"]
    assert [each["emailAddress"] for each in receivers] == ["ops@example.com", "ops@example.org"]
    assert len({each["name"] for each in receivers}) == 2
    owner = graph_of("dev").one("azure-native:monitor:ActionGroup").inputs["emailReceivers"]
    assert [each["emailAddress"] for each in owner] == ["ml-platform@example.com"]
