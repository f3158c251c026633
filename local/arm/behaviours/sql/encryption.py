"""Keys of a server and the one that protects its databases.

Sources: learn.microsoft.com/rest/api/sql/server-keys/create-or-update and /encryption-protectors/create-or-update with
their error codes, .../azure/azure-sql/database/transparent-data-encryption-byok-overview.
"""

import hashlib
import re

from local.arm.behaviours.customer_keys import vault_at
from local.arm.behaviours.sql.servers import SERVER
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

KEY = f"{SERVER}/keys"
PROTECTOR = f"{SERVER}/encryptionProtector"
SERVICE_MANAGED = "ServiceManaged"
_URI = re.compile(r"(https://([-A-Za-z0-9]+)\.[^/]+)/keys/([-A-Za-z0-9]+)/([0-9A-Za-z]+)")


def _check_key(change: Change) -> None:
    """A key of a vault, under the name that follows from it, on a server that has an identity to read it with."""
    if change.get("properties.serverKeyType") == SERVICE_MANAGED:
        message = "Service-managed TDE keys are managed by the service and cannot be created or updated."
        raise bad_request("InvalidUpsertKeyType", message, target="properties.serverKeyType")
    uri = str(change.get("properties.uri", ""))
    match = _URI.fullmatch(uri)
    if not match:
        message = f"uri is '{uri}'; it must be https://<vault>/keys/<key>/<version>."
        raise bad_request("AzureKeyVaultInvalidUri", message, target="properties.uri")
    address, label, key, version = match.groups()
    # The vaults of this machine are told apart by their ports.
    vault = vault_at(change.cloud, address)
    expected = f"{vault.name if vault else label}_{key}_{version}"
    if change.id.name.casefold() != expected.casefold():
        message = f"The server key is named '{change.id.name}'; for '{uri}' its name must be '{expected}'."
        raise bad_request("InvalidKeyName", message, target="name")
    if change.parent.body.get("identity", {}).get("type", "None") == "None":
        message = f"Server '{change.parent.name}' has no identity to read the vault with; give it one first."
        raise ArmError(401, "AzureKeyVaultNoServerIdentity", message)


def _check_protector(change: Change) -> None:
    if change.get("properties.serverKeyType", SERVICE_MANAGED) == SERVICE_MANAGED:
        return
    name = str(change.get("properties.serverKeyName", ""))
    if not name or change.cloud.store.get(change.parent.id.child("keys", name)) is None:
        message = f"The server key '{name}' does not exist on '{change.parent.name}'; PUT it below keys first."
        raise conflict("ServerKeyDoesNotExists", message)


def _key(change: Change) -> Json:
    return {
        "kind": "azurekeyvault",
        "location": change.parent.location,
        "properties": {
            "thumbprint": hashlib.sha256(str(change.get("properties.uri")).encode()).hexdigest()[:40].upper(),
            "creationDate": change.keep("properties.creationDate", change.cloud.now),
            "autoRotationEnabled": False,
        },
    }


def _protector(change: Change) -> Json:
    kind = change.get("properties.serverKeyType", SERVICE_MANAGED)
    name = change.get("properties.serverKeyName", SERVICE_MANAGED)
    key = change.cloud.store.get(change.parent.id.child("keys", name))
    of_key = {member: key.properties[member] for member in ("uri", "thumbprint")} if key else {}
    return {
        "kind": "servicemanaged" if kind == SERVICE_MANAGED else "azurekeyvault",
        "location": change.parent.location,
        "properties": {
            "serverKeyType": kind,
            "serverKeyName": name,
            "autoRotationEnabled": change.get("properties.autoRotationEnabled", False),
            **of_key,
        },
    }


def _check_unused(cloud: Cloud, key: Resource) -> None:
    server = key.id.parent
    protector = cloud.store.get(server.child("encryptionProtector", "current")) if server else None
    if protector and str(protector.properties.get("serverKeyName", "")).casefold() == key.name.casefold():
        message = f"The key '{key.name}' is currently being used by the server as its encryption protector."
        raise conflict("AzureKeyVaultKeyInUse", message)


TYPES = (
    ResourceType(
        name=KEY,
        provisioning_state=False,
        immutable=("properties.uri", "properties.serverKeyType"),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_key,),
        complete=_key,
        delete_checks=(_check_unused,),
    ),
    ResourceType(
        name=PROTECTOR,
        names=NameRule("current", "the only one is 'current'"),
        provisioning_state=False,
        put=Answer.ASYNC_OPERATION,
        checks=(_check_protector,),
        complete=_protector,
    ),
)
