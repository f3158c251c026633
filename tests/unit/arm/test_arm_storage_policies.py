"""Life cycle, inventory and replication of the blobs of an account, and Defender's settings on it."""

from typing import Any

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

FIELDS = ["Name", "Content-Length"]


def account(azure: Azure, platform: Platform, name: str, service: Json | None = None, **properties: object) -> str:
    path = platform.storage.replace("sttest", name)
    azure.put(
        path, {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": properties}
    )
    if service is not None:
        azure.put(f"{path}/blobServices/default", {"properties": service})
    return path


def container(azure: Azure, account: str, name: str) -> None:
    azure.put(f"{account}/blobServices/default/containers/{name}", {"properties": {}})


def rules(*definitions: Json) -> Json:
    named = [{"name": f"rule{number}", "type": "Lifecycle", **each} for number, each in enumerate(definitions)]
    return {"properties": {"policy": {"rules": named}}}


def inventory(**changes: Any) -> Json:
    rule = {"name": "weekly", "destination": "reports", "definition": {"schemaFields": FIELDS}, **changes}
    return {"properties": {"policy": {"enabled": True, "type": "Inventory", "rules": [rule]}}}


def test_a_policy_has_rules_of_different_names(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/managementPolicies/default"
    assert azure("PUT", path, rules()).code == "InvalidRequestPropertyValue"
    twins = rules({"name": "old"}, {"name": "OLD"})
    assert "'old' twice" in azure("PUT", path, twins).message


def test_rules_by_last_access_stand_on_its_tracking(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/managementPolicies/default"
    cool = {"baseBlob": {"tierToCool": {"daysAfterLastAccessTimeGreaterThan": 30}}}
    body = rules({"definition": {"actions": cool}})
    assert "lastAccessTimeTrackingPolicy" in azure("PUT", path, body).message
    azure.put(
        f"{platform.storage}/blobServices/default", {"properties": {"lastAccessTimeTrackingPolicy": {"enable": True}}}
    )
    assert azure("PUT", path, body).status == 200


def test_a_lake_has_no_rules_for_versions(azure: Azure, platform: Platform) -> None:
    lake = account(azure, platform, "stlake", isHnsEnabled=True)
    old = {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}
    answer = azure("PUT", f"{lake}/managementPolicies/default", rules({"definition": {"actions": old}}))
    assert answer.code == "FeatureNotSupportedForAccount"


def test_an_inventory_needs_its_container_and_the_name_of_each_blob(azure: Azure, platform: Platform) -> None:
    path = f"{platform.storage}/inventoryPolicies/default"
    assert azure("PUT", path, inventory()).code == "ContainerNotFound"
    container(azure, platform.storage, "reports")
    assert azure("PUT", path, inventory()).status == 200
    without_name = inventory(definition={"schemaFields": ["Content-Length"]})
    assert azure("PUT", path, without_name).code == "InvalidRequestPropertyValue"


def test_the_inventory_of_a_lake_has_no_column_for_versions(azure: Azure, platform: Platform) -> None:
    lake = account(azure, platform, "stlake", isHnsEnabled=True)
    container(azure, lake, "reports")
    body = inventory(definition={"schemaFields": ["Name", "VersionId"]})
    assert azure("PUT", f"{lake}/inventoryPolicies/default", body).code == "FeatureNotSupportedForAccount"


@pytest.fixture
def pair(azure: Azure, platform: Platform) -> tuple[str, str]:
    """Two accounts that can replicate, each with a container `models`."""
    versions = {"isVersioningEnabled": True}
    source = account(azure, platform, "stsource", {**versions, "changeFeed": {"enabled": True}})
    target = account(azure, platform, "sttarget", versions)
    for each in (source, target):
        container(azure, each, "models")
    return source, target


def replication(source: str, target: str, **rule: object) -> Json:
    copied = {"sourceContainer": "models", "destinationContainer": "models", **rule}
    return {"properties": {"sourceAccount": source, "destinationAccount": target, "rules": [copied]}}


def test_replication_is_made_on_the_destination_then_on_the_source(azure: Azure, pair: tuple[str, str]) -> None:
    source, target = pair
    made = azure("PUT", f"{target}/objectReplicationPolicies/default", replication(source, target))
    assert made.status == 200
    policy, rule = made.properties["policyId"], made.properties["rules"][0]["ruleId"]
    assert made.body["name"] == policy != "default"
    assert azure("GET", f"{target}/objectReplicationPolicies/{policy}").status == 200
    other = azure("PUT", f"{source}/objectReplicationPolicies/{policy}", replication(source, target, ruleId=rule))
    assert other.properties["rules"][0]["ruleId"] == rule


def test_the_source_cannot_come_first(azure: Azure, pair: tuple[str, str]) -> None:
    source, target = pair
    answer = azure("PUT", f"{source}/objectReplicationPolicies/default", replication(source, target))
    assert answer.code == "ObjectReplicationPolicyNotFound"


def test_replication_needs_versions_a_change_feed_and_the_containers(azure: Azure, pair: tuple[str, str]) -> None:
    source, target = pair
    path = f"{target}/objectReplicationPolicies/default"
    missing = replication(source, target, destinationContainer="other")
    assert azure("PUT", path, missing).code == "ContainerNotFound"
    azure.put(f"{source}/blobServices/default", {"properties": {"isVersioningEnabled": True}})
    assert "changeFeed.enabled" in azure("PUT", path, replication(source, target)).message


def test_a_lake_is_not_replicated(azure: Azure, platform: Platform, pair: tuple[str, str]) -> None:
    lake = account(azure, platform, "stlake", isHnsEnabled=True)
    container(azure, lake, "models")
    answer = azure("PUT", f"{pair[1]}/objectReplicationPolicies/default", replication(lake, pair[1]))
    assert answer.code == "FeatureNotSupportedForAccount"


def test_defender_is_set_on_an_account_with_a_cap_that_is_none_or_positive(azure: Azure, platform: Platform) -> None:
    def scan(cap: int) -> Json:
        return {
            "properties": {
                "isEnabled": True,
                "malwareScanning": {"onUpload": {"isEnabled": True, "capGBPerMonth": cap}},
            }
        }

    setting = "providers/Microsoft.Security/defenderForStorageSettings/current"
    assert azure("PUT", f"{platform.storage}/{setting}", scan(-1)).status == 201
    assert azure("PUT", f"{platform.storage}/{setting}", scan(0)).code == "BadRequest"
    assert azure("PUT", f"{platform.vault}/{setting}", scan(10)).code == "InvalidResourceScope"


def test_a_plan_of_defender_is_free_or_standard(azure: Azure) -> None:
    path = f"{azure.subscription}/providers/Microsoft.Security/pricings"
    assert azure("PUT", f"{path}/KeyVaults", {"properties": {"pricingTier": "Standard"}}).status == 201
    assert azure("PUT", f"{path}/KeyVaults", {"properties": {"pricingTier": "Premium"}}).code == "BadRequest"
    assert azure("PUT", f"{path}/Toasters", {"properties": {"pricingTier": "Free"}}).code == "InvalidResourceName"
