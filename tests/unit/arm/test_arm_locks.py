"""Management locks, on the scope itself, above it and below it."""

import pytest

from tests.unit.arm.doubles import REGION, Azure, Platform

LOCK = "providers/Microsoft.Authorization/locks/keep"


def lock(azure: Azure, scope: str, level: str = "CanNotDelete") -> None:
    azure.put(f"{scope}/{LOCK}", {"properties": {"level": level}})


@pytest.mark.trap("locks-keep")
def test_a_lock_stops_deletion_of_its_scope_of_what_is_in_it_and_of_what_holds_it(
    azure: Azure, platform: Platform
) -> None:
    rules = f"{platform.storage}/managementPolicies/default"
    azure.put(rules, {"properties": {"policy": {"rules": [{"name": "old", "type": "Lifecycle"}]}}})
    lock(azure, platform.storage)
    for path in (platform.storage, rules, platform.group):
        answer = azure("DELETE", path)
        assert (answer.status, answer.code) == (409, "ScopeLocked")
        assert platform.storage in answer.message


def test_a_lock_on_a_group_holds_for_all_in_it(azure: Azure, platform: Platform) -> None:
    lock(azure, platform.group)
    assert azure("DELETE", platform.vault).code == "ScopeLocked"
    assert azure("PUT", platform.identity, {"location": REGION, "tags": {"a": "b"}}).status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_read_only_lock_stops_writes_too(azure: Azure, platform: Platform, method: str) -> None:
    lock(azure, platform.group, "ReadOnly")
    assert azure(method, platform.identity, {"location": REGION}).code == "ScopeLocked"
    assert azure("GET", platform.identity).status == 200


def test_an_action_is_a_write_for_a_read_only_lock(azure: Azure, platform: Platform) -> None:
    lock(azure, platform.storage, "ReadOnly")
    assert azure("POST", f"{platform.storage}/listKeys").code == "ScopeLocked"


def test_what_is_unlocked_can_be_deleted(azure: Azure, platform: Platform) -> None:
    lock(azure, platform.vault)
    azure.delete(f"{platform.vault}/{LOCK}")
    assert azure("DELETE", platform.vault).status == 200


def test_the_locks_of_a_scope_list_those_below_it(azure: Azure, platform: Platform) -> None:
    lock(azure, platform.vault)
    lock(azure, platform.group)
    found = azure("GET", f"{platform.group}/{LOCK.rpartition('/')[0]}").body["value"]
    assert [entry["id"] for entry in found] == [f"{scope}/{LOCK}" for scope in (platform.vault, platform.group)]
