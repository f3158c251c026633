"""Encryption with a customer's own key: what every service asks of the vault, the key and the identity.

Sources: learn.microsoft.com/azure/storage/common/customer-managed-keys-overview (vault and permissions),
.../rest/api/storagerp/srp_error_codes_common (refusals).
"""

from dataclasses import dataclass

from local.arm.behaviours.key_vault import VAULT
from local.arm.cloud import Cloud
from local.arm.documents import reach
from local.arm.errors import bad_request
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Change
from local.arm.store import Resource
from local.arm.vault_plane.access import WRAPPING, permits
from local.arm.vault_plane.objects import KEY


@dataclass(frozen=True)
class KeyReference:
    """The key that a resource names."""

    vault_uri: str
    key: str
    identity: str
    """Resource id of the user-assigned identity that reads the key; empty for the resource's own."""
    path: str
    """Dotted path of the property that names the key."""


def check_key(change: Change, reference: KeyReference) -> None:
    """Raise ArmError unless the vault exists and is protected from purge, has the key, and lets the identity use it."""
    cloud = change.cloud
    vault = vault_at(cloud, reference.vault_uri)
    if vault is None:
        message = f"The key vault '{reference.vault_uri}' that {reference.path} names does not exist."
        raise bad_request("KeyVaultVaultNotFound", message, target=reference.path)
    if not vault.properties.get("enablePurgeProtection"):
        message = (
            f"Keyvault policy recoverable is not set: '{vault.name}' has no purge protection. Set "
            "enablePurgeProtection on it first."
        )
        raise bad_request("KeyVaultPolicyError", message, target=reference.path)
    key = vault.id.child(KEY.rpartition("/")[2], reference.key)
    if cloud.store.get(key) is None:
        message = f"The key '{reference.key}' that {reference.path} names does not exist in '{vault.name}'."
        raise bad_request("KeyVaultKeyNotFound", message, target=reference.path)
    principal = _principal(change, reference)
    if principal is None or not permits(cloud, vault, principal, "keys", WRAPPING, key):
        message = (
            f"The identity {reference.identity or 'of the resource'} may not get, wrap and unwrap with the key "
            f"'{reference.key}' of '{vault.name}': give it the role Key Vault Crypto Service Encryption User first."
        )
        raise bad_request("KeyVaultAuthenticationFailure", message, target=reference.path)


def vault_at(cloud: Cloud, uri: str) -> Resource | None:
    """The vault whose address is `uri`."""
    wanted = uri.rstrip("/").casefold()
    vaults = cloud.store.of_type(VAULT)
    return next((vault for vault in vaults if vault.properties["vaultUri"].rstrip("/").casefold() == wanted), None)


def _principal(change: Change, reference: KeyReference) -> str | None:
    """Object id of who reads the key; None while there is nobody."""
    if not reference.identity:
        return reach(change.current.body, "identity.principalId") if change.current else None
    attached = {str(id).casefold() for id in change.get("identity.userAssignedIdentities", {})}
    if reference.identity.casefold() not in attached:
        message = f"'{reference.identity}' is not among identity.userAssignedIdentities; attach it to the resource."
        raise bad_request("InvalidIdentityValues", message, target=reference.path)
    identity = change.cloud.find(reference.identity, USER_ASSIGNED, property_path=reference.path)
    return str(identity.properties["principalId"])
