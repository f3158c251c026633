"""Datastores of a workspace. Source: learn.microsoft.com/rest/api/azureml/datastores."""

from local.arm.behaviours.storage.types import ACCOUNT, CONTAINER
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Call, Change, NameRule, ResourceType
from local.arm.store import Resource

DATASTORE = "Microsoft.MachineLearningServices/workspaces/datastores"
_SYSTEM = {
    "workspaceblobstore": ("AzureBlob", "azureml-blobstore"),
    "workspaceartifactstore": ("AzureBlob", "azureml"),
    "workspaceworkingdirectory": ("AzureFile", "code"),
    "workspacefilestore": ("AzureFile", "azureml-filestore"),
}
"""The datastores that every workspace has: kind, and start of the name of its container or share."""
KEYED = ("AccountKey", "Sas")
"""Credentials that work by a key of the account."""
IDENTITIES = {"WorkspaceSystemAssignedIdentity": "systemassigned", "WorkspaceUserAssignedIdentity": "userassigned"}
"""Kind of identity that each way to data needs the workspace to have."""
DEFAULT_DATASTORES = tuple((DATASTORE, name) for name in _SYSTEM)


def blob_url(cloud: Cloud, datastore: Resource, path: str) -> str:
    """The URL of a path in a datastore of blobs; raises ArmError for one of another kind."""
    account = datastore.properties.get("accountName")
    container = datastore.properties.get("containerName") or datastore.properties.get("filesystem")
    if not account or not container:
        raise bad_request("BadArgument", f"The datastore '{datastore.name}' holds no blobs.")
    return f"{cloud.blobs.endpoint(account)}{container}/{path}"


def _check_target(change: Change) -> None:
    """Account and container must exist unless the request says skipValidation, as its credentials are tried out."""
    account = change.get("properties.accountName", "")
    container = change.get("properties.containerName", "") or change.get("properties.filesystem", "")
    if not account or change.query.get("skipvalidation", "").casefold() == "true":
        return
    accounts = change.cloud.store.of_type(ACCOUNT, name=account)
    if not accounts:
        raise _unreachable(f"storage account '{account}'", "properties.accountName")
    containers = change.cloud.store.of_type(CONTAINER, name=container) if container else []
    if container and not any(found.id.names[0] == accounts[0].name for found in containers):
        raise _unreachable(f"container '{container}' in storage account '{account}'", "properties.containerName")


def _check_credentials(change: Change) -> None:
    """A key opens an account only where keys do; an identity is one that the workspace has."""
    account = next(iter(change.cloud.store.of_type(ACCOUNT, name=change.get("properties.accountName", ""))), None)
    kind = change.get("properties.credentials.credentialsType", "None")
    if kind in KEYED and account and account.properties.get("allowSharedKeyAccess") is False:
        message = (
            f"Key based authentication is not permitted on the storage account '{account.name}' (allowSharedKeyAccess "
            "is false). Use credentials of the type None, so that identities are used."
        )
        raise bad_request("KeyBasedAuthenticationNotPermitted", message, target="properties.credentials")
    identity = change.get("properties.serviceDataAccessAuthIdentity", "None")
    present = str(reach(change.parent.body, "identity.type", "")).casefold() if identity in IDENTITIES else ""
    if identity in IDENTITIES and IDENTITIES[identity] not in present:
        message = f"serviceDataAccessAuthIdentity is {identity}, and the workspace has no identity of that kind."
        raise bad_request("UserError", message, target="properties.serviceDataAccessAuthIdentity")


def _unreachable(what: str, path: str) -> ArmError:
    message = f"There is no {what}. Create it first, or PUT with skipValidation=true."
    return bad_request("UserError", message, target=path)


def _complete(change: Change) -> Json:
    if not change.sent and change.id.name in _SYSTEM:
        return _system_datastore(change)
    return {
        "properties": {
            "isDefault": False,
            "credentials": {"credentialsType": change.get("properties.credentials.credentialsType", "None")},
        }
    }


def _system_datastore(change: Change) -> Json:
    kind, prefix = _SYSTEM[change.id.name]
    workspace = change.parent.properties
    suffix = workspace["workspaceId"]
    place = "containerName" if kind == "AzureBlob" else "fileShareName"
    name = prefix if prefix == "azureml" else f"{prefix}-{suffix}"
    return {
        "properties": {
            "datastoreType": kind,
            "isDefault": change.id.name == "workspaceblobstore",
            "accountName": ResourceId.parse(workspace["storageAccount"]).name,
            place: name,
            "endpoint": "core.windows.net",
            "protocol": "https",
            "credentials": {"credentialsType": "None"},
        }
    }


def _secrets(change: Change) -> Json:
    """The credentials that were sent, else those that are there."""
    given = change.get("properties.credentials.secrets")
    present = change.current.private if change.current else {}
    return {"secrets": given} if given is not None else present


def _list_secrets(call: Call) -> Json:
    """A datastore's credentials; of the workspace's own datastores the key of its storage, as the SDKs ask for it."""
    kind = reach(call.resource.body, "properties.credentials.credentialsType", "None")
    secrets = call.resource.private.get("secrets")
    if secrets:
        return {"secretsType": kind, **secrets}
    if call.resource.name in _SYSTEM and _uses_keys(call):
        return {"secretsType": "AccountKey", "key": call.cloud.blobs.keys(call.resource.properties["accountName"])[0]}
    message = f"The datastore '{call.resource.name}' has no credentials: it is reached by identity."
    raise bad_request("UserError", message)


def _uses_keys(call: Call) -> bool:
    workspace = call.cloud.store.get(call.resource.id.parent)
    return workspace is not None and workspace.properties.get("systemDatastoresAuthMode") == "AccessKey"


TYPES = (
    ResourceType(
        name=DATASTORE,
        names=NameRule(r"[A-Za-z0-9_]{1,255}", "1 to 255 letters, digits and '_'"),
        provisioning_state=False,
        system_data=True,
        immutable=("properties.datastoreType",),
        write_only=("properties.credentials.secrets",),
        secrets=_secrets,
        actions={"listsecrets": _list_secrets},
        checks=(_check_target, _check_credentials),
        complete=_complete,
    ),
)
