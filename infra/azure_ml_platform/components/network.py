"""The virtual network with a subnet and a security group for each system, and one way out."""

from collections.abc import Mapping, Sequence
from typing import Self

import pulumi
from pulumi_azure_native import network
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.subnets import SUBNET_RULES, SubnetPurpose
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs, DiagnosticsArgs, diagnose
from azure_ml_platform.components.subscriptions import Subscriptions, group_of, name_of

_DENY_INTERNET = 4096
"""The last priority of all, so that every rule of a security group's own goes before it."""


class SubnetArgs(Args):
    """A subnet and its security group."""

    name: str
    """Required. Name of the subnet."""
    address_range: str
    """Required. IPv4 block inside the network's."""
    security_group_name: str
    """Required. Name of the network security group."""


class NatGatewayArgs(Args):
    """A NAT gateway with one fixed public address."""

    name: str
    """Required. Name of the gateway."""
    address_name: str
    """Required. Name of its public IP address."""
    zone: int | None = Field(default=None, ge=1, le=3)
    """Optional. Availability zone of both. Default none in particular."""


class HubArgs(Args):
    """The hub that the network is peered with."""

    virtual_network_id: str
    """Required. Network of the hub, in any subscription; the other half of the peering is made in its group."""
    peering_name: str
    """Required. Name of both halves of the peering."""
    firewall_address: str | None = None
    """Optional. Private address of the hub's firewall, which all outward traffic takes. Default none."""
    route_table_name: str | None = None
    """Conditional. Name of the route table to the firewall; required where there is one."""
    use_gateways: bool = False
    """Optional. Reach networks behind the hub's gateways. Default false."""

    @model_validator(mode="after")
    def _routes_have_a_table(self) -> Self:
        if self.firewall_address and not self.route_table_name:
            raise ValueError("firewall_address needs route_table_name: the table that leads to it")
        return self


class NetworkArgs(ComponentArgs):
    """Inputs of Network."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the network."""
    location: Input[str]
    """Required. Azure region."""
    virtual_network_name: str
    """Required. Name of the network."""
    address_space: Sequence[str]
    """Required. IPv4 blocks of the network."""
    subnets: Mapping[SubnetPurpose, SubnetArgs]
    """Required. Subnets by what they are for."""
    nat_gateway: NatGatewayArgs | None = None
    """Optional. Way out of the subnets that call out, where no firewall is. Default none: they call nobody."""
    hub: HubArgs | None = None
    """Optional. Hub to peer with. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where logs and metrics go. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the network and its public address. Default true."""


