"""Virtual networks and subnets: ranges, lists in the body, what is in use, one operation at a time."""

from typing import Any

import pytest

from local.arm.documents import Json
from local.arm.identifiers import ResourceId
from tests.unit.arm.doubles import REGION, Azure, Platform

NETWORK = "providers/Microsoft.Network"


def network(*subnets: Json, space: str = "10.0.0.0/16", location: str = REGION, listed: bool = True) -> Json:
    """A network's body; `listed` False leaves the list of subnets out."""
    properties: Json = {"addressSpace": {"addressPrefixes": [space]}}
    return {"location": location, "properties": properties | ({"subnets": list(subnets)} if listed else {})}


def subnet(name: str, prefix: str, **properties: Any) -> Json:
    return {"name": name, "properties": {"addressPrefix": prefix, **properties}}


@pytest.fixture
def group(azure: Azure) -> str:
    return azure.group()


@pytest.fixture
def path(group: str) -> str:
    return f"{group}/{NETWORK}/virtualNetworks/vnet-test"


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.properties["subnets"]]


@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("10.1.0.0/24", "NetcfgSubnetRangeOutsideVnet"),
        ("10.0.0.128/25", "NetcfgSubnetRangesOverlap"),
        ("10.0.1.0/30", "NetcfgInvalidSubnet"),
        ("10.0.1.7/24", "InvalidCIDRNotation"),
        ("10.0.1.0/33", "InvalidAddressPrefixFormat"),
        ("ten", "InvalidAddressPrefixFormat"),
    ],
)
def test_a_subnet_lies_in_its_network_beside_the_others_and_leaves_room_for_addresses(
    azure: Azure, path: str, prefix: str, code: str
) -> None:
    body = network(subnet("one", "10.0.0.0/24"), subnet("two", prefix))
    assert azure("PUT", path, body).code == code
    assert azure("GET", path).status == 404
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    alone = azure("PUT", f"{path}/subnets/two", {"properties": {"addressPrefix": prefix}})
    assert (alone.status, alone.code) == (400, code)
    assert azure("PUT", f"{path}/subnets/two", {"properties": {"addressPrefix": "10.0.1.0/29"}}).status == 201


def test_two_subnets_may_trade_their_ranges_in_one_request(azure: Azure, path: str) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24"), subnet("two", "10.0.1.0/24")))
    shown = azure.put(path, network(subnet("one", "10.0.1.0/24"), subnet("two", "10.0.0.0/24")))
    found = {item["name"]: item["properties"]["addressPrefix"] for item in shown.properties["subnets"]}
    assert found == {"one": "10.0.1.0/24", "two": "10.0.0.0/24"}


def test_a_subnet_is_read_alone_as_in_its_network(azure: Azure, path: str) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24", defaultOutboundAccess=False)))
    alone = azure("GET", f"{path}/subnets/one")
    assert alone.properties["defaultOutboundAccess"] is False
    assert alone.properties["provisioningState"] == "Succeeded"
    assert azure("GET", path).properties["subnets"] == [alone.body]
    assert azure("GET", f"{path}/subnets").body["value"] == [alone.body]


