"""Private endpoints, the names they resolve, and the zones that hold those names."""

from typing import Any

import pytest

from local.arm.behaviours.covered import catalogue
from local.arm.behaviours.private_links import CONNECTIONS, GROUPS
from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Once, Platform

NETWORK = "providers/Microsoft.Network"


@pytest.fixture
def subnet(azure: Azure, platform: Platform, once: Once) -> str:
    """A subnet for private endpoints, in a network that also has one of the smallest size: `small`."""
    path = f"{platform.group}/{NETWORK}/virtualNetworks/vnet-test"
    properties = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/24"]},
        "subnets": [
            {"name": "links", "properties": {"addressPrefix": "10.0.0.0/26"}},
            {"name": "small", "properties": {"addressPrefix": "10.0.0.64/29"}},
        ],
    }
    once("subnet for links", lambda: azure.put(path, {"location": REGION, "properties": properties}))
    return f"{path}/subnets/links"


def asked(target: str, *groups: str, manual: bool = False, **properties: Any) -> Json:
    item = {"name": "one", "properties": {"privateLinkServiceId": target, "groupIds": list(groups), **properties}}
    return {"manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections": [item]}


def endpoint(subnet: str, connections: Json, **properties: Any) -> Json:
    return {"location": REGION, "properties": {"subnet": {"id": subnet}, **connections, **properties}}


def put_zone(azure: Azure, group: str, name: str) -> str:
    path = f"{group}/{NETWORK}/privateDnsZones/{name}"
    azure.put(path, {"location": "global", "properties": {}})
    return path


def link(network: str, *, registers: bool = False) -> Json:
    properties = {"virtualNetwork": {"id": network}, "registrationEnabled": registers}
    return {"location": "global", "properties": properties}


@pytest.fixture
def path(platform: Platform) -> str:
    return f"{platform.group}/{NETWORK}/privateEndpoints/pep-test"


@pytest.mark.parametrize(
    ("groups", "code"),
    [(("blob", "file"), "OnlyOneGroupIdPermitted"), (("vault",), "BadRequest"), ((), "BadRequest")],
)
def test_an_endpoint_asks_for_one_group_that_its_target_has(
    azure: Azure, platform: Platform, subnet: str, path: str, groups: tuple[str, ...], code: str
) -> None:
    answer = azure("PUT", path, endpoint(subnet, asked(platform.storage, *groups)))
    assert (answer.status, answer.code) == (400, code)
    assert azure("PUT", path, endpoint(subnet, asked(platform.storage, "blob"))).status == 201


def test_subnet_and_target_of_an_endpoint_exist(azure: Azure, platform: Platform, subnet: str, path: str) -> None:
    missing = asked(f"{platform.storage}x", "blob")
    assert azure("PUT", path, endpoint(subnet, missing)).code == "InvalidResourceReference"
    there = asked(platform.storage, "blob")
    assert azure("PUT", path, endpoint(f"{subnet}-none", there)).code == "InvalidResourceReference"
    elsewhere = endpoint(subnet, there) | {"location": "eastus"}
    assert azure("PUT", path, elsewhere).code == "InvalidResourceReference"


def test_a_type_without_private_link_is_refused(azure: Azure, platform: Platform, subnet: str, path: str) -> None:
    answer = azure("PUT", path, endpoint(subnet, asked(platform.logs, "blob")))
    assert "no private link" in answer.message


def test_a_delegated_subnet_takes_no_endpoint(azure: Azure, platform: Platform, subnet: str, path: str) -> None:
    service = {"name": "d", "properties": {"serviceName": "Microsoft.Databricks/workspaces"}}
    azure.put(subnet, {"properties": {"addressPrefix": "10.0.0.0/26", "delegations": [service]}})
    answer = azure("PUT", path, endpoint(subnet, asked(platform.vault, "vault")))
    assert answer.code == "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated"


