"""Immutability policies, legal holds, and what they keep from being deleted."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import Answer, Azure, Platform


@pytest.fixture
def container(azure: Azure, platform: Platform) -> str:
    path = f"{platform.storage}/blobServices/default/containers/audit"
    azure.put(path, {"properties": {}})
    return path


def kept(days: int, **properties: object) -> Json:
    return {"properties": {"immutabilityPeriodSinceCreationInDays": days, **properties}}


def put_policy(azure: Azure, container: str, days: int = 30) -> tuple[str, str]:
    """The path and ETag of a new policy."""
    path = f"{container}/immutabilityPolicies/default"
    azure.put(path, kept(days))
    return path, etag(azure, path)


def etag(azure: Azure, path: str) -> str:
    return str(azure("GET", path).body["etag"])


def lock(azure: Azure, path: str) -> Answer:
    return azure("POST", f"{path}/lock", headers={"if-match": etag(azure, path)})


def test_a_container_shows_its_policy(azure: Azure, container: str) -> None:
    assert azure("GET", container).properties["hasImmutabilityPolicy"] is False
    put_policy(azure, container)
    shown = azure("GET", container).properties
    assert shown["hasImmutabilityPolicy"] is True
    assert shown["immutabilityPolicy"]["properties"]["immutabilityPeriodSinceCreationInDays"] == 30


def test_a_new_policy_is_unlocked_and_can_be_changed(azure: Azure, container: str) -> None:
    path, _ = put_policy(azure, container)
    assert azure("GET", path).properties["state"] == "Unlocked"
    assert azure.put(path, kept(7)).properties["immutabilityPeriodSinceCreationInDays"] == 7


def test_a_policy_is_deleted_only_under_its_etag(azure: Azure, container: str) -> None:
    path, tag = put_policy(azure, container)
    answer = azure("DELETE", path)
    assert (answer.status, answer.code) == (412, "ContainerImmutabilityPolicyFailure")
    assert azure("DELETE", path, headers={"if-match": '"stale"'}).status == 412
    assert azure("DELETE", path, headers={"if-match": tag}).status == 200
    assert azure("GET", container).properties["hasImmutabilityPolicy"] is False


def test_locking_needs_the_etag_and_is_for_ever(azure: Azure, container: str) -> None:
    path, _ = put_policy(azure, container)
    assert azure("POST", f"{path}/lock").status == 412
    assert lock(azure, path).properties["state"] == "Locked"
    for answer in (azure("PUT", path, kept(60)), azure("DELETE", path, headers={"if-match": etag(azure, path)})):
        assert (answer.status, answer.code) == (409, "ContainerImmutabilityPolicyFailure")


def test_a_locked_policy_is_only_ever_extended(azure: Azure, container: str) -> None:
    path, tag = put_policy(azure, container)
    assert azure("POST", f"{path}/extend", kept(60), headers={"if-match": tag}).status == 409
    lock(azure, path)
    for days in (30, 29):
        assert azure("POST", f"{path}/extend", kept(days), headers={"if-match": etag(azure, path)}).status == 400
    longer = azure("POST", f"{path}/extend", kept(31), headers={"if-match": etag(azure, path)})
    assert longer.properties["immutabilityPeriodSinceCreationInDays"] == 31


def test_the_two_sorts_of_append_writes_exclude_each_other(azure: Azure, container: str) -> None:
    body = kept(7, allowProtectedAppendWrites=True, allowProtectedAppendWritesAll=True)
    assert azure("PUT", f"{container}/immutabilityPolicies/default", body).code == "InvalidRequestPropertyValue"


def test_a_container_under_a_policy_is_deleted_only_while_it_is_empty(azure: Azure, container: str) -> None:
    put_policy(azure, container)
    azure.blobs.filled.add(("sttest", "audit"))
    answer = azure("DELETE", container)
    assert (answer.status, answer.code) == (409, "ContainerProtectedFromDeletion")
    azure.blobs.filled.clear()
    assert azure("DELETE", container).status == 200


@pytest.mark.trap("locks-keep")
def test_a_locked_policy_keeps_the_account_and_its_group(azure: Azure, platform: Platform, container: str) -> None:
    path, _ = put_policy(azure, container)
    azure.blobs.filled.add(("sttest", "audit"))
    lock(azure, path)
    answer = azure("DELETE", platform.storage)
    assert (answer.status, answer.code) == (409, "AccountProtectedFromDeletion")
    assert "audit" in answer.message
    failed = azure.settle(azure("DELETE", platform.group))
    assert failed.code == "AccountProtectedFromDeletion"
    assert azure("GET", platform.storage).status == 200


def test_an_unlocked_policy_does_not_keep_the_account(azure: Azure, platform: Platform, container: str) -> None:
    put_policy(azure, container)
    azure.blobs.filled.add(("sttest", "audit"))
    azure.delete(platform.storage)


def test_a_legal_hold_keeps_even_an_empty_container_until_its_tags_are_cleared(azure: Azure, container: str) -> None:
    assert azure("POST", f"{container}/setLegalHold", {"tags": ["case1"]}).body["tags"] == ["case1"]
    assert azure("POST", f"{container}/setLegalHold", {"tags": ["Case2", "case1"]}).body["tags"] == ["case1", "case2"]
    shown = azure("GET", container).properties
    assert shown["hasLegalHold"] is True
    assert [tag["tag"] for tag in shown["legalHold"]["tags"]] == ["case1", "case2"]
    assert azure("DELETE", container).code == "ContainerProtectedFromDeletion"
    azure("POST", f"{container}/clearLegalHold", {"tags": ["case1"]})
    assert azure("DELETE", container).code == "ContainerProtectedFromDeletion"
    assert azure("POST", f"{container}/clearLegalHold", {"tags": ["case2"]}).body["hasLegalHold"] is False
    assert azure("DELETE", container).status == 200


def test_a_legal_hold_outlives_a_change_of_its_container(azure: Azure, container: str) -> None:
    azure("POST", f"{container}/setLegalHold", {"tags": ["case1"]})
    assert azure.put(container, {"properties": {"metadata": {"a": "b"}}}).properties["hasLegalHold"] is True


@pytest.mark.parametrize("tags", [[], ["x"], ["not alphanumeric"], "case1", [f"tag{number}" for number in range(11)]])
def test_legal_hold_tags_have_limits(azure: Azure, container: str, tags: object) -> None:
    answer = azure("POST", f"{container}/setLegalHold", {"tags": tags})
    assert (answer.status, answer.code) == (400, "ContainerLegalHoldFailure")
