"""Arguments of the network and of its flow log."""

from collections.abc import Mapping

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.flow_log import FlowLogArgs
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.network import HubArgs, NatGatewayArgs, Network, NetworkArgs, SubnetArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings import HubSettings
from azure_ml_platform.wiring.stack import Stack

_WATCHER = "/subscriptions/{}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/{}"


def args(stack: Stack, groups: ResourceGroups, diagnostics: DiagnosticsArgs | None) -> NetworkArgs:
    """The stack's own network."""
    wanted = stack.settings.network
    return NetworkArgs(
        **stack.place(groups, "network"),
        virtual_network_name=stack.name(Kind.VIRTUAL_NETWORK),
        address_space=wanted.address_space,
        subnets={
            purpose: SubnetArgs(
                name=stack.name(Kind.SUBNET, purpose.value.replace("_", "-")),
                address_range=cidr,
                security_group_name=stack.name(Kind.NETWORK_SECURITY_GROUP, purpose.value.replace("_", "-")),
            )
            for purpose, cidr in wanted.subnet_ranges.items()
        },
        nat_gateway=NatGatewayArgs(
            name=stack.name(Kind.NAT_GATEWAY),
            address_name=stack.name(Kind.PUBLIC_IP_ADDRESS, "egress"),
            zone=wanted.nat_zone,
        ),
        hub=_hub(stack, wanted.hub) if wanted.hub else None,
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )


def place(stack: Stack, own: Network | None) -> tuple[Input[str], Mapping[SubnetPurpose, Input[str]]]:
    """The network and the subnets that the stack works in: its own, or those that somebody else made."""
    existing = stack.settings.network.existing
    if existing:
        return existing.virtual_network_id, existing.subnet_ids
    assert own is not None, "a stack without a network asks for none"
    return own.virtual_network_id, own.by_purpose


def flow_log(stack: Stack, groups: ResourceGroups, virtual_network_id: Input[str], store: BlobStore) -> FlowLogArgs:
    """The log of the own network's flows, in the blob account."""
    wanted = stack.settings.network
    return FlowLogArgs(
        **stack.place(groups, "network"),
        flow_log_name=stack.name(Kind.FLOW_LOG),
        virtual_network_id=virtual_network_id,
        network_watcher_id=wanted.network_watcher_id or _azures_watcher(stack),
        storage=stack.scope(Kind.STORAGE_ACCOUNT, store.account_id),
        identity_name=stack.name(Kind.USER_ASSIGNED_IDENTITY, "flow-log"),
        retention_days=wanted.flow_log_retention_days,
    )


def _azures_watcher(stack: Stack) -> Input[str]:
    """The watcher that Azure makes with the first network of a region."""
    name = f"NetworkWatcher_{stack.settings.platform.location}"
    return stack.deployer.subscription_id.apply(lambda subscription: _WATCHER.format(subscription, name))


def _hub(stack: Stack, hub: HubSettings) -> HubArgs:
    return HubArgs(
        virtual_network_id=hub.virtual_network_id,
        peering_name=stack.name(Kind.NETWORK_PEERING),
        firewall_address=hub.firewall_address,
        route_table_name=stack.name(Kind.ROUTE_TABLE),
        use_gateways=hub.use_gateways,
    )
