"""Creation and the recovery contract: nothing that Azure has is lost to the state, nothing is created twice."""

import threading
import time

import grpc
import pytest

from tests.unit.provider.arm_double import ArmDouble, Asked, Reply, Step, answers, drops, refusal
from tests.unit.provider.engine_double import GROUP, Engine, init_failure, message

IDENTITY = "managedidentity:UserAssignedIdentity"
INPUTS = {"resourceGroupName": "rg", "resourceName": "id-one", "location": "westeurope"}
ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
STATUS = "/operations/1"


def in_progress(asked: Asked) -> Reply:
    return 200, {}, {"status": "InProgress"}


def accepted(arm: ArmDouble) -> Step:
    def step(asked: Asked) -> Reply:
        arm.store(asked)
        return 201, {"Azure-AsyncOperation": f"{arm.url}{STATUS}?api-version=1", "Retry-After": "30"}, asked.body

    return step


def test_a_resource_is_put_once_and_its_state_is_what_azure_answers(engine: Engine, arm: ArmDouble) -> None:
    resource_id, state = engine.create(IDENTITY, INPUTS | {"tags": {"owner": "ml"}})
    assert resource_id == ID
    assert arm.resources[ID]["tags"] == {"owner": "ml"}
    assert state.values["name"] == "id-one"
    assert state.values["azureApiVersion"] == "2023-01-31"
    assert arm.count("PUT", ID) == 1
    assert {asked.query["api-version"] for asked in arm.asked if asked.path == ID} == {"2023-01-31"}


def test_what_azure_made_at_once_is_not_asked_for_again(engine: Engine, arm: ArmDouble) -> None:
    engine.create(IDENTITY, INPUTS)
    assert [asked.method for asked in arm.asked if asked.path == ID] == ["GET", "PUT"]


def test_an_existing_resource_is_refused_with_the_way_out(engine: Engine, arm: ArmDouble) -> None:
    arm.resources[ID] = {"id": ID, "location": "westeurope"}
    with pytest.raises(grpc.RpcError, match=f"cannot create already existing resource '{ID}'") as error:
        engine.create(IDENTITY, INPUTS)
    assert f"pulumi import azure-native:{IDENTITY} <name> {ID}" in message(error.value)
    assert init_failure(error.value) is None
    assert arm.count("PUT", ID) == 0


def test_an_operation_is_looked_at_at_once_whatever_retry_after_says(engine: Engine, arm: ArmDouble) -> None:
    arm.script("PUT", ID, accepted(arm))
    arm.script("GET", STATUS, answers(200, {}, {"status": "Succeeded"}))
    started = time.monotonic()
    engine.create(IDENTITY, INPUTS)
    assert time.monotonic() - started < 10


def test_a_polled_operation_waits_as_long_as_azure_asks(engine: Engine, arm: ArmDouble) -> None:
    arm.script("PUT", ID, accepted(arm))
    arm.script(
        "GET",
        STATUS,
        answers(200, {"Retry-After": "1"}, {"status": "Running"}),
        answers(200, {}, {"status": "Succeeded"}),
    )
    started = time.monotonic()
    engine.create(IDENTITY, INPUTS)
    assert time.monotonic() - started >= 1
    assert arm.count("GET", STATUS) == 2


def test_a_creation_whose_answer_is_lost_is_owned_when_the_resource_is_there(engine: Engine, arm: ArmDouble) -> None:
    def stores_and_drops(asked: Asked) -> None:
        arm.store(asked)

    arm.script("PUT", ID, stores_and_drops)
    with pytest.raises(grpc.RpcError) as error:
        engine.create(IDENTITY, INPUTS)
    kept = init_failure(error.value)
    assert kept is not None
    assert kept.id == ID
    assert kept.properties["name"] == "id-one"
    assert kept.inputs["resourceName"] == "id-one"
    assert "run the same command again" in kept.reasons[0]
    assert arm.count("PUT", ID) == 1


def test_a_creation_whose_answer_is_lost_is_sent_again_when_nothing_is_there(engine: Engine, arm: ArmDouble) -> None:
    arm.script("PUT", ID, drops)
    resource_id, _ = engine.create(IDENTITY, INPUTS)
    assert resource_id == ID
    assert arm.count("PUT", ID) == 2


def test_a_creation_nobody_can_tell_of_is_owned_without_outputs(engine: Engine, arm: ArmDouble) -> None:
    arm.script("GET", ID, answers(*refusal(404, "ResourceNotFound", "no")), *[drops] * 6)
    arm.script("PUT", ID, drops)
    with pytest.raises(grpc.RpcError) as error:
        engine.create(IDENTITY, INPUTS)
    kept = init_failure(error.value)
    assert kept is not None
    assert kept.id == ID
    assert not kept.properties.fields
    assert "not known" in kept.reasons[0]


