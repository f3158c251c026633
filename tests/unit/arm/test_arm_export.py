"""Templates of what is deployed."""

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform


def template(azure: Azure, scope: str, *resources: str) -> list[Json]:
    answer = azure("POST", f"{scope}/exportTemplate", {"resources": list(resources) or ["*"]})
    assert answer.status == 200
    assert answer.body["template"]["contentVersion"] == "1.0.0.0"
    found: list[Json] = answer.body["template"]["resources"]
    return found


def test_bodies_are_exported_as_they_were_sent_with_their_api_version(azure: Azure) -> None:
    group = azure.group()
    path = f"{group}/providers/Microsoft.OperationalInsights/workspaces/log-test"
    azure.settle(azure("PUT", path, {"location": REGION, "properties": {"retentionInDays": 60}}, version="2023-09-01"))
    assert template(azure, group) == [
        {
            "type": "Microsoft.OperationalInsights/workspaces",
            "apiVersion": "2023-09-01",
            "name": "log-test",
            "location": REGION,
            "properties": {"retentionInDays": 60},
        }
    ]


def test_children_have_full_names_and_what_comes_with_its_parent_is_left_out(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.storage}/blobServices/default/containers/data", {"properties": {}})
    names = [entry["name"] for entry in template(azure, platform.group)]
    assert "sttest/default/data" in names
    assert not {"sttest/default", "mlw-test/workspaceblobstore"}.intersection(names)


def test_extension_resources_tell_their_scope_unless_it_is_the_exported_one(azure: Azure, platform: Platform) -> None:
    for scope in (platform.vault, platform.group):
        azure.put(f"{scope}/providers/Microsoft.Authorization/locks/keep", {"properties": {"level": "CanNotDelete"}})
    locks = [entry for entry in template(azure, platform.group) if entry["type"].endswith("/locks")]
    assert [entry.get("scope") for entry in locks] == [platform.vault, None]


def test_a_subscription_exports_its_groups_and_what_extends_it(azure: Azure, platform: Platform) -> None:
    azure.put(
        f"{azure.subscription}/providers/Microsoft.Authorization/locks/keep", {"properties": {"level": "ReadOnly"}}
    )
    found = template(azure, azure.subscription)
    assert [(entry["type"].partition("/")[2], entry["name"]) for entry in found] == [
        ("resourceGroups", "rg-test"),
        ("locks", "keep"),
    ]
    assert "scope" not in found[1]


def test_only_the_resources_that_are_named_are_exported(azure: Azure, platform: Platform) -> None:
    assert [
        entry["name"] for entry in template(azure, platform.group, platform.vault.upper().replace("/S", "/s", 1))
    ] == ["kv-test"]


def test_a_request_that_names_no_resources_properly_is_refused(azure: Azure, platform: Platform) -> None:
    assert azure("POST", f"{platform.group}/exportTemplate", {"resources": "*"}).code == "InvalidRequestContent"
    assert azure("POST", f"{platform.group}/exportTemplate", {"resources": ["x"]}).code == "LinkedInvalidPropertyId"
    missing = f"{azure.subscription}/resourceGroups/none/exportTemplate"
    assert azure("POST", missing, {"resources": ["*"]}).code == "ResourceGroupNotFound"
