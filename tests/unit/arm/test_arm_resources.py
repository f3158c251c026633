"""PUT, PATCH, GET, HEAD and DELETE of resources in general."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
LOGS = "providers/Microsoft.OperationalInsights/workspaces"


def test_the_first_put_answers_201_and_the_next_200(azure: Azure) -> None:
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    assert azure("PUT", path, {"location": REGION}).status == 201
    assert azure("PUT", path, {"location": REGION, "tags": {"a": "b"}}).status == 200
    assert azure("GET", path).body["tags"] == {"a": "b"}


def test_what_azure_made_once_survives_the_next_put(azure: Azure) -> None:
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    first = azure.put(path, {"location": REGION}).properties
    assert azure.put(path, {"location": REGION, "tags": {"a": "b"}}).properties == first


def test_members_that_only_azure_writes_are_ignored(azure: Azure) -> None:
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    body = {"location": REGION, "id": "/elsewhere", "name": "other", "type": "X/y", "systemData": {"createdBy": "me"}}
    found = azure.put(path, body).body
    assert (found["name"], found["id"]) == ("id-one", path)
    assert "systemData" not in found


def test_patch_merges_and_null_takes_away(azure: Azure) -> None:
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    azure.put(path, {"location": REGION, "tags": {"a": "1", "b": "2"}})
    answer = azure("PATCH", path, {"tags": {"b": None, "c": "3"}})
    assert (answer.status, answer.body["tags"], answer.body["location"]) == (200, {"a": "1", "c": "3"}, REGION)


def test_patch_of_what_does_not_exist_is_not_found(azure: Azure) -> None:
    assert azure("PATCH", f"{azure.group()}/{IDENTITIES}/none", {"tags": {}}).code == "ResourceNotFound"


def test_head_tells_whether_a_resource_exists(azure: Azure) -> None:
    group = azure.group()
    assert azure("HEAD", group).status == 204
    assert azure("HEAD", f"{group}/{IDENTITIES}/none").status == 404


def test_what_is_missing_is_named_from_the_top(azure: Azure) -> None:
    nowhere = f"{azure.subscription}/resourceGroups/nowhere"
    group = azure.group()
    assert azure("GET", nowhere).code == "ResourceGroupNotFound"
    assert azure("GET", f"{nowhere}/{IDENTITIES}/x").code == "ResourceGroupNotFound"
    assert azure("PUT", f"{nowhere}/{IDENTITIES}/id-x", {"location": REGION}).code == "ResourceGroupNotFound"
    assert azure("DELETE", f"{nowhere}/{IDENTITIES}/id-x").code == "ResourceGroupNotFound"
    assert azure("GET", f"{group}/{IDENTITIES}/x").code == "ResourceNotFound"
    child = f"{group}/providers/Microsoft.Storage/storageAccounts/none/blobServices/default"
    assert azure("PUT", child, {"properties": {}}).code == "ParentResourceNotFound"
    lock = f"{group}/{IDENTITIES}/none/providers/Microsoft.Authorization/locks/l"
    assert azure("PUT", lock, {"properties": {"level": "ReadOnly"}}).code == "ResourceNotFound"


def test_delete_answers_200_then_204(azure: Azure) -> None:
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    azure.put(path, {"location": REGION})
    assert [azure("DELETE", path).status, azure("DELETE", path).status] == [200, 204]


def test_a_type_lies_only_where_azure_has_it(azure: Azure) -> None:
    azure.group()
    in_subscription = f"{azure.subscription}/providers/Microsoft.Storage/storageAccounts/sttest"
    assert azure("PUT", in_subscription, {"location": REGION}).code == "InvalidResourceScope"


@pytest.mark.parametrize(
    ("location", "code"),
    [(None, "LocationRequired"), ("", "LocationRequired"), ("atlantis", "LocationNotAvailableForResourceType")],
)
def test_a_tracked_resource_needs_a_region_of_azure(azure: Azure, location: str | None, code: str) -> None:
    body = {} if location is None else {"location": location}
    assert azure("PUT", f"{azure.group()}/{IDENTITIES}/id-one", body).code == code


def test_a_region_never_changes_but_its_spelling_may(azure: Azure) -> None:
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    azure.put(path, {"location": "westeurope"})
    assert azure("PUT", path, {"location": "West Europe"}).status == 200
    answer = azure("PUT", path, {"location": "northeurope"})
    assert (answer.status, answer.code) == (409, "InvalidResourceLocation")


@pytest.mark.trap("names-too-long")
@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("Microsoft.Storage/storageAccounts", "Has-Hyphen", "AccountNameInvalid"),
        ("Microsoft.Storage/storageAccounts", "st", "AccountNameInvalid"),
        ("Microsoft.Storage/storageAccounts", "s" * 25, "AccountNameInvalid"),
        ("Microsoft.KeyVault/vaults", "kv--two", "VaultNameNotValid"),
        ("Microsoft.KeyVault/vaults", "1vault", "VaultNameNotValid"),
        ("Microsoft.ContainerRegistry/registries", "cr-hyphen", "InvalidResourceName"),
        ("Microsoft.MachineLearningServices/workspaces", "w" * 34, "InvalidResourceName"),
        ("Microsoft.OperationalInsights/workspaces", "log", "InvalidResourceName"),
    ],
)
def test_names_follow_the_rules_of_their_type(azure: Azure, kind: str, name: str, code: str) -> None:
    path = f"{azure.group()}/providers/{kind}/{name}"
    assert azure("PUT", path, {"location": REGION, "properties": {}}).code == code
    asked = {"name": name, "type": kind}
    check = f"{azure.subscription}/providers/{kind.partition('/')[0]}/checkNameAvailability"
    assert azure("POST", check, asked).body["nameAvailable"] is False


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("Microsoft.Storage/storageAccounts", "StorageAccountAlreadyTaken"),
        ("Microsoft.KeyVault/vaults", "VaultAlreadyExists"),
        ("Microsoft.ContainerRegistry/registries", "AlreadyInUse"),
    ],
)
def test_a_name_that_is_part_of_a_host_name_is_taken_once(azure: Azure, kind: str, code: str) -> None:
    one, two = (f"{azure.group(name)}/providers/{kind}/taken1" for name in ("rg-one", "rg-two"))
    check = f"{azure.subscription}/providers/{kind.partition('/')[0]}/checkNameAvailability"
    assert azure("POST", check, {"name": "taken1", "type": kind}).body == {"nameAvailable": True}
    body = {"location": REGION, "sku": {"name": "Basic"}, "properties": {}}
    azure.put(one, body)
    answer = azure("PUT", two, body)
    assert (answer.status, answer.code) == (409, code)
    assert azure("POST", check, {"name": "TAKEN1", "type": kind}).body["nameAvailable"] is False


@pytest.mark.parametrize(
    ("header", "value", "exists", "status"),
    [
        ("If-Match", "*", True, 200),
        ("If-Match", "*", False, 412),
        ("If-Match", '"stale"', True, 412),
        ("If-Match", "present", True, 200),
        ("If-None-Match", "*", True, 412),
        ("If-None-Match", "*", False, 201),
    ],
)
def test_a_condition_on_the_version_is_kept(azure: Azure, header: str, value: str, exists: bool, status: int) -> None:
    path = f"{azure.group()}/{LOGS}/log-test"
    body: Json = {"location": REGION, "properties": {}}
    if exists:
        etag = azure.put(path, body).headers["etag"]
        value = etag if value == "present" else value
    assert azure("PUT", path, body, headers={header: value}).status == status


def test_an_etag_changes_with_every_write_and_stops_a_late_delete(azure: Azure) -> None:
    path = f"{azure.group()}/{LOGS}/log-test"
    first = azure.put(path, {"location": REGION, "properties": {}})
    second = azure.put(path, {"location": REGION, "properties": {"retentionInDays": 60}})
    assert first.body["etag"] == first.headers["etag"] != second.headers["etag"]
    assert azure("DELETE", path, headers={"If-Match": first.headers["etag"]}).status == 412


def test_deleting_a_group_deletes_what_it_holds_and_what_runs_for_it(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.storage}/blobServices/default/containers/data", {"properties": {}})
    answer = azure("DELETE", platform.group)
    assert answer.status == 202
    assert azure.settle(answer).status == 200
    assert azure("GET", platform.group).code == "ResourceGroupNotFound"
    assert azure.store.rows("SELECT id FROM resources") == []
    assert (azure.blobs.accounts, azure.blobs.containers) == (set(), set())


def test_deleting_a_group_that_does_not_exist_is_not_found(azure: Azure) -> None:
    assert azure("DELETE", f"{azure.subscription}/resourceGroups/none").code == "ResourceGroupNotFound"


def test_nothing_new_comes_into_a_group_that_goes(azure: Azure, platform: Platform) -> None:
    azure.blobs.gate.clear()
    deleting = azure("DELETE", platform.group)
    answer = azure("PUT", f"{platform.group}/{IDENTITIES}/id-new", {"location": REGION})
    azure.blobs.gate.set()
    assert (answer.status, answer.code) == (409, "ResourceGroupBeingDeleted")
    assert azure.settle(deleting).status == 200


def test_identities_are_looked_up_and_completed(azure: Azure, platform: Platform) -> None:
    identity = azure("GET", platform.workspace).body["identity"]
    attached = identity["userAssignedIdentities"][platform.identity]
    assert attached["principalId"] == platform.principal


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ({"type": "UserAssigned"}, "InvalidIdentityValues"),
        ({"type": "Imagined"}, "InvalidIdentityType"),
        ({"type": "UserAssigned", "userAssignedIdentities": {"nonsense": {}}}, "LinkedInvalidPropertyId"),
    ],
)
def test_an_identity_that_cannot_be_is_refused(azure: Azure, identity: Json, code: str) -> None:
    path = f"{azure.group()}/providers/Microsoft.ContainerRegistry/registries/crtest1"
    body = {"location": REGION, "sku": {"name": "Basic"}, "identity": identity, "properties": {}}
    assert azure("PUT", path, body).code == code


def test_an_identity_that_does_not_exist_is_refused(azure: Azure) -> None:
    group = azure.group()
    identity = {"type": "UserAssigned", "userAssignedIdentities": {f"{group}/{IDENTITIES}/id-none": {}}}
    body = {"location": REGION, "sku": {"name": "Basic"}, "identity": identity, "properties": {}}
    answer = azure("PUT", f"{group}/providers/Microsoft.ContainerRegistry/registries/crtest1", body)
    assert answer.code == "FailedIdentityOperation"


def test_a_system_assigned_identity_keeps_its_principal(azure: Azure) -> None:
    path = f"{azure.group()}/providers/Microsoft.ContainerRegistry/registries/crtest1"
    identity = {"type": "SystemAssigned"}
    body: Json = {"location": REGION, "sku": {"name": "Basic"}, "identity": identity, "properties": {}}
    first = azure.put(path, body).body["identity"]
    assert first["tenantId"] == azure.directory.tenant_id
    assert azure.put(path, body).body["identity"] == first


@dataclass(frozen=True)
class Flaw:
    path: str
    reason: str


class StrictContract:
    """Knows one version, in which every body lacks something."""

    api_version = "2024-01-01"

    def check_body(self, body: Json) -> Sequence[Flaw]:
        return [Flaw("properties.size", "is required"), Flaw("sku.name", "must be one of S1, S2")]


class StrictContracts:
    def by_arm_type(self, arm_type: str) -> StrictContract | None:
        return StrictContract() if arm_type.endswith("userAssignedIdentities") else None


def test_a_body_is_judged_by_the_contract_of_its_api_version_only(tmp_path: Path) -> None:
    azure = Azure(tmp_path / "store.db", StrictContracts())
    path = f"{azure.group()}/{IDENTITIES}/id-one"
    answer = azure("PUT", path, {"location": REGION})
    assert (answer.status, answer.code) == (400, "InvalidRequestContent")
    assert "properties.size: is required" in answer.message
    assert [detail["target"] for detail in answer.body["error"]["details"]] == ["properties.size", "sku.name"]
    assert azure("PUT", path, {"location": REGION}, version="2018-11-30").status == 201
    azure.close()
