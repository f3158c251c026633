"""Read, update and delete: the state is what Azure answers, and the inputs are what the program meant."""

import grpc
import pytest

from local.arm.contracts import Json
from tests.unit.provider.arm_double import ArmDouble, Asked, answers, drops, refusal
from tests.unit.provider.engine_double import GROUP, Engine, init_failure

ACCOUNT = "storage:StorageAccount"
ID = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/account"
SERVICE = "storage:BlobServiceProperties"
SERVICE_ID = f"{ID}/blobServices/default"
IDENTITY_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
INPUTS: dict[str, Json] = {
    "resourceGroupName": "rg",
    "accountName": "account",
    "location": "westeurope",
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]},
    "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": "10.0.0.1"}]},
}


def created(engine: Engine) -> dict[str, Json]:
    return engine.create(ACCOUNT, INPUTS)[1].values


def test_a_refresh_of_what_did_not_change_finds_nothing(engine: Engine) -> None:
    outputs = created(engine)
    assert engine.read(ACCOUNT, ID, INPUTS, outputs) == (ID, INPUTS, outputs)


@pytest.mark.trap("refresh-of-the-missing")
def test_a_refresh_adds_only_what_somebody_changed(engine: Engine, arm: ArmDouble) -> None:
    outputs = created(engine)
    properties = arm.resources[ID]["properties"]
    properties["networkAcls"]["defaultAction"] = "Allow"
    properties["minimumTlsVersion"] = "TLS1_0"
    _, inputs, refreshed = engine.read(ACCOUNT, ID, INPUTS, outputs)
    changed = INPUTS["networkRuleSet"] | {"defaultAction": "Allow"}
    assert inputs == INPUTS | {"networkRuleSet": changed, "minimumTlsVersion": "TLS1_0"}
    assert refreshed["networkRuleSet"]["defaultAction"] == "Allow"


@pytest.mark.trap("refresh-of-the-missing")
def test_a_resource_that_is_gone_reads_as_nothing(engine: Engine) -> None:
    assert engine.read(ACCOUNT, ID, INPUTS, {}) == ("", {}, {})


def test_an_import_derives_the_inputs_from_id_and_body(engine: Engine) -> None:
    created(engine)
    _, inputs, _ = engine.read(ACCOUNT, ID)
    assert inputs == INPUTS | {"azureApiVersion": "2024-01-01"}


def test_an_import_of_another_types_id_is_refused(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match=r"is not the id of a Microsoft\.Storage/storageAccounts"):
        engine.read(ACCOUNT, GROUP)


