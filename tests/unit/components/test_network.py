"""The network, its zones, the private endpoints in it, and its flow log."""

import pytest
from pydantic import ValidationError

from azure_ml_platform.catalog.subnets import SubnetPurpose
from tests.unit.components.cases.given import HUB, HUB_SUBSCRIPTION, SUBNET, endpoints

NETWORK = "azure-native:network"
VNET = f"{NETWORK}:VirtualNetwork"
PEERING = f"{NETWORK}:VirtualNetworkPeering"
GROUP = f"{NETWORK}:NetworkSecurityGroup"
ENDPOINT = f"{NETWORK}:PrivateEndpoint"
NAMES = f"{NETWORK}:PrivateDnsZoneGroup"
PROVIDER = "pulumi:providers:azure-native"
ZONE, LINK = "azure-native:privatedns:PrivateZone", "azure-native:privatedns:VirtualNetworkLink"
NAT = {"name": "ng", "address_name": "pip", "zone": 2}
FIREWALL = {
    "virtual_network_id": HUB,
    "peering_name": "peer",
    "firewall_address": "10.9.0.4",
    "route_table_name": "rt",
}


def subnets(graph):
    return {subnet["name"].removeprefix("snet-"): subnet for subnet in graph.one(VNET).inputs["subnets"]}


@pytest.mark.avoids("two-owners-of-subnets")
def test_subnets_are_written_with_their_network_and_never_alone(made):
    graph = made("Network")
    assert set(subnets(graph)) == set(SubnetPurpose)
    assert graph.all(f"{NETWORK}:Subnet") == []


def test_every_subnet_is_closed_by_default_and_has_a_security_group_of_its_own(made):
    graph = made("Network")
    assert {subnet["defaultOutboundAccess"] for subnet in subnets(graph).values()} == {False}
    groups = [subnet["networkSecurityGroup"]["id"] for subnet in subnets(graph).values()]
    assert len(set(groups)) == len(SubnetPurpose)
    assert {node.urn for node in graph.all(GROUP)} <= graph.one(VNET).dependencies


@pytest.mark.avoids("security-groups-of-databricks")
def test_security_groups_deny_the_internet_but_those_whose_rules_are_databricks_own(made):
    for group in made("Network").all(GROUP):
        databricks = "databricks" in group.name
        rules = [(rule["access"], rule["sourceAddressPrefix"]) for rule in group.inputs["securityRules"]]
        assert rules == ([] if databricks else [("Deny", "Internet")])
        assert group.ignore_changes == (("securityRules",) if databricks else ())


def test_subnets_are_delegated_to_the_services_that_ask_for_it(made):
    delegated = {
        purpose: [item["serviceName"] for item in subnet.get("delegations", [])]
        for purpose, subnet in subnets(made("Network")).items()
    }
    assert delegated["databricks_host"] == delegated["databricks_container"] == ["Microsoft.Databricks/workspaces"]
    assert delegated["kubernetes_api_server"] == ["Microsoft.ContainerService/managedClusters"]
    assert delegated["private_endpoints"] == delegated["training"] == delegated["kubernetes_nodes"] == []


def test_security_groups_hold_for_private_endpoints_too(made):
    assert subnets(made("Network"))["private_endpoints"]["privateEndpointNetworkPolicies"] == "Enabled"


def test_what_calls_out_does_so_through_one_fixed_address(made):
    graph = made("Network", nat_gateway=NAT)
    address = graph.one(f"{NETWORK}:PublicIPAddress")
    assert address.inputs["sku"]["name"] == "Standard"
    assert address.inputs["publicIPAllocationMethod"] == "Static"
    gateway = graph.one(f"{NETWORK}:NatGateway")
    assert address.inputs["zones"] == gateway.inputs["zones"] == ["2"]
    through = {purpose for purpose, subnet in subnets(graph).items() if subnet.get("natGateway")}
    assert through == {"training", "kubernetes_nodes", "databricks_host", "databricks_container"}
    assert graph.one("azure-ml-platform:index:Network").outputs["egress_addresses"] == ["203.0.113.7"]


def test_without_a_way_out_there_is_none(made):
    graph = made("Network")
    assert graph.all(f"{NETWORK}:PublicIPAddress") == graph.all(f"{NETWORK}:RouteTable") == []


def test_a_hubs_firewall_takes_the_place_of_the_nat_gateway(made):
    graph = made("Network", nat_gateway=NAT, hub=FIREWALL)
    assert graph.all(f"{NETWORK}:NatGateway") == []
    route = graph.one(f"{NETWORK}:RouteTable").inputs["routes"][0]
    assert (route["addressPrefix"], route["nextHopIpAddress"]) == ("0.0.0.0/0", "10.9.0.4")
    assert {purpose for purpose, subnet in subnets(graph).items() if subnet.get("routeTable")} == {
        "training",
        "kubernetes_nodes",
        "databricks_host",
        "databricks_container",
    }
    assert graph.one(PEERING, "x-to-hub").inputs["allowForwardedTraffic"] is True


