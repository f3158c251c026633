"""The network, what lies in it and what it leads to."""

from collections.abc import Iterator

from azure_ml_platform import addresses
from azure_ml_platform.catalog.regions import REGIONS, CloudName
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.compute import ComputeSettings
from azure_ml_platform.settings.areas.machine_learning import MachineLearningSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.areas.network import NetworkSettings
from azure_ml_platform.settings.areas.platform import PlatformSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import IsolationMode, PrivateSystem, RegistrySku


def _endpoints_have_a_subnet(network: NetworkSettings) -> Iterator[Broken]:
    if not network.enabled or not network.private_endpoints:
        return
    purpose = SubnetPurpose.PRIVATE_ENDPOINTS
    known = network.existing.subnet_ids if network.existing else network.subnet_ranges
    if purpose not in known:
        area = ("network", "existing", "subnet_ids") if network.existing else ("network", "subnets")
        rule = "given while network.private_endpoints is not empty: they lie in it"
        yield Broken((*area, purpose.value), rule, Mend.EDIT if network.existing else "10.40.0.0/24")


def _registry_can_be_reached(network: NetworkSettings, registry: RegistrySettings) -> Iterator[Broken]:
    wanted = network.enabled and registry.enabled and PrivateSystem.REGISTRY in network.private_endpoints
    if wanted and registry.sku is not RegistrySku.PREMIUM:
        rule = f"{RegistrySku.PREMIUM} while network.private_endpoints has registry: only Premium has private endpoints"
        yield Broken(("registry", "sku"), rule, RegistrySku.PREMIUM)


def _logs_have_a_private_way(
    platform: PlatformSettings, network: NetworkSettings, monitoring: MonitoringSettings
) -> Iterator[Broken]:
    wanted = network.enabled and monitoring.enabled and PrivateSystem.MONITORING in network.private_endpoints
    if wanted and REGIONS[platform.location].cloud is CloudName.CHINA:
        others = [system.value for system in network.private_endpoints if system is not PrivateSystem.MONITORING]
        rule = "without monitoring: Microsoft lists no private DNS zones for it in China"
        yield Broken(("network", "private_endpoints"), rule, others)
    elif wanted and not monitoring.private_link:
        rule = "true while network.private_endpoints has monitoring: the endpoint leads to the private link scope"
        yield Broken(("monitoring", "private_link"), rule, True)


def _flows_are_logged_somewhere(network: NetworkSettings, blob: BlobSettings) -> Iterator[Broken]:
    if network.enabled and network.flow_logs and not network.existing and not blob.enabled:
        yield Broken(("network", "flow_logs"), "false while blob.enabled is: they are kept there", False)


def _zone_exists(platform: PlatformSettings, network: NetworkSettings) -> Iterator[Broken]:
    if network.enabled and network.nat_zone is not None and not REGIONS[platform.location].zones:
        rule = f"null: {platform.location} has no availability zones"
        yield Broken(("network", "nat_zone"), rule, None)


def _clusters_have_room(
    network: NetworkSettings, machine_learning: MachineLearningSettings, compute: ComputeSettings
) -> Iterator[Broken]:
    """Clusters outside a managed network take an address of the subnet for each node."""
    cidr = network.subnet_ranges.get(SubnetPurpose.TRAINING)
    if not network.enabled or network.existing or cidr is None or not compute.enabled:
        return
    nodes = sum(cluster.max_nodes for cluster in compute.active_clusters.values())
    if machine_learning.isolation_mode is IsolationMode.DISABLED and nodes > addresses.capacity(cidr):
        prefix = addresses.prefix_for(nodes)
        room = addresses.capacity(cidr)
        rule = f"/{prefix} or larger: it has {room} addresses, the clusters of compute {nodes} nodes"
        yield Broken(("network", "subnets", SubnetPurpose.TRAINING.value), rule, f"{cidr.partition('/')[0]}/{prefix}")


RULES: tuple[Rule, ...] = (
    _endpoints_have_a_subnet,
    _registry_can_be_reached,
    _logs_have_a_private_way,
    _flows_are_logged_somewhere,
    _zone_exists,
    _clusters_have_room,
)
