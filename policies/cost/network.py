"""Cost of networks: what nobody uses, and protection that is paid for the whole subscription."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.kit.conditions import none_of, not_true
from policies.kit.properties import Properties, Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Judgement, Rule, StackRule
from policies.kit.verdict import PASSED, Verdict, undecided, violation


@dataclass(frozen=True)
class _Use:
    """How one kind of resource is used by others."""

    collection: str
    """The part of a resource id before its name."""
    name_input: str
    users: tuple[tuple[str, str], ...]
    """Kinds and properties that hold its id."""


_USES: Mapping[str, _Use] = {
    "network:NatGateway": _Use(
        "natGateways", "natGatewayName", (("network:VirtualNetwork", "subnets"), ("network:Subnet", "natGateway"))
    ),
    "network:NetworkSecurityGroup": _Use(
        "networkSecurityGroups",
        "networkSecurityGroupName",
        (
            ("network:VirtualNetwork", "subnets"),
            ("network:Subnet", "networkSecurityGroup"),
            ("network:NetworkInterface", "networkSecurityGroup"),
        ),
    ),
    "network:PublicIPAddress": _Use(
        "publicIPAddresses",
        "publicIpAddressName",
        (
            ("network:NatGateway", "publicIpAddresses"),
            ("network:AzureFirewall", "ipConfigurations"),
            ("network:LoadBalancer", "frontendIPConfigurations"),
            ("network:NetworkInterface", "ipConfigurations"),
        ),
    ),
    "privatedns:PrivateZone": _Use(
        "privateDnsZones",
        "privateZoneName",
        (("network:PrivateDnsZoneGroup", "privateDnsZoneConfigs"), ("network:PrivateEndpoint", "customDnsConfigs")),
    ),
}


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on networks."""
    return [
        StackRule(
            id="idle-network",
            requires="An address, a gateway, a zone or a security group is there for something",
            judge=_judge,
            fix="use it, or take it out",
            severity=Severity.LOW,
            control="CO:14",
            sources=("Azure.PublicIP.IsAttached", "Azure.NSG.Associated"),
        ),
        Rule(
            id="defender-ddos-dev",
            requires="Protection that is paid for a whole subscription or network is for production",
            conditions={
                "network:VirtualNetwork": not_true("enableDdosProtection"),
                "security:Pricing": none_of("pricingTier", "Standard"),
            },
            fix='set pricingTier to "Free", and enableDdosProtection to false',
            severity=Severity.LOW,
            control="CO:08",
        ),
    ]


def _judge(stack: Stack) -> Iterator[Judgement]:
    for kind, use in _USES.items():
        for target in stack.of(kind):
            yield target, _used(target, use, stack)


def _used(target: Resource, use: _Use, stack: Stack) -> Verdict:
    waiting = []
    for kind, path in use.users:
        for user in stack.of(kind):
            found = _holds(user, path, target, use)
            if isinstance(found, Unknown):
                waiting.append(f"{user.name}.{found.path}")
            elif found:
                return PASSED
    users = ", ".join(sorted({kind.partition(":")[2] for kind, _ in use.users}))
    return undecided(*waiting) if waiting else violation(f"no {users} uses it, must have one that does")


def _holds(user: Resource, path: str, target: Resource, use: _Use) -> bool | Unknown:
    """Whether a property holds the id of a resource, or was computed from it."""
    origins = user.references.get(path, frozenset())
    if target.urn in origins:
        return True
    value = user.properties.get(path)
    if isinstance(value, Unknown) and not origins:
        return value
    name = target.properties.get(use.name_input)
    ending = f"/{use.collection}/{name}".casefold() if isinstance(name, str) else None
    held = Properties({path: value} if not isinstance(value, Unknown) else {}).strings()
    return ending is not None and any(text.casefold().endswith(ending) for _, text in held)
