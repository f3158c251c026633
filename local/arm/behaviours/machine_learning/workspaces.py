"""Workspaces: what they stand on, and their soft delete.

Sources: learn.microsoft.com/rest/api/azureml/workspaces, .../azure/machine-learning/concept-soft-delete,
.../azure/machine-learning/concept-customer-managed-keys.
"""

import uuid
from functools import reduce

from local.arm.behaviours import private_links
from local.arm.behaviours.container_registry import REGISTRY
from local.arm.behaviours.insights.components import COMPONENT
from local.arm.behaviours.key_vault import VAULT
from local.arm.behaviours.machine_learning import kinds, managed_network, outbound_rules
from local.arm.behaviours.machine_learning.datastores import DEFAULT_DATASTORES
from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.behaviours.storage.types import ACCOUNT
from local.arm.cloud import Cloud
from local.arm.documents import Json, member, overlay
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType, SoftDelete
from local.arm.store import Resource

KEPT_DAYS = 14
DEPENDENCIES = {
    "properties.storageAccount": (ACCOUNT, True),
    "properties.keyVault": (VAULT, True),
    "properties.applicationInsights": (COMPONENT, False),
    "properties.containerRegistry": (REGISTRY, False),
}
"""Type of what each property refers to, and whether a workspace needs it."""


def _check_dependencies(change: Change) -> None:
    if kinds.wanted(change) == kinds.PROJECT:
        return
    for path, (kind, required) in DEPENDENCIES.items():
        reference = change.get(path)
        if reference is None:
            if required:
                raise bad_request("ValidationError", f"Missing dependent resource: {path} is required.", target=path)
            continue
        found = change.cloud.find(reference, kind, property_path=path)
        if kind == ACCOUNT:
            _check_default_storage(found)
            _check_system_datastores(change, found)


def _check_default_storage(account: Resource) -> None:
    if account.properties.get("isHnsEnabled"):
        message = (
            f"The storage account '{account.name}' has a hierarchical namespace (isHnsEnabled) and cannot be the "
            "default "
            f"storage of a workspace. Use an account without it; attach this one as a datastore."
        )
        raise bad_request("ValidationError", message, target="properties.storageAccount")
    if str(account.body.get("sku", {}).get("name", "")).startswith("Premium"):
        message = (
            f"The storage account '{account.name}' is a premium one and cannot be the default storage of a workspace."
        )
        raise bad_request("ValidationError", message, target="properties.storageAccount")


def _check_system_datastores(change: Change, account: Resource) -> None:
    mode = change.get("properties.systemDatastoresAuthMode", "AccessKey")
    if mode == "AccessKey" and account.properties.get("allowSharedKeyAccess") is False:
        message = (
            f"Key based authentication is not permitted on the storage account '{account.name}' "
            "(allowSharedKeyAccess is false), and the workspace's own datastores use its key. Set "
            "systemDatastoresAuthMode to Identity."
        )
        raise bad_request("KeyBasedAuthenticationNotPermitted", message, target="properties.systemDatastoresAuthMode")


def _check_encryption(change: Change) -> None:
    """A customer's key lies in a vault that cannot be purged, and an identity of the workspace may use it."""
    if change.get("properties.encryption.status", "Disabled") != "Enabled":
        return
    path = "properties.encryption.keyVaultProperties"
    vault = change.cloud.find(change.get(f"{path}.keyVaultArmId", ""), VAULT, property_path=f"{path}.keyVaultArmId")
    if not vault.properties.get("enablePurgeProtection"):
        message = f"The vault '{vault.name}' of the customer-managed key must have purge protection on."
        raise bad_request("ValidationError", message, target=f"{path}.keyVaultArmId")
    key = change.get(f"{path}.keyIdentifier", "")
    if not key.casefold().startswith(f"https://{vault.name}.".casefold()):
        message = f"keyIdentifier is '{key}'; it must be the address of a key in the vault '{vault.name}'."
        raise bad_request("ValidationError", message, target=f"{path}.keyIdentifier")
    identity = change.get("properties.encryption.identity.userAssignedIdentity", "")
    if identity and member(change.get("identity.userAssignedIdentities", {}), identity) is None:
        message = f"encryption.identity '{identity}' is none of identity.userAssignedIdentities."
        raise bad_request("ValidationError", message, target="properties.encryption.identity")


def _check_identity(change: Change) -> None:
    kind = str(change.get("identity.type", "None"))
    if kind.casefold() == "none":
        raise bad_request(
            "ValidationError", "A workspace needs an identity: SystemAssigned or UserAssigned.", target="identity"
        )
    primary = change.get("properties.primaryUserAssignedIdentity", "")
    attached = change.get("identity.userAssignedIdentities", {})
    if primary and member(attached, primary) is None:
        message = f"primaryUserAssignedIdentity '{primary}' is none of identity.userAssignedIdentities."
        raise bad_request("ValidationError", message, target="properties.primaryUserAssignedIdentity")
    if not primary and "systemassigned" not in kind.casefold():
        message = "A workspace with user-assigned identities only must say which is the primary one."
        raise bad_request("ValidationError", message, target="properties.primaryUserAssignedIdentity")


