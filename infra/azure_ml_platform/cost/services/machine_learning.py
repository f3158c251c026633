"""Machine learning: compute, deployments, and what a workspace's managed network brings.

Source: learn.microsoft.com/azure/machine-learning/concept-plan-manage-cost and how-to-managed-network. Azure Machine
Learning itself adds nothing to the price of its machines.
"""

from collections.abc import Iterator
from math import ceil

from azure_ml_platform.cost.assumptions import HOURS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import Resource, Resources
from azure_ml_platform.cost.services import Parts, machines

_NODES = "properties.properties"
_NODES_PER_BALANCER = 50
_INSTANCE_DISK_GB = 128
_RULE = "machinelearningservices:ManagedNetworkSettingsRule"


def _compute(compute: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    kind = compute.text("properties.computeType").casefold()
    size = compute.text(f"{_NODES}.vmSize")
    if kind == "amlcompute":
        yield from _cluster(compute, size, terms)
    elif kind == "computeinstance":
        yield machines.at_times(size, 1, terms.instance_hours, "instance_hours")


def _cluster(compute: Resource, size: str, terms: Assumptions) -> Iterator[Item]:
    """No node of the least number is a fixed cost of nothing, not one of a node."""
    low_priority = compute.text(f"{_NODES}.vmPriority").casefold() == "lowpriority"
    share = machines.LOW_PRIORITY if low_priority else 1
    least = compute.number(f"{_NODES}.scaleSettings.minNodeCount")
    most = compute.number(f"{_NODES}.scaleSettings.maxNodeCount", least)
    yield machines.steady(size, least, share=share)
    if most > least:
        yield machines.at_times(size, most - least, terms.cluster_hours, "cluster_hours", share=share)


def _balancers(compute: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    """A load balancer for every 50 nodes of a cluster while it has some, and one for every instance."""
    kind = compute.text("properties.computeType").casefold()
    if kind == "computeinstance":
        yield Item("load-balancer", HOURS_PER_MONTH, f"1 load balancer, {HOURS_PER_MONTH} h")
    if kind != "amlcompute":
        return
    least = compute.number(f"{_NODES}.scaleSettings.minNodeCount")
    most = compute.number(f"{_NODES}.scaleSettings.maxNodeCount", least)
    always = ceil(least / _NODES_PER_BALANCER)
    if always:
        yield Item("load-balancer", always * HOURS_PER_MONTH, f"{always} load balancers, {HOURS_PER_MONTH} h")
    at_times = ceil(most / _NODES_PER_BALANCER) - always
    if at_times:
        why = f"{at_times} load balancers, {terms.cluster_hours:g} h (cluster_hours)"
        yield Item("load-balancer", at_times * terms.cluster_hours, why, Basis.ASSUMED)


def _instance_disk(compute: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """The disk of an instance is billed while it is stopped, too."""
    if compute.text("properties.computeType").casefold() == "computeinstance":
        yield machines.premium_disks(1, _INSTANCE_DISK_GB)


def _deployment(deployment: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    """No page says that instances of an endpoint have the price of the machine, so that is an assumption itself."""
    if deployment.text("properties.endpointComputeType").casefold() == "kubernetes":
        return
    size = deployment.text("properties.instanceType")
    instances = deployment.number("sku.capacity", 1)
    yield machines.steady(size, instances, alike=True)
    most = deployment.number("properties.scaleSettings.maxInstances", instances)
    if most > instances:
        hours = terms.deployment_peak_hours
        yield machines.at_times(size, most - instances, hours, "deployment_peak_hours", alike=True)


def _firewall(workspace: Resource, stack: Resources, terms: Assumptions) -> Iterator[Item]:
    """A network of approved hosts starts a firewall with its first rule by host name."""
    if workspace.text("managedNetwork.isolationMode").casefold() != "allowonlyapprovedoutbound":
        return
    rules = [rule for rule in stack.siblings(workspace, _RULE) if rule.text("properties.type").casefold() == "fqdn"]
    if not rules and "fqdn" not in str(workspace.get("managedNetwork.outboundRules")).casefold():
        return
    tier = workspace.text("managedNetwork.firewallSku", "Standard").casefold()
    yield Item(f"firewall-{tier}", HOURS_PER_MONTH, f"1 firewall, {HOURS_PER_MONTH} h", alike=True)
    why = f"{terms.firewall_gb:g} GB (firewall_gb)"
    yield Item("firewall-data", terms.firewall_gb, why, Basis.ASSUMED, alike=True)


def _outbound_rule(rule: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    if rule.text("properties.type").casefold() == "privateendpoint":
        yield Item("private-endpoint", HOURS_PER_MONTH, f"{HOURS_PER_MONTH} h")
        why = f"{terms.private_endpoint_gb:g} GB (private_endpoint_gb)"
        yield Item("private-endpoint-data", terms.private_endpoint_gb, why, Basis.ASSUMED)


def _registry(registry: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    regions = max(1, len(registry.elements("regionDetails")))
    why = f"{terms.registry_gb:g} GB (registry_gb) in {regions} regions"
    yield Item("ml-registry-storage", terms.registry_gb * regions, why, Basis.ASSUMED)


PARTS: Parts = {
    "machinelearningservices:Compute": (_compute, _balancers, _instance_disk),
    "machinelearningservices:ManagedNetworkSettingsRule": (_outbound_rule,),
    "machinelearningservices:OnlineDeployment": (_deployment,),
    "machinelearningservices:Registry": (_registry,),
    "machinelearningservices:Workspace": (_firewall,),
}
