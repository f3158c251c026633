"""The managed network of a workspace: one-way modes, rules, and when it is there."""

from collections.abc import Callable

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Answer, Azure, Platform, workspace_body

OFF, INTERNET, APPROVED = "Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"
APPROVER = "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"
Network = Callable[..., Answer]


@pytest.fixture
def network(azure: Azure, platform: Platform) -> Network:
    """Asks for a mode, and with it for what else is given."""

    def put(mode: str, **properties: object) -> Answer:
        managed = {"isolationMode": mode, **properties.pop("network", {})}  # type: ignore[dict-item]
        body = workspace_body(platform, managedNetwork=managed, **properties)
        return azure.settle(azure("PUT", platform.workspace, body))

    return put


def fqdn(host: str = "packages.example.org") -> Json:
    return {"properties": {"type": "FQDN", "destination": host}}


def endpoint_to(target: str, sub: str = "blob") -> Json:
    destination = {"serviceResourceId": target, "subresourceTarget": sub, "sparkEnabled": False}
    return {"properties": {"type": "PrivateEndpoint", "destination": destination}}


def approve(azure: Azure, platform: Platform, role: str = APPROVER) -> None:
    definition = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    path = f"{platform.storage}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-3333-4444-555555555555"
    properties = {
        "roleDefinitionId": definition,
        "principalId": platform.principal,
        "principalType": "ServicePrincipal",
    }
    azure.put(path, {"properties": properties})


@pytest.mark.parametrize(("first", "then"), [(OFF, INTERNET), (OFF, APPROVED), (INTERNET, APPROVED)])
def test_a_network_can_become_stricter(network: Network, first: str, then: str) -> None:
    assert network(first).status < 300
    assert network(then).status < 300


@pytest.mark.trap("network-that-comes-late")
@pytest.mark.parametrize(("first", "then"), [(INTERNET, OFF), (APPROVED, OFF), (APPROVED, INTERNET)])
def test_a_network_never_becomes_laxer(network: Network, first: str, then: str) -> None:
    network(first)
    answer = network(then)
    assert answer.code == "ValidationError"
    assert first in answer.message
    assert then in answer.message


def test_a_put_that_says_nothing_of_the_network_leaves_it(azure: Azure, platform: Platform, network: Network) -> None:
    network(APPROVED)
    azure.put(platform.workspace, workspace_body(platform))
    assert azure("GET", platform.workspace).properties["managedNetwork"]["isolationMode"] == APPROVED


def test_a_network_is_turned_on_before_there_are_computes(azure: Azure, platform: Platform, network: Network) -> None:
    compute = f"{platform.workspace}/computes/cpu"
    azure.put(compute, {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}}})
    assert "Delete them" in network(INTERNET).message
    azure.delete(compute)
    assert network(INTERNET).status < 300


@pytest.mark.trap("network-that-comes-late")
def test_a_network_comes_with_the_first_compute(azure: Azure, platform: Platform, network: Network) -> None:
    network(INTERNET)
    assert state(azure, platform) == "Inactive"
    body = {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}}}
    azure.put(f"{platform.workspace}/computes/cpu", body)
    assert state(azure, platform) == "Active"


def test_a_network_comes_on_request(azure: Azure, platform: Platform, network: Network) -> None:
    network(INTERNET)
    answer = azure("POST", f"{platform.workspace}/provisionManagedNetwork", {"includeSpark": True})
    assert answer.body == {"status": "Active", "sparkReady": True}
    assert state(azure, platform) == "Active"


def test_a_network_comes_with_a_workspace_that_asks_for_it(azure: Azure, platform: Platform, network: Network) -> None:
    network(APPROVED, provisionNetworkNow=True)
    assert state(azure, platform) == "Active"


def test_there_is_no_network_to_make_where_it_is_off(azure: Azure, platform: Platform) -> None:
    assert azure("POST", f"{platform.workspace}/provisionManagedNetwork").code == "BadRequest"


def state(azure: Azure, platform: Platform) -> str:
    return str(azure("GET", platform.workspace).properties["managedNetwork"]["status"]["status"])


@pytest.mark.parametrize("mode", [OFF, INTERNET])
def test_rules_by_domain_name_need_only_approved_calls(
    azure: Azure, platform: Platform, network: Network, mode: str
) -> None:
    network(mode)
    answer = azure("PUT", f"{platform.workspace}/outboundRules/packages", fqdn())
    assert (answer.code, mode in answer.message) == ("ValidationError", True)


@pytest.mark.trap("firewall-for-host-names")
def test_the_first_rule_by_domain_name_brings_the_firewall(azure: Azure, platform: Platform, network: Network) -> None:
    network(APPROVED, provisionNetworkNow=True)
    managed = azure("GET", platform.workspace).properties["managedNetwork"]
    assert "firewallPublicIpAddress" not in managed
    azure.put(f"{platform.workspace}/outboundRules/packages", fqdn())
    managed = azure("GET", platform.workspace).properties["managedNetwork"]
    assert managed["firewallPublicIpAddress"]
    assert managed["outboundRules"]["packages"]["status"] == "Active"


