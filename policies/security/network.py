"""Security of virtual networks: Microsoft.Network."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import (
    Condition,
    all_of,
    any_of,
    each,
    each_value,
    holds,
    is_false,
    is_set,
    is_true,
    is_unset,
    kept_for,
    one_of,
)
from policies.kit.kinds import NETWORK_SECURITY_GROUP, PUBLIC_IP_ADDRESS, SUBNET, VIRTUAL_NETWORK
from policies.kit.properties import Properties
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, either, every
from policies.security.limits import Limits


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on networks."""
    return [*_security_rules(), *_subnets(), *_addresses(limits), *_networks(limits)]


def _security_rules() -> list[AnyRule]:
    """A security rule is refused for all that it is at once, so that one property that differs is enough to pass."""
    lets_in_less = [one_of("direction", "Outbound"), one_of("access", "Deny"), _no_open_source()]
    narrow = any_of(*lets_in_less, _no_port(_is_any_port, "name ports"))
    managed = any_of(
        *lets_in_less,
        one_of("protocol", "Icmp", "Esp", "Ah"),
        _no_port(_is_management_port, "leave out 22, 3389, 5985 and 5986"),
    )
    return [
        Rule(
            id="nsg-mgmt-ports",
            requires="Nobody on the internet reaches SSH, RDP or WinRM",
            conditions=_in_security_rules(managed),
            fix="narrow the source to a network of your own, or use Azure Bastion",
            severity=Severity.CRITICAL,
            control="NS-1",
            sources=("CKV_AZURE_9", "CKV_AZURE_10", "AZU-0048", "AZU-0050", "KICS 2ade1579", "KICS 59cb3da7"),
        ),
        Rule(
            id="nsg-any-inbound",
            requires="No rule lets everybody in to every port",
            conditions=_in_security_rules(narrow),
            fix="name the sources, or the ports that are for everybody",
            severity=Severity.HIGH,
            control="NS-1",
            sources=("CKV_AZURE_160", "CKV_AZURE_77", "AZU-0047", "AZU-0074", "Azure.NSG.AnyInboundSource"),
        ),
    ]


def _in_security_rules(condition: Condition) -> dict[str, Condition]:
    return {NETWORK_SECURITY_GROUP: each("securityRules", condition), "network:SecurityRule": condition}


def _no_open_source() -> Condition:
    return _in_one_and_many(
        ("sourceAddressPrefix", "sourceAddressPrefixes"), lambda value: not _is_open(value), "name a network"
    )


def _no_port(hits: Callable[[Any], bool], must: str) -> Condition:
    return _in_one_and_many(("destinationPortRange", "destinationPortRanges"), lambda value: not hits(value), must)


def _in_one_and_many(paths: tuple[str, str], accepts: Callable[[Any], bool], must: str) -> Condition:
    """A property that Azure has in the singular and in the plural."""
    one, many = paths
    return all_of(holds(one, lambda value: value is None or accepts(value), must), each_value(many, accepts, must))


def _is_open(prefix: Any) -> bool:
    return str(prefix).casefold() in ("*", "any", "internet", "0.0.0.0/0", "::/0")


def _is_any_port(ports: Any) -> bool:
    return str(ports).strip() in ("*", "0-65535", "1-65535")


def _is_management_port(ports: Any) -> bool:
    first, _, last = str(ports).replace("*", "0-65535").partition("-")
    try:
        return any(int(first) <= port <= int(last or first) for port in (22, 3389, 5985, 5986))
    except ValueError:
        return False


