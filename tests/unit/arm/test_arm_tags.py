"""Tags as Azure keeps them: at every scope, by their own API and in bodies."""

from typing import Any

import pytest

from tests.unit.arm.doubles import REGION, Answer, Azure, Platform

TAGS = "providers/Microsoft.Resources/tags/default"


def patch(azure: Azure, scope: str, operation: str, **tags: str) -> Answer:
    return azure("PATCH", f"{scope}/{TAGS}", {"operation": operation, "properties": {"tags": tags}})


@pytest.fixture(params=["subscription", "group", "resource"])
def scope(request: pytest.FixtureRequest, azure: Azure, platform: Platform) -> str:
    return {"subscription": azure.subscription, "group": platform.group, "resource": platform.storage}[request.param]


def test_tags_of_any_scope_are_replaced_merged_and_taken_away(azure: Azure, scope: str) -> None:
    answer = azure("PUT", f"{scope}/{TAGS}", {"properties": {"tags": {"Owner": "me", "tier": "one"}}})
    assert (answer.status, answer.body["id"]) == (200, f"{scope}/{TAGS}")
    assert patch(azure, scope, "Merge", owner="you", new="1").properties["tags"] == {
        "Owner": "you",
        "tier": "one",
        "new": "1",
    }
    assert patch(azure, scope, "Delete", TIER="", new="other").properties["tags"] == {"Owner": "you", "new": "1"}
    assert patch(azure, scope, "Delete", new="1").properties["tags"] == {"Owner": "you"}
    assert patch(azure, scope, "Replace", only="this").properties["tags"] == {"only": "this"}
    assert azure("GET", f"{scope}/{TAGS}").properties["tags"] == {"only": "this"}
    assert azure("DELETE", f"{scope}/{TAGS}").status == 200
    assert azure("GET", f"{scope}/{TAGS}").properties["tags"] == {}


def test_tags_of_a_resource_are_those_of_its_body(azure: Azure, platform: Platform) -> None:
    patch(azure, platform.storage, "Merge", owner="me")
    assert azure("GET", platform.storage).body["tags"] == {"owner": "me"}
    azure.put(platform.storage, {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    assert azure("GET", f"{platform.storage}/{TAGS}").properties["tags"] == {}


def test_a_read_only_lock_holds_for_tags(azure: Azure, platform: Platform) -> None:
    lock = f"{platform.group}/providers/Microsoft.Authorization/locks/keep"
    azure.put(lock, {"properties": {"level": "ReadOnly"}})
    assert patch(azure, platform.storage, "Merge", owner="me").code == "ScopeLocked"


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"a<b": "1"}, "InvalidTagNameCharacters"),
        ({"a\n": "1"}, "InvalidTagNameCharacters"),
        ({"a": 1}, "InvalidRequestContent"),
        ({"": "1"}, "InvalidTags"),
        ({"a": "1" * 257}, "InvalidTags"),
        ({f"tag-{number}": "1" for number in range(51)}, "InvalidTags"),
    ],
)
def test_tags_that_azure_refuses_are_refused_in_bodies_and_in_their_own_api(
    azure: Azure, tags: dict[str, Any], code: str
) -> None:
    group = azure.group()
    assert azure("PUT", group, {"location": REGION, "tags": tags}).code == code
    assert azure("PUT", f"{group}/{TAGS}", {"properties": {"tags": tags}}).code == code


@pytest.mark.parametrize("body", [{}, {"properties": {}}, {"properties": {"tags": []}}])
def test_a_body_without_tags_is_refused(azure: Azure, body: dict[str, Any]) -> None:
    assert azure("PUT", f"{azure.group()}/{TAGS}", body).code == "InvalidRequestContent"
    assert azure("PATCH", f"{azure.group()}/{TAGS}", {"operation": "Merge", **body}).code == "InvalidRequestContent"


def test_an_unknown_operation_scope_or_method_is_refused(azure: Azure) -> None:
    group = azure.group()
    assert patch(azure, group, "Rename", a="1").code == "InvalidRequestContent"
    assert azure("GET", f"{group}-gone/{TAGS}").code == "ResourceGroupNotFound"
    assert azure("GET", f"{group}/{TAGS.removesuffix('default')}mine").code == "InvalidResourceName"
    assert azure("HEAD", f"{group}/{TAGS}").status == 405


def test_tag_names_tell_what_is_in_use(azure: Azure) -> None:
    for name, owner in (("rg-a", "me"), ("rg-b", "me"), ("rg-c", "you")):
        azure.put(f"{azure.subscription}/resourceGroups/{name}", {"location": REGION, "tags": {"owner": owner}})
    [entry] = azure("GET", f"{azure.subscription}/tagNames").body["value"]
    assert (entry["tagName"], entry["count"]["value"]) == ("owner", 3)
    assert {value["tagValue"]: value["count"]["value"] for value in entry["values"]} == {"me": 2, "you": 1}