def test_a_firewall_without_a_route_table_is_refused(made):
    with pytest.raises(ValidationError, match="needs route_table_name"):
        made("Network", hub={**FIREWALL, "route_table_name": None})


def test_the_hubs_half_of_a_peering_is_made_in_the_hubs_subscription(made):
    graph = made("Network", full=True)
    provider = graph.one(PROVIDER)
    assert provider.inputs["subscriptionId"] == HUB_SUBSCRIPTION
    there = graph.one(PEERING, "x-from-hub")
    assert (there.inputs["virtualNetworkName"], there.inputs["resourceGroupName"]) == ("vnet-hub", "rg-hub")
    assert there.provider.startswith(f"{provider.urn}::")
    assert graph.one(PEERING, "x-to-hub").urn in there.dependencies


def test_own_zones_are_linked_once_and_register_no_machines(made):
    graph = made("PrivateDns")
    assert len(graph.all(ZONE)) == len(graph.all(LINK)) == 2
    assert {link.inputs["registrationEnabled"] for link in graph.all(LINK)} == {False}
    assert {node.inputs["location"] for node in (*graph.all(ZONE), *graph.all(LINK))} == {"global"}


def test_a_zone_of_the_hub_takes_the_place_of_an_own_one(made):
    graph = made("PrivateDns", full=True)
    assert [zone.inputs["privateZoneName"] for zone in graph.all(ZONE)] == ["privatelink.vaultcore.azure.net"]
    link = next(link for link in graph.all(LINK) if "blob" in link.name)
    assert link.inputs["resourceGroupName"] == "rg-hub"
    assert link.provider.startswith(f"{graph.one(PROVIDER).urn}::")
    ids = graph.one("azure-ml-platform:index:PrivateDns").outputs["zone_ids"]
    assert f"/subscriptions/{HUB_SUBSCRIPTION}/" in ids["privatelink.blob.core.windows.net"]


def test_a_zone_of_the_hub_is_linked_only_if_that_is_asked_for(made):
    graph = made("PrivateDns", full=True, link_hub_zones=False)
    assert [link.name for link in graph.all(LINK)] == ["x-privatelink-vaultcore-azure-net-link"]
    assert graph.all(PROVIDER) == []


@pytest.mark.parametrize(
    ("component", "groups"),
    [
        ("KeyVault", ["vault"]),
        ("Registry", ["registry"]),
        ("BlobStore", ["blob", "file"]),
        ("MachineLearning", ["amlworkspace"]),
    ],
)
def test_a_service_is_reached_by_private_endpoints_of_its_groups_and_their_names(made, component, groups):
    graph = made(component, full=True)
    found = graph.all(ENDPOINT)
    asked = [endpoint.inputs["privateLinkServiceConnections"][0] for endpoint in found]
    assert [group for item in asked for group in item["groupIds"]] == groups
    target = graph.one(f"azure-ml-platform:index:{component}")
    assert {item["privateLinkServiceId"] for item in asked} <= {node.id for node in graph.children(target)}
    assert {endpoint.inputs["subnet"]["id"] for endpoint in found} == {SUBNET}
    assert {names.inputs["privateEndpointName"] for names in graph.all(NAMES)} == {f"pep-{each}" for each in groups}


@pytest.mark.avoids("one-operation-at-a-time")
def test_endpoints_of_one_service_are_made_one_after_the_other(made):
    graph = made("BlobStore", full=True)
    names = graph.one(NAMES, "x-blob-names")
    assert names.urn in graph.one(ENDPOINT, "x-file-endpoint").dependencies


def test_an_endpoint_without_zones_leaves_its_names_to_somebody_else(made):
    wanted = {group: {**each, "zone_ids": {}} for group, each in endpoints("vault").items()}
    graph = made("KeyVault", private_endpoints=wanted)
    assert graph.one(ENDPOINT)
    assert graph.all(NAMES) == []


def test_only_a_premium_registry_has_private_endpoints(made):
    with pytest.raises(ValidationError, match="has no private endpoints"):
        made("Registry", sku="Basic", network={"public": True}, private_endpoints=endpoints("registry"))


def test_flows_of_the_network_are_logged_by_an_identity_that_was_granted_its_role(made):
    graph = made("FlowLog")
    log = graph.one(f"{NETWORK}:FlowLog")
    assert log.inputs["targetResourceId"].endswith("/virtualNetworks/vnet")
    assert log.inputs["resourceGroupName"] == "NetworkWatcherRG"
    assert log.inputs["retentionPolicy"] == {"days": 90, "enabled": True}
    assert log.inputs["identity"]["type"] == "UserAssigned"
    assert graph.one("azure-native:authorization:RoleAssignment").urn in log.dependencies


def test_clusters_outside_a_managed_network_lie_in_the_subnet_that_they_are_given(made):
    cluster = made("Compute", full=True).one("azure-native:machinelearningservices:Compute", "x-gpu")
    assert cluster.inputs["properties"]["properties"]["subnet"] == {"id": SUBNET}
    assert "properties.properties.subnet" in cluster.replace_on_changes
