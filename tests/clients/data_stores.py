"""Storage accounts and key vaults with Microsoft's own clients, and what those saw as JSON on standard output.

Runs in an environment of its own (`.local/clients`). Where the target is comes from the environment contract alone.
Vaults answer on an address of the loopback, which no challenge's domain fits: `verify_challenge_resource=False` is the
one option that differs from Azure.
"""

import base64
import json
import sys
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from target import ENDPOINT, REGION, SUBSCRIPTION, TENANT, WHERE, refusal

GROUP = "rg-data"
OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


def storage(client: Any) -> dict[str, Any]:
    """A lake and a blob account: made, refused, listed, held."""
    body = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    lake = client.storage_accounts.begin_create(
        GROUP, "stlake", {**body, "properties": {"isHnsEnabled": True, "allowSharedKeyAccess": False}}
    ).result()
    client.storage_accounts.begin_create(GROUP, "stblob", {**body, "properties": {}}).result()
    client.blob_containers.create(GROUP, "stblob", "audit", {})
    held = client.blob_containers.set_legal_hold(GROUP, "stblob", "audit", {"tags": ["case1"]})
    policy = client.blob_containers.create_or_update_immutability_policy(
        GROUP, "stblob", "audit", parameters={"properties": {"immutabilityPeriodSinceCreationInDays": 3}}
    )
    shown = client.blob_containers.get(GROUP, "stblob", "audit")
    wanted = {"name": "stlake", "type": "Microsoft.Storage/storageAccounts"}
    return {
        "hierarchical": lake.is_hns_enabled,
        "keys": len(client.storage_accounts.list_keys(GROUP, "stlake").keys_property),
        "accounts": sorted(account.name for account in client.storage_accounts.list_by_resource_group(GROUP)),
        "versions_on_a_lake": refusal(
            lambda: client.blob_services.set_service_properties(
                GROUP, "stlake", {"properties": {"isVersioningEnabled": True}}
            )
        ),
        "hold": held.tags,
        "policy": policy.state,
        "container": {"hold": shown.has_legal_hold, "policy": shown.has_immutability_policy},
        "deletion": refusal(lambda: client.blob_containers.delete(GROUP, "stblob", "audit")),
        "name": client.storage_accounts.check_name_availability(wanted).name_available,
    }


def vaults(client: Any, roles: Any, credential: DefaultAzureCredential) -> dict[str, Any]:
    """A vault and its secrets: shut, opened by a role, versioned, deleted, recovered, purged."""
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": TENANT, "sku": sku, "enableRbacAuthorization": True}
    vault = client.vaults.begin_create_or_update(
        GROUP, "kv-data", {"location": REGION, "properties": properties}
    ).result()
    secrets = SecretClient(vault.properties.vault_uri, credential, verify_challenge_resource=False)
    shut = refusal(lambda: secrets.get_secret("db"))
    caller = _object_id(credential)
    scope = f"/subscriptions/{SUBSCRIPTION}"
    grant = {
        "roleDefinitionId": f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{OFFICER}",
        "principalId": caller,
        "principalType": "ServicePrincipal",
    }
    name = "11111111-2222-3333-4444-555555555555"
    roles.role_assignments.create(vault.id, name, {"properties": grant})
    first = secrets.set_secret("db", "one", content_type="text/plain", tags={"of": "sql"})
    secrets.set_secret("db", "two")
    old = secrets.get_secret("db", first.properties.version)
    versions = [entry.version for entry in secrets.list_properties_of_secret_versions("db")]
    deleted = secrets.begin_delete_secret("db").result()
    blocked = refusal(lambda: secrets.set_secret("db", "three"))
    secrets.begin_recover_deleted_secret("db").result()
    back = secrets.get_secret("db").value
    secrets.begin_delete_secret("db").result()
    secrets.purge_deleted_secret("db")
    return {
        "shut": shut,
        "old": [old.value, old.properties.content_type, old.properties.tags],
        "versions": len(versions),
        "deleted": deleted.recovery_id.removeprefix(vault.properties.vault_uri),
        "blocked": blocked,
        "back": back,
        "purged": refusal(lambda: secrets.get_secret("db")),
        "seen_by_resource_manager": [secret.name for secret in client.secrets.list(GROUP, "kv-data")],
    }


def _object_id(credential: DefaultAzureCredential) -> str:
    token = credential.get_token(f"{ENDPOINT}/.default").token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))["oid"])


def main() -> None:
    """Print what the clients saw."""
    with DefaultAzureCredential() as credential:
        ResourceManagementClient(credential, SUBSCRIPTION, **WHERE).resource_groups.create_or_update(
            GROUP, {"location": REGION}
        )
        roles = AuthorizationManagementClient(credential, SUBSCRIPTION, **WHERE)
        seen = {
            "storage": storage(StorageManagementClient(credential, SUBSCRIPTION, **WHERE)),
            "vaults": vaults(KeyVaultManagementClient(credential, SUBSCRIPTION, **WHERE), roles, credential),
        }
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
