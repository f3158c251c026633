"""The network of the project's own stacks: what production has, and what a hub or somebody else's network changes."""

import pytest

from azure_ml_platform.settings import NetworkSettings
from azure_ml_platform.vocabulary import PrivateSystem
from tests.harness.stacks import build_platform, graph_of, settings_of

NETWORK = "azure-native:network"
ENDPOINT, NAMES = f"{NETWORK}:PrivateEndpoint", f"{NETWORK}:PrivateDnsZoneGroup"
ZONE, LINK = "azure-native:privatedns:PrivateZone", "azure-native:privatedns:VirtualNetworkLink"
GROUP = "azure-native:resources:ResourceGroup"
HUB = "/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/rg-hub/providers/Microsoft.Network"
VNET = f"{HUB}/virtualNetworks/vnet-hub"


def groups(graph):
    """The group ids that private endpoints lead to, by the ARM type of their targets."""
    connections = [node.inputs["privateLinkServiceConnections"][0] for node in graph.all(ENDPOINT)]
    found = {}
    for connection in connections:
        namespace, kind = connection["privateLinkServiceId"].split("/")[6:8]
        found.setdefault(f"{namespace}/{kind}", []).extend(connection["groupIds"])
    return found


def test_every_closed_service_of_production_has_private_endpoints():
    graph = graph_of("prod")
    closed = {
        node.id
        for node in graph
        if "Disabled" in (public_access(node.inputs), public_access(node.inputs.get("properties")))
    }
    reached = {
        connection["privateLinkServiceId"]
        for endpoint in graph.all(ENDPOINT)
        for connection in endpoint.inputs["privateLinkServiceConnections"]
    }
    assert len(closed) >= 6
    assert closed - reached == set()


def public_access(body):
    return body.get("publicNetworkAccess") if isinstance(body, dict) else None


def test_each_service_is_reached_in_all_its_parts():
    reached = groups(graph_of("prod"))
    assert {"blob", "dfs", "file"} <= set(reached["Microsoft.Storage/storageAccounts"])
    assert set(reached["Microsoft.Databricks/workspaces"]) == {"databricks_ui_api", "browser_authentication"}


@pytest.mark.avoids("names-of-notebooks")
def test_the_names_of_every_endpoint_go_into_zones_that_are_linked_to_the_network():
    graph = graph_of("prod")
    network = graph.one(f"{NETWORK}:VirtualNetwork").id
    linked = {link.inputs["privateZoneName"] for link in graph.all(LINK)}
    assert {link.inputs["virtualNetwork"]["id"] for link in graph.all(LINK)} == {network}
    named = {each.inputs["privateEndpointName"]: each for each in graph.all(NAMES)}
    assert set(named) == {endpoint.inputs["privateEndpointName"] for endpoint in graph.all(ENDPOINT)}
    for each in named.values():
        zones = [config["privateDnsZoneId"].rpartition("/")[2] for config in each.inputs["privateDnsZoneConfigs"]]
        assert zones
        assert set(zones) <= linked


def test_a_zone_that_several_endpoints_need_is_made_once():
    names = [zone.inputs["privateZoneName"] for zone in graph_of("prod").all(ZONE)]
    assert len(names) == len(set(names)) == 15


def test_the_network_lies_in_a_group_of_its_own_and_its_endpoints_with_their_services():
    graph = graph_of("prod")
    assert graph.one(f"{NETWORK}:VirtualNetwork").inputs["resourceGroupName"] == "rg-mlops-prod-weu-network"
    places = {node.name: node.inputs["resourceGroupName"] for node in graph.all(ENDPOINT)}
    assert places["mlops-blob-store-blob-endpoint"] == "rg-mlops-prod-weu-data"
    assert places["mlops-key-vault-vault-endpoint"] == "rg-mlops-prod-weu-platform"


def test_production_tells_the_address_that_it_calls_from():
    assert graph_of("prod").exports["egress_ip_addresses"].value == ["203.0.113.7"]


def test_flows_are_logged_by_the_network_watcher_that_azure_makes():
    log = graph_of("prod").one(f"{NETWORK}:FlowLog")
    assert log.inputs["networkWatcherName"] == "NetworkWatcher_westeurope"
    assert log.inputs["targetResourceId"] == graph_of("prod").one(f"{NETWORK}:VirtualNetwork").id