def test_an_operation_that_fails_after_acceptance_leaves_an_owned_resource(engine: Engine, arm: ArmDouble) -> None:
    failed = {"status": "Failed", "error": {"code": "SkuNotAvailable", "message": "no such size here", "target": "sku"}}
    arm.script("PUT", ID, accepted(arm))
    arm.script("GET", STATUS, answers(200, {}, failed))
    with pytest.raises(grpc.RpcError, match=r"SkuNotAvailable: no such size here \(target: sku\)") as error:
        engine.create(IDENTITY, INPUTS)
    kept = init_failure(error.value)
    assert kept is not None
    assert kept.id == ID


def test_an_operation_that_fails_and_leaves_nothing_is_a_plain_error(engine: Engine, arm: ArmDouble) -> None:
    operation = {"Azure-AsyncOperation": f"{arm.url}{STATUS}"}
    arm.script("PUT", ID, answers(202, operation, None))
    arm.script("GET", STATUS, answers(200, {}, {"status": "Canceled"}))
    with pytest.raises(grpc.RpcError, match="OperationCanceled") as error:
        engine.create(IDENTITY, INPUTS)
    assert init_failure(error.value) is None


def test_a_refusal_names_code_message_details_and_what_was_asked(engine: Engine, arm: ArmDouble) -> None:
    body = {"error": {"code": "InvalidTemplate", "message": "bad", "details": [{"code": "Inner", "message": "worse"}]}}
    arm.script("PUT", ID, answers(400, {}, body))
    with pytest.raises(grpc.RpcError) as error:
        engine.create(IDENTITY, INPUTS)
    assert message(error.value) == f"InvalidTemplate: bad; Inner: worse [PUT {ID}, HTTP 400]"
    assert init_failure(error.value) is None


def test_a_provisioning_state_that_is_not_final_is_followed_on_the_resource(engine: Engine, arm: ArmDouble) -> None:
    creating = {"id": ID, "location": "westeurope", "properties": {"provisioningState": "Creating"}}
    done = creating | {"properties": {"provisioningState": "Succeeded", "clientId": "client"}}
    arm.script("PUT", ID, answers(201, {}, creating))
    absent = answers(*refusal(404, "ResourceNotFound", "no"))
    arm.script("GET", ID, absent, answers(200, {}, creating), answers(200, {}, done), answers(200, {}, done))
    _, state = engine.create(IDENTITY, INPUTS)
    assert state.values["clientId"] == "client"


def test_cancel_ends_a_wait_at_once_and_keeps_what_was_accepted(engine: Engine, arm: ArmDouble) -> None:
    polled = threading.Event()

    def long(asked: Asked) -> Reply:
        polled.set()
        return 200, {"Retry-After": "600"}, {"status": "Running"}

    arm.script("PUT", ID, accepted(arm))
    arm.script("GET", STATUS, long)

    def cancel() -> None:
        polled.wait(10)
        engine.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    started = time.monotonic()
    with pytest.raises(grpc.RpcError, match="cancelled") as error:
        engine.create(IDENTITY, INPUTS)
    canceller.join()
    assert time.monotonic() - started < 5
    kept = init_failure(error.value)
    assert kept is not None
    assert kept.id == ID


def test_a_custom_timeout_ends_the_wait_however_long_azure_asks_for_and_keeps_what_was_accepted(
    engine: Engine, arm: ArmDouble
) -> None:
    long = answers(200, {"Retry-After": "600"}, {"status": "Running"})
    arm.script("PUT", ID, accepted(arm))
    arm.script("GET", STATUS, long, long)
    with pytest.raises(grpc.RpcError, match=r"still working after 0\.2 s.*custom_timeouts") as error:
        engine.create(IDENTITY, INPUTS, timeout=0.2)
    kept = init_failure(error.value)
    assert kept is not None
    assert kept.id == ID


def test_a_preview_sends_nothing_and_promises_only_what_the_inputs_say(engine: Engine, arm: ArmDouble) -> None:
    resource_id, state = engine.create(IDENTITY, INPUTS, preview=True)
    assert resource_id == ""
    assert state.values["location"] == "westeurope"
    assert repr(state.values["principalId"]) == "UNKNOWN"
    assert arm.asked == []


def test_a_vault_is_created_with_the_access_policies_it_must_have(engine: Engine, arm: ArmDouble) -> None:
    tenant = "00000000-0000-4000-8000-00000000000a"
    properties = {"tenantId": tenant, "sku": {"family": "A", "name": "standard"}}
    vault = {"resourceGroupName": "rg", "vaultName": "kv-one", "location": "westeurope", "properties": properties}
    resource_id, _ = engine.create("keyvault:Vault", vault)
    assert arm.resources[resource_id]["properties"]["accessPolicies"] == []


@pytest.mark.parametrize(("status", "owned"), [(409, False), (500, True)])
def test_a_fault_of_azure_leaves_an_owned_resource_and_a_refusal_does_not(
    engine: Engine, arm: ArmDouble, status: int, owned: bool
) -> None:
    def appears(asked: Asked) -> Reply:
        arm.store(asked)
        return refusal(status, "Trouble", "it went wrong")

    arm.script("PUT", ID, *[appears] * 6)
    with pytest.raises(grpc.RpcError, match="Trouble: it went wrong") as error:
        engine.create(IDENTITY, INPUTS)
    assert (init_failure(error.value) is not None) is owned
