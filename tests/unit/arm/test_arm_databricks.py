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


@pytest.mark.trap("databricks-leftovers")
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


@pytest.mark.trap("databricks-leftovers")
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


@pytest.mark.trap("connector-before-firewall")
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


@pytest.mark.trap("security-groups-of-databricks")
def test_rules_without_databricks_need_a_network_of_ones_own(azure: Azure, workspace: str) -> None:
    answer = azure("PUT", workspace, body(azure, requiredNsgRules="NoAzureDatabricksRules"))
    assert answer.body["error"]["target"] == "properties.requiredNsgRules"


def test_injection_is_all_or_nothing(azure: Azure, workspace: str) -> None:
    parameters = {"customVirtualNetworkId": {"value": "/x"}, "customPublicSubnetName": {"value": "host"}}
    answer = azure("PUT", workspace, body(azure, parameters=parameters))
    assert answer.body["error"]["target"] == "properties.parameters.customPrivateSubnetName"


class Workspace:
    """The REST interface of a workspace, as its caller sees it."""

    def __init__(self, azure: Azure, url: str, audience: str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d") -> None:
        self._azure = azure
        self._path = "/" + url.partition("/")[2]
        self._token = azure.directory.issue(audience)

    def __call__(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        answer = self._azure(method, f"{self._path}/api/{path}", body, version=None, token=self._token)
        return answer.status, answer.body


@pytest.fixture
def rest(azure: Azure, workspace: str) -> Workspace:
    azure.put(workspace, body(azure))
    return Workspace(azure, azure("GET", workspace).properties["workspaceUrl"])


def test_an_object_is_made_read_changed_listed_and_deleted(rest: Workspace) -> None:
    _, made = rest("POST", "2.0/policies/clusters/create", {"name": "small", "definition": "{}"})
    path = f"2.0/policies/clusters/get?policy_id={made['policy_id']}"
    assert rest("GET", path) == (200, {"name": "small", "definition": "{}", **made})
    assert rest("POST", "2.0/policies/clusters/edit", {**made, "name": "tiny", "definition": "{}"})[0] == 200
    assert [item["name"] for item in rest("GET", "2.0/policies/clusters/list")[1]["policies"]] == ["tiny"]
    assert rest("POST", "2.0/policies/clusters/delete", made)[0] == 200
    assert rest("GET", path)[1]["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_a_job_is_shown_with_its_settings_and_its_number(rest: Workspace) -> None:
    _, made = rest("POST", "2.2/jobs/create", {"name": "curate"})
    assert isinstance(made["job_id"], int)
    rest("POST", "2.2/jobs/reset", {**made, "new_settings": {"name": "curate daily"}})
    shown = rest("GET", f"2.2/jobs/get?job_id={made['job_id']}")[1]
    assert shown == {**made, "settings": {"name": "curate daily"}}


def test_a_name_is_taken_once(rest: Workspace) -> None:
    scope = {"scope": "platform"}
    assert rest("POST", "2.0/secrets/scopes/create", scope) == (200, scope)
    status, error = rest("POST", "2.0/secrets/scopes/create", scope)
    assert (status, error["error_code"]) == (400, "RESOURCE_ALREADY_EXISTS")


@pytest.mark.trap("catalog-order")
def test_what_a_catalog_object_refers_to_has_to_exist_and_stays_while_it_is_used(rest: Workspace) -> None:
    location = {"name": "curated", "url": "abfss://curated@lake/", "credential_name": "lake"}
    status, error = rest("POST", "2.1/unity-catalog/external-locations", location)
    assert (status, error["error_code"]) == (404, "STORAGE_CREDENTIAL_DOES_NOT_EXIST")
    rest("POST", "2.1/unity-catalog/storage-credentials", {"name": "lake"})
    assert rest("POST", "2.1/unity-catalog/external-locations", location)[0] == 200
    refused = rest("DELETE", "2.1/unity-catalog/storage-credentials/lake")[1]
    assert refused["error_code"] == "INVALID_STATE"
    assert "curated" in refused["message"]
    assert rest("DELETE", "2.1/unity-catalog/storage-credentials/lake?force=true")[0] == 200
    assert rest("GET", "2.1/unity-catalog/external-locations")[1] == {"external_locations": []}


def test_grants_are_added_to_and_taken_from(rest: Workspace) -> None:
    rest("POST", "2.1/unity-catalog/catalogs", {"name": "ml"})
    rest("POST", "2.1/unity-catalog/schemas", {"catalog_name": "ml", "name": "features"})
    path = "2.1/unity-catalog/permissions/schema/ml.features"
    for change in ({"add": ["SELECT", "MODIFY"]}, {"remove": ["MODIFY"]}):
        rest("PATCH", path, {"changes": [{"principal": "scientists", **change}]})
    granted = {"privilege_assignments": [{"principal": "scientists", "privileges": ["SELECT"]}]}
    assert rest("GET", path) == (200, granted)


def test_objects_outlive_a_change_of_their_workspace(azure: Azure, workspace: str, rest: Workspace) -> None:
    rest("POST", "2.1/unity-catalog/catalogs", {"name": "ml"})
    azure.put(workspace, body(azure, requiredNsgRules="AllRules"))
    assert rest("GET", "2.1/unity-catalog/catalogs/ml")[0] == 200


def test_a_token_for_something_else_is_refused(azure: Azure, workspace: str) -> None:
    azure.put(workspace, body(azure))
    url = azure("GET", workspace).properties["workspaceUrl"]
    status, error = Workspace(azure, url, "https://management.azure.com")("GET", "2.0/policies/clusters/list")
    assert (status, error["error_code"]) == (401, "UNAUTHENTICATED")


def test_a_closed_workspace_answers_nobody_outside(azure: Azure, workspace: str, rest: Workspace) -> None:
    azure.put(workspace, body(azure, publicNetworkAccess="Disabled"))
    assert rest("GET", "2.0/policies/clusters/list")[1]["error_code"] == "PERMISSION_DENIED"


@pytest.mark.parametrize("path", ["2.0/nothing/list", "2.0/policies/clusters/burn", "2.1/unity-catalog/metastores"])
def test_what_is_not_recorded_says_so(rest: Workspace, path: str) -> None:
    assert rest("GET", path)[1]["error_code"] == "ENDPOINT_NOT_FOUND"


def test_a_body_that_lacks_something_is_told_what(rest: Workspace) -> None:
    assert rest("POST", "2.1/unity-catalog/catalogs", {})[1]["error_code"] == "INVALID_PARAMETER_VALUE"


NETWORK = "providers/Microsoft.Network"


def injected(azure: Azure, group: str, *, delegated: bool = True, guarded: bool = True) -> Json:
    """Parameters of a workspace in a network that is there, with both subnets as asked."""
    rules = f"{group}/{NETWORK}/networkSecurityGroups/nsg-databricks"
    azure.put(rules, {"location": REGION, "properties": {}})
    delegation = {"name": "databricks", "properties": {"serviceName": "Microsoft.Databricks/workspaces"}}
    subnets = [
        {
            "name": name,
            "properties": {
                "addressPrefix": prefix,
                **({"delegations": [delegation]} if delegated else {}),
                **({"networkSecurityGroup": {"id": rules}} if guarded else {}),
            },
        }
        for name, prefix in (("host", "10.1.0.0/24"), ("container", "10.1.1.0/24"))
    ]
    network = f"{group}/{NETWORK}/virtualNetworks/vnet"
    properties = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": subnets}
    azure.put(network, {"location": REGION, "properties": properties})
    return {
        "enableNoPublicIp": {"value": True},
        "customVirtualNetworkId": {"value": network},
        "customPublicSubnetName": {"value": "host"},
        "customPrivateSubnetName": {"value": "container"},
    }


@pytest.mark.trap("security-groups-of-databricks")
def test_clusters_go_into_two_subnets_that_are_delegated_and_guarded(azure: Azure, group: str, workspace: str) -> None:
    bare = injected(azure, group, delegated=False, guarded=False)
    assert "delegation" in azure("PUT", workspace, body(azure, parameters=bare)).message
    open_ = injected(azure, group, guarded=False)
    assert "network security group" in azure("PUT", workspace, body(azure, parameters=open_)).message
    azure.put(workspace, body(azure, parameters=injected(azure, group)))


def test_a_subnet_serves_one_workspace(azure: Azure, group: str, workspace: str) -> None:
    parameters = injected(azure, group)
    azure.put(workspace, body(azure, parameters=parameters))
    other = body(azure, parameters=parameters, managedResourceGroupId=managed_group(azure) + "-2")
    refused = azure("PUT", f"{workspace}-2", other)
    assert (refused.status, workspace in refused.message) == (409, True)


def test_host_and_container_subnet_differ(azure: Azure, group: str, workspace: str) -> None:
    same = {**injected(azure, group), "customPrivateSubnetName": {"value": "host"}}
    assert "must differ" in azure("PUT", workspace, body(azure, parameters=same)).message


@pytest.mark.trap("security-groups-of-databricks")
def test_a_closed_front_end_in_a_network_of_ones_own_needs_a_private_back_end(
    azure: Azure, group: str, workspace: str
) -> None:
    closed = {"parameters": injected(azure, group), "publicNetworkAccess": "Disabled"}
    assert azure("PUT", workspace, body(azure, **closed)).body["error"]["target"] == "properties.requiredNsgRules"
    azure.put(workspace, body(azure, **closed, requiredNsgRules="NoAzureDatabricksRules"))
