"""Secrets and keys of a vault as Resource Manager shows them: created and read here, deleted through the vault.

Sources: learn.microsoft.com/rest/api/keyvault/keyvault/secrets and .../keys ("Create If Not Exist": a key that exists
is returned as it is), .../azure/key-vault/general/soft-delete-overview.
"""

from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.resource_types import Change, NameRule, ResourceType, SoftDelete
from local.arm.store import Resource
from local.arm.vault_plane.key_material import material
from local.arm.vault_plane.versions import NAME, attributes, check_rotation, current, stamped

SECRET, KEY = "Microsoft.KeyVault/vaults/secrets", "Microsoft.KeyVault/vaults/keys"
ROTATION = "properties.rotationPolicy"
LONGEST_VALUE = 25_600
"""Bytes of a secret."""


def vault_of(cloud: Cloud, resource: Resource) -> Resource:
    """The vault that holds a secret or key."""
    vault = cloud.store.get(resource.id.parent)
    assert vault is not None
    return vault


def checked_value(value: object) -> str:
    """A secret's value; raises ArmError for what is none."""
    if not isinstance(value, str):
        raise bad_request("BadParameter", "Property value is required; it must be a string.", target="value")
    if len(value.encode()) > LONGEST_VALUE:
        raise bad_request("BadParameter", f"The value is longer than {LONGEST_VALUE} bytes.", target="value")
    return value


def _secret_versions(change: Change) -> Json:
    kept = change.current.private["versions"] if change.current else []
    content = {"value": checked_value(change.get("properties.value"))}
    if kind := change.get("properties.contentType", ""):
        content["contentType"] = kind
    version = stamped(change.cloud, change.get("properties.attributes", {}), change.get("tags", {}), content)
    return {"kept_days": kept_days(change.parent), "versions": [*kept, version]}


def _key_versions(change: Change) -> Json:
    """A key that exists stays as it is."""
    if change.current:
        return change.current.private
    made = material(
        kty=change.get("properties.kty"),
        size=change.get("properties.keySize"),
        curve=change.get("properties.curveName"),
        operations=change.get("properties.keyOps"),
        hardware=reach(change.parent.body, "properties.sku.name") == "premium",
    )
    version = stamped(change.cloud, change.get("properties.attributes", {}), change.get("tags", {}), made)
    return {
        "kept_days": kept_days(change.parent),
        "versions": [version],
        "rotation_policy": change.get(ROTATION, {}),
    }


def kept_days(vault: Resource) -> int:
    """Days that a deleted secret or key of a vault can be recovered."""
    return int(vault.properties["softDeleteRetentionInDays"])


def _check_rotation(change: Change) -> None:
    check_rotation(change.get(ROTATION, {}), ROTATION)


def _shown_secret(cloud: Cloud, secret: Resource) -> Json:
    version, vault = current(secret), vault_of(cloud, secret)
    uri = f"{vault.properties['vaultUri']}secrets/{secret.name}"
    kind = {"contentType": version["contentType"]} if "contentType" in version else {}
    links = {"secretUri": uri, "secretUriWithVersion": f"{uri}/{version['version']}"}
    return _shown(vault, version, {**links, **kind})


def _shown_key(cloud: Cloud, key: Resource) -> Json:
    version, vault = current(key), vault_of(cloud, key)
    uri = f"{vault.properties['vaultUri']}keys/{key.name}"
    shown = {"keyUri": uri, "keyUriWithVersion": f"{uri}/{version['version']}"}
    for member, name in {"kty": "kty", "key_ops": "keyOps", "key_size": "keySize", "crv": "curveName"}.items():
        if member in version:
            shown[name] = version[member]
    if policy := key.private.get("rotation_policy"):
        shown["rotationPolicy"] = policy
    return _shown(vault, version, shown)


def _shown(vault: Resource, version: Json, properties: Json) -> Json:
    properties["attributes"] = attributes(version, vault)
    return {"location": vault.location, "tags": version["tags"], "properties": properties}


def _only_through_the_vault(_: Cloud, resource: Resource) -> None:
    message = f"'{resource.id}' cannot be deleted through Resource Manager; delete it at the vault's own address."
    raise ArmError(405, "HttpMethodNotAllowed", message)


def _soft_delete(what: str) -> SoftDelete:
    message = (
        f"A {what} of that name is currently in a deleted but recoverable state, and its name cannot be reused; in "
        f"this state, the {what} can only be recovered or purged."
    )
    return SoftDelete(
        days=lambda resource: int(resource.private["kept_days"]),
        recovers=lambda _: False,
        refusal=conflict("ObjectIsDeletedButRecoverable", message),
    )


OBJECT_NAME = NameRule(NAME, "1 to 127 letters, digits and '-'", "BadParameter")

TYPES = (
    ResourceType(
        name=SECRET,
        names=OBJECT_NAME,
        provisioning_state=False,
        write_only=("properties.value",),
        secrets=_secret_versions,
        shows=_shown_secret,
        delete_checks=(_only_through_the_vault,),
        soft_delete=_soft_delete("secret"),
    ),
    ResourceType(
        name=KEY,
        names=OBJECT_NAME,
        provisioning_state=False,
        created_status=200,
        checks=(_check_rotation,),
        secrets=_key_versions,
        shows=_shown_key,
        delete_checks=(_only_through_the_vault,),
        soft_delete=_soft_delete("key"),
    ),
)
