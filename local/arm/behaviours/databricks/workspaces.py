"""Workspaces: their managed resource group, their place in a virtual network, what shuts off what.

Sources: learn.microsoft.com/rest/api/databricks/workspaces, .../azure/databricks/security/network/classic/vnet-inject
(injection), .../security/network/storage/firewall-support (storage firewall), .../security/network/classic/
private-link-standard (rules of the security group), .../azure/databricks/getting-started/serverless-workspaces.
"""

import hashlib

from local.arm import managed_groups
from local.arm.behaviours import private_links
from local.arm.behaviours.databricks.access_connectors import CONNECTOR, NAMES, WORKSPACE
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.identifiers import GROUP, ResourceId
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

NETWORK = "Microsoft.Network/virtualNetworks"
SERVICE = "Microsoft.Databricks/workspaces"
"""What an injected subnet is delegated to."""
INJECTION = ("customVirtualNetworkId", "customPublicSubnetName", "customPrivateSubnetName")
CLASSIC_ONLY = ("managedResourceGroupId", "accessConnector", "defaultCatalog", "defaultStorageFirewall")
CLASSIC_RULES = ("requiredNsgRules", "parameters.enableNoPublicIp", *(f"parameters.{name}" for name in INJECTION))
"""What a serverless workspace does not have."""
PREMIUM_ONLY = ("encryption", "enhancedSecurityCompliance", "defaultStorageFirewall")


def _check_mode(change: Change) -> None:
    serverless = change.get("properties.computeMode", "Hybrid") == "Serverless"
    if serverless:
        for name in (*CLASSIC_ONLY, *CLASSIC_RULES):
            if reach(change.sent, f"properties.{name}") is not None:
                message = f"properties.{name} is not allowed while properties.computeMode is Serverless; leave it out."
                raise bad_request("BadRequest", message, target=f"properties.{name}")
    elif change.get("properties.managedResourceGroupId") is None:
        message = "properties.managedResourceGroupId is required while properties.computeMode is Hybrid."
        raise bad_request("BadRequest", message, target="properties.managedResourceGroupId")


def _check_managed_group(change: Change) -> None:
    """It lies in the workspace's subscription and is not the workspace's own group."""
    text = change.get("properties.managedResourceGroupId")
    if text is None:
        return
    path = "properties.managedResourceGroupId"
    group = ResourceId.parse(text)
    if group.type != GROUP or group.subscription != change.id.subscription:
        message = f"'{text}' is not the id of a resource group in the workspace's subscription."
        raise bad_request("InvalidManagedResourceGroupId", message, target=path)
    if group == change.id.group:
        message = f"The managed resource group '{group.name}' must be another than the group of the workspace."
        raise bad_request("InvalidManagedResourceGroupId", message, target=path)


def _check_tier(change: Change) -> None:
    tier = str(change.get("sku.name", "premium")).casefold()
    if tier == "premium":
        return
    for name in PREMIUM_ONLY:
        if reach(change.sent, f"properties.{name}") not in (None, "Disabled"):
            message = f"properties.{name} needs the premium tier; sku.name is '{tier}'."
            raise bad_request("BadRequest", message, target="sku.name")


def _check_storage_firewall(change: Change) -> None:
    """The firewall shuts out the workspace itself unless a connector lets it in."""
    connector = change.get("properties.accessConnector.id")
    if connector is not None:
        change.cloud.find(connector, CONNECTOR, property_path="properties.accessConnector.id")
    elif change.get("properties.defaultStorageFirewall", "Disabled") == "Enabled":
        message = "properties.defaultStorageFirewall is Enabled without an accessConnector; name one with an identity."
        raise bad_request("BadRequest", message, target="properties.accessConnector")


def _check_security_rules(change: Change) -> None:
    """Without its own rules in the security group a cluster reaches the control plane by a private endpoint alone."""
    closed = change.get("properties.publicNetworkAccess", "Enabled") == "Disabled"
    rules = change.get("properties.requiredNsgRules", "AllRules")
    injected = change.get("properties.parameters.customVirtualNetworkId.value") is not None
    if rules == "NoAzureDatabricksRules" and not injected:
        message = "requiredNsgRules NoAzureDatabricksRules needs a workspace in a virtual network of your own."
        raise bad_request("BadRequest", message, target="properties.requiredNsgRules")
    if closed and injected and rules == "AllRules":
        message = (
            "publicNetworkAccess is Disabled and requiredNsgRules is AllRules; with a closed front end the rules must "
            "be NoAzureDatabricksRules."
        )
        raise bad_request("BadRequest", message, target="properties.requiredNsgRules")


