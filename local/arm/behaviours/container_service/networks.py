"""The network of a managed cluster.

Sources: learn.microsoft.com/azure/aks/concepts-network-cni-overview, .../azure/aks/private-clusters,
.../azure/aks/api-server-authorized-ip-ranges, .../azure/aks/api-server-vnet-integration.
"""

import ipaddress

from local.arm.behaviours.container_service.pools import invalid
from local.arm.documents import Json, overlay
from local.arm.errors import bad_request
from local.arm.resource_types import Change

PROFILE, ACCESS = "properties.networkProfile", "properties.apiServerAccessProfile"
_SERVICES, _DNS = "10.0.0.0/16", "10.0.0.10"
_DEFAULTS: Json = {
    "loadBalancerSku": "standard",
    "outboundType": "loadBalancer",
    "serviceCidr": _SERVICES,
    "dnsServiceIP": _DNS,
    "ipFamilies": ["IPv4"],
}
_POD_CIDR = "10.244.0.0/16"


def check_network(change: Change) -> None:
    """Raise ArmError for parts that do not go together."""
    profile = change.get(PROFILE, {})
    plugin, mode = profile.get("networkPlugin", "azure"), profile.get("networkPluginMode")
    if mode == "overlay" and plugin != "azure":
        raise invalid("networkProfile.networkPluginMode", f"overlay belongs to networkPlugin azure, not {plugin}.")
    if profile.get("networkPolicy") == "cilium" and profile.get("networkDataplane") != "cilium":
        raise invalid("networkProfile.networkPolicy", "cilium needs networkDataplane cilium.")
    _check_service_range(profile)
    _check_access(change)


def _check_service_range(profile: Json) -> None:
    """The address of the cluster's DNS lies in the range of services, and is not its first."""
    try:
        services = ipaddress.ip_network(str(profile.get("serviceCidr", _SERVICES)))
        address = ipaddress.ip_address(str(profile.get("dnsServiceIP", _DNS)))
    except ValueError as error:
        raise invalid("networkProfile.serviceCidr", f"{error}.") from error
    if address not in services or address == services.network_address + 1:
        why = f"{address} must lie in serviceCidr {services} and not be its first address."
        raise invalid("networkProfile.dnsServiceIP", why)


def _check_access(change: Change) -> None:
    access = change.get(ACCESS, {})
    if access.get("enablePrivateCluster") and access.get("authorizedIPRanges"):
        message = "authorizedIPRanges cannot be used with a private cluster."
        raise bad_request("BadRequest", message, target=f"{ACCESS}.authorizedIPRanges")
    if access.get("enableVnetIntegration") and not access.get("subnetId") and _has_own_network(change):
        message = "enableVnetIntegration in a network of your own needs apiServerAccessProfile.subnetId."
        raise bad_request("BadRequest", message, target=f"{ACCESS}.subnetId")
    if change.was(f"{ACCESS}.enableVnetIntegration") and not access.get("enableVnetIntegration"):
        message = "API server VNet integration cannot be switched off once it is on."
        raise bad_request("BadRequest", message, target=f"{ACCESS}.enableVnetIntegration")


def _has_own_network(change: Change) -> bool:
    return any(pool.get("vnetSubnetID") for pool in change.get("properties.agentPoolProfiles", []))


def completed_network(change: Change) -> Json:
    """The profile with what the service fills in."""
    profile: Json = change.get(PROFILE, {})
    plugin = {"networkPlugin": "azure"}
    pods = {"podCidr": _POD_CIDR} if profile.get("networkPluginMode") == "overlay" else {}
    return overlay({**_DEFAULTS, **plugin, **pods}, profile)