@pytest.mark.parametrize("host", ["https://example.org", "example", "a b.org", "x.blob.core.windows.net", None, 7])
def test_a_rule_by_domain_name_names_a_host(azure: Azure, platform: Platform, network: Network, host: str) -> None:
    network(APPROVED)
    answer = azure("PUT", f"{platform.workspace}/outboundRules/packages", fqdn(host))
    assert answer.code == "ValidationError"


def test_a_private_endpoint_leads_to_what_exists_and_can_be_approved(
    azure: Azure, platform: Platform, network: Network
) -> None:
    network(APPROVED)
    path = f"{platform.workspace}/outboundRules/lake"
    assert azure("PUT", path, endpoint_to(platform.storage + "x")).code == "LinkedResourceNotFound"
    assert "subresourceTarget" in azure("PUT", path, endpoint_to(platform.storage, "blobs")).message
    assert azure("PUT", path, endpoint_to(platform.identity)).code == "ValidationError"
    answer = azure("PUT", path, endpoint_to(platform.storage))
    assert (answer.status, answer.code) == (403, "LinkedAuthorizationFailed")
    approve(azure, platform)
    assert azure.put(path, endpoint_to(platform.storage)).properties["status"] == "Inactive"


@pytest.mark.trap("identity-without-its-role")
def test_a_role_that_only_reads_approves_nothing(azure: Azure, platform: Platform, network: Network) -> None:
    network(APPROVED)
    approve(azure, platform, role="acdd72a7-3385-48ef-bd42-f606fba81ae7")
    answer = azure("PUT", f"{platform.workspace}/outboundRules/lake", endpoint_to(platform.storage))
    assert answer.code == "LinkedAuthorizationFailed"


@pytest.mark.parametrize(
    ("member", "value"), [("serviceTag", "Azure Monitor"), ("protocol", "HTTP"), ("portRanges", "https")]
)
def test_a_service_tag_has_a_tag_a_protocol_and_ports(
    azure: Azure, platform: Platform, network: Network, member: str, value: str
) -> None:
    network(APPROVED)
    path = f"{platform.workspace}/outboundRules/monitor"
    destination = {"serviceTag": "AzureMonitor", "protocol": "TCP", "portRanges": "80,443"}
    wrong = {"properties": {"type": "ServiceTag", "destination": {**destination, member: value}}}
    assert member in azure("PUT", path, wrong).message
    azure.put(path, {"properties": {"type": "ServiceTag", "destination": destination}})


def test_required_rules_come_with_the_network_and_stay(azure: Azure, platform: Platform, network: Network) -> None:
    network(APPROVED)
    rules = azure("GET", f"{platform.workspace}/outboundRules").body["value"]
    required = {rule["name"] for rule in rules if rule["properties"]["category"] == "Required"}
    assert {"__SYS_PE_sttest_blob", "__SYS_PE_sttest_file", "__SYS_PE_kv-test_vault"} <= required
    assert azure("DELETE", f"{platform.workspace}/outboundRules/__SYS_PE_sttest_blob").code == "ValidationError"


def test_rules_within_a_workspace_are_judged_and_listed_too(azure: Azure, platform: Platform, network: Network) -> None:
    assert network(APPROVED, network={"outboundRules": {"a": {"type": "FQDN", "destination": "x"}}}).status == 400
    network(APPROVED, network={"outboundRules": {"a": {"type": "FQDN", "destination": "x.org"}}})
    assert azure("GET", f"{platform.workspace}/outboundRules/a").properties["destination"] == "x.org"
    azure.delete(f"{platform.workspace}/outboundRules/a")
    assert "a" not in azure("GET", platform.workspace).properties["managedNetwork"]["outboundRules"]


def test_computes_lie_in_the_managed_network_and_nowhere_else(
    azure: Azure, platform: Platform, network: Network
) -> None:
    network(INTERNET)
    path = f"{platform.workspace}/computes/cpu"
    inner = {"vmSize": "Standard_DS3_v2"}
    own = {"computeType": "AmlCompute", "properties": {**inner, "subnet": {"id": "/subscriptions/s"}}}
    assert azure("PUT", path, {"location": REGION, "properties": own}).code == "ValidationError"
    abroad = {"computeType": "AmlCompute", "properties": inner}
    assert azure("PUT", path, {"location": "northeurope", "properties": abroad}).code == "ValidationError"


def test_nodes_without_a_public_address_need_a_network(azure: Azure, platform: Platform, network: Network) -> None:
    path = f"{platform.workspace}/computes/cpu"
    inner = {"vmSize": "Standard_DS3_v2", "enableNodePublicIp": False}
    body = {"location": REGION, "properties": {"computeType": "AmlCompute", "properties": inner}}
    assert azure("PUT", path, body).code == "ValidationError"
    network(INTERNET)
    assert azure("PUT", path, body).status == 201
