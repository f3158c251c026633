"""Databricks workspaces: the group that they bring, and the combinations that Azure refuses."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure


@pytest.fixture
def group(azure: Azure) -> str:
    return azure.group()


@pytest.fixture
def workspace(group: str) -> str:
    return f"{group}/providers/Microsoft.Databricks/workspaces/dbw-test"


@pytest.fixture
def connector(azure: Azure, group: str) -> str:
    path = f"{group}/providers/Microsoft.Databricks/accessConnectors/dbac-test"
    azure.put(path, {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {}})
    return path


def managed_group(azure: Azure) -> str:
    return f"{azure.subscription}/resourceGroups/rg-managed"


def body(azure: Azure, tier: str = "premium", **properties: object) -> Json:
    managed = {"managedResourceGroupId": managed_group(azure), "computeMode": "Hybrid"}
    given = {name: value for name, value in (managed | properties).items() if value is not None}
    return {"location": REGION, "sku": {"name": tier}, "properties": given}


def failure(azure: Azure, path: str, document: Json) -> Json:
    """The error of the operation that a PUT began."""
    answer = azure("PUT", path, document)
    done = azure.settle(answer)
    error: Json = done.body["error"]
    return error


def test_a_workspace_brings_a_group_that_it_alone_writes_to(azure: Azure, workspace: str) -> None:
    azure.put(workspace, body(azure))
    shown = azure("GET", workspace)
    assert shown.properties["workspaceUrl"].endswith(f"/databricks/{shown.properties['workspaceId']}")
    assert azure("GET", managed_group(azure)).body["managedBy"] == workspace
    inside = f"{managed_group(azure)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-mine"
    refused = azure("PUT", inside, {"location": REGION})
    assert (refused.status, refused.code) == (403, "DenyAssignmentAuthorizationFailed")
    assert workspace in refused.message
    assert azure("DELETE", managed_group(azure)).code == "DenyAssignmentAuthorizationFailed"


def test_the_group_goes_with_its_workspace_and_the_name_is_free_again(azure: Azure, workspace: str) -> None:
    azure.put(workspace, body(azure))
    azure.delete(workspace)
    assert azure("GET", managed_group(azure)).status == 404
    azure.put(workspace, body(azure))


def test_a_group_that_exists_is_no_managed_group(azure: Azure, workspace: str) -> None:
    azure.group("rg-managed")
    error = failure(azure, workspace, body(azure))
    assert error["code"] == "ApplianceProvisioningFailed"
    assert "rg-managed" in error["message"]
    azure.delete(workspace)
    assert azure("GET", managed_group(azure)).status == 200, "somebody else's group stays"


def test_a_workspace_keeps_its_managed_group_and_its_mode(azure: Azure, workspace: str) -> None:
    azure.put(workspace, body(azure))
    other = body(azure, managedResourceGroupId=managed_group(azure) + "-2")
    assert azure("PUT", workspace, other).code == "PropertyChangeNotAllowed"
    serverless = body(azure, computeMode="Serverless", managedResourceGroupId=None)
    assert azure("PUT", workspace, serverless).code == "PropertyChangeNotAllowed"


def test_the_managed_group_is_another_than_the_workspaces_own(azure: Azure, group: str, workspace: str) -> None:
    answer = azure("PUT", workspace, body(azure, managedResourceGroupId=group))
    assert answer.code == "InvalidManagedResourceGroupId"


def test_a_classic_workspace_needs_a_managed_group(azure: Azure, workspace: str) -> None:
    answer = azure("PUT", workspace, body(azure, managedResourceGroupId=None))
    assert answer.body["error"]["target"] == "properties.managedResourceGroupId"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("managedResourceGroupId", "/subscriptions/{subscription}/resourceGroups/rg-managed"),
        ("defaultStorageFirewall", "Enabled"),
        ("accessConnector", {"id": "/x", "identityType": "SystemAssigned"}),
        ("requiredNsgRules", "AllRules"),
        ("parameters", {"enableNoPublicIp": {"value": True}}),
    ],
)
def test_a_serverless_workspace_has_nothing_of_the_classic_kind(
    azure: Azure, workspace: str, name: str, value: object
) -> None:
    if isinstance(value, str):
        value = value.replace("/subscriptions/{subscription}", azure.subscription)
    serverless: Json = {"computeMode": "Serverless", "managedResourceGroupId": None}
    answer = azure("PUT", workspace, body(azure, **serverless | {name: value}))
    assert answer.status == 400
    assert name in answer.body["error"]["target"]
    azure.put(workspace, body(azure, **serverless))


def test_the_storage_firewall_needs_a_connector_first(azure: Azure, workspace: str, connector: str) -> None:
    closed = {"defaultStorageFirewall": "Enabled"}
    assert azure("PUT", workspace, body(azure, **closed)).body["error"]["target"] == "properties.accessConnector"
    through = {"accessConnector": {"id": connector, "identityType": "SystemAssigned"}}
    azure.put(workspace, body(azure, **closed, **through))


def test_a_connector_in_use_is_not_deleted(azure: Azure, workspace: str, connector: str) -> None:
    azure.put(workspace, body(azure, accessConnector={"id": connector, "identityType": "SystemAssigned"}))
    refused = azure("DELETE", connector)
    assert (refused.status, workspace in refused.message) == (409, True)
    azure.delete(workspace)
    azure.delete(connector)


@pytest.mark.parametrize("name", ["encryption", "enhancedSecurityCompliance"])
def test_what_protects_more_needs_the_premium_tier(azure: Azure, workspace: str, name: str) -> None:
    answer = azure("PUT", workspace, body(azure, tier="standard", **{name: {"entities": {}}}))
    assert answer.body["error"]["target"] == "sku.name"


def test_rules_without_databricks_need_a_network_of_ones_own(azure: Azure, workspace: str) -> None:
    answer = azure("PUT", workspace, body(azure, requiredNsgRules="NoAzureDatabricksRules"))
    assert answer.body["error"]["target"] == "properties.requiredNsgRules"


def test_injection_is_all_or_nothing(azure: Azure, workspace: str) -> None:
    parameters = {"customVirtualNetworkId": {"value": "/x"}, "customPublicSubnetName": {"value": "host"}}
    answer = azure("PUT", workspace, body(azure, parameters=parameters))
    assert answer.body["error"]["target"] == "properties.parameters.customPrivateSubnetName"
