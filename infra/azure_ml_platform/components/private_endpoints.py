"""Private endpoints: the one shape in which every service takes them, and the one way in which they are made."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import network

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs

ZONE_GROUP = "default"


class PrivateEndpointArgs(Args):
    """A private endpoint of one group (sub-resource) of a service."""

    name: str
    """Required. Name of the endpoint."""
    subnet_id: Input[str]
    """Required. Subnet that the endpoint takes its addresses from; it is delegated to nobody."""
    zone_ids: Mapping[str, Input[str]] = {}
    """Optional. Private DNS zones that the names go into: resource ids by name, at most five. Default none."""
    resource_group_name: Input[str]
    """Required. Resource group that holds the endpoint."""
    location: Input[str]
    """Required. Region of the endpoint's network."""


PrivateEndpoints = Mapping[str, PrivateEndpointArgs]
"""The interface of a component: its private endpoints by group id."""


def connect(
    owner: PlatformComponent, name: str, resource_id: Input[str], endpoints: PrivateEndpoints, args: ComponentArgs
) -> "list[network.PrivateEndpoint]":
    """Make a service's private endpoints, one after the other, with the names that lead to them.

    Azure works on one change of a subnet at a time. The zone group writes the names: an endpoint without one can be
    reached by its address only (Microsoft.Network/privateEndpoints/privateDnsZoneGroups).
    """
    made: list[network.PrivateEndpoint] = []
    before: list[pulumi.Resource] = []
    for group, wanted in endpoints.items():
        label = group.replace("_", "-").lower()
        endpoint = network.PrivateEndpoint(
            f"{name}-{label}-endpoint",
            private_endpoint_name=wanted.name,
            resource_group_name=wanted.resource_group_name,
            location=wanted.location,
            subnet={"id": wanted.subnet_id},
            custom_network_interface_name=f"{wanted.name}-nic",
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(
                    name=label, private_link_service_id=resource_id, group_ids=[group]
                )
            ],
            tags=args.tags,
            opts=owner.child(depends_on=before),
        )
        made.append(endpoint)
        before = [endpoint]
        if wanted.zone_ids:
            before = [_name(owner, f"{name}-{label}-names", endpoint, wanted)]
    return made


def _name(
    owner: PlatformComponent, name: str, endpoint: "network.PrivateEndpoint", wanted: PrivateEndpointArgs
) -> "network.PrivateDnsZoneGroup":
    return network.PrivateDnsZoneGroup(
        name,
        private_dns_zone_group_name=ZONE_GROUP,
        private_endpoint_name=endpoint.name,
        resource_group_name=wanted.resource_group_name,
        private_dns_zone_configs=[
            network.PrivateDnsZoneConfigArgs(name=zone.replace(".", "-"), private_dns_zone_id=zone_id)
            for zone, zone_id in wanted.zone_ids.items()
        ],
        opts=owner.child(),
    )