class Network(PlatformComponent):
    """A network whose subnets are written in one request with it, and have no way out but the one that they are given.

    Subnets that are written one by one meet each other's operations, and are deleted by a network that does not list
    them (pulumi/pulumi-azure-native#903, #611).
    """

    virtual_network_id: pulumi.Output[str]
    """Resource id of the network."""
    subnet_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the subnets by what they are for."""
    egress_addresses: list[pulumi.Output[str]]
    """Public addresses that calls to the outside come from, for others' allow lists."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create what subnets are tied to, then the network with all of them, then its peering."""
        args = NetworkArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.security_groups = {purpose: self._security_group(name, args, purpose) for purpose in args.subnets}
        self.address: network.PublicIPAddress | None = None
        route_table = self._route_table(name, args, args.hub) if args.hub and args.hub.firewall_address else None
        gateway = self._nat_gateway(name, args, args.nat_gateway) if args.nat_gateway and not route_table else None
        self.virtual_network = self._virtual_network(name, args, route_table, gateway)
        if args.hub:
            self._peer(name, args, args.hub)
        arm_type = "Microsoft.Network/virtualNetworks"
        diagnose(self, f"{name}-diagnostics", arm_type, self.virtual_network.id, args.diagnostics)
        self.virtual_network_id = self.virtual_network.id
        self.by_purpose = {
            purpose: pulumi.Output.concat(self.virtual_network.id, "/subnets/", subnet.name)
            for purpose, subnet in args.subnets.items()
        }
        self.subnet_ids = pulumi.Output.all(**{purpose.value: found for purpose, found in self.by_purpose.items()})
        self.egress_addresses = [self.address.ip_address.apply(lambda address: address or "")] if self.address else []
        self.finish()

    def _security_group(self, name: str, args: NetworkArgs, purpose: SubnetPurpose) -> "network.NetworkSecurityGroup":
        label = purpose.value.replace("_", "-")
        managed = SUBNET_RULES[purpose].managed_rules
        group = network.NetworkSecurityGroup(
            f"{name}-{label}-rules",
            network_security_group_name=args.subnets[purpose].security_group_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            security_rules=[] if managed else [_deny_internet()],
            tags=args.tags,
            # What the service writes into its security group is its own (hashicorp/terraform-provider-azurerm#27274).
            opts=self.child(ignore_changes=["securityRules"] if managed else []),
        )
        arm_type = "Microsoft.Network/networkSecurityGroups"
        diagnose(self, f"{name}-{label}-rules-diagnostics", arm_type, group.id, args.diagnostics)
        return group

    def _nat_gateway(self, name: str, args: NetworkArgs, wanted: NatGatewayArgs) -> "network.NatGateway":
        zones = None if wanted.zone is None else [str(wanted.zone)]
        self.address = network.PublicIPAddress(
            f"{name}-egress-address",
            public_ip_address_name=wanted.address_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku={"name": "Standard", "tier": "Regional"},
            public_ip_allocation_method="Static",
            zones=zones,
            tags=args.tags,
            # Others have it in their allow lists. What uses it is shown by Azure as a member that could be set.
            opts=self.child(protect=args.protect, ignore_changes=["natGateway"]),
        )
        arm_type = "Microsoft.Network/publicIPAddresses"
        diagnose(self, f"{name}-egress-address-diagnostics", arm_type, self.address.id, args.diagnostics)
        return network.NatGateway(
            f"{name}-egress",
            nat_gateway_name=wanted.name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku={"name": "Standard"},
            public_ip_addresses=[{"id": self.address.id}],
            zones=zones,
            tags=args.tags,
            opts=self.child(),
        )

    def _route_table(self, name: str, args: NetworkArgs, hub: HubArgs) -> "network.RouteTable":
        return network.RouteTable(
            f"{name}-routes",
            route_table_name=hub.route_table_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            disable_bgp_route_propagation=True,
            routes=[
                network.RouteArgs(
                    name="outside",
                    address_prefix="0.0.0.0/0",
                    next_hop_type="VirtualAppliance",
                    next_hop_ip_address=hub.firewall_address,
                )
            ],
            tags=args.tags,
            opts=self.child(),
        )

    def _virtual_network(
        self,
        name: str,
        args: NetworkArgs,
        route_table: "network.RouteTable | None",
        gateway: "network.NatGateway | None",
    ) -> "network.VirtualNetwork":
        return network.VirtualNetwork(
            f"{name}-virtual-network",
            virtual_network_name=args.virtual_network_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            address_space={"address_prefixes": list(args.address_space)},
            subnets=[
                _subnet(purpose, subnet, self.security_groups[purpose], route_table, gateway)
                for purpose, subnet in args.subnets.items()
            ],
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )

    def _peer(self, name: str, args: NetworkArgs, hub: HubArgs) -> None:
        """Make both halves of the peering; the hub's lies in the hub's subscription."""
        here = network.VirtualNetworkPeering(
            f"{name}-to-hub",
            virtual_network_peering_name=hub.peering_name,
            virtual_network_name=self.virtual_network.name,
            resource_group_name=args.resource_group_name,
            remote_virtual_network={"id": hub.virtual_network_id},
            allow_virtual_network_access=True,
            # What the firewall sends on comes from elsewhere.
            allow_forwarded_traffic=hub.firewall_address is not None,
            use_remote_gateways=hub.use_gateways,
            opts=self.child(),
        )
        there = Subscriptions(self, name).child(hub.virtual_network_id)
        network.VirtualNetworkPeering(
            f"{name}-from-hub",
            virtual_network_peering_name=hub.peering_name,
            virtual_network_name=name_of(hub.virtual_network_id),
            resource_group_name=group_of(hub.virtual_network_id),
            remote_virtual_network={"id": self.virtual_network.id},
            allow_virtual_network_access=True,
            allow_gateway_transit=hub.use_gateways,
            opts=pulumi.ResourceOptions.merge(there, pulumi.ResourceOptions(depends_on=[here])),
        )


def _subnet(
    purpose: SubnetPurpose,
    subnet: SubnetArgs,
    security_group: "network.NetworkSecurityGroup",
    route_table: "network.RouteTable | None",
    gateway: "network.NatGateway | None",
) -> "network.SubnetArgs":
    rule = SUBNET_RULES[purpose]
    return network.SubnetArgs(
        name=subnet.name,
        address_prefix=subnet.address_range,
        default_outbound_access=False,
        network_security_group=network.NetworkSecurityGroupArgs(id=security_group.id),
        route_table=network.RouteTableArgs(id=route_table.id) if route_table and rule.egress else None,
        nat_gateway=network.SubResourceArgs(id=gateway.id) if gateway and rule.egress else None,
        delegations=[network.DelegationArgs(name="service", service_name=rule.delegated_to)]
        if rule.delegated_to
        else None,
        # Security groups and routes hold for private endpoints only where this says so.
        private_endpoint_network_policies="Enabled",
        private_link_service_network_policies="Enabled",
    )


def _deny_internet() -> "network.SecurityRuleArgs":
    return network.SecurityRuleArgs(
        name="deny-internet-inbound",
        priority=_DENY_INTERNET,
        direction="Inbound",
        access="Deny",
        protocol="*",
        source_address_prefix="Internet",
        source_port_range="*",
        destination_address_prefix="*",
        destination_port_range="*",
    )
