"""Microsoft.KeyVault: vaults and their soft delete; their secrets and keys are in `vault_plane`.

Sources: learn.microsoft.com/rest/api/keyvault/keyvault/vaults, .../azure/key-vault/general/soft-delete-overview,
.../azure/key-vault/general/network-security.
"""

from collections.abc import Mapping

from local.arm import soft_deletion
from local.arm.behaviours import private_links
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request, conflict, not_found
from local.arm.identifiers import ResourceId
from local.arm.resource_types import (
    Change,
    NameRule,
    ResourceProvider,
    ResourceType,
    SoftDelete,
    UniqueName,
    View,
)
from local.arm.soft_deletion import DeletedResource
from local.arm.store import Resource
from local.arm.vault_plane import application, objects

VAULT = "Microsoft.KeyVault/vaults"
DEFAULT_DAYS = 90
POLICY_LIMIT = 1024
PURGE_PROTECTION = "properties.enablePurgeProtection"
RETENTION = "properties.softDeleteRetentionInDays"


def _check_protection(change: Change) -> None:
    """Soft delete and purge protection can be turned on, never off: false is refused even for a new vault."""
    for path in (PURGE_PROTECTION, "properties.enableSoftDelete"):
        if change.get(path) is False:
            message = f"The property '{path}' cannot be set to false: it is irreversible once on. Leave it out instead."
            raise bad_request("BadRequest", message, target=path)


def _check_retention(change: Change) -> None:
    days = change.get(RETENTION, DEFAULT_DAYS)
    if not isinstance(days, int) or not 7 <= days <= 90:
        message = f"softDeleteRetentionInDays is {days}; it must be between 7 and 90."
        raise bad_request("BadRequest", message, target=RETENTION)


def _complete(change: Change) -> Json:
    protected = change.get(PURGE_PROTECTION) or change.was(PURGE_PROTECTION)
    return {
        "properties": {
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": change.get(RETENTION, change.was(RETENTION) or DEFAULT_DAYS),
            "accessPolicies": change.get("properties.accessPolicies", []),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            **({"enablePurgeProtection": True} if protected else {}),
        }
    }


def _provision(cloud: Cloud, vault: Resource) -> Json:
    address = cloud.listeners.open(_listener(vault), application.build(cloud, vault.id))
    return {"properties": {"vaultUri": address}}


def _close(cloud: Cloud, vault: Resource) -> None:
    cloud.listeners.close(_listener(vault))


def _listener(vault: Resource) -> str:
    return f"key vault {vault.name.casefold()}"


def _check_policies(change: Change) -> None:
    """No more access policies than the limit, each for the vault's own tenant."""
    policies = change.objects("properties.accessPolicies")
    if len(policies) > POLICY_LIMIT:
        message = f"accessPolicies has {len(policies)} entries; a vault takes at most {POLICY_LIMIT}."
        raise bad_request("BadRequest", message, target="properties.accessPolicies")
    tenant = str(change.get("properties.tenantId", change.cloud.directory.tenant_id))
    for index, policy in enumerate(policies):
        if str(policy.get("tenantId", tenant)).casefold() != tenant.casefold():
            message = (
                f"An invalid value was provided for 'accessPolicies[{index}].tenantId': {policy['tenantId']} is not "
                f"the vault's tenant {tenant}."
            )
            raise bad_request("BadRequest", message, target=f"properties.accessPolicies[{index}].tenantId")


def _days(vault: Resource) -> int:
    return int(vault.properties.get("softDeleteRetentionInDays", DEFAULT_DAYS))


def _deleted_vaults(cloud: Cloud, under: ResourceId | None, _: Mapping[str, str]) -> list[Json]:
    location = under.name if under and under.types[-1].casefold() == "locations" else None
    vaults = soft_deletion.all_deleted(cloud, VAULT)
    return [_described(vault) for vault in vaults if location in (None, vault.resource.location.casefold())]


def _deleted_vault(cloud: Cloud, id: ResourceId) -> Json | None:
    found = _find(cloud, id)
    return _described(found) if found else None


def _purge(cloud: Cloud, id: ResourceId) -> None:
    vault = _find(cloud, id)
    if vault is None:
        raise not_found("DeletedVaultNotFound", f"The specified deleted vault '{id.name}' does not exist.")
    if vault.resource.properties.get("enablePurgeProtection"):
        message = (
            f"Operation 'DeletedVaultPurge' is not allowed: '{id.name}' has purge protection until {vault.purged}."
        )
        raise ArmError(405, "MethodNotAllowed", message)
    soft_deletion.purge(cloud, vault.resource.id)


def _find(cloud: Cloud, id: ResourceId) -> DeletedResource | None:
    vaults = soft_deletion.all_deleted(cloud, VAULT)
    return next((vault for vault in vaults if vault.resource.name.casefold() == id.name.casefold()), None)


def _described(vault: DeletedResource) -> Json:
    resource = vault.resource
    place = f"{resource.id.subscription}/providers/Microsoft.KeyVault/locations/{resource.location}"
    return {
        "id": f"{place}/deletedVaults/{resource.name}",
        "name": resource.name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": {
            "vaultId": resource.id.text,
            "location": resource.location,
            "tags": resource.body.get("tags", {}),
            "deletionDate": vault.deleted,
            "scheduledPurgeDate": vault.purged,
            "purgeProtectionEnabled": bool(resource.properties.get("enablePurgeProtection")),
        },
    }


_BLOCKED = conflict(
    "ConflictError",
    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key "
    "vault: "
    "PUT it with createMode recover, or POST …/deletedVaults/<name>/purge.",
)

PROVIDER = ResourceProvider(
    namespace="Microsoft.KeyVault",
    types=(
        private_links.connection_type(VAULT),
        ResourceType(
            name=VAULT,
            shows=private_links.connections,
            tracked=True,
            names=NameRule(
                r"(?!.*--)[A-Za-z][-A-Za-z0-9]{1,22}[A-Za-z0-9]",
                "3 to 24 letters, digits and '-', the first a letter, no '--' and no '-' at the end",
                "VaultNameNotValid",
            ),
            unique=UniqueName("VaultAlreadyExists"),
            immutable=(RETENTION,),
            write_only=("properties.createMode",),
            system_data=True,
            checks=(_check_protection, _check_retention, _check_policies),
            complete=_complete,
            provision=_provision,
            refresh=_provision,
            deprovision=_close,
            soft_delete=SoftDelete(
                days=_days,
                recovers=lambda change: change.get("properties.createMode") == "recover",
                refusal=_BLOCKED,
            ),
        ),
        *objects.TYPES,
    ),
    views=(
        View(name="Microsoft.KeyVault/deletedVaults", list=_deleted_vaults, get=_deleted_vault),
        View(
            name="Microsoft.KeyVault/locations/deletedVaults",
            list=_deleted_vaults,
            get=_deleted_vault,
            actions={"purge": _purge},
        ),
    ),
)