def test_an_endpoint_takes_the_first_addresses_that_azure_does_not_keep(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    shown = azure.put(path, endpoint(subnet, asked(platform.vault, "vault"))).properties
    assert shown["customDnsConfigs"] == [{"fqdn": "kv-test.vault.azure.net", "ipAddresses": ["10.0.0.4"]}]
    again = azure.put(path, endpoint(subnet, asked(platform.vault, "vault"))).properties
    assert again["customDnsConfigs"] == shown["customDnsConfigs"]
    other = azure.put(f"{path}-2", endpoint(subnet, asked(platform.storage, "blob"))).properties
    assert other["customDnsConfigs"] == [{"fqdn": "sttest.blob.core.windows.net", "ipAddresses": ["10.0.0.5"]}]


def test_an_endpoint_has_a_network_interface_in_its_subnet(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    shown = azure.put(path, endpoint(subnet, asked(platform.vault, "vault"))).properties
    interface = azure("GET", shown["networkInterfaces"][0]["id"]).properties
    assert interface["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.0.4"
    assert azure("GET", subnet).properties["privateEndpoints"] == [{"id": path}]


def test_a_subnet_without_a_free_address_takes_no_endpoint(azure: Azure, platform: Platform, subnet: str) -> None:
    small, path = subnet.replace("links", "small"), f"{platform.group}/{NETWORK}/privateEndpoints/pep"
    for number in range(3):
        azure.put(f"{path}-{number}", endpoint(small, asked(platform.vault, "vault")))
    full = azure("PUT", f"{path}-4", endpoint(small, asked(platform.vault, "vault")))
    assert full.code == "SubnetIsFull"
    azure.delete(f"{path}-0")
    assert azure("PUT", f"{path}-4", endpoint(small, asked(platform.vault, "vault"))).status == 201


def test_the_target_shows_the_connection_and_approves_what_its_own_subscription_asks_for(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    azure.put(path, endpoint(subnet, asked(platform.vault, "vault")))
    connection = azure("GET", platform.vault).properties["privateEndpointConnections"][0]
    assert connection["properties"]["privateEndpoint"] == {"id": path}
    assert connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"
    azure.delete(path)
    assert "privateEndpointConnections" not in azure("GET", platform.vault).properties


def test_a_manual_connection_waits_until_the_owner_of_the_target_approves_it(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    azure.put(path, endpoint(subnet, asked(platform.vault, "vault", manual=True)))

    def status() -> str:
        shown = azure("GET", path).properties["manualPrivateLinkServiceConnections"][0]
        return str(shown["properties"]["privateLinkServiceConnectionState"]["status"])

    assert status() == "Pending"
    connection = azure("GET", platform.vault).properties["privateEndpointConnections"][0]["id"]
    azure.put(connection, {"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}})
    assert status() == "Approved"
    assert azure("GET", connection).properties["privateEndpoint"] == {"id": path}
    azure.delete(connection)
    assert status() == "Disconnected"


def test_every_covered_type_that_private_endpoints_lead_to_shows_its_connections() -> None:
    covered = catalogue()
    targets = [kind for kind in map(covered.find, GROUPS) if kind]
    assert len(targets) >= 10
    for kind in targets:
        assert covered.find(f"{kind.name}/{CONNECTIONS}"), kind.name
        assert kind.shows, kind.name


@pytest.mark.trap("names-of-notebooks")
def test_the_names_of_a_workspace_need_both_of_its_zones(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    shown = azure.put(path, endpoint(subnet, asked(platform.workspace, "amlworkspace"))).properties
    assert len({item["ipAddresses"][0] for item in shown["customDnsConfigs"]}) == 3
    group = platform.group
    zones = {name: put_zone(azure, group, f"privatelink.{name}") for name in ("api.azureml.ms", "notebooks.azure.net")}
    only = {"privateDnsZoneConfigs": [_config("api", zones["api.azureml.ms"])]}
    azure.put(f"{path}/privateDnsZoneGroups/default", {"properties": only})
    notebooks = zones["notebooks.azure.net"]
    assert azure("GET", notebooks).properties["numberOfRecordSets"] == 1
    both = {"privateDnsZoneConfigs": [*only["privateDnsZoneConfigs"], _config("notebooks", notebooks)]}
    azure.put(f"{path}/privateDnsZoneGroups/default", {"properties": both})
    assert azure("GET", notebooks).properties["numberOfRecordSets"] == 2
    assert azure("GET", zones["api.azureml.ms"]).properties["numberOfRecordSets"] == 4


def _config(name: str, zone: str) -> Json:
    return {"name": name, "properties": {"privateDnsZoneId": zone}}


def test_a_zone_group_writes_the_names_into_its_zone_and_takes_them_away(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    azure.put(path, endpoint(subnet, asked(platform.vault, "vault")))
    group = f"{path}/privateDnsZoneGroups/default"
    zone = f"{platform.group}/{NETWORK}/privateDnsZones/privatelink.vaultcore.azure.net"
    body = {"properties": {"privateDnsZoneConfigs": [_config("vault", zone)]}}
    assert azure("PUT", group, body).code == "InvalidResourceReference"
    put_zone(azure, platform.group, "privatelink.vaultcore.azure.net")
    records = azure.put(group, body).properties["privateDnsZoneConfigs"][0]["properties"]["recordSets"]
    assert [(record["recordSetName"], record["ipAddresses"]) for record in records] == [("kv-test", ["10.0.0.4"])]
    assert azure("GET", f"{zone}/A/kv-test").properties["aRecords"] == [{"ipv4Address": "10.0.0.4"}]
    azure.delete(path)
    assert azure("GET", f"{zone}/A/kv-test").status == 404


@pytest.mark.trap("one-sign-in-for-a-region")
def test_a_second_endpoint_for_signing_in_takes_the_name_of_the_region_away(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    zone = put_zone(azure, platform.group, "privatelink.azuredatabricks.net")
    for number in (1, 2):
        workspace = f"{platform.group}/providers/Microsoft.Databricks/workspaces/dbw-{number}"
        managed = f"{azure.subscription}/resourceGroups/rg-managed-{number}"
        properties = {"managedResourceGroupId": managed, "computeMode": "Hybrid"}
        azure.put(workspace, {"location": REGION, "sku": {"name": "premium"}, "properties": properties})
        azure.put(f"{path}-{number}", endpoint(subnet, asked(workspace, "browser_authentication")))
        names = {"privateDnsZoneConfigs": [_config("sign-in", zone)]}
        azure.put(f"{path}-{number}/privateDnsZoneGroups/default", {"properties": names})
    record = f"{zone}/A/{REGION}.pl-auth"
    [address] = azure("GET", f"{path}-2").properties["customDnsConfigs"][0]["ipAddresses"]
    assert azure("GET", record).properties["aRecords"] == [{"ipv4Address": address}]
    azure.delete(f"{path}-2")
    assert azure("GET", record).status == 404


def test_an_endpoint_has_one_zone_group_with_at_most_five_zones(
    azure: Azure, platform: Platform, subnet: str, path: str
) -> None:
    azure.put(path, endpoint(subnet, asked(platform.vault, "vault")))
    zone = put_zone(azure, platform.group, "privatelink.vaultcore.azure.net")
    configs = [_config(f"zone-{number}", zone) for number in range(6)]
    six = azure("PUT", f"{path}/privateDnsZoneGroups/default", {"properties": {"privateDnsZoneConfigs": configs}})
    assert "at most 5" in six.message
    one = {"properties": {"privateDnsZoneConfigs": configs[:1]}}
    azure.put(f"{path}/privateDnsZoneGroups/default", one)
    assert "more than one private dns zone group" in azure("PUT", f"{path}/privateDnsZoneGroups/other", one).message


def test_a_network_is_linked_to_one_zone_of_a_name(azure: Azure, platform: Platform, subnet: str) -> None:
    network = subnet.rpartition("/subnets/")[0]
    name = "privatelink.vaultcore.azure.net"
    zone = put_zone(azure, platform.group, name)
    azure.put(f"{zone}/virtualNetworkLinks/one", link(network))
    assert azure("PUT", f"{zone}/virtualNetworkLinks/two", link(network)).status == 409
    twin = put_zone(azure, azure.group("rg-other"), name)
    assert "overlapping namespaces" in azure("PUT", f"{twin}/virtualNetworkLinks/one", link(network)).message
    missing = azure("PUT", f"{twin}/virtualNetworkLinks/one", link(f"{network}-none"))
    assert missing.code == "InvalidResourceReference"


def test_a_network_registers_its_machines_in_one_zone(azure: Azure, platform: Platform, subnet: str) -> None:
    network = subnet.rpartition("/subnets/")[0]
    one, two = (put_zone(azure, platform.group, f"{name}.internal") for name in ("one", "two"))
    azure.put(f"{one}/virtualNetworkLinks/own", link(network, registers=True))
    assert azure("PUT", f"{two}/virtualNetworkLinks/own", link(network, registers=True)).status == 409
    assert azure("PUT", f"{two}/virtualNetworkLinks/own", link(network)).status == 201


def test_a_zone_goes_after_its_links(azure: Azure, platform: Platform, subnet: str) -> None:
    zone = put_zone(azure, platform.group, "privatelink.vaultcore.azure.net")
    azure.put(f"{zone}/virtualNetworkLinks/one", link(subnet.rpartition("/subnets/")[0]))
    refused = azure("DELETE", zone)
    assert (refused.status, refused.code) == (409, "CannotDeleteResource")
    azure.delete(f"{zone}/virtualNetworkLinks/one")
    azure.delete(zone)
    assert azure("GET", zone).status == 404


def test_private_dns_is_global(azure: Azure, platform: Platform) -> None:
    zone = f"{platform.group}/{NETWORK}/privateDnsZones/privatelink.vaultcore.azure.net"
    assert azure("PUT", zone, {"location": REGION}).code == "LocationNotAvailableForResourceType"


def test_a_resource_is_in_one_perimeter(azure: Azure, platform: Platform) -> None:
    kind = f"{platform.group}/{NETWORK}/networkSecurityPerimeters"
    for name in ("one", "two"):
        azure.put(f"{kind}/{name}", {"location": REGION, "properties": {}})
        azure.put(f"{kind}/{name}/profiles/main", {"properties": {}})

    def association(profile: str) -> Json:
        return {"properties": {"privateLinkResource": {"id": platform.vault}, "profile": {"id": profile}}}

    own = association(f"{kind}/one/profiles/main")
    assert azure("PUT", f"{kind}/two/resourceAssociations/vault", own).code == "BadRequest"
    shown = azure.put(f"{kind}/one/resourceAssociations/vault", own)
    assert shown.properties["accessMode"] == "Learning"
    other = azure("PUT", f"{kind}/two/resourceAssociations/vault", association(f"{kind}/two/profiles/main"))
    assert (other.status, other.code) == (409, "Conflict")