def test_an_update_puts_the_whole_body(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    outputs = engine.update(ACCOUNT, ID, INPUTS, INPUTS | {"tags": {"owner": "ml"}})
    assert outputs["tags"] == {"owner": "ml"}
    assert arm.resources[ID]["identity"]["userAssignedIdentities"] == {IDENTITY_ID: {}}


def test_network_rules_that_the_program_drops_are_taken_back(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    engine.update(ACCOUNT, ID, INPUTS, {name: value for name, value in INPUTS.items() if name != "networkRuleSet"})
    assert arm.resources[ID]["properties"]["networkAcls"]["defaultAction"] == "Allow"


def test_a_preview_of_an_update_keeps_what_is_known(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    arm.resources[ID]["properties"]["primaryEndpoints"] = {"blob": "https://blob/"}
    _, _, outputs = engine.read(ACCOUNT, ID, INPUTS, {})
    puts = arm.count("PUT", ID)
    expected = engine.update(ACCOUNT, ID, INPUTS, INPUTS | {"kind": "BlobStorage"}, outputs, preview=True)
    assert expected["kind"] == "BlobStorage"
    assert expected["primaryEndpoints"] == {"blob": "https://blob/"}
    assert arm.count("PUT", ID) == puts


def test_a_preview_of_another_identity_does_not_promise_the_old_principal(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    arm.resources[ID]["identity"] = {"type": "SystemAssigned", "principalId": "principal"}
    _, _, outputs = engine.read(ACCOUNT, ID, INPUTS, {})
    same = engine.update(ACCOUNT, ID, INPUTS, INPUTS | {"identity": {"type": "SystemAssigned"}}, outputs, preview=True)
    other = engine.update(ACCOUNT, ID, INPUTS, INPUTS | {"identity": {"type": "None"}}, outputs, preview=True)
    assert same["identity"]["principalId"] == "principal"
    assert repr(other["identity"]["principalId"]) == "UNKNOWN"


def test_an_update_whose_answer_is_lost_is_an_error_that_changes_no_state(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    arm.script("PUT", ID, drops)
    with pytest.raises(grpc.RpcError, match="ended the connection") as error:
        engine.update(ACCOUNT, ID, INPUTS, INPUTS | {"tags": {}})
    assert init_failure(error.value) is None


def test_policies_managed_apart_survive_an_update_and_do_not_show_as_drift(engine: Engine, arm: ArmDouble) -> None:
    tenant = "00000000-0000-4000-8000-00000000000a"
    properties = {"tenantId": tenant, "sku": {"family": "A", "name": "standard"}}
    vault = {"resourceGroupName": "rg", "vaultName": "kv-one", "location": "westeurope", "properties": properties}
    vault_id, state = engine.create("keyvault:Vault", vault)
    policies = [{"tenantId": tenant, "objectId": "object", "permissions": {"secrets": ["get"]}}]
    arm.resources[vault_id]["properties"]["accessPolicies"] = policies
    _, inputs, _ = engine.read("keyvault:Vault", vault_id, vault, state.values)
    assert inputs == vault
    engine.update("keyvault:Vault", vault_id, vault, vault | {"tags": {"owner": "ml"}})
    assert arm.resources[vault_id]["properties"]["accessPolicies"] == policies


def test_a_deletion_waits_for_its_operation(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    operation = {"Location": f"{arm.url}/operations/1?api-version=1"}
    arm.script("DELETE", ID, answers(202, operation, None))
    arm.script("GET", "/operations/1", answers(202, {"Retry-After": "0"}, None), answers(200, {}, None))
    engine.delete(ACCOUNT, ID)
    assert arm.count("GET", "/operations/1") == 2


@pytest.mark.parametrize("status", [204, 404])
def test_a_deletion_of_what_is_gone_succeeds(engine: Engine, arm: ArmDouble, status: int) -> None:
    arm.script("DELETE", ID, answers(*refusal(status, "ResourceNotFound", "gone")))
    engine.delete(ACCOUNT, ID)
    assert arm.count("DELETE", ID) == 1


def test_a_deletion_without_answer_is_sent_again(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    arm.script("DELETE", ID, drops)
    engine.delete(ACCOUNT, ID)
    assert ID not in arm.resources


def test_a_refused_deletion_says_why(engine: Engine, arm: ArmDouble) -> None:
    created(engine)
    arm.script("DELETE", ID, answers(*refusal(409, "ScopeLocked", "a lock forbids it")))
    with pytest.raises(grpc.RpcError, match="ScopeLocked: a lock forbids it"):
        engine.delete(ACCOUNT, ID)


def test_a_singleton_is_adopted_on_creation_and_set_back_on_deletion(engine: Engine, arm: ArmDouble) -> None:
    arm.resources[SERVICE_ID] = {"id": SERVICE_ID, "properties": {}}
    inputs = {"resourceGroupName": "rg", "accountName": "account", "blobServicesName": "default"}
    engine.create(SERVICE, inputs | {"isVersioningEnabled": True})
    assert arm.resources[SERVICE_ID]["properties"]["isVersioningEnabled"] is True
    engine.delete(SERVICE, SERVICE_ID)
    assert arm.resources[SERVICE_ID]["properties"]["isVersioningEnabled"] is False
    assert arm.count("DELETE", SERVICE_ID) == 0


def test_what_is_always_secret_is_marked_in_every_state(engine: Engine, arm: ArmDouble) -> None:
    component_id = f"{GROUP}/providers/Microsoft.Insights/components/appi"
    inputs = {"resourceGroupName": "rg", "resourceName": "appi", "location": "westeurope", "kind": "web"}

    def with_key(asked: Asked) -> tuple[int, dict[str, str], Json]:
        arm.store(asked)
        arm.resources[component_id]["properties"] = {"ConnectionString": "InstrumentationKey=k"}
        return 200, {}, arm.resources[component_id]

    arm.script("PUT", component_id, with_key)
    _, state = engine.create("applicationinsights:Component", inputs)
    assert state.values["connectionString"] == "InstrumentationKey=k"
    assert state.secrets == {("connectionString",)}
    _, preview = engine.create("applicationinsights:Component", inputs, preview=True)
    assert ("connectionString",) in preview.secrets
