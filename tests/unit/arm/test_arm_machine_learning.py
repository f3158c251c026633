"""Workspaces, computes, datastores and versions of assets."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform, workspace_body


def test_a_workspace_tells_its_addresses_and_has_its_datastores(azure: Azure, platform: Platform) -> None:
    shown = azure("GET", platform.workspace)
    assert shown.properties["discoveryUrl"] == f"https://{REGION}.api.azureml.ms/discovery"
    assert shown.properties["mlFlowTrackingUri"].startswith("azureml://")
    assert shown.body["systemData"]["createdBy"] == azure.directory.caller.object_id
    names = {entry["name"] for entry in azure("GET", f"{platform.workspace}/datastores").body["value"]}
    assert {"workspaceblobstore", "workspacefilestore"} <= names


@pytest.mark.parametrize("reference", ["storageAccount", "keyVault", "applicationInsights", "containerRegistry"])
def test_a_workspace_stands_only_on_what_exists(azure: Azure, platform: Platform, reference: str) -> None:
    path = platform.workspace.replace("mlw-test", "mlw-other")
    kinds = {
        "storageAccount": "Microsoft.Storage/storageAccounts",
        "keyVault": "Microsoft.KeyVault/vaults",
        "applicationInsights": "Microsoft.Insights/components",
        "containerRegistry": "Microsoft.ContainerRegistry/registries",
    }
    missing = f"{platform.group}/providers/{kinds[reference]}/none"
    answer = azure("PUT", path, workspace_body(platform, **{reference: missing}))
    assert answer.code == "LinkedResourceNotFound"
    assert answer.body["error"]["target"] == f"properties.{reference}"
    answer = azure("PUT", path, workspace_body(platform, **{reference: platform.identity}))
    assert answer.code == "LinkedInvalidPropertyId"


@pytest.mark.parametrize("required", ["storageAccount", "keyVault"])
def test_a_workspace_needs_storage_and_a_vault(azure: Azure, platform: Platform, required: str) -> None:
    path = platform.workspace.replace("mlw-test", "mlw-other")
    assert azure("PUT", path, workspace_body(platform, **{required: None})).code == "ValidationError"


def test_a_workspace_needs_an_identity_and_a_primary_one_that_it_has(azure: Azure, platform: Platform) -> None:
    path = platform.workspace.replace("mlw-test", "mlw-other")
    nameless = workspace_body(platform)
    del nameless["identity"]
    other = workspace_body(platform, primaryUserAssignedIdentity=platform.identity + "-other")
    none = workspace_body(platform, primaryUserAssignedIdentity=None)
    for body in (nameless, other, none):
        assert azure("PUT", path, body).code == "ValidationError"


def test_premium_storage_cannot_be_a_workspaces_default(azure: Azure, platform: Platform) -> None:
    fast = platform.storage.replace("sttest", "stfast")
    azure.put(fast, {"location": REGION, "kind": "BlockBlobStorage", "sku": {"name": "Premium_LRS"}, "properties": {}})
    path = platform.workspace.replace("mlw-test", "mlw-other")
    assert azure("PUT", path, workspace_body(platform, storageAccount=fast)).code == "ValidationError"


def test_what_a_workspace_was_made_with_stays(azure: Azure, platform: Platform) -> None:
    answer = azure("PUT", platform.workspace, workspace_body(platform, hbiWorkspace=True))
    assert (answer.status, answer.code) == (409, "PropertyChangeNotAllowed")


def cluster(size: str = "Standard_DS3_v2", least: int = 0, most: int = 2, **properties: object) -> Json:
    scale = {"minNodeCount": least, "maxNodeCount": most}
    inner = {"vmSize": size, "scaleSettings": scale, **properties}
    return {"location": REGION, "properties": {"computeType": "AmlCompute", "properties": inner}}


def test_a_cluster_starts_with_its_least_nodes(azure: Azure, platform: Platform) -> None:
    shown = azure.put(f"{platform.workspace}/computes/cpu", cluster(least=1)).properties
    assert (shown["properties"]["currentNodeCount"], shown["properties"]["allocationState"]) == (1, "Steady")


@pytest.mark.trap("clusters-never-change")
def test_the_size_of_a_cluster_never_changes_its_scale_may(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/computes/cpu"
    azure.put(path, cluster())
    assert azure("PUT", path, cluster(most=4)).status == 200
    assert azure("PUT", path, cluster("Standard_DS2_v2")).code == "PropertyChangeNotAllowed"


GPU_FAMILIES = ("standardNCASv3_T4Family", "standardNCADSA100v4Family", "standardNDSH100v5Family")


@pytest.mark.trap("retired-sizes")
@pytest.mark.parametrize("size", ["Standard_NC6", "STANDARD_NC24rs_v3", "Standard_ND12s", "Standard_NV6_Promo"])
def test_retired_sizes_are_refused(azure: Azure, platform: Platform, size: str) -> None:
    assert azure("PUT", f"{platform.workspace}/computes/gpu", cluster(size)).code == "InvalidPropertyValue"


@pytest.mark.parametrize("size", ["Standard_NC4as_T4_v3", "Standard_NC24ads_A100_v4", "Standard_ND96isr_H100_v5"])
def test_present_sizes_of_similar_names_are_accepted(azure: Azure, platform: Platform, size: str) -> None:
    azure("PUT", "/local/quotas", dict.fromkeys(GPU_FAMILIES, 100))
    assert azure("PUT", f"{platform.workspace}/computes/gpu", cluster(size)).status == 201


def test_a_cluster_cannot_have_a_minimum_above_its_maximum(azure: Azure, platform: Platform) -> None:
    answer = azure("PUT", f"{platform.workspace}/computes/cpu", cluster(least=3, most=2))
    assert answer.code == "InvalidPropertyValue"


def test_a_password_is_never_shown_nor_exported(azure: Azure, platform: Platform) -> None:
    account = {"adminUserName": "me", "adminUserPassword": "hunter2"}
    azure.put(f"{platform.workspace}/computes/cpu", cluster(userAccountCredentials=account))
    template = azure("POST", f"{platform.group}/exportTemplate", {"resources": ["*"]}).body
    assert "hunter2" not in str(template) + str(azure("GET", f"{platform.workspace}/computes").body)


def datastore(account: str = "sttest", container: str = "data") -> Json:
    properties = {"datastoreType": "AzureBlob", "accountName": account, "containerName": container}
    return {"properties": properties | {"credentials": {"credentialsType": "None"}}}


def test_a_datastore_reaches_what_exists_unless_validation_is_skipped(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.storage}/blobServices/default/containers/data", {"properties": {}})
    path = f"{platform.workspace}/datastores/data"
    assert azure("PUT", path, datastore(account="stnone")).code == "UserError"
    assert azure("PUT", path, datastore(container="none")).code == "UserError"
    assert azure("PUT", path, datastore()).status == 201
    assert azure("PUT", f"{path}_two?skipValidation=true", datastore(account="stnone")).status == 201


def test_a_datastore_never_shows_its_secrets(azure: Azure, platform: Platform) -> None:
    body = datastore(container="")
    body["properties"]["credentials"] = {"credentialsType": "AccountKey", "secrets": {"key": "hunter2"}}
    shown = azure.put(f"{platform.workspace}/datastores/keyed", body)
    assert shown.properties["credentials"] == {"credentialsType": "AccountKey"}


ASSETS = {
    "models": ({"modelUri": "https://x/model"}, {"modelUri": "https://x/other"}),
    "codes": ({"codeUri": "https://x/code"}, {"codeUri": "https://x/other"}),
    "environments": ({"image": "mcr/base:1"}, {"image": "mcr/base:2"}),
}


@pytest.mark.parametrize("kind", ASSETS)
def test_a_version_brings_its_container_and_never_changes(azure: Azure, platform: Platform, kind: str) -> None:
    first, other = ASSETS[kind]
    container = f"{platform.workspace}/{kind}/iris"
    assert azure("PUT", f"{container}/versions/1", {"properties": first}).status == 201
    assert azure("PUT", f"{container}/versions/1", {"properties": {**first, "description": "new"}}).status == 200
    assert azure("PUT", f"{container}/versions/1", {"properties": other}).code == "PropertyChangeNotAllowed"
    azure.put(f"{container}/versions/2", {"properties": other})
    shown = azure("GET", container).properties
    assert (shown["latestVersion"], shown["nextVersion"]) == ("2", "3")


@pytest.mark.parametrize("kind", ASSETS)
def test_a_version_without_content_is_refused_and_leaves_no_container(
    azure: Azure, platform: Platform, kind: str
) -> None:
    path = f"{platform.workspace}/{kind}/iris"
    assert azure("PUT", f"{path}/versions/1", {"properties": {}}).code == "UserError"
    assert azure("GET", path).status == 404