def _complete(change: Change) -> Json:
    host = f"{change.location}.api.azureml.ms"
    identifier = change.keep("properties.workspaceId", lambda: str(uuid.uuid4()))
    return {
        "kind": kinds.wanted(change),
        "sku": {"name": change.get("sku.name", "Basic"), "tier": change.get("sku.tier", "Basic")},
        "properties": {
            "workspaceId": identifier,
            "friendlyName": change.get("properties.friendlyName", change.id.name),
            "description": change.get("properties.description", ""),
            "creationTime": change.keep("properties.creationTime", change.cloud.now),
            "discoveryUrl": f"https://{host}/discovery",
            "mlFlowTrackingUri": f"azureml://{host}/mlflow/v1.0{change.id}",
            "tenantId": change.cloud.directory.tenant_id,
            "hbiWorkspace": change.get("properties.hbiWorkspace", False),
            "v1LegacyMode": change.get("properties.v1LegacyMode", False),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "systemDatastoresAuthMode": change.get("properties.systemDatastoresAuthMode", "AccessKey"),
            "storageHnsEnabled": False,
            "privateLinkCount": 0,
            "managedNetwork": managed_network.completed(change),
            **kinds.inherited(change),
        },
    }


def _shows(cloud: Cloud, workspace: Resource) -> Json:
    parts = (managed_network.shown, kinds.shown, private_links.connections)
    return reduce(overlay, (part(cloud, workspace) for part in parts), {})


def _list_keys(call: Call) -> Json:
    properties = call.resource.properties
    storage = ResourceId.parse(properties["storageAccount"])
    keys: Json = {
        "userStorageResourceId": properties["storageAccount"],
        "userStorageKey": call.cloud.blobs.keys(storage.name)[0],
    }
    insights = _referred(call.cloud, properties.get("applicationInsights"))
    if insights:
        keys["appInsightsInstrumentationKey"] = insights.properties["InstrumentationKey"]
    return keys


def _storage_keys(call: Call) -> Json:
    return {"userStorageKey": _list_keys(call)["userStorageKey"]}


def _notebook_token(call: Call) -> Json:
    audience, seconds = "https://ml.azure.com", 3600
    return {
        "accessToken": call.cloud.directory.issue(audience, lifetime_seconds=seconds),
        "expiresIn": seconds,
        "hostName": f"{call.resource.location}.notebooks.azure.net",
        "notebookResourceId": call.resource.properties["workspaceId"],
        "publicDns": f"{call.resource.location}.notebooks.azure.net",
        "tokenType": "Bearer",
    }


def _referred(cloud: Cloud, reference: str | None) -> Resource | None:
    return cloud.store.get(ResourceId.parse(reference)) if reference else None


TYPES = (
    private_links.connection_type(WORKSPACE),
    ResourceType(
        name=WORKSPACE,
        tracked=True,
        names=NameRule(r"[A-Za-z0-9][-\w]{2,32}", "3 to 33 letters, digits, '-' and '_', the first a letter or digit"),
        immutable=(
            "kind",
            "properties.hbiWorkspace",
            "properties.storageAccount",
            "properties.keyVault",
            "properties.hubResourceId",
            "properties.enableDataIsolation",
            "properties.enableServiceSideCMKEncryption",
            "properties.encryption.status",
            "properties.encryption.keyVaultProperties.keyVaultArmId",
        ),
        write_only=(
            "properties.allowRecoverSoftDeletedWorkspace",
            "properties.provisionNetworkNow",
            "properties.managedNetwork.outboundRules",
        ),
        system_data=True,
        etag="etag",
        put=Answer.LOCATION,
        delete=Answer.LOCATION,
        checks=(
            kinds.check,
            _check_identity,
            _check_dependencies,
            _check_encryption,
            managed_network.check,
            outbound_rules.check_inline,
        ),
        complete=_complete,
        provision=outbound_rules.settle,
        shows=_shows,
        delete_checks=(kinds.check_no_projects,),
        default_children=DEFAULT_DATASTORES,
        soft_delete=SoftDelete(
            days=lambda _: KEPT_DAYS,
            recovers=lambda change: bool(change.get("properties.allowRecoverSoftDeletedWorkspace")),
            refusal=bad_request(
                "BadRequest",
                "Soft-deleted workspace exists. Please purge or recover it: DELETE with forceToPurge=true, or PUT with "
                "allowRecoverSoftDeletedWorkspace. https://aka.ms/wsoftdelete",
            ),
            purge_query="forceToPurge",
        ),
        actions={
            "listkeys": _list_keys,
            "liststorageaccountkeys": _storage_keys,
            "listnotebookaccesstoken": _notebook_token,
            "provisionmanagednetwork": managed_network.provision,
        },
    ),
)
