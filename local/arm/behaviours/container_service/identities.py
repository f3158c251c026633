"""Who a managed cluster is: its control plane, its kubelets and its add-ons.

Sources: learn.microsoft.com/azure/aks/use-managed-identity, .../azure/aks/update-kubelet-identity.
"""

import uuid

from local.arm.cloud import Cloud
from local.arm.documents import Json, member, reach
from local.arm.errors import bad_request
from local.arm.held_roles import held_roles
from local.arm.identifiers import ResourceId
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Change
from local.arm.store import Resource

KUBELET = "properties.identityProfile.kubeletidentity.resourceId"
_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
_ADDON_IDENTITIES = {
    "omsagent": "omsagent",
    "azurekeyvaultsecretsprovider": "azurekeyvaultsecretsprovider",
    "azurepolicy": "azurepolicy",
}
"""Prefix of the identity that each add-on gets."""


def check_identity(change: Change) -> None:
    """A cluster has an identity; one that brings its kubelets' may assign it."""
    change.get("properties.addonProfiles", {})
    kind = str(change.get("identity.type", "None")).casefold()
    if kind == "none" and not change.get("properties.servicePrincipalProfile"):
        message = "Provisioning of resource(s) for container service needs an identity or a servicePrincipalProfile."
        raise bad_request("BadRequest", message, target="identity")
    kubelet = change.get(KUBELET, "")
    if not kubelet:
        return
    if "userassigned" not in kind:
        message = "Custom kubelet identity is only supported on a cluster with a user assigned identity."
        raise bad_request("CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster", message, target=KUBELET)
    identity = change.cloud.find(kubelet, USER_ASSIGNED, property_path=KUBELET)
    attached = change.get("identity.userAssignedIdentities", {})
    for reference in attached:
        control = change.cloud.find(reference, USER_ASSIGNED, property_path="identity.userAssignedIdentities")
        if _IDENTITY_OPERATOR not in held_roles(change.cloud.store, control.properties["principalId"], identity.id):
            message = (
                f"The cluster user assigned identity must be given permission to assign kubelet identity {kubelet}. "
                "Check access result not allowed for action "
                "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action."
            )
            raise bad_request("CustomKubeletIdentityMissingPermissionError", message, target=KUBELET)


def made_identities(cloud: Cloud, cluster: Resource, group: ResourceId) -> Json:
    """Members of a cluster that tell its identities; those that it did not bring are made in its own group."""
    kubelet = reach(cluster.body, KUBELET)
    addons = cluster.properties.get("addonProfiles") or {}
    members: Json = {
        "identityProfile": {"kubeletidentity": _identity(cloud, cluster, group, f"{cluster.name}-agentpool", kubelet)}
    }
    shown = {}
    for name, addon in addons.items():
        prefix = member(_ADDON_IDENTITIES, name)
        if prefix and reach(addon, "enabled"):
            shown[name] = {"identity": _identity(cloud, cluster, group, f"{prefix}-{cluster.name}", None)}
    return {"properties": {**members, **({"addonProfiles": shown} if shown else {})}}


def _identity(cloud: Cloud, cluster: Resource, group: ResourceId, name: str, brought: str | None) -> Json:
    id = ResourceId.parse(brought) if brought else group.extension(USER_ASSIGNED, name)
    found = cloud.store.get(id)
    if found is None:
        principal = {
            "tenantId": cloud.directory.tenant_id,
            "principalId": str(uuid.uuid4()),
            "clientId": str(uuid.uuid4()),
        }
        body = {"location": cluster.location, "properties": principal}
        found = Resource(id, USER_ASSIGNED, cluster.api_version, None, body, cloud.now(), cloud.now())
        cloud.store.put(found)
    return {
        "resourceId": found.id.text,
        "clientId": found.properties["clientId"],
        "objectId": found.properties["principalId"],
    }
