"""The address plan and what else the network's settings refuse, before anything is deployed."""

from typing import Any

import pytest

from azure_ml_platform import addresses
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.vocabulary import PrivateSystem
from tests.unit.settings.given_settings import PLATFORM, Load, Problems

HUB = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-hub/providers/Microsoft.Network"
NETWORK = f"{HUB}/virtualNetworks/vnet-hub"
ZONE = f"{HUB}/privateDnsZones/privatelink.vaultcore.azure.net"


def subnets(**given: Any) -> dict[str, Any]:
    """Settings of production with some subnets of their own."""
    return {"profile": "prod", "network": {"subnets": given}}


@pytest.mark.parametrize(
    ("given", "path", "rule"),
    [
        pytest.param(subnets(training="10.40.1.0/33"), "subnets.training", "a private IPv4 block", id="no block"),
        pytest.param(subnets(training="52.0.0.0/24"), "subnets.training", "a private IPv4 block", id="public"),
        pytest.param(subnets(training="10.40.1.9/24"), "subnets.training", "starts at its network", id="host bits"),
        pytest.param(
            subnets(training="10.41.0.0/24"),
            "subnets.training",
            "inside network.address_space (10.40.0.0/16)",
            id="out",
        ),
        pytest.param(
            subnets(training="10.40.0.128/25"),
            "subnets.training",
            "apart from network.subnets.private_endpoints (10.40.0.0/24)",
            id="overlap",
        ),
        pytest.param(
            subnets(databricks_container="10.40.10.0/27"), "subnets.databricks_container", "/26 or larger", id="small"
        ),
        pytest.param(
            subnets(kubernetes_api_server="10.40.2.0/29"), "subnets.kubernetes_api_server", "/28 or larger", id="api"
        ),
        pytest.param(subnets(private_endpoints=None), "subnets.private_endpoints", "they lie in it", id="no subnet"),
        pytest.param(
            {"profile": "prod", "network": {"address_space": ["10.40.0.0/16", "10.40.8.0/22"]}},
            "address_space[1]",
            "apart from the block 10.40.0.0/16",
            id="blocks that overlap",
        ),
        pytest.param(
            {"profile": "prod", "network": {"address_space": []}}, "address_space", "at least one block", id="no space"
        ),
        pytest.param(
            {"profile": "prod", "network": {"private_dns_zone_ids": [ZONE, ZONE]}},
            "private_dns_zone_ids[1]",
            "privatelink.vaultcore.azure.net twice",
            id="a zone twice",
        ),
        pytest.param(
            {"profile": "prod", "network": {"private_dns_zone_ids": [NETWORK]}},
            "private_dns_zone_ids[0]",
            "the ARM id of a Microsoft.Network/privateDnsZones",
            id="no zone",
        ),
        pytest.param(
            {
                "profile": "prod",
                "network": {
                    "existing": {"virtual_network_id": NETWORK, "subnet_ids": {}},
                    "hub": {"virtual_network_id": NETWORK},
                },
            },
            "hub",
            "its owner peers it",
            id="a hub of somebody else's network",
        ),
        pytest.param(
            {"profile": "prod", "platform": PLATFORM | {"location": "westus"}},
            "nat_zone",
            "westus has no availability zones",
            id="a zone where there are none",
        ),
    ],
)
def test_an_address_plan_that_azure_would_refuse_is_refused_first(
    problems: Problems, given: dict[str, Any], path: str, rule: str
) -> None:
    assert rule in problems(**given)[f"network.{path}"].rule


def test_a_subnet_too_small_is_mended_by_one_that_is_not(problems: Problems) -> None:
    problem = problems(**subnets(databricks_host="10.40.8.0/28"))["network.subnets.databricks_host"]

    assert problem.found == "10.40.8.0/28"
    assert problem.mend == ("pulumi config set --stack dev --path 'network.subnets.databricks_host' 10.40.8.0/26",)


def test_clusters_outside_a_managed_network_need_an_address_for_each_node(problems: Problems, load: Load) -> None:
    given: dict[str, Any] = {
        "profile": "prod",
        "machine_learning": {"isolation_mode": "Disabled", "firewall_sku": None, "provision_network_now": False},
        "compute": {"clusters": {"cpu-cluster": {"max_nodes": 12}}},
    }
    problem = problems(**given, network={"subnets": {"training": "10.40.1.0/28"}})["network.subnets.training"]

    assert problem.rule == "/27 or larger: it has 11 addresses, the clusters of compute 12 nodes"
    load(**given, network={"subnets": {"training": "10.40.1.0/27"}})


def test_a_registry_with_a_private_endpoint_is_a_premium_one(problems: Problems) -> None:
    network = {"enabled": True, "private_endpoints": ["registry"]}

    assert problems(network=network)["registry.sku"].mend == (
        "pulumi config set --stack dev --path 'registry.sku' Premium",
    )


def test_flow_logs_need_the_account_that_keeps_them(problems: Problems) -> None:
    work = {"machine_learning": {"enabled": False}, "compute": {"enabled": False}, "blob": {"enabled": False}}

    assert "they are kept there" in problems(profile="prod", **work)["network.flow_logs"].rule


def test_production_is_private_throughout_and_development_has_no_network(load: Load) -> None:
    prod, dev = load(profile="prod").network, load().network

    assert (prod.enabled, prod.flow_logs, set(prod.private_endpoints)) == (True, True, set(PrivateSystem))
    assert set(prod.subnet_ranges) == set(SubnetPurpose)
    assert dev.enabled is False


def test_switched_on_the_network_of_development_fits_too(load: Load) -> None:
    assert set(load(network={"enabled": True}).network.subnet_ranges) == set(SubnetPurpose)


@pytest.mark.parametrize(("count", "prefix"), [(3, 29), (4, 28), (11, 28), (12, 27), (251, 24), (252, 23)])
def test_azure_keeps_five_addresses_of_each_subnet(count: int, prefix: int) -> None:
    assert addresses.prefix_for(count) == prefix
    assert addresses.capacity(f"10.0.0.0/{prefix}") >= count > addresses.capacity(f"10.0.0.0/{prefix + 1}")
