"""Databricks: the units of its clusters, their machines, and the way out of a network that Azure makes for it.

Source: learn.microsoft.com/azure/databricks/security/network/classic/secure-cluster-connectivity: a workspace whose
nodes have no public address, in a network of its own, brings a NAT gateway.
"""

from collections.abc import Iterator

from azure_ml_platform.catalog.databricks_units import DBUS_PER_HOUR
from azure_ml_platform.cost.assumptions import HOURS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import NotPricedError, Resource, Resources
from azure_ml_platform.cost.services import Parts, machines


def _units(workspace: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    size, hours = terms.databricks_node_type, terms.databricks_nodes * terms.databricks_hours
    if size not in DBUS_PER_HOUR:
        raise NotPricedError(f"the units that {size} uses per hour are not known (databricks_node_type)")
    tier = workspace.text("sku.name", "standard").casefold()
    why = f"{terms.databricks_nodes:g} x {size}, {terms.databricks_hours:g} h of jobs (databricks_hours)"
    yield Item(f"dbu-{tier}-jobs", hours * DBUS_PER_HOUR[size], why, Basis.ASSUMED)


def _machines(_: Resource, __: Resources, terms: Assumptions) -> Iterator[Item]:
    nodes, hours = terms.databricks_nodes, terms.databricks_hours
    yield machines.at_times(terms.databricks_node_type, nodes, hours, "databricks_hours")


def _way_out(workspace: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    closed = workspace.get("parameters.enableNoPublicIp.value") is True
    if closed and not workspace.given("parameters.customVirtualNetworkId.value"):
        why = f"1 that Azure makes, {HOURS_PER_MONTH} h"
        yield Item("nat-gateway", HOURS_PER_MONTH, why)
        yield Item("public-ip", HOURS_PER_MONTH, why)
        yield Item("nat-gateway-data", terms.nat_gb, f"{terms.nat_gb:g} GB (nat_gb)", Basis.ASSUMED)


def _hardening(workspace: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """Hardened clusters have a surcharge on their units."""
    profile = workspace.get("enhancedSecurityCompliance.enhancedSecurityMonitoring.value")
    if isinstance(profile, str) and profile.casefold() == "enabled":
        yield Item("databricks-enhanced-security", 1, "surcharge on the units of hardened clusters", Basis.ASSUMED)


PARTS: Parts = {"databricks:Workspace": (_units, _machines, _way_out, _hardening)}