@pytest.mark.trap("two-owners-of-subnets")
def test_a_request_whose_list_lacks_a_subnet_that_was_made_alone_deletes_it(azure: Azure, path: str) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    azure.put(f"{path}/subnets/alone", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    assert names(azure("GET", path)) == ["one", "alone"]
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    assert azure("GET", f"{path}/subnets/alone").status == 404


def test_a_request_without_the_list_keeps_the_subnets(azure: Azure, path: str) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    assert names(azure.put(path, network(listed=False))) == ["one"]
    smaller = azure("PUT", path, network(listed=False, space="10.0.128.0/17"))
    assert smaller.code == "NetcfgSubnetRangeOutsideVnet"


def test_new_tags_leave_subnets_that_were_made_alone(azure: Azure, path: str) -> None:
    azure.put(path, network())
    azure.put(f"{path}/subnets/alone", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    answer = azure("PATCH", path, {"tags": {"a": "b"}})
    assert answer.status == 200
    azure.settle(answer)
    assert names(azure("GET", path)) == ["alone"]


def endpoint(azure: Azure, platform: Platform, where: str, name: str = "pep") -> str:
    """A private endpoint in a subnet."""
    made = f"{platform.group}/{NETWORK}/privateEndpoints/{name}"
    asked = {"name": "one", "properties": {"privateLinkServiceId": platform.vault, "groupIds": ["vault"]}}
    properties = {"subnet": {"id": where}, "privateLinkServiceConnections": [asked]}
    azure.put(made, {"location": REGION, "properties": properties})
    return made


def test_a_subnet_in_use_goes_neither_alone_nor_by_a_list_nor_with_its_network(
    azure: Azure, platform: Platform, path: str
) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24"), subnet("two", "10.0.1.0/24")))
    used = f"{path}/subnets/one"
    made = endpoint(azure, platform, used)
    refusals = [
        azure("DELETE", used),
        azure("PUT", path, network(subnet("two", "10.0.1.0/24"))),
        azure("PUT", path, network()),
        azure("DELETE", path),
    ]
    assert [(answer.status, answer.code) for answer in refusals] == [(400, "InUseSubnetCannotBeDeleted")] * 4
    assert made in refusals[0].message
    assert names(azure("GET", path)) == ["one", "two"]
    azure.delete(made)
    azure.delete(path)


def test_a_subnet_in_use_keeps_its_range_and_its_delegations(azure: Azure, platform: Platform, path: str) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    endpoint(azure, platform, f"{path}/subnets/one")
    moved = azure("PUT", path, network(subnet("one", "10.0.2.0/24")))
    assert moved.code == "InUsePrefixCannotBeDeleted"
    service = {"name": "d", "properties": {"serviceName": "Microsoft.Databricks/workspaces"}}
    delegated = azure("PUT", path, network(subnet("one", "10.0.0.0/24", delegations=[service])))
    assert delegated.code == "SubnetDelegationsCannotChangeWhenSubnetUsedByResource"
    assert azure("PUT", path, network(subnet("one", "10.0.0.0/23"))).status == 200


def test_what_lies_in_a_subnet_is_known_by_how_its_type_names_subnets(
    azure: Azure, platform: Platform, path: str
) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    scale = {"vmSize": "Standard_DS3_v2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1}}
    cluster = {"computeType": "AmlCompute", "properties": {**scale, "subnet": {"id": f"{path}/subnets/one"}}}
    azure.put(f"{platform.workspace}/computes/cpu", {"location": REGION, "properties": cluster})
    assert azure("DELETE", f"{path}/subnets/one").code == "InUseSubnetCannotBeDeleted"


def test_a_delegation_names_a_service(azure: Azure, path: str) -> None:
    item = {"name": "d", "properties": {"serviceName": "Databricks"}}
    answer = azure("PUT", path, network(subnet("one", "10.0.0.0/24", delegations=[item])))
    assert answer.code == "InvalidServiceNameOnDelegation"


@pytest.mark.parametrize("kind", ["networkSecurityGroups", "routeTables", "natGateways"])
def test_what_a_subnet_is_tied_to_exists_in_its_region(azure: Azure, group: str, path: str, kind: str) -> None:
    member = kind.removesuffix("s")
    tied = subnet("one", "10.0.0.0/24", **{member: {"id": f"{group}/{NETWORK}/{kind}/none"}})
    assert azure("PUT", path, network(tied)).code == "InvalidResourceReference"
    azure.put(f"{group}/{NETWORK}/{kind}/none", {"location": "eastus", "sku": {"name": "Standard"}})
    assert azure("PUT", path, network(tied)).code == "InvalidResourceReference"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("networkSecurityGroups", "InUseNetworkSecurityGroupCannotBeDeleted"),
        ("routeTables", "InUseRouteTableCannotBeDeleted"),
        ("natGateways", "CannotDeleteNatGatewayAssociatedToSubnet"),
    ],
)
def test_what_a_subnet_is_tied_to_shows_it_and_cannot_be_deleted(
    azure: Azure, group: str, path: str, kind: str, code: str
) -> None:
    tied = f"{group}/{NETWORK}/{kind}/tied"
    azure.put(tied, {"location": REGION, "sku": {"name": "Standard"}})
    azure.put(path, network(subnet("one", "10.0.0.0/24", **{kind.removesuffix("s"): {"id": tied}})))
    assert azure("GET", tied).properties["subnets"] == [{"id": f"{path}/subnets/one"}]
    refused = azure("DELETE", tied)
    assert (refused.status, refused.code) == (400, code)
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    azure.delete(tied)


@pytest.mark.trap("one-operation-at-a-time")
def test_one_operation_runs_in_a_network_at_a_time(azure: Azure, group: str, path: str) -> None:
    azure.put(path, network(subnet("one", "10.0.0.0/24")))
    other = f"{group}/{NETWORK}/virtualNetworks/vnet-other"
    under_way = azure.manager.operations.begin("put", ResourceId.parse(f"{path}/subnets/one"), "2024-05-01")
    alone = {"properties": {"addressPrefix": "10.0.1.0/24"}}
    for answer in (
        azure("PUT", f"{path}/subnets/two", alone),
        azure("PUT", path, network(subnet("one", "10.0.0.0/24"))),
        azure("DELETE", path),
    ):
        assert (answer.status, answer.code) == (409, "AnotherOperationInProgress")
    assert azure("PUT", other, network()).status == 201
    azure.manager.operations.end(under_way)
    assert azure("PUT", f"{path}/subnets/two", alone).status == 201


def test_names_in_a_list_are_given_once(azure: Azure, path: str) -> None:
    twice = network(subnet("one", "10.0.0.0/24"), subnet("ONE", "10.0.1.0/24"))
    answer = azure("PUT", path, twice)
    assert answer.code == "InvalidRequestFormat"
    assert "same name" in answer.message


def test_rules_of_a_group_differ_in_priority_or_direction(azure: Azure, group: str) -> None:
    path = f"{group}/{NETWORK}/networkSecurityGroups/nsg-test"
    rule = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Deny",
        "protocol": "*",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    one, two = {"name": "one", "properties": rule}, {"name": "two", "properties": rule}
    body = {"location": REGION, "properties": {"securityRules": [one, two]}}
    assert azure("PUT", path, body).code == "SecurityRuleConflict"
    two["properties"] = {**rule, "direction": "Outbound"}
    shown = azure.put(path, body)
    assert len(shown.properties["defaultSecurityRules"]) == 6
    assert azure("PUT", f"{path}/securityRules/three", {"properties": rule}).code == "SecurityRuleConflict"


def test_a_nat_gateway_takes_standard_static_addresses_of_its_zone(azure: Azure, group: str) -> None:
    address, gateway = (f"{group}/{NETWORK}/{kind}/one" for kind in ("publicIPAddresses", "natGateways"))
    static = {"properties": {"publicIPAllocationMethod": "Static"}}
    standard = {"location": REGION, "sku": {"name": "Standard"}}
    assert azure("PUT", address, {"location": REGION, **static}).code == "IPv4BasicSkuPublicIpCountLimitReached"
    assert azure("PUT", address, standard).code == "StandardSkuPublicIPAddressesMustBeStatic"
    shown = azure.put(address, {**standard, **static, "zones": ["2"]})
    assert shown.properties["ipAddress"]
    ties = {"properties": {"publicIpAddresses": [{"id": address}]}}
    assert azure("PUT", gateway, {**standard, **ties, "zones": ["1"]}).status == 400
    several = azure("PUT", gateway, {**standard, "zones": ["1", "2"]})
    assert several.code == "ResourceCannotHaveMultipleZonesSpecified"
    azure.put(gateway, {**standard, **ties, "zones": ["2"]})
    assert azure("DELETE", address).code == "PublicIPAddressCannotBeDeleted"
    assert azure("PUT", f"{gateway}-other", {**standard, **ties, "zones": ["2"]}).code == "PublicIPAddressInUse"


def peer(remote: str) -> Json:
    return {"properties": {"remoteVirtualNetwork": {"id": remote}}}


def test_a_peering_is_connected_when_both_halves_are_there(azure: Azure, group: str, path: str) -> None:
    hub = f"{group}/{NETWORK}/virtualNetworks/vnet-hub"
    azure.put(path, network())
    assert azure("PUT", f"{path}/virtualNetworkPeerings/hub", peer(hub)).code == "InvalidResourceReference"
    azure.put(hub, network(space="10.1.0.0/16"))
    one = azure.put(f"{path}/virtualNetworkPeerings/hub", peer(hub))
    assert one.properties["peeringState"] == "Initiated"
    azure.put(f"{hub}/virtualNetworkPeerings/spoke", peer(path))
    assert azure("GET", f"{path}/virtualNetworkPeerings/hub").properties["peeringState"] == "Connected"


def test_a_half_that_lost_the_other_has_to_be_written_again_first(azure: Azure, group: str, path: str) -> None:
    hub = f"{group}/{NETWORK}/virtualNetworks/vnet-hub"
    azure.put(path, network())
    azure.put(hub, network(space="10.1.0.0/16"))
    one, two = f"{path}/virtualNetworkPeerings/hub", f"{hub}/virtualNetworkPeerings/spoke"
    azure.put(one, peer(hub))
    azure.put(two, peer(path))
    azure.delete(two)
    assert azure("GET", one).properties["peeringState"] == "Disconnected"
    assert azure("PUT", two, peer(path)).code == "RemotePeeringIsDisconnected"
    azure.put(one, peer(hub))
    assert azure.put(two, peer(path)).properties["peeringState"] == "Connected"


def test_peered_networks_share_no_address_with_each_other_or_with_other_peers(
    azure: Azure, group: str, path: str
) -> None:
    hub, third = (f"{group}/{NETWORK}/virtualNetworks/vnet-{name}" for name in ("hub", "third"))
    azure.put(path, network())
    azure.put(hub, network(space="10.0.128.0/17"))
    assert azure("PUT", f"{path}/virtualNetworkPeerings/hub", peer(hub)).code == "VnetAddressSpacesOverlap"
    azure.put(hub, network(space="10.1.0.0/16"))
    azure.put(f"{path}/virtualNetworkPeerings/hub", peer(hub))
    azure.put(f"{hub}/virtualNetworkPeerings/spoke", peer(path))
    azure.put(third, network(space="10.0.4.0/24"))
    answer = azure("PUT", f"{third}/virtualNetworkPeerings/hub", peer(hub))
    assert answer.code == "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet"
    assert azure("PUT", path, network(space="10.1.0.0/16")).code == "VnetAddressSpacesOverlap"


def test_a_network_brings_the_watcher_of_its_region_and_there_is_only_one(azure: Azure, group: str, path: str) -> None:
    azure.put(path, network())
    watcher = f"{azure.subscription}/resourceGroups/NetworkWatcherRG/{NETWORK}/networkWatchers/NetworkWatcher_{REGION}"
    assert azure("GET", watcher).body["location"] == REGION
    own = azure("PUT", f"{group}/{NETWORK}/networkWatchers/own", {"location": REGION, "properties": {}})
    assert own.code == "NetworkWatcherCountLimitReached"


def test_a_flow_log_watches_a_network_and_never_a_new_security_group(
    azure: Azure, platform: Platform, path: str
) -> None:
    azure.put(path, network())
    security = f"{platform.group}/{NETWORK}/networkSecurityGroups/nsg-test"
    azure.put(security, {"location": REGION})
    watcher = f"{azure.subscription}/resourceGroups/NetworkWatcherRG/{NETWORK}/networkWatchers/NetworkWatcher_{REGION}"
    far = platform.storage.replace("sttest", "stfar")
    azure.put(far, {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}})

    def log(target: str, storage: str) -> Json:
        return {"location": REGION, "properties": {"targetResourceId": target, "storageId": storage, "enabled": True}}

    assert azure("PUT", f"{watcher}/flowLogs/one", log(security, platform.storage)).code == "NsgFlowLogCreationBlocked"
    assert azure("PUT", f"{watcher}/flowLogs/one", log(path, far)).code == "InvalidResourceReference"
    assert azure.put(f"{watcher}/flowLogs/one", log(path, platform.storage)).properties["enabled"] is True
    assert azure("PUT", f"{watcher}-none/flowLogs/one", log(path, platform.storage)).code == "ParentResourceNotFound"
