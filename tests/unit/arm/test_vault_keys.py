"""Keys of a vault, their rotation, and their use for encryption by other services."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure
from tests.unit.arm.vaults import CRYPTO_OFFICER, ENCRYPTION_USER, Vault

DAY_SECONDS = 86_400
ROTATE: Json = {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}
NOTIFY: Json = {"action": {"type": "notify"}, "trigger": {"timeBeforeExpiry": "P30D"}}


@pytest.fixture
def vault(azure: Azure) -> Vault:
    made = Vault(azure, f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-keys", enablePurgeProtection=True)
    made.grant(CRYPTO_OFFICER)
    return made


def test_a_key_made_by_resource_manager_is_at_the_vault(azure: Azure, vault: Vault) -> None:
    shown = azure.put(f"{vault.path}/keys/cmk", {"properties": {"kty": "RSA", "keySize": 3072}}).properties
    assert (shown["kty"], shown["keySize"]) == ("RSA", 3072)
    assert shown["keyUri"] == f"{vault.address}keys/cmk"
    key = vault("GET", "/keys/cmk").body["key"]
    assert key["kid"] == shown["keyUriWithVersion"]
    assert key["e"] == "AQAB"
    assert set(key) == {"kid", "kty", "key_ops", "n", "e"}


def test_a_key_that_exists_stays_as_it_is(azure: Azure, vault: Vault) -> None:
    path = f"{vault.path}/keys/cmk"
    first = azure.put(path, {"properties": {"kty": "EC", "curveName": "P-384"}}).properties
    second = azure.put(path, {"properties": {"kty": "EC", "curveName": "P-256"}}).properties
    assert second["keyUriWithVersion"] == first["keyUriWithVersion"]
    assert second["curveName"] == "P-384"


@pytest.mark.parametrize(
    "properties", [{}, {"kty": "AES"}, {"kty": "RSA", "keySize": 1024}, {"kty": "EC", "curveName": "P-1"}]
)
def test_a_key_is_rsa_or_ec_of_a_known_size(azure: Azure, vault: Vault, properties: Json) -> None:
    assert azure("PUT", f"{vault.path}/keys/cmk", {"properties": properties}).code == "BadParameter"


def test_keys_in_hardware_need_a_premium_vault(azure: Azure, vault: Vault) -> None:
    body = {"properties": {"kty": "EC-HSM"}}
    assert "premium" in azure("PUT", f"{vault.path}/keys/cmk", body).message
    path = vault.path.replace("kv-keys", "kv-hardware")
    Vault(azure, path, sku={"family": "A", "name": "premium"})
    assert azure("PUT", f"{path}/keys/cmk", body).status == 200


def test_rotation_makes_a_version_that_lives_as_long_as_the_policy_says(vault: Vault) -> None:
    first = vault("POST", "/keys/cmk/create", {"kty": "EC", "crv": "P-256"}).body["key"]
    policy = {"lifetimeActions": [ROTATE, NOTIFY], "attributes": {"expiryTime": "P180D"}}
    assert vault("PUT", "/keys/cmk/rotationpolicy", policy).status == 200
    assert vault("GET", "/keys/cmk/rotationpolicy").body["lifetimeActions"] == [ROTATE, NOTIFY]
    rotated = vault("POST", "/keys/cmk/rotate").body
    assert rotated["key"]["kid"] != first["kid"]
    assert rotated["key"]["x"] != first["x"]
    assert rotated["attributes"]["exp"] - rotated["attributes"]["created"] == 180 * DAY_SECONDS
    assert len(vault("GET", "/keys/cmk/versions").body["value"]) == 2


@pytest.mark.parametrize(
    "policy",
    [
        {"attributes": {"expiryTime": "P27D"}},
        {"attributes": {"expiryTime": "28 days"}},
        {"lifetimeActions": [NOTIFY]},
        {"lifetimeActions": [{"action": {"type": "notify"}, "trigger": {"timeAfterCreate": "P30D"}}]},
        {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P6D"}}]},
        {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {}}]},
    ],
)
def test_a_rotation_policy_that_cannot_work_is_refused(azure: Azure, vault: Vault, policy: Json) -> None:
    body = {"properties": {"kty": "EC", "rotationPolicy": policy}}
    assert azure("PUT", f"{vault.path}/keys/cmk", body).code == "BadParameter"


def test_a_deleted_key_is_recovered_with_its_rotation(vault: Vault) -> None:
    vault("POST", "/keys/cmk/create", {"kty": "EC"})
    vault("PUT", "/keys/cmk/rotationpolicy", {"lifetimeActions": [ROTATE]})
    assert vault("DELETE", "/keys/cmk").body["recoveryId"] == f"{vault.address}deletedkeys/cmk"
    assert vault("GET", "/keys/cmk").code == "KeyNotFound"
    assert vault("POST", "/deletedkeys/cmk/recover").status == 200
    assert vault("GET", "/keys/cmk/rotationpolicy").body["lifetimeActions"] == [ROTATE]


@pytest.fixture
def identity(azure: Azure, vault: Vault) -> tuple[str, str]:
    """Id and principal of a user-assigned identity beside the vault."""
    group = vault.path.partition("/providers/")[0]
    path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-cmk"
    made = azure.put(path, {"location": REGION})
    return str(made.body["id"]), str(made.properties["principalId"])


def account(vault: Vault, identity: str, **changes: object) -> Json:
    key = {"keyvaulturi": vault.address, "keyname": "cmk", **changes}
    encryption = {
        "keySource": "Microsoft.Keyvault",
        "keyvaultproperties": key,
        "identity": {"userAssignedIdentity": identity},
    }
    return {
        "location": REGION,
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        "properties": {"encryption": encryption},
    }


def test_a_customers_key_needs_the_vault_the_key_and_the_role(
    azure: Azure, vault: Vault, identity: tuple[str, str]
) -> None:
    id, principal = identity
    path = f"{vault.path.partition('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/stcmk"
    elsewhere = account(vault, id, keyvaulturi="https://kv-none.vault.azure.net")
    assert azure("PUT", path, elsewhere).code == "KeyVaultVaultNotFound"
    assert azure("PUT", path, account(vault, id)).code == "KeyVaultKeyNotFound"
    azure.put(f"{vault.path}/keys/cmk", {"properties": {"kty": "RSA"}})
    assert azure("PUT", path, account(vault, id)).code == "KeyVaultAuthenticationFailure"
    vault.grant(ENCRYPTION_USER, principal)
    azure.put(path, account(vault, id))
    stranger = account(vault, id) | {"identity": {"type": "SystemAssigned"}}
    assert azure("PUT", path, stranger).code == "InvalidIdentityValues"


def test_a_customers_key_needs_a_vault_that_nobody_can_purge(
    azure: Azure, vault: Vault, identity: tuple[str, str]
) -> None:
    open_vault = Vault(azure, vault.path.replace("kv-keys", "kv-open"))
    azure.put(f"{open_vault.path}/keys/cmk", {"properties": {"kty": "RSA"}})
    path = f"{vault.path.partition('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/stcmk"
    answer = azure("PUT", path, account(open_vault, identity[0]))
    assert answer.code == "KeyVaultPolicyError"
    assert "enablePurgeProtection" in answer.message


def test_a_registry_reads_its_key_as_the_identity_of_a_client_id(
    azure: Azure, vault: Vault, identity: tuple[str, str]
) -> None:
    id, principal = identity
    client = azure("GET", id).properties["clientId"]
    azure.put(f"{vault.path}/keys/cmk", {"properties": {"kty": "RSA"}})
    key = {"keyIdentifier": f"{vault.address}keys/cmk", "identity": client}
    body = {
        "location": REGION,
        "sku": {"name": "Premium"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {id: {}}},
        "properties": {"encryption": {"status": "enabled", "keyVaultProperties": key}},
    }
    path = f"{vault.path.partition('/providers/')[0]}/providers/Microsoft.ContainerRegistry/registries/crcmk"
    assert azure("PUT", path, body).code == "KeyVaultAuthenticationFailure"
    vault.grant(ENCRYPTION_USER, principal)
    assert azure("PUT", path, body).status == 201
    later = path.replace("crcmk", "crlate")
    azure.put(later, {**body, "properties": {}})
    assert azure("PUT", later, body).code == "PropertyChangeNotAllowed"