# Azure's own services in these subnets keep the rules themselves, or refuse a security group.
_WITHOUT_SECURITY_GROUP = (
    *("GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "AzureBastionSubnet"),
    "RouteServerSubnet",
)


def _subnets() -> list[AnyRule]:
    def private(name: str) -> Condition:
        return any_of(is_false("defaultOutboundAccess"), _of_azure(name))

    return [
        StackRule(
            id="subnet-has-nsg",
            requires="A security group says who reaches what is in a subnet",
            judge=for_each((VIRTUAL_NETWORK, SUBNET), _guarded),
            fix="set networkSecurityGroup.id of the subnet",
            severity=Severity.HIGH,
            control="NS-1",
            sources=("CKV2_AZURE_31", "Azure.VNET.UseNSGs", "AP e71308d3"),
        ),
        Rule(
            id="subnet-private",
            requires="A subnet has no way out but the one that it is given",
            conditions={VIRTUAL_NETWORK: each("subnets", private("name")), SUBNET: private("subnetName")},
            fix="set defaultOutboundAccess to false, with a NAT gateway or a firewall where something calls out",
            severity=Severity.MEDIUM,
            control="NS-1",
            sources=("AP 7bca8353", "Azure.VNET.PrivateSubnet"),
        ),
    ]


def _of_azure(name: str) -> Condition:
    """The subnet is for a service of Azure's own."""
    return one_of(name, *_WITHOUT_SECURITY_GROUP)


_GROUP_ID = "networkSecurityGroup.id"


def _guarded(owner: Resource, stack: Stack) -> Verdict:
    """Whether a subnet, or every subnet of a network, has a security group."""
    if owner.kind == SUBNET:
        return either([_has_group(owner.properties, owner, "", stack), _of_azure("subnetName")(owner.properties)])

    def guarded(subnet: Properties) -> Verdict:
        return either([_has_group(subnet, owner, "subnets[].", stack), _of_azure("name")(subnet)])

    return each("subnets", guarded)(owner.properties)


def _has_group(subnet: Properties, owner: Resource, place: str, stack: Stack) -> Verdict:
    given = is_set(_GROUP_ID)(subnet)
    # An id that is not known yet is that of a group that the program makes.
    made = given.open and any(
        owner.refers_to(place + _GROUP_ID, group) is True for group in stack.of(NETWORK_SECURITY_GROUP)
    )
    return PASSED if made else given


def _addresses(limits: Limits) -> list[AnyRule]:
    return [
        StackRule(
            id="public-ip-allow-list",
            requires="A public address is one that is meant to be there",
            judge=for_each((PUBLIC_IP_ADDRESS,), _has_a_use(limits.public_ip_users)),
            fix=f'set sku.name to "Standard", and give the address to a {" or a ".join(limits.public_ip_users)} only',
            severity=Severity.MEDIUM,
            control="NS-2",
            sources=("CKV_AZURE_119", "AZU-0076", "AP 83a86a26", "Azure.PublicIP.StandardSKU"),
        ),
    ]


_USERS = {
    "bastion": ("network:BastionHost", "ipConfigurations[].publicIPAddress.id"),
    "firewall": ("network:AzureFirewall", "ipConfigurations[].publicIPAddress.id"),
    "load balancer": ("network:LoadBalancer", "frontendIPConfigurations[].publicIPAddress.id"),
    "NAT gateway": ("network:NatGateway", "publicIpAddresses[].id"),
    "VPN gateway": ("network:VirtualNetworkGateway", "ipConfigurations[].publicIPAddress.id"),
}
"""What a public address can be for: the kind of resource, and where it names its addresses."""


def _has_a_use(allowed: tuple[str, ...]) -> Callable[[Resource, Stack], Verdict]:
    standard = one_of("sku.name", "Standard", "StandardV2")

    def judge(address: Resource, stack: Stack) -> Verdict:
        used = either(
            stack.referring(*_USERS[use], address).some(lambda _: PASSED, f"no {use} of this stack has it")
            for use in allowed
        )
        return every([standard(address.properties), used])

    return judge


def _networks(limits: Limits) -> list[AnyRule]:
    days = limits.audit_days_min
    servers = "dhcpOptions.dnsServers"
    return [
        StackRule(
            id="flow-logs",
            requires="Who calls whom in a network is recorded",
            judge=for_each((VIRTUAL_NETWORK,), _flows_logged(days)),
            fix=f"add an enabled FlowLog of the network, with retentionPolicy.days of {days} or more, or 0",
            severity=Severity.LOW,
            control="LT-4",
            sources=(
                *("CKV_AZURE_12", "AZU-0049", "AZU-0073", "KICS 564b70f8"),
                *("AP c251913d", "AP 27960feb", "AP 4c3c6c5f"),
            ),
        ),
        Rule(
            id="vnet-dns",
            requires="A network asks two DNS servers of private addresses, or Azure's",
            conditions={
                VIRTUAL_NETWORK: any_of(
                    is_unset(servers),
                    all_of(
                        holds(servers, _are_several, "be two or more"),
                        each_value(servers, _is_private, "be a private address"),
                    ),
                )
            },
            fix=f"leave {servers} out, or name two servers of this network or of a peered one",
            severity=Severity.LOW,
            sources=("CKV_AZURE_182", "CKV_AZURE_183", "Azure.VNET.SingleDNS", "Azure.VNET.LocalDNS"),
        ),
        Rule(
            id="vnet-ddos",
            requires="A network has its own protection against denial of service",
            conditions={VIRTUAL_NETWORK: is_true("enableDdosProtection")},
            fix="set enableDdosProtection to true with a ddosProtectionPlan, which has a fixed monthly price",
            severity=Severity.LOW,
            control="NS-5",
            sources=("AP 94de2ad3",),
        ),
    ]


def _flows_logged(days: int) -> Callable[[Resource, Stack], Verdict]:
    kept = all_of(is_true("enabled"), kept_for("retentionPolicy.days", days))

    def judge(network: Resource, stack: Stack) -> Verdict:
        logs = stack.referring("network:FlowLog", "targetResourceId", network)
        return logs.some(lambda log: kept(log.properties), "no FlowLog of it is in the stack")

    return judge


# Azure's own resolver, which every network reaches at this address
# (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
_AZURE_DNS = "168.63.129.16"


def _are_several(servers: Any) -> bool:
    return isinstance(servers, Sequence) and not isinstance(servers, str) and len(servers) > 1


def _is_private(server: Any) -> bool:
    try:
        return server == _AZURE_DNS or ip_address(server).is_private
    except ValueError:
        return False
