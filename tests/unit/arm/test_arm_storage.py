"""Storage accounts, their blob service and containers."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform, workspace_body


def account(**properties: object) -> Json:
    return {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "properties": properties}


@pytest.fixture
def lake(azure: Azure, platform: Platform) -> str:
    path = platform.storage.replace("sttest", "stlake")
    azure.put(path, account(isHnsEnabled=True))
    return path


def test_an_account_tells_where_its_blobs_are_and_brings_its_services(azure: Azure, platform: Platform) -> None:
    shown = azure("GET", platform.storage)
    assert shown.properties["primaryEndpoints"]["blob"] == azure.blobs.endpoint("sttest")
    assert shown.body["sku"] == {"name": "Standard_LRS", "tier": "Standard"}
    for service in ("blobServices", "fileServices", "queueServices", "tableServices"):
        assert azure("GET", f"{platform.storage}/{service}/default").status == 200


def test_a_service_that_comes_with_its_account_cannot_be_deleted(azure: Azure, platform: Platform) -> None:
    assert azure("DELETE", f"{platform.storage}/blobServices/default").code == "HttpMethodNotAllowed"
    assert azure("PUT", f"{platform.storage}/blobServices/other", {"properties": {}}).code == "InvalidResourceName"


def test_the_keys_are_those_of_the_blob_service(azure: Azure, platform: Platform) -> None:
    keys = azure("POST", f"{platform.storage}/listKeys").body["keys"]
    assert [(key["keyName"], key["value"]) for key in keys] == [("key1", "sttest-key-1"), ("key2", "sttest-key-2")]


@pytest.mark.parametrize("member", ["isHnsEnabled", "isNfsV3Enabled"])
def test_what_is_decided_at_creation_stays(azure: Azure, platform: Platform, member: str) -> None:
    answer = azure("PUT", platform.storage, account(**{member: True}))
    assert (answer.status, answer.code) == (409, "PropertyChangeNotAllowed")


def test_containers_are_made_and_deleted_with_their_blobs(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/blobServices/default/containers/data"
    assert azure("PUT", path, {"properties": {}}).status == 201
    assert azure.blobs.containers == {("sttest", "data")}
    azure.delete(path)
    assert azure.blobs.containers == set()


def test_a_container_that_is_refused_leaves_no_trace_behind_the_endpoint(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/blobServices/default/containers/Data--x"
    assert azure("PUT", path, {"properties": {}}).code == "InvalidResourceName"
    assert azure.blobs.containers == set()


def test_public_containers_need_an_account_that_allows_them(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/blobServices/default/containers/open"
    body = {"properties": {"publicAccess": "Blob"}}
    assert azure("PUT", path, body).code == "PublicAccessNotPermitted"
    azure.put(platform.storage, account(allowBlobPublicAccess=True) | {"sku": {"name": "Standard_LRS"}})
    assert azure("PUT", path, body).status == 201


@pytest.mark.parametrize(
    "properties",
    [{"isVersioningEnabled": True}, {"restorePolicy": {"enabled": True, "days": 6}}],
)
def test_a_hierarchical_namespace_rules_out_versions_and_restore(azure: Azure, lake: str, properties: Json) -> None:
    answer = azure("PUT", f"{lake}/blobServices/default", {"properties": properties})
    assert answer.code == "FeatureNotSupportedForAccount"


@pytest.mark.parametrize(
    ("missing", "days"), [("isVersioningEnabled", 7), ("changeFeed", 7), ("deleteRetentionPolicy", 7), (None, 6)]
)
def test_restore_stands_on_versions_change_feed_and_a_longer_soft_delete(
    azure: Azure, platform: Platform, missing: str | None, days: int
) -> None:
    properties: Json = {
        "restorePolicy": {"enabled": True, "days": 6},
        "isVersioningEnabled": True,
        "changeFeed": {"enabled": True},
        "deleteRetentionPolicy": {"enabled": True, "days": days},
    }
    properties.pop(missing or "", None)
    path = f"{platform.storage}/blobServices/default"
    assert azure("PUT", path, {"properties": properties}).code == "InvalidRequestPropertyValue"
    whole = properties | {
        "isVersioningEnabled": True,
        "changeFeed": {"enabled": True},
        "deleteRetentionPolicy": {"enabled": True, "days": 7},
    }
    assert azure("PUT", path, {"properties": whole}).status == 200


def test_a_lake_cannot_be_the_default_storage_of_a_workspace(azure: Azure, platform: Platform, lake: str) -> None:
    path = platform.workspace.replace("mlw-test", "mlw-other")
    answer = azure("PUT", path, workspace_body(platform, storageAccount=lake))
    assert answer.code == "ValidationError"
    assert "isHnsEnabled" in answer.message
