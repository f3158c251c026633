"""Kinds of workspaces, their keys, and how they reach their storage."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Answer, Azure, Platform, workspace_body


def other(platform: Platform, name: str = "mlw-other") -> str:
    return platform.workspace.replace("mlw-test", name)


def put(azure: Azure, platform: Platform, kind: str, **properties: object) -> Answer:
    return azure("PUT", other(platform), {**workspace_body(platform, **properties), "kind": kind})


def project(hub: str) -> Json:
    return {
        "location": REGION,
        "kind": "Project",
        "identity": {"type": "SystemAssigned"},
        "properties": {"hubResourceId": hub},
    }


@pytest.fixture
def hub(azure: Azure, platform: Platform) -> str:
    path = other(platform, "mlw-hub")
    azure.put(path, {**workspace_body(platform), "kind": "Hub"})
    return path


def test_a_project_has_what_its_hub_has(azure: Azure, platform: Platform, hub: str) -> None:
    shown = azure.put(other(platform, "mlw-project"), project(hub))
    assert shown.properties["storageAccount"] == platform.storage
    assert azure("GET", hub).properties["associatedWorkspaces"] == [shown.body["id"]]


def test_a_hub_goes_after_its_projects(azure: Azure, platform: Platform, hub: str) -> None:
    path = other(platform, "mlw-project")
    azure.put(path, project(hub))
    answer = azure("DELETE", hub)
    assert (answer.status, answer.code) == (409, "Conflict")
    assert "mlw-project" in answer.message
    azure.delete(path)
    assert azure.delete(hub).status == 202


def test_a_project_needs_a_hub_and_no_workspace_of_another_kind(azure: Azure, platform: Platform) -> None:
    path = other(platform, "mlw-project")
    assert azure("PUT", path, project(other(platform, "mlw-none"))).code == "LinkedResourceNotFound"
    answer = azure("PUT", path, project(platform.workspace))
    assert (answer.code, "kind Default" in answer.message) == ("ValidationError", True)


def test_a_project_cannot_have_storage_of_its_own(azure: Azure, platform: Platform, hub: str) -> None:
    body = project(hub)
    body["properties"]["storageAccount"] = platform.storage
    assert azure("PUT", other(platform, "mlw-project"), body).code == "ValidationError"


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("Default", {"hubResourceId": "/subscriptions/x"}),
        ("Default", {"featureStoreSettings": {"computeRuntime": {"sparkRuntimeVersion": "3.4"}}}),
        ("Hub", {"featureStoreSettings": {"computeRuntime": {"sparkRuntimeVersion": "3.4"}}}),
        ("FeatureStore", {"workspaceHubConfig": {"defaultWorkspaceResourceGroup": "/subscriptions/x"}}),
        ("Lean", {}),
    ],
)
def test_what_belongs_to_another_kind_is_refused(azure: Azure, platform: Platform, kind: str, properties: Json) -> None:
    assert put(azure, platform, kind, **properties).code == "ValidationError"


def test_the_kind_never_changes(azure: Azure, platform: Platform) -> None:
    answer = azure("PUT", platform.workspace, {**workspace_body(platform), "kind": "Hub"})
    assert answer.code == "PropertyChangeNotAllowed"


@pytest.mark.trap("lake-as-default")
def test_a_lake_cannot_be_the_default_storage(azure: Azure, platform: Platform) -> None:
    lake = platform.storage.replace("sttest", "stlake")
    body = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.put(lake, {**body, "properties": {"isHnsEnabled": True}})
    answer = put(azure, platform, "Default", storageAccount=lake)
    assert (answer.code, "isHnsEnabled" in answer.message) == ("ValidationError", True)


@pytest.mark.trap("no-shared-keys")
def test_storage_without_keys_needs_datastores_that_use_identities(azure: Azure, platform: Platform) -> None:
    closed = platform.storage.replace("sttest", "stclosed")
    body = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.put(closed, {**body, "properties": {"allowSharedKeyAccess": False}})
    assert put(azure, platform, "Default", storageAccount=closed).code == "KeyBasedAuthenticationNotPermitted"
    answer = put(azure, platform, "Default", storageAccount=closed, systemDatastoresAuthMode="Identity")
    assert answer.status == 202


def encryption(platform: Platform, key: str = "https://kv-test.vault.azure.net/keys/k/1") -> Json:
    return {
        "status": "Enabled",
        "identity": {"userAssignedIdentity": platform.identity},
        "keyVaultProperties": {"keyVaultArmId": platform.vault, "keyIdentifier": key},
    }


def test_a_customers_key_lies_in_a_vault_that_cannot_be_purged(azure: Azure, platform: Platform) -> None:
    assert "purge protection" in put(azure, platform, "Default", encryption=encryption(platform)).message
    body = {"location": REGION, "properties": {"enablePurgeProtection": True, "enableRbacAuthorization": True}}
    azure.put(platform.vault, body)
    elsewhere = encryption(platform, "https://kv-other.vault.azure.net/keys/k/1")
    assert "kv-other" in put(azure, platform, "Default", encryption=elsewhere).message
    foreign = {**encryption(platform), "identity": {"userAssignedIdentity": platform.identity + "x"}}
    assert put(azure, platform, "Default", encryption=foreign).code == "ValidationError"
    assert put(azure, platform, "Default", encryption=encryption(platform)).status == 202


def test_encryption_is_decided_at_creation(azure: Azure, platform: Platform) -> None:
    answer = azure("PUT", platform.workspace, workspace_body(platform, encryption=encryption(platform)))
    assert answer.code == "PropertyChangeNotAllowed"


def datastore(**properties: object) -> Json:
    return {"properties": {"datastoreType": "AzureBlob", "accountName": "sttest", **properties}}


def test_a_datastore_uses_an_identity_that_the_workspace_has(azure: Azure, platform: Platform) -> None:
    path, credentials = f"{platform.workspace}/datastores/data", {"credentialsType": "None"}
    mine = datastore(credentials=credentials, serviceDataAccessAuthIdentity="WorkspaceUserAssignedIdentity")
    assert azure("PUT", path, mine).status == 201
    system = datastore(credentials=credentials, serviceDataAccessAuthIdentity="WorkspaceSystemAssignedIdentity")
    assert azure("PUT", f"{path}_two", system).code == "UserError"


@pytest.mark.trap("no-shared-keys")
def test_a_datastore_with_a_key_needs_an_account_with_keys(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/datastores/keyed"
    body = datastore(credentials={"credentialsType": "AccountKey", "secrets": {"key": "hunter2"}})
    azure.put(path, body)
    assert azure("POST", f"{path}/listSecrets").body == {"secretsType": "AccountKey", "key": "hunter2"}
    closed = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.put(platform.storage, {**closed, "properties": {"allowSharedKeyAccess": False}})
    assert azure("PUT", f"{path}_two", body).code == "KeyBasedAuthenticationNotPermitted"


def test_a_body_as_templates_write_it_is_read(azure: Azure, platform: Platform) -> None:
    path = platform.workspace.replace("mlw-test", "mlw-templated")
    empty = {"workspaceHubConfig": {}, "featureStoreSettings": {"computeRuntime": {"sparkRuntimeVersion": ""}}}
    body = workspace_body(platform, hbiWorkspace="False", **empty) | {"kind": "default"}
    shown = azure.put(path, body)
    assert shown.body["kind"] == "Default"
    assert azure("PUT", path, body | {"kind": "DEFAULT"}).status < 300
    wrong = workspace_body(platform, hbiWorkspace="no")
    assert azure("PUT", f"{path}-two", wrong).code == "InvalidRequestContent"