def test_another_network_watcher_can_be_named():
    watcher = f"{HUB}/networkWatchers/nw-central"
    log = build_platform(settings_of("prod", network={"network_watcher_id": watcher})).one(f"{NETWORK}:FlowLog")
    assert (log.inputs["networkWatcherName"], log.inputs["resourceGroupName"]) == ("nw-central", "rg-hub")


def test_development_has_no_network_unless_it_is_switched_on():
    assert [node.name for node in graph_of("dev") if node.type.startswith(f"{NETWORK}:")] == []
    graph = build_platform(settings_of("dev", network={"enabled": True}))
    assert graph.one(f"{NETWORK}:VirtualNetwork")
    assert graph.all(ENDPOINT) == []


def test_a_service_that_is_not_listed_has_no_private_endpoint():
    graph = build_platform(settings_of("prod", network={"private_endpoints": ["key_vault"]}))
    assert list(groups(graph)) == ["Microsoft.KeyVault/vaults"]
    assert [zone.inputs["privateZoneName"] for zone in graph.all(ZONE)] == ["privatelink.vaultcore.azure.net"]


def test_a_system_that_is_switched_off_asks_for_no_zone():
    off = {"enabled": False}
    graph = build_platform(settings_of("prod", machine_learning=off, compute=off, registry=off, models=None))
    assert "Microsoft.ContainerRegistry/registries" not in groups(graph)
    assert not any("azurecr" in zone.name or "azureml" in zone.name for zone in graph.all(ZONE))


def test_zones_of_a_hub_are_used_and_not_made_again():
    zone = f"{HUB}/privateDnsZones/privatelink.vaultcore.azure.net"
    graph = build_platform(settings_of("prod", network={"private_dns_zone_ids": [zone]}))
    assert "privatelink.vaultcore.azure.net" not in {each.inputs["privateZoneName"] for each in graph.all(ZONE)}
    names = graph.one(NAMES, "mlops-key-vault-vault-names")
    assert names.inputs["privateDnsZoneConfigs"][0]["privateDnsZoneId"] == zone


def test_a_hub_with_a_firewall_takes_what_is_called_outside():
    hub = {"virtual_network_id": VNET, "firewall_address": "10.0.0.4"}
    graph = build_platform(settings_of("prod", network={"hub": hub}))
    assert len(graph.all(f"{NETWORK}:VirtualNetworkPeering")) == 2
    assert graph.all(f"{NETWORK}:NatGateway") == []
    assert graph.exports["egress_ip_addresses"].value == []


def test_in_somebody_elses_network_nothing_is_made_but_private_endpoints():
    existing = {"virtual_network_id": VNET, "subnet_ids": {"private_endpoints": f"{VNET}/subnets/links"}}
    graph = build_platform(settings_of("prod", network={"existing": existing}))
    made = {node.type.removeprefix(f"{NETWORK}:") for node in graph if node.type.startswith(f"{NETWORK}:")}
    assert made == {"PrivateEndpoint", "PrivateDnsZoneGroup"}
    assert {endpoint.inputs["subnet"]["id"] for endpoint in graph.all(ENDPOINT)} == {f"{VNET}/subnets/links"}
    assert graph.exports["virtual_network_id"].value == VNET


def test_without_a_managed_network_clusters_lie_in_the_training_subnet():
    alone = {"isolation_mode": "Disabled", "firewall_sku": None, "provision_network_now": False}
    graph = build_platform(settings_of("prod", machine_learning=alone))
    computes = graph.all("azure-native:machinelearningservices:Compute")
    cluster = next(node for node in computes if node.name == "mlops-compute-cpu-cluster")
    nodes = cluster.inputs["properties"]["properties"]
    assert nodes["subnet"]["id"].endswith("/subnets/snet-mlops-prod-weu-training")
    assert nodes["enableNodePublicIp"] is False


def test_every_private_system_is_an_area_that_can_be_switched_off():
    settings = settings_of("prod")
    assert isinstance(settings.network, NetworkSettings)
    assert all(hasattr(getattr(settings, system.value), "enabled") for system in PrivateSystem)
