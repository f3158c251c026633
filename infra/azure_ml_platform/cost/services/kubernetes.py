"""Kubernetes: the control plane's service level, the nodes, their disks, and what watches them.

Source: learn.microsoft.com/azure/aks/free-standard-pricing-tiers, .../aks/concepts-storage-ephemeral-os-disk.
"""

from collections.abc import Iterator

from azure_ml_platform.cost.assumptions import HOURS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import Resource, Resources
from azure_ml_platform.cost.services import Parts, machines

_DEFAULT_DISK_GB = 128
_POOL = "containerservice:AgentPool"


def _control_plane(cluster: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    tier = cluster.text("sku.tier", "Free").casefold()
    yield Item(f"aks-{tier}", HOURS_PER_MONTH, f"1 cluster, {HOURS_PER_MONTH} h")


def _own_nodes(cluster: Resource, stack: Resources, terms: Assumptions) -> Iterator[Item]:
    for pool in cluster.objects("agentPoolProfiles"):
        yield from _nodes(pool, stack, terms)


def _own_disks(cluster: Resource, stack: Resources, terms: Assumptions) -> Iterator[Item]:
    for pool in cluster.objects("agentPoolProfiles"):
        yield from _disks(pool, stack, terms)


def _least(pool: Resource) -> float:
    """Nodes that are always there: none is none, not one."""
    return pool.number("minCount") if pool.true("enableAutoScaling") else pool.number("count", 1)


def _nodes(pool: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    size, least = pool.text("vmSize"), _least(pool)
    spot = pool.text("scaleSetPriority").casefold() == "spot"
    most = pool.number("maxCount", least) if pool.true("enableAutoScaling") else least
    items = [machines.steady(size, least)]
    if most > least:
        items.append(machines.at_times(size, most - least, terms.kubernetes_peak_hours, "kubernetes_peak_hours"))
    for item in items:
        # The price of spare machines moves with demand, so no table has it.
        yield Item(f"spot-{item.meter}", item.quantity, item.why, item.basis) if spot and item.quantity else item


def _disks(pool: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """A node's disk is billed unless it is the machine's own; where nothing is said, it may not be."""
    least = _least(pool)
    if least and pool.text("osDiskType", "Managed").casefold() != "ephemeral":
        yield machines.premium_disks(least, pool.number("osDiskSizeGB", _DEFAULT_DISK_GB) or _DEFAULT_DISK_GB)


def _way_out(cluster: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """A load balancer with an address, unless the network has its own way out."""
    if cluster.text("networkProfile.outboundType", "loadBalancer").casefold() == "loadbalancer":
        yield Item("load-balancer", HOURS_PER_MONTH, f"1 load balancer, {HOURS_PER_MONTH} h")
        yield Item("public-ip", HOURS_PER_MONTH, f"1 address, {HOURS_PER_MONTH} h")


def _defender(cluster: Resource, stack: Resources, __: Assumptions) -> Iterator[Item]:
    if not cluster.true("securityProfile.defender.securityMonitoring.enabled"):
        return
    pools = [*cluster.objects("agentPoolProfiles"), *stack.siblings(cluster, _POOL)]
    watched = sum(_least(pool) * machines.vcores(pool.text("vmSize")) for pool in pools if _least(pool))
    yield Item("defender-containers", watched, f"{watched:g} vCores of the nodes that are always there")


def _metrics(cluster: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    if cluster.true("azureMonitorProfile.metrics.enabled"):
        yield Item("prometheus-samples", 1, "metrics of the cluster", Basis.ASSUMED)


PARTS: Parts = {
    _POOL: (_nodes, _disks),
    "containerservice:ManagedCluster": (_control_plane, _own_nodes, _own_disks, _way_out, _defender, _metrics),
}
