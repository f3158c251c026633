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


@pytest.mark.trap("versions-in-a-lake")
@pytest.mark.parametrize(
    "properties",
    [
        {"isVersioningEnabled": True},
        {"changeFeed": {"enabled": True}},
        {"restorePolicy": {"enabled": True, "days": 6}},
    ],
)
def test_a_hierarchical_namespace_rules_out_versions_change_feed_and_restore(
    azure: Azure, lake: str, properties: Json
) -> None:
    answer = azure("PUT", f"{lake}/blobServices/default", {"properties": properties})
    assert (answer.status, answer.code) == (409, "FeatureNotSupportedForAccount")


@pytest.mark.trap("versions-in-a-lake")
def test_immutability_of_versions_is_ruled_out_by_a_namespace_and_needs_versions(
    azure: Azure, platform: Platform, lake: str
) -> None:
    body = {"properties": {"immutableStorageWithVersioning": {"enabled": True}}}
    container = "blobServices/default/containers/worm"
    assert azure("PUT", f"{lake}/{container}", body).code == "FeatureNotSupportedForAccount"
    assert azure("PUT", f"{platform.storage}/{container}", body).code == "InvalidRequestPropertyValue"
    azure.put(f"{platform.storage}/blobServices/default", {"properties": {"isVersioningEnabled": True}})
    assert azure("PUT", f"{platform.storage}/{container}", body).status == 201
    new = account(isHnsEnabled=True, immutableStorageWithVersioning={"enabled": True})
    assert azure("PUT", lake.replace("stlake", "stworm"), new).code == "FeatureNotSupportedForAccount"


@pytest.mark.parametrize("member", ["isNfsV3Enabled", "isSftpEnabled"])
def test_nfs_and_sftp_need_a_hierarchical_namespace(azure: Azure, member: str) -> None:
    path = f"{azure.group()}/providers/Microsoft.Storage/storageAccounts/stnew"
    assert azure("PUT", path, account(**{member: True})).code == "InvalidRequestPropertyValue"
    assert azure("PUT", path, account(**{member: True, "isHnsEnabled": True})).status == 202


@pytest.mark.parametrize(
    ("before", "after", "accepted"),
    [
        ("Standard_LRS", "Standard_GRS", True),
        ("Standard_RAGRS", "Standard_LRS", True),
        ("Standard_ZRS", "Standard_GZRS", True),
        ("Standard_LRS", "Standard_ZRS", False),
        ("Standard_GZRS", "Standard_GRS", False),
        ("Standard_LRS", "Premium_LRS", False),
    ],
)
def test_a_request_adds_or_removes_a_region_and_neither_zones_nor_performance(
    azure: Azure, before: str, after: str, *, accepted: bool
) -> None:
    path = f"{azure.group()}/providers/Microsoft.Storage/storageAccounts/stnew"
    azure.put(path, account() | {"sku": {"name": before}})
    answer = azure("PUT", path, account() | {"sku": {"name": after}})
    assert answer.code == ("" if accepted else "StorageAccountTypeConversionNotAllowed")


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.0.0/16", "20.1.2.0/31", "20.1.2.3/32", "2001:db8::1", "x"])
def test_a_network_rule_names_public_addresses_and_no_tiny_block(azure: Azure, address: str) -> None:
    path = f"{azure.group()}/providers/Microsoft.Storage/storageAccounts/stnew"
    rules = {"defaultAction": "Deny", "ipRules": [{"value": address, "action": "Allow"}]}
    answer = azure("PUT", path, account(networkAcls=rules))
    assert answer.code == "InvalidValuesForRequestParameters"
    assert address in answer.message
    rules["ipRules"] = [{"value": value, "action": "Allow"} for value in ("20.1.2.3", "20.1.2.0/30")]
    assert azure("PUT", path, account(networkAcls=rules)).status == 202


def test_an_account_without_shared_keys_still_lists_them_and_takes_none(azure: Azure, platform: Platform) -> None:
    path = platform.storage.replace("sttest", "stclosed")
    azure.put(path, account(allowSharedKeyAccess=False))
    assert "stclosed" not in azure.blobs.taking_keys
    assert len(azure("POST", f"{path}/listKeys").body["keys"]) == 2
    azure.put(path, account(allowSharedKeyAccess=True))
    assert "stclosed" in azure.blobs.taking_keys


@pytest.mark.parametrize(
    ("service", "name", "wrong"),
    [
        ("fileServices/default/shares", "notebooks", "Note--Books"),
        ("queueServices/default/queues", "events", "my--events"),
        ("tableServices/default/tables", "Runs", "1runs"),
    ],
)
def test_shares_queues_and_tables_are_made_under_their_name_rules(
    azure: Azure, platform: Platform, service: str, name: str, wrong: str
) -> None:
    assert azure.put(f"{platform.storage}/{service}/{name}", {"properties": {}}).body["name"] == name
    assert azure("PUT", f"{platform.storage}/{service}/{wrong}", {"properties": {}}).code == "InvalidResourceName"


def test_a_share_has_a_size_and_nfs_needs_an_account_for_files(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/fileServices/default/shares/notebooks"
    for properties in ({"shareQuota": 0}, {"shareQuota": 102_401}, {"enabledProtocols": "NFS"}):
        assert azure("PUT", path, {"properties": properties}).code == "InvalidRequestPropertyValue"


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


@pytest.mark.trap("lake-as-default")
def test_a_lake_cannot_be_the_default_storage_of_a_workspace(azure: Azure, platform: Platform, lake: str) -> None:
    path = platform.workspace.replace("mlw-test", "mlw-other")
    answer = azure("PUT", path, workspace_body(platform, storageAccount=lake))
    assert answer.code == "ValidationError"
    assert "isHnsEnabled" in answer.message
