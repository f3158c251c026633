"""Samples of the rules on networks, addresses and private endpoints."""

from collections.abc import Iterator
from typing import Any

from policies.kit.kinds import (
    NETWORK_SECURITY_GROUP,
    PRIVATE_DNS_ZONE,
    PRIVATE_ENDPOINT,
    PUBLIC_IP_ADDRESS,
    SUBNET,
    VIRTUAL_NETWORK,
)
from tests.unit.policies.analyzer import UNKNOWN, Node
from tests.unit.policies.samples.case import Case, Outcome

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network"
NETWORK_ID = f"{GROUP}/virtualNetworks/vnet"
GROUP_ID = f"{GROUP}/networkSecurityGroups/nsg"
ADDRESS_ID = f"{GROUP}/publicIPAddresses/pip"
ZONE = "privatelink.blob.core.windows.net"
ZONE_ID = f"{GROUP}/privateDnsZones/{ZONE}"
RULE = "network:SecurityRule"
LINK = "privatedns:VirtualNetworkLink"
ZONE_GROUP = "network:PrivateDnsZoneGroup"
FLOW_LOG = "network:FlowLog"
LETS_IN = {
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "sourceAddressPrefix": "*",
    "destinationPortRange": "*",
}
CLOSED = {"networkSecurityGroup": {"id": GROUP_ID}}
NETWORK = Node(VIRTUAL_NETWORK, {"virtualNetworkName": "vnet"}, name="network")
ADDRESS = Node(PUBLIC_IP_ADDRESS, {"publicIpAddressName": "pip", "sku": {"name": "Standard"}}, name="address")


def without(properties: dict[str, Any], *names: str) -> dict[str, Any]:
    """Properties but for some."""
    return {name: value for name, value in properties.items() if name not in names}


def decisive(rule: str, lets_in: dict[str, Any], **values: tuple[Any, Any]) -> Iterator[Case]:
    """Cases of properties, each with its good and its bad value, of a security rule that lets in otherwise."""
    for name, (good, bad) in values.items():
        rest = without(lets_in, name)
        absent: Outcome = "violates" if name in ("direction", "access", "protocol") else "passes"
        yield Case(rule, RULE, name, good, bad, absent, rest=rest)
        good, bad = ([{**rest, name: value}] for value in (good, bad))
        yield Case(rule, NETWORK_SECURITY_GROUP, "securityRules", good, bad, "passes")


def security_rule_cases(rule: str, harmless: str, harmful: str) -> Iterator[Case]:
    """What decides of a security rule: direction, access, and source and ports, in the singular and the plural."""
    lets_in = {**LETS_IN, "destinationPortRange": harmful}
    yield from decisive(
        *(rule, lets_in),
        direction=("Outbound", "Inbound"),
        access=("Deny", "Allow"),
        sourceAddressPrefix=("10.0.0.0/8", "Internet"),
        destinationPortRange=(harmless, harmful),
    )
    sources = without(lets_in, "sourceAddressPrefix")
    yield from decisive(rule, sources, sourceAddressPrefixes=(["10.0.0.0/8"], ["10.0.0.0/8", "0.0.0.0/0"]))
    ports = without(lets_in, "destinationPortRange")
    yield from decisive(rule, ports, destinationPortRanges=([harmless], [harmless, harmful]))


def zones(*ids: str) -> list[dict[str, str]]:
    """The configurations of a zone group."""
    return [{"name": f"zone-{number}", "privateDnsZoneId": zone_id} for number, zone_id in enumerate(ids)]


CONNECTIONS = [{"groupIds": ["blob"], "privateLinkServiceId": "/storageAccounts/stmlops"}]
ENDPOINT = Node(
    PRIVATE_ENDPOINT,
    {
        "privateEndpointName": "pep",
        "privateLinkServiceConnections": CONNECTIONS,
        "subnet": {"id": f"{NETWORK_ID}/subnets/links"},
    },
    name="endpoint",
)
OWN_ZONE = Node(PRIVATE_DNS_ZONE, {"privateZoneName": ZONE}, name="zone")
NAMES = {"privateEndpointName": "pep", "privateDnsZoneConfigs": zones(ZONE_ID)}
LINKED = {"privateZoneName": ZONE, "virtualNetwork": {"id": NETWORK_ID}}

