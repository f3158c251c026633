"""A workspace's managed network: what its compute may call, as one rule after the other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.egress import HOSTS, Purpose, rule_name
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
)
from azure_ml_platform.vocabulary import FirewallSku, IsolationMode

Rule: TypeAlias = (
    "machinelearningservices.FqdnOutboundRuleArgs | machinelearningservices.PrivateEndpointOutboundRuleArgs"
)


class OutboundEndpointArgs(Args):
    """A private endpoint in the managed network, to a resource outside of it."""

    target: ScopeArgs
    """Required. The resource; the workspace's identity gets the role that approves the endpoint there."""
    subresource: str
    """Required. Part of the resource that it leads to, `blob` or `sqlServer`."""
    spark: bool = False
    """Optional. Let serverless Spark use it too. Default false."""


class ManagedNetworkArgs(Args):
    """The workspace's managed virtual network: what its compute may call."""

    isolation_mode: IsolationMode = IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND
    """Optional. Outbound rules. Azure never takes a stricter mode back. Default only what is approved."""
    firewall_sku: FirewallSku | None = None
    """Optional. Firewall for rules by domain name, billed by the hour once there is one. Default none."""
    provision_now: bool = False
    """Optional. Make the network with the workspace and not with its first compute. Default false."""
    purposes: Sequence[Purpose] = ()
    """Optional. What compute may reach outside of Azure; each host is a rule, and the first brings a firewall. Default
    nothing."""
    endpoints: Mapping[str, OutboundEndpointArgs] = {}
    """Optional. Private endpoints by the name of their rule. Default only those that Azure makes by itself."""

    @model_validator(mode="after")
    def _has_a_network_for_its_rules(self) -> "ManagedNetworkArgs":
        mode = self.isolation_mode
        if self.purposes and mode is not IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND:
            message = (
                f"purposes need the isolation mode AllowOnlyApprovedOutbound; it is {mode}, with rules for no host"
            )
            raise ValueError(message)
        if self.endpoints and mode is IsolationMode.DISABLED:
            message = "endpoints need a managed network; the isolation mode is Disabled"
            raise ValueError(message)
        return self


def managed_network(network: ManagedNetworkArgs) -> "machinelearningservices.ManagedNetworkSettingsArgs":
    """The network as the workspace's own settings say it; its rules are resources of their own."""
    return machinelearningservices.ManagedNetworkSettingsArgs(
        isolation_mode=network.isolation_mode.value,
        firewall_sku=network.firewall_sku.value if network.firewall_sku else None,
    )


def approve_endpoints(
    owner: PlatformComponent, name: str, network: ManagedNetworkArgs, identity: PrincipalArgs
) -> list[pulumi.Resource]:
    """Let the workspace's identity approve private endpoints on their targets, each target once."""
    role = Role.AZURE_AI_ENTERPRISE_NETWORK_CONNECTION_APPROVER
    targets = {endpoint.target.name: endpoint.target for endpoint in network.endpoints.values()}
    return [
        assign_role(owner, f"{name}-approver-{key}", target, RoleAssignmentArgs(role=role, principal=identity))
        for key, target in targets.items()
    ]


def outbound_rules(
    owner: PlatformComponent,
    name: str,
    network: ManagedNetworkArgs,
    *,
    resource_group_name: Input[str],
    workspace_name: Input[str],
    depends_on: Sequence[pulumi.Resource],
) -> "list[machinelearningservices.ManagedNetworkSettingsRule]":
    """Make the rules one after the other: the network changes one rule at a time."""
    rules: list[machinelearningservices.ManagedNetworkSettingsRule] = []
    for key, rule in _rules(network):
        before: Sequence[pulumi.Resource] = rules[-1:] or depends_on
        rules.append(
            machinelearningservices.ManagedNetworkSettingsRule(
                f"{name}-rule-{key}",
                rule_name=key,
                resource_group_name=resource_group_name,
                workspace_name=workspace_name,
                properties=rule,
                opts=owner.child(depends_on=list(before)),
            )
        )
    return rules


def _rules(network: ManagedNetworkArgs) -> Iterator[tuple[str, Rule]]:
    """Yield every rule with its name: private endpoints, then hosts."""
    for key, endpoint in network.endpoints.items():
        destination = machinelearningservices.PrivateEndpointDestinationArgs(
            service_resource_id=endpoint.target.id,
            subresource_target=endpoint.subresource,
            spark_enabled=endpoint.spark,
        )
        yield (
            key,
            machinelearningservices.PrivateEndpointOutboundRuleArgs(
                type="PrivateEndpoint", category="UserDefined", destination=destination
            ),
        )
    for purpose in network.purposes:
        for host in HOSTS[purpose]:
            yield (
                rule_name(purpose, host),
                machinelearningservices.FqdnOutboundRuleArgs(type="FQDN", category="UserDefined", destination=host),
            )
