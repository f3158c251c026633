"""Resources that are not deleted by a plain DELETE, and those that Azure gives an id of its own."""

from tests.unit.provider.arm_double import ArmDouble, answers
from tests.unit.provider.engine_double import GROUP, Engine

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-one"
POLICY = (
    f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stone/blobServices/default/containers/audit"
    "/immutabilityPolicies/default"
)
REPLICATION = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stone/objectReplicationPolicies"


def test_a_secret_is_deleted_at_its_vault_with_a_token_for_vaults(engine: Engine, arm: ArmDouble) -> None:
    secret = f"{VAULT}/secrets/db"
    arm.resources[secret] = {"id": secret, "properties": {"secretUri": f"{arm.url}/secrets/db"}}
    engine.delete("keyvault:Secret", secret)
    assert arm.count("DELETE", secret) == 0
    [deletion] = [asked for asked in arm.asked if asked.method == "DELETE"]
    assert (deletion.path, deletion.query["api-version"]) == ("/secrets/db", "7.4")
    assert arm.audiences[-1] == "https://vault.azure.net"


def test_a_key_is_deleted_at_its_vault(engine: Engine, arm: ArmDouble) -> None:
    key = f"{VAULT}/keys/cmk"
    arm.resources[key] = {"id": key, "properties": {"keyUri": f"{arm.url}/keys/cmk"}}
    engine.delete("keyvault:Key", key)
    assert arm.count("DELETE", "/keys/cmk") == 1


def test_a_secret_that_is_gone_is_not_looked_for_at_the_vault(engine: Engine, arm: ArmDouble) -> None:
    engine.delete("keyvault:Secret", f"{VAULT}/secrets/db")
    assert not [asked for asked in arm.asked if asked.method == "DELETE"]


def test_an_immutability_policy_is_deleted_under_the_etag_that_it_has(engine: Engine, arm: ArmDouble) -> None:
    arm.resources[POLICY] = {"id": POLICY}
    arm.script("GET", POLICY, answers(200, {"ETag": '"8d5"'}, arm.resources[POLICY]))
    engine.delete("storage:BlobContainerImmutabilityPolicy", POLICY)
    [deletion] = [asked for asked in arm.asked if asked.method == "DELETE"]
    assert deletion.headers["If-Match"] == '"8d5"'


def test_a_policy_that_azure_names_is_kept_under_the_name_it_was_given(engine: Engine, arm: ArmDouble) -> None:
    given = f"{REPLICATION}/2f1c"
    arm.resources[given] = {"id": given, "name": "2f1c", "properties": {"policyId": "2f1c"}}
    arm.script("PUT", f"{REPLICATION}/default", answers(201, {}, arm.resources[given]))
    inputs = {
        "resourceGroupName": "rg",
        "accountName": "stone",
        "objectReplicationPolicyId": "default",
        "sourceAccount": "staa",
        "destinationAccount": "stone",
    }
    resource_id, state = engine.create("storage:ObjectReplicationPolicy", inputs)
    assert resource_id == given
    assert state.values["policyId"] == "2f1c"