def _check_injection(change: Change) -> None:
    """Two subnets of one network, delegated to Databricks, with a security group, used by no other workspace."""
    given = {name: change.get(f"properties.parameters.{name}.value") for name in INJECTION}
    if not any(given.values()):
        return
    missing = [name for name, value in given.items() if not value]
    if missing:
        message = f"{', '.join(INJECTION)} belong together; {', '.join(missing)} is missing."
        raise bad_request("BadRequest", message, target=f"properties.parameters.{missing[0]}")
    network, public, private = given.values()
    present = change.was("properties.parameters.customVirtualNetworkId.value")
    if present and present.casefold() != network.casefold():
        message = f"Updating required Virtual Network from {present} to {network} is currently not allowed."
        raise bad_request("VirtualNetworkIdChangeNotAllowed", message, target="properties.parameters")
    found = change.cloud.find(network, NETWORK, property_path="properties.parameters.customVirtualNetworkId")
    if public == private:
        message = f"Host and container subnets must differ; both are '{public}'."
        raise bad_request("BadRequest", message, target="properties.parameters.customPrivateSubnetName")
    for name in (public, private):
        _check_subnet(change, found.id.child("subnets", name))


def _check_subnet(change: Change, id: ResourceId) -> None:
    subnet = change.cloud.find(id.text, f"{NETWORK}/subnets", property_path="properties.parameters")
    delegations = [reach(entry, "properties.serviceName") for entry in subnet.properties.get("delegations") or []]
    if SERVICE not in delegations:
        message = f"Subnet '{subnet.name}' of '{id.parent}' is missing the required delegation to {SERVICE}."
        raise bad_request("BadRequest", message, target="properties.parameters")
    if not subnet.properties.get("networkSecurityGroup"):
        message = f"Subnet '{subnet.name}' of '{id.parent}' has no network security group; associate one first."
        raise bad_request("BadRequest", message, target="properties.parameters")
    for other in change.cloud.store.of_type(WORKSPACE):
        if other.id != change.id and id in _subnets(other):
            message = f"Subnet '{subnet.name}' is used by the workspace '{other.id}'; each workspace needs its own two."
            raise conflict("Conflict", message)


def _subnets(workspace: Resource) -> list[ResourceId]:
    network = reach(workspace.body, "properties.parameters.customVirtualNetworkId.value")
    if not network:
        return []
    names = [reach(workspace.body, f"properties.parameters.{name}.value") for name in INJECTION[1:]]
    return [ResourceId.parse(network).child("subnets", name) for name in names if name]


def _complete(change: Change) -> Json:
    number = int(hashlib.sha256(change.id.key.encode()).hexdigest()[:12], 16)
    workspace_id = change.keep("properties.workspaceId", lambda: str(number))
    return {
        "sku": {"name": change.get("sku.name", "premium")},
        "properties": {
            "workspaceId": workspace_id,
            "workspaceUrl": f"{change.cloud.url.removeprefix('https://')}/databricks/{workspace_id}",
            "computeMode": change.get("properties.computeMode", "Hybrid"),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "requiredNsgRules": change.get("properties.requiredNsgRules", "AllRules"),
            "isUcEnabled": True,
            "createdDateTime": change.keep("properties.createdDateTime", change.cloud.now),
        },
    }


def _provision(cloud: Cloud, workspace: Resource) -> Json:
    """Make the managed group with the storage account behind the workspace.

    Raises ArmError ApplianceProvisioningFailed for a group that is somebody else's.
    """
    text = workspace.properties.get("managedResourceGroupId")
    if text is None:
        return {}
    group = ResourceId.parse(text)
    if cloud.store.get(group) and (managed_groups.owner_of(cloud.store, group) or "").casefold() != workspace.id.key:
        message = (
            f"The managed resource group '{text}' already exists. Please specify a new non-existent managed resource "
            "group."
        )
        raise ArmError(409, "ApplianceProvisioningFailed", message)
    managed_groups.make(cloud, workspace, group)
    return {"properties": {"parameters": {"storageAccountName": {"type": "String", "value": _storage_name(workspace)}}}}


def _storage_name(workspace: Resource) -> str:
    given = reach(workspace.body, "properties.parameters.storageAccountName.value")
    return str(given or f"dbstorage{hashlib.sha256(workspace.id.key.encode()).hexdigest()[:13]}")


def _where(cloud: Cloud, workspace: Resource) -> Json:
    number = workspace.properties["workspaceId"]
    return {"properties": {"workspaceUrl": f"{cloud.url.removeprefix('https://')}/databricks/{number}"}}


def _remove(cloud: Cloud, workspace: Resource) -> None:
    text = workspace.properties.get("managedResourceGroupId")
    if text:
        managed_groups.remove(cloud, workspace, ResourceId.parse(text))


TYPE = ResourceType(
    name=WORKSPACE,
    shows=private_links.connections,
    tracked=True,
    names=NAMES,
    system_data=True,
    immutable=(
        "properties.managedResourceGroupId",
        "properties.computeMode",
        "properties.parameters.requireInfrastructureEncryption.value",
    ),
    put=Answer.ASYNC_OPERATION,
    delete=Answer.ASYNC_OPERATION,
    checks=(
        _check_mode,
        _check_managed_group,
        _check_tier,
        _check_storage_firewall,
        _check_security_rules,
        _check_injection,
    ),
    complete=_complete,
    provision=_provision,
    refresh=_where,
    deprovision=_remove,
)
