"""Microsoft's azure-mgmt-network through the life of a network, over HTTPS."""

from typing import Any

import pytest

from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def seen(shared_target: Checkout) -> dict[str, Any]:
    """What the client saw."""
    return shared_target.client("network")


def test_a_network_is_written_read_and_listed_with_its_subnets(seen: dict[str, Any]) -> None:
    assert seen["network"].endswith("/virtualNetworks/vnet-client")
    assert seen["state"] == "Succeeded"
    assert seen["networks"] == ["vnet-client"]
    assert seen["subnets"] == {"one": "10.0.0.0/24", "two": "10.0.1.0/24"}
    assert seen["private_subnet"] is True


def test_new_tags_change_nothing_else(seen: dict[str, Any]) -> None:
    assert seen["tags"] == {"state": "second"}


def test_a_security_group_shows_its_rules_and_azures(seen: dict[str, Any]) -> None:
    assert seen["rules"] == {"deny": "Deny"}
    assert "DenyAllInBound" in seen["default_rules"]


def test_a_private_endpoint_is_approved_and_has_an_address_in_its_subnet(seen: dict[str, Any]) -> None:
    assert seen["endpoints"] == ["pep-client"]
    assert seen["connection"] == "Approved"
    assert seen["names"] == {"kv-network-client.vault.azure.net": ["10.0.1.4"]}
    assert seen["interface"] == ["10.0.1.4"]


def test_refusals_carry_azures_codes(seen: dict[str, Any]) -> None:
    assert seen["overlap"] == "NetcfgSubnetRangesOverlap"
    assert seen["subnet_in_use"] == "InUseSubnetCannotBeDeleted"
    assert seen["security_in_use"] == "InUseNetworkSecurityGroupCannotBeDeleted"


def test_what_is_deleted_is_gone(seen: dict[str, Any]) -> None:
    assert seen["left"] == ["one"]
    assert seen["gone"] == "ResourceNotFound"
