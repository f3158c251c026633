"""Workspaces: what they stand on, and their soft delete.

Sources: learn.microsoft.com/rest/api/azureml/workspaces, .../azure/machine-learning/concept-soft-delete.
"""

import uuid

from local.arm.behaviours import private_links
from local.arm.behaviours.container_registry import REGISTRY
from local.arm.behaviours.insights.components import COMPONENT
from local.arm.behaviours.key_vault import VAULT
from local.arm.behaviours.machine_learning.datastores import DEFAULT_DATASTORES
from local.arm.behaviours.storage import ACCOUNT
from local.arm.cloud import Cloud
from local.arm.documents import Json, member
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType, SoftDelete
from local.arm.store import Resource

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
KEPT_DAYS = 14
DEPENDENCIES = {
    "properties.storageAccount": (ACCOUNT, True),
    "properties.keyVault": (VAULT, True),
    "properties.applicationInsights": (COMPONENT, False),
    "properties.containerRegistry": (REGISTRY, False),
}
"""Type of what each property refers to, and whether a workspace needs it."""


def _check_dependencies(change: Change) -> None:
    if change.get("kind", "Default") == "Project":
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
        "kind": change.get("kind", "Default"),
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
            "provisionedNetwork": None,
        },
    }


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


def _referred(cloud: Cloud, reference: str | None) -> Resource | None:
    return cloud.store.get(ResourceId.parse(reference)) if reference else None


TYPES = (
    private_links.connection_type(WORKSPACE),
    ResourceType(
        name=WORKSPACE,
        shows=private_links.connections,
        tracked=True,
        names=NameRule(r"[A-Za-z0-9][-\w]{2,32}", "3 to 33 letters, digits, '-' and '_', the first a letter or digit"),
        immutable=(
            "kind",
            "properties.hbiWorkspace",
            "properties.storageAccount",
            "properties.keyVault",
            "properties.encryption.keyVaultProperties.keyVaultArmId",
        ),
        write_only=("properties.allowRecoverSoftDeletedWorkspace",),
        system_data=True,
        etag="etag",
        put=Answer.LOCATION,
        delete=Answer.LOCATION,
        checks=(_check_identity, _check_dependencies),
        complete=_complete,
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
        actions={"listkeys": _list_keys},
    ),
)
