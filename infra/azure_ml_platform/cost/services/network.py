"""The network: addresses, gateways, private endpoints and their zones, peerings, flow logs."""

from collections.abc import Iterator

from azure_ml_platform.cost.assumptions import HOURS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import Resource, Resources
from azure_ml_platform.cost.services import Parts

_HOURS = f"{HOURS_PER_MONTH} h"
_SHORT_INTERVAL = 10


def _address(_: Resource, __: Resources, ___: Assumptions) -> Iterator[Item]:
    yield Item("public-ip", HOURS_PER_MONTH, _HOURS)


def _nat_gateway(_: Resource, __: Resources, terms: Assumptions) -> Iterator[Item]:
    yield Item("nat-gateway", HOURS_PER_MONTH, _HOURS)
    yield Item("nat-gateway-data", terms.nat_gb, f"{terms.nat_gb:g} GB (nat_gb)", Basis.ASSUMED)


def _private_endpoint(_: Resource, __: Resources, terms: Assumptions) -> Iterator[Item]:
    yield Item("private-endpoint", HOURS_PER_MONTH, _HOURS)
    why = f"{terms.private_endpoint_gb:g} GB (private_endpoint_gb)"
    yield Item("private-endpoint-data", terms.private_endpoint_gb, why, Basis.ASSUMED)


def _zone(_: Resource, __: Resources, ___: Assumptions) -> Iterator[Item]:
    yield Item("private-dns-zone", 1, "1 zone")


def _peering(_: Resource, __: Resources, terms: Assumptions) -> Iterator[Item]:
    """Each way is billed on both sides; a peering of the stack is one side."""
    why = f"{terms.peering_gb:g} GB each way (peering_gb)"
    yield Item("peering-data", 2 * terms.peering_gb, why, Basis.ASSUMED)


def _flow_log(log: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    if log.get("enabled") is False:
        return
    why = f"{terms.flow_log_gb:g} GB (flow_log_gb)"
    yield Item("flow-log", terms.flow_log_gb, why, Basis.ASSUMED)
    analytics = "flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration"
    if log.true(f"{analytics}.enabled"):
        minutes = log.number(f"{analytics}.trafficAnalyticsInterval", 60)
        meter = "traffic-analytics-10" if minutes <= _SHORT_INTERVAL else "traffic-analytics-60"
        yield Item(meter, terms.flow_log_gb, why, Basis.ASSUMED)


PARTS: Parts = {
    "network:FlowLog": (_flow_log,),
    "network:NatGateway": (_nat_gateway,),
    "network:PrivateEndpoint": (_private_endpoint,),
    "network:PublicIPAddress": (_address,),
    "network:VirtualNetworkPeering": (_peering,),
    "privatedns:PrivateZone": (_zone,),
}
