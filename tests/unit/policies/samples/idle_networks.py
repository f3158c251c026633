"""Samples of the cost rules on networks and on plans for a whole subscription."""

from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network"
ADDRESS = Node("network:PublicIPAddress", {"publicIpAddressName": "pip"}, name="address")
GUARD = Node("network:NetworkSecurityGroup", {"networkSecurityGroupName": "nsg"}, name="guard")
USED = [{"id": f"{GROUP}/publicIPAddresses/PIP"}]
OTHER = [{"id": f"{GROUP}/publicIPAddresses/pip2"}]

SECURITY: tuple[Case, ...] = ()

COST = (
    Case(
        *("idle-network", "network:LoadBalancer", "frontendIPConfigurations"),
        *([{"publicIPAddress": each} for each in USED], [{"publicIPAddress": each} for each in OTHER], "violates"),
        others=[ADDRESS],
    ),
    Case(
        *("idle-network", "network:Subnet", "networkSecurityGroup"),
        *({"id": f"{GROUP}/networkSecurityGroups/nsg"}, {"id": f"{GROUP}/networkSecurityGroups/other"}, "violates"),
        others=[GUARD],
    ),
    Case("defender-ddos-dev", "security:Pricing", "pricingTier", "Free", "Standard", "passes"),
    Case("defender-ddos-dev", "network:VirtualNetwork", "enableDdosProtection", False, True, "passes"),
)