SECURITY = (
    *security_rule_cases("nsg-mgmt-ports", "443", "22"),
    *security_rule_cases("nsg-mgmt-ports", "6000-7000", "3000-5986"),
    *decisive("nsg-mgmt-ports", {**LETS_IN, "protocol": "Tcp"}, protocol=("Icmp", "*")),
    *security_rule_cases("nsg-any-inbound", "22", "*"),
    *security_rule_cases("nsg-any-inbound", "1024-65535", "0-65535"),
    Case("subnet-has-nsg", SUBNET, "networkSecurityGroup.id", GROUP_ID, "", "violates"),
    Case("subnet-has-nsg", SUBNET, "subnetName", "GatewaySubnet", "snet-training", "violates"),
    Case(
        *("subnet-has-nsg", VIRTUAL_NETWORK, "subnets"),
        *([CLOSED, {"name": "AzureBastionSubnet"}], [CLOSED, {"name": "snet-training"}], "passes"),
    ),
    Case("subnet-private", SUBNET, "defaultOutboundAccess", False, True, "violates"),
    Case("subnet-private", SUBNET, "subnetName", "AzureFirewallSubnet", "snet-training", "violates"),
    Case("subnet-private", VIRTUAL_NETWORK, "subnets", [{"name": "GatewaySubnet"}], [{"name": "b"}], "passes"),
    Case(
        *("subnet-private", VIRTUAL_NETWORK, "subnets"),
        *([{"defaultOutboundAccess": False}], [{"defaultOutboundAccess": False}, {"name": "b"}], "passes"),
    ),
    Case(
        *("public-ip-allow-list", "network:NatGateway", "publicIpAddresses"),
        *([{"id": ADDRESS_ID}], [{"id": f"{ADDRESS_ID}2"}], "violates"),
        others=[ADDRESS],
    ),
    Case(
        *("public-ip-allow-list", PUBLIC_IP_ADDRESS, "sku.name", "Standard", "Basic", "violates"),
        rest={"publicIpAddressName": "pip"},
        others=[
            Node(
                "network:AzureFirewall",
                {"ipConfigurations": [{"name": "one", "publicIPAddress": {"id": ADDRESS_ID}}]},
                name="firewall",
            )
        ],
    ),
    Case(
        "flow-logs",
        FLOW_LOG,
        "enabled",
        True,
        False,
        "violates",
        rest={"targetResourceId": NETWORK_ID},
        others=[NETWORK],
    ),
    Case(
        *("flow-logs", FLOW_LOG, "targetResourceId", NETWORK_ID, f"{NETWORK_ID}2", "violates"),
        rest={"enabled": True, "retentionPolicy": {"days": 90}},
        others=[NETWORK],
    ),
    Case(
        *("flow-logs", FLOW_LOG, "retentionPolicy.days", 0, 30, "passes"),
        rest={"enabled": True, "targetResourceId": NETWORK_ID},
        others=[NETWORK],
    ),
    Case("vnet-dns", VIRTUAL_NETWORK, "dhcpOptions.dnsServers", ["10.0.0.4", "10.0.0.5"], ["10.0.0.4"], "passes"),
    Case(
        *("vnet-dns", VIRTUAL_NETWORK, "dhcpOptions.dnsServers"),
        *(["168.63.129.16", "10.0.0.5"], ["10.0.0.5", "9.9.9.9"], "passes"),
    ),
    Case("vnet-ddos", VIRTUAL_NETWORK, "enableDdosProtection", True, False, "violates"),
    Case(
        *("pe-has-dns-zone", ZONE_GROUP, "privateDnsZoneConfigs"),
        *(zones(ZONE_ID), zones(f"{GROUP}/privateDnsZones/privatelink.file.core.windows.net"), "violates"),
        rest={"privateEndpointName": "pep"},
        others=[ENDPOINT],
    ),
    Case(
        *("pe-has-dns-zone", ZONE_GROUP, "privateEndpointName", "pep", "pep-other", "violates"),
        rest=without(NAMES, "privateEndpointName"),
        others=[ENDPOINT],
    ),
    Case(
        *("pe-has-dns-zone", LINK, "virtualNetwork.id", NETWORK_ID, f"{NETWORK_ID}2", "violates"),
        rest=without(LINKED, "virtualNetwork"),
        others=[ENDPOINT, NETWORK, OWN_ZONE, Node(ZONE_GROUP, NAMES, name="names")],
    ),
    Case(
        *("pe-has-dns-zone", LINK, "privateZoneName", ZONE, f"other.{ZONE}", "violates"),
        rest=without(LINKED, "privateZoneName"),
        # As in a preview, where no zone has an id yet.
        others=[
            *(ENDPOINT, NETWORK, OWN_ZONE),
            Node(
                *(ZONE_GROUP, {**NAMES, "privateDnsZoneConfigs": zones(UNKNOWN)}, "names"),
                references={"privateDnsZoneConfigs": ["zone"]},
            ),
        ],
    ),
    Case(
        *("pe-has-dns-zone", PRIVATE_ENDPOINT, "privateLinkServiceConnections"),
        *(CONNECTIONS, [{"groupIds": ["amlworkspace"]}], "passes"),
        rest={"privateEndpointName": "pep"},
        others=[Node(ZONE_GROUP, NAMES, name="names")],
    ),
)

COST: tuple[Case, ...] = ()
