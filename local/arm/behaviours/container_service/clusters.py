"""Managed clusters.

Sources: learn.microsoft.com/rest/api/aks/managed-clusters, .../azure/aks/faq (node resource group), .../azure/aks/
node-resource-group-lockdown, .../azure/aks/workload-identity-overview, .../azure/aks/use-kms-etcd-encryption.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from local.arm import managed_groups
from local.arm.behaviours import private_links
from local.arm.behaviours.container_service import credentials
from local.arm.behaviours.container_service.identities import check_identity, made_identities
from local.arm.behaviours.container_service.networks import check_network, completed_network
from local.arm.behaviours.container_service.pools import IMMUTABLE as POOL_IMMUTABLE
from local.arm.behaviours.container_service.pools import check_pool, completed_pool, invalid
from local.arm.behaviours.container_service.running import key_of, run
from local.arm.behaviours.container_service.states import CLUSTER, POOL, check_at_rest, is_stopped, pools_of
from local.arm.behaviours.container_service.versions import resolved
from local.arm.behaviours.operational_insights.workspaces import WORKSPACE as LOG_WORKSPACE
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay, reach, without
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType
from local.arm.store import Resource

DNS_PREFIX = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9]{0,52}[A-Za-z0-9])?")
LONGEST_GROUP_NAME = 80
PROFILES = "properties.agentPoolProfiles"
_NAMING = "Please see https://aka.ms/aks-naming-rules for more details."
_MONITORING = "properties.addonProfiles.omsagent"


def _check(change: Change) -> None:
    if change.current:
        check_at_rest(change.cloud, change.id, but_for=change.id)
        if is_stopped(change.current):
            message = f"Operation is not allowed: the managed cluster '{change.id.name}' is stopped; start it first."
            raise conflict("OperationNotAllowed", message)
    resolved(change, "properties.kubernetesVersion", "K8sVersionNotSupported")
    _check_dns_prefix(change)
    check_identity(change)
    check_network(change)
    _check_sign_in(change)
    _check_security(change)
    _check_monitoring(change)
    _check_pools(change)
    _check_node_group(change)


def _check_dns_prefix(change: Change) -> None:
    prefix, subdomain = change.get("properties.dnsPrefix"), change.get("properties.fqdnSubdomain")
    if prefix is None and subdomain is None and change.current is None:
        raise bad_request(
            "BadRequest", "One of dnsPrefix and fqdnSubdomain is required.", target="properties.dnsPrefix"
        )
    if prefix is not None and not DNS_PREFIX.fullmatch(str(prefix)):
        raise invalid("dnsPrefix", _NAMING)


def _check_sign_in(change: Change) -> None:
    entra = change.get("properties.aadProfile", {})
    if change.get("properties.disableLocalAccounts", False) and not entra.get("managed"):
        message = "disableLocalAccounts needs a managed aadProfile: nobody could sign in to the cluster."
        raise bad_request("BadRequest", message, target="properties.disableLocalAccounts")
    if entra.get("enableAzureRBAC") and change.get("properties.enableRBAC") is False:
        message = "aadProfile.enableAzureRBAC needs enableRBAC."
        raise bad_request("BadRequest", message, target="properties.aadProfile.enableAzureRBAC")


def _check_security(change: Change) -> None:
    issuer = change.get("properties.oidcIssuerProfile.enabled", False)
    if change.was("properties.oidcIssuerProfile.enabled") and not issuer:
        raise bad_request("OIDCIssuerFeatureCannotBeDisabled", "OIDC issuer feature cannot be disabled.")
    if change.get("properties.securityProfile.workloadIdentity.enabled", False) and not issuer:
        message = "Workload identity needs the OIDC issuer: set oidcIssuerProfile.enabled."
        raise bad_request("BadRequest", message, target="properties.securityProfile.workloadIdentity.enabled")
    key_management = change.get("properties.securityProfile.azureKeyVaultKms", {})
    if key_management.get("enabled") and "userassigned" not in str(change.get("identity.type", "")).casefold():
        message = "azureKeyVaultKms needs a user-assigned identity of the control plane."
        raise bad_request("BadRequest", message, target="properties.securityProfile.azureKeyVaultKms")
    if key_management.get("keyVaultNetworkAccess") == "Private" and not key_management.get("keyVaultResourceId"):
        message = "azureKeyVaultKms with keyVaultNetworkAccess Private needs keyVaultResourceId."
        raise bad_request("BadRequest", message, target="properties.securityProfile.azureKeyVaultKms")


def _check_monitoring(change: Change) -> None:
    """Container insights sends to a workspace that exists."""
    addon = change.get(_MONITORING, {})
    name = "logAnalyticsWorkspaceResourceID"
    workspace = change.get(f"{_MONITORING}.config.{name}", "")
    if addon.get("enabled") and workspace:
        change.cloud.find(workspace, LOG_WORKSPACE, property_path=f"{_MONITORING}.config.{name}")


def _profiles(change: Change) -> Sequence[Json]:
    profiles: list[Json] = change.get(PROFILES, [])
    return profiles


def _check_pools(change: Change) -> None:
    present = {pool.name: pool.properties for pool in pools_of(change.cloud, change.id)}
    modes = {name: pool.get("mode") for name, pool in present.items()}
    for pool in _profiles(change):
        if not isinstance(pool, dict):
            raise bad_request(
                "InvalidRequestContent", f"A node pool is {pool!r}; it must be an object.", target=PROFILES
            )
        check_pool(change, pool, change.location)
        name = str(pool["name"])
        modes[name] = pool.get("mode", "User")
        for path in POOL_IMMUTABLE:
            now, then = present.get(name, {}).get(path), pool.get(path)
            if name in present and then is not None and then != now:
                message = (
                    f"Changing property 'properties.{path}' of node pool '{name}' is not allowed: it is {now!r}, "
                    f"{then!r} was sent."
                )
                raise ArmError(400, "PropertyChangeNotAllowed", message, target=f"properties.{path}")
    if "System" not in modes.values():
        raise bad_request("MustDefineAtLeastOneSystemPool", "Must define at least one system pool.", target=PROFILES)


def _check_node_group(change: Change) -> None:
    name = _node_group(change)
    if len(name) > LONGEST_GROUP_NAME:
        message = (
            f"The length of the node resource group name is too long. The maximum length is {LONGEST_GROUP_NAME}, and "
            f"the length of the value provided is {len(name)}: '{name}'. Set nodeResourceGroup. {_NAMING}"
        )
        raise bad_request("InvalidParameter", message, target="properties.nodeResourceGroup")
    if change.current is None and change.cloud.store.get(_group_id(change.id, name)):
        message = f"The node resource group '{name}' exists; a cluster makes its own. Choose another nodeResourceGroup."
        raise bad_request("BadRequest", message, target="properties.nodeResourceGroup")


def _node_group(change: Change) -> str:
    group = change.id.group
    assert group is not None
    present = change.was("properties.nodeResourceGroup")
    name: str = present or change.get(
        "properties.nodeResourceGroup", f"MC_{group.name}_{change.id.name}_{change.location}"
    )
    return name


def _group_id(cluster: ResourceId, name: str) -> ResourceId:
    return ResourceId.parse(f"{cluster.subscription}/resourceGroups/{name}")


def _complete(change: Change) -> Json:
    version = resolved(change, "properties.kubernetesVersion", "K8sVersionNotSupported")
    prefix = (
        change.get("properties.dnsPrefix")
        or change.get("properties.fqdnSubdomain")
        or change.was("properties.dnsPrefix")
    )
    host = change.keep("properties.fqdn", lambda: f"{prefix}-{uuid.uuid4().hex[:8]}.hcp.{change.location}.azmk8s.io")
    properties: Json = {
        "kubernetesVersion": change.get("properties.kubernetesVersion") or version,
        "currentKubernetesVersion": version,
        "fqdn": host,
        "azurePortalFQDN": host.replace(".hcp.", ".portal.hcp."),
        "nodeResourceGroup": _node_group(change),
        "powerState": {"code": change.was("properties.powerState.code") or "Running"},
        "maxAgentPools": 100,
        "enableRBAC": change.get("properties.enableRBAC", True),
        "disableLocalAccounts": change.get("properties.disableLocalAccounts", False),
        "supportPlan": change.get("properties.supportPlan", "KubernetesOfficial"),
        "resourceUID": change.keep("properties.resourceUID", lambda: uuid.uuid4().hex[:24]),
        "networkProfile": completed_network(change),
        **_issuer(change),
    }
    if change.get("properties.apiServerAccessProfile.enablePrivateCluster", False):
        properties["privateFQDN"] = host.replace(
            ".hcp.", f".{uuid.uuid5(uuid.NAMESPACE_URL, change.id.key)}.privatelink."
        )
    if change.get("properties.aadProfile.managed", False):
        properties["aadProfile"] = {"tenantID": change.cloud.directory.tenant_id}
    return {
        "sku": {"name": change.get("sku.name", "Base"), "tier": change.get("sku.tier", "Free")},
        "properties": properties,
    }


def _issuer(change: Change) -> Json:
    if not change.get("properties.oidcIssuerProfile.enabled", False):
        return {}
    return {"oidcIssuerProfile": {"issuerURL": _secrets(change)["issuer"]}}


def _secrets(change: Change) -> Json:
    """The issuer of service account tokens; it is shown once the profile is enabled."""
    if change.current:
        return change.current.private
    tenant = change.cloud.directory.tenant_id
    identifier = uuid.uuid5(uuid.UUID(tenant), change.id.key)
    return {"issuer": f"https://{change.location}.oic.prod-aks.azure.com/{tenant}/{identifier}/"}


def _shows(cloud: Cloud, cluster: Resource) -> Json:
    """All node pools, wherever they were written."""
    pools = [{"name": pool.name, **pool.properties} for pool in pools_of(cloud, cluster.id)]
    shown: Json = {"properties": {"agentPoolProfiles": pools}} if pools else {}
    return overlay(shown, private_links.connections(cloud, cluster))


def _provision(cloud: Cloud, cluster: Resource) -> Json:
    """Group, identities, pools and nodes; a cluster that was stopped ends."""
    properties = cluster.properties
    closed = reach(properties, "nodeResourceGroupProfile.restrictionLevel") == "ReadOnly"
    with cloud.store.transaction():
        group = _group_id(cluster.id, properties["nodeResourceGroup"])
        managed_groups.make(cloud, cluster, group, closed=closed)
        added = made_identities(cloud, cluster, group)
        for profile in properties.get("agentPoolProfiles") or []:
            _put_pool(cloud, cluster, profile)
    if is_stopped(cluster):
        cloud.clusters.stop(key_of(cluster))
    else:
        run(cloud, cluster)
    return added


def _put_pool(cloud: Cloud, cluster: Resource, profile: Json) -> None:
    """A pool that was written inside its cluster is a resource like the others."""
    id = cluster.id.child("agentPools", profile["name"])
    present = cloud.store.get(id)
    if present and present.sent is not None:
        return
    version = (
        present.properties["currentOrchestratorVersion"] if present else cluster.properties["currentKubernetesVersion"]
    )
    overlay_network = cluster.properties["networkProfile"].get("networkPluginMode") == "overlay"
    properties = completed_pool(without(profile, ("name",)), version, overlay_network=overlay_network)
    body = {"properties": {**properties, "provisioningState": "Succeeded"}}
    created = present.created if present else cloud.now()
    cloud.store.put(Resource(id, POOL, cluster.api_version, None, body, created, cloud.now()))


def _deprovision(cloud: Cloud, cluster: Resource) -> None:
    cloud.clusters.remove(key_of(cluster))
    managed_groups.remove(cloud, cluster, _group_id(cluster.id, cluster.properties["nodeResourceGroup"]))


def _power(code: str) -> Any:
    """An action that stops or starts a cluster."""

    def change(call: Call) -> Json:
        check_at_rest(call.cloud, call.resource.id, but_for=call.resource.id)
        return {"properties": {"powerState": {"code": code}}}

    return change


def by_key(cloud: Cloud, key: str) -> Resource | None:
    """The cluster that is known on this machine by a key."""
    return next((cluster for cluster in cloud.store.of_type(CLUSTER) if key_of(cluster) == key), None)


TYPES = (
    private_links.connection_type(CLUSTER),
    ResourceType(
        name=CLUSTER,
        tracked=True,
        names=NameRule(
            r"[A-Za-z0-9]([-\w]{0,61}[A-Za-z0-9])?",
            "1 to 63 letters, digits, '-' and '_', the first and the last a letter or digit",
        ),
        immutable=(
            "properties.dnsPrefix",
            "properties.fqdnSubdomain",
            "properties.nodeResourceGroup",
            "properties.diskEncryptionSetID",
            *(
                f"properties.networkProfile.{name}"
                for name in ("dnsServiceIP", "networkPlugin", "outboundType", "podCidr", "serviceCidr")
            ),
        ),
        write_only=("properties.windowsProfile.adminPassword", "properties.servicePrincipalProfile.secret"),
        system_data=True,
        etag="eTag",
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_check,),
        complete=_complete,
        secrets=_secrets,
        provision=_provision,
        runs=True,
        shows=_shows,
        deprovision=_deprovision,
        actions={"listclusteradmincredential": credentials.admin, "listclusterusercredential": credentials.user},
        changes={"stop": _power("Stopped"), "start": _power("Running")},
    ),
)
