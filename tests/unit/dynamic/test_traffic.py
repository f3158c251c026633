"""The traffic step: what it writes, when it acts, and what it tells."""

import json

import azure.identity
import pulumi
import pytest
import requests
from azure.core.pipeline.policies import RetryPolicy
from pulumi.runtime.rpc import UNKNOWN
from requests.adapters import HTTPAdapter

from azure_ml_platform.dynamic import arm
from azure_ml_platform.dynamic.arm import ArmError
from azure_ml_platform.dynamic.artifact import UploadError
from azure_ml_platform.dynamic.content import MissingContentError
from azure_ml_platform.dynamic.sign_in import SignInError
from azure_ml_platform.dynamic.traffic import TrafficProvider
from tests.harness.http import ARM, Clock, SignedOut

WORKSPACE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ml"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints/wine"
IDENTITY = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"


def endpoint(**properties):
    """An endpoint as Azure answers it, read-only members included."""
    return {
        "id": ENDPOINT,
        "name": "wine",
        "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "location": "westeurope",
        "kind": "Managed",
        "tags": {"owner": "me"},
        "systemData": {"createdBy": "me"},
        "identity": {
            "type": "UserAssigned",
            "principalId": None,
            "userAssignedIdentities": {IDENTITY: {"principalId": "p", "clientId": "c"}},
        },
        "properties": {
            "authMode": "AADToken",
            "publicNetworkAccess": "Enabled",
            "provisioningState": "Succeeded",
            "scoringUri": "https://wine/score",
            "swaggerUri": "https://wine/swagger.json",
            "traffic": {},
            "mirrorTraffic": {},
            **properties,
        },
    }


def inputs(**changes):
    props = {
        "endpoint_id": ENDPOINT,
        "split": {"blue": 100.0},
        "mirror": {},
        "deployments": {"blue": f"{ENDPOINT}/deployments/blue"},
        "made": ["first"],
        "trigger": "1",
        "revision": 2.0,
    }
    return {**props, **changes}


@pytest.fixture
def served(azure_):
    azure_.resources[ENDPOINT] = endpoint()
    return azure_


@pytest.mark.avoids("facts-the-sdk-lacks")
def test_the_whole_endpoint_is_written_back_with_the_split_and_nothing_that_only_azure_writes(served):
    TrafficProvider().create(inputs())
    assert served.bodies == [
        {
            "location": "westeurope",
            "kind": "Managed",
            "tags": {"owner": "me"},
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
            "properties": {
                "authMode": "AADToken",
                "publicNetworkAccess": "Enabled",
                "traffic": {"blue": 100},
                "mirrorTraffic": {},
            },
        }
    ]


def test_a_share_is_written_as_a_whole_number(served):
    TrafficProvider().create(inputs(split={"blue": 90.0, "green": 10.0}))
    assert json.dumps(served.bodies[0]["properties"]["traffic"]) == '{"blue": 90, "green": 10}'


def test_creating_waits_until_azure_has_done_it(served):
    served.operations = [{"status": "InProgress"}, {"status": "Running"}, {"status": "Succeeded"}]
    TrafficProvider().create(inputs())
    assert served.operations == []


def test_another_split_is_set_at_once_without_a_canary(served):
    TrafficProvider().update("id", inputs(), inputs(split={"green": 100.0}))
    assert served.bodies[0]["properties"]["traffic"] == {"green": 100}


def test_deleting_takes_all_traffic_off_the_mirrored_too(served):
    served.resources[ENDPOINT] = endpoint(traffic={"blue": 100}, mirrorTraffic={"green": 10})
    TrafficProvider().delete("id", inputs())
    assert served.bodies[0]["properties"] == {
        "authMode": "AADToken",
        "publicNetworkAccess": "Enabled",
        "traffic": {},
        "mirrorTraffic": {},
    }


def test_deleting_writes_nothing_where_there_is_no_traffic(served):
    served.resources[ENDPOINT] = endpoint(traffic={"blue": 0})
    TrafficProvider().delete("id", inputs())
    assert served.bodies == []


def test_deleting_is_content_with_an_endpoint_that_is_gone(azure_):
    TrafficProvider().delete("id", inputs())
    assert azure_.asked == [("GET", ENDPOINT)]


def test_creating_on_an_endpoint_that_is_gone_says_what_to_do(azure_):
    with pytest.raises(ArmError, match=r"^ResourceNotFound: the endpoint is gone: update again with --refresh"):
        TrafficProvider().create(inputs())


def test_reading_finds_the_split_that_somebody_else_set(served):
    served.resources[ENDPOINT] = endpoint(traffic={"blue": 30, "green": 70, "old": 0})
    assert TrafficProvider().read("id", inputs()).outs["split"] == {"blue": 30, "green": 70}


def test_reading_finds_that_the_endpoint_is_gone(azure_):
    assert TrafficProvider().read("id", inputs()).id == ""


def test_nothing_changes_when_nothing_changed(served):
    provider = TrafficProvider()
    state = provider.create(inputs()).outs
    state = provider.read("id", state).outs
    assert not provider.diff("id", state, inputs()).changes


def test_a_split_that_drifted_is_set_again(served):
    provider = TrafficProvider()
    state = provider.create(inputs()).outs
    served.resources[ENDPOINT]["properties"]["traffic"] = {"green": 100}
    state = provider.read("id", state).outs
    assert provider.diff("id", state, inputs()).changes


def test_an_endpoint_that_the_program_writes_again_gets_its_split_again():
    diff = TrafficProvider().diff("id", inputs(), inputs(trigger="2"))
    assert diff.changes
    assert diff.replaces == []


def test_an_endpoint_that_drifted_will_be_written_again_and_gets_its_split_again(served):
    provider = TrafficProvider()
    state = provider.create(inputs()).outs
    served.resources[ENDPOINT]["properties"]["publicNetworkAccess"] = "Disabled"
    state = provider.read("id", state).outs
    assert provider.diff("id", state, inputs()).changes


def test_changed_behaviour_shows_as_a_change():
    assert TrafficProvider().diff("id", inputs(revision=0.0), inputs()).changes


@pytest.mark.parametrize("made", [["second"], UNKNOWN, [UNKNOWN]])
def test_a_deployment_that_was_made_anew_gets_its_share_again_and_no_other_loses_it(made):
    diff = TrafficProvider().diff("id", inputs(), inputs(made=made))
    assert diff.changes
    assert diff.replaces == []


def test_another_slot_without_traffic_is_no_reason_to_write_any():
    deployments = {"blue": f"{ENDPOINT}/deployments/blue", "green": UNKNOWN}
    assert not TrafficProvider().diff("id", inputs(), inputs(deployments=deployments)).changes


@pytest.mark.parametrize(
    ("split", "sentence"),
    [
        ({"blue": 90.0}, "blue 90: must be whole percentages that sum to 100, or to 0"),
        ({"blue": 110.0, "green": -10.0}, "blue 110, green -10: must be whole percentages that sum to 100, or to 0"),
        ({"blue": 99.5, "green": 0.5}, "blue 99.5, green 0.5: must be whole percentages that sum to 100, or to 0"),
        ({"green": 100.0}, "no deployment named green"),
    ],
)
def test_a_split_that_azure_would_refuse_is_refused_before(split, sentence):
    deployments = {"blue": "id", **({"green": "id"} if len(split) == 2 else {})}
    failures = TrafficProvider().check({}, inputs(split=split, deployments=deployments)).failures
    assert [(failure.property, failure.reason) for failure in failures] == [("split", sentence)]


def test_a_copy_of_more_than_half_is_refused_before():
    failures = TrafficProvider().check({}, inputs(mirror={"blue": 51.0})).failures
    sentence = "blue 51: must be whole percentages, of 50 at most"
    assert [(failure.property, failure.reason) for failure in failures] == [("mirror", sentence)]


@pytest.mark.parametrize("unknown", [{"split": UNKNOWN}, {"deployments": UNKNOWN}, {"split": {"blue": UNKNOWN}}])
def test_what_is_not_known_yet_is_not_refused(unknown):
    assert TrafficProvider().check({}, inputs(**unknown)).failures == []


def test_a_refusal_carries_azures_code_and_message(served):
    served.once("PUT", 400, {"error": {"code": "InvalidTraffic", "message": "blue does not exist"}})
    with pytest.raises(ArmError, match=rf"^InvalidTraffic: blue does not exist \(PUT {ENDPOINT}\)$") as raised:
        TrafficProvider().create(inputs())
    assert raised.value.code == "InvalidTraffic"


def test_an_operation_that_fails_carries_azures_code_and_message(served):
    served.operations = [{"status": "Failed", "error": {"code": "DeploymentNotReady", "message": "blue is not ready"}}]
    with pytest.raises(ArmError, match=r"^DeploymentNotReady: blue is not ready"):
        TrafficProvider().create(inputs())


def test_a_refusal_without_a_body_names_its_status(served):
    served.once("PUT", 403)
    with pytest.raises(ArmError, match=r"^HTTP 403: as scripted"):
        TrafficProvider().create(inputs())


def test_a_busy_service_is_asked_again(served):
    served.once("GET", 503, headers={"Retry-After": "0"})
    served.once("PUT", 429, headers={"Retry-After": "0"})
    TrafficProvider().create(inputs())
    assert served.resources[ENDPOINT]["properties"]["traffic"] == {"blue": 100}


def test_another_operation_on_the_endpoint_is_waited_for(served):
    busy = {"error": {"code": "AnotherOperationInProgress", "message": "later"}}
    served.once("PUT", 409, busy, {"Retry-After": "0"})
    TrafficProvider().create(inputs())
    assert [method for method, _ in served.asked] == ["GET", "PUT", "PUT"]


def test_an_operation_that_never_ends_is_given_up(served, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(arm, "time", clock)
    served.operations = [{"status": "InProgress"}] * 100
    served.retry_after = "7"
    with arm.ArmClient(timeout_seconds=60) as client, pytest.raises(ArmError, match=r"^Timeout: not done after 60 s"):
        client.put(ENDPOINT, "2025-12-01", {"properties": {}})
    assert clock.slept == [7] * 9


def test_an_answer_of_another_kind_is_polled_too(served):
    served.once("PUT", 202, headers={"Location": f"{ARM}/operation", "Retry-After": "0"})
    served.once("GET", 200, served.resources[ENDPOINT])
    served.once("GET", 202, headers={"Retry-After": "0"})
    served.operations = [{}]
    TrafficProvider().create(inputs())
    assert [path for _, path in served.asked] == [ENDPOINT, ENDPOINT, "/operation", "/operation"]


def test_a_service_that_cannot_be_reached_is_named(served, monkeypatch):
    monkeypatch.setattr(HTTPAdapter, "send", unreachable)
    monkeypatch.setattr(RetryPolicy, "sleep", lambda *_: None)
    with pytest.raises(ArmError, match=rf"^Unreachable: nobody listens \(GET {ENDPOINT}\)$"):
        TrafficProvider().create(inputs())


def unreachable(*_, **__):
    raise requests.ConnectionError("nobody listens")


def test_nobody_signed_in_is_said_at_once(azure_, monkeypatch):
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", SignedOut)
    with pytest.raises(SignInError, match=r"^cannot sign in to Azure for https://management.*: run `az login`, or set"):
        TrafficProvider().create(inputs())
    assert azure_.asked == []


def test_every_error_for_people_is_one_that_is_shown_without_a_traceback():
    assert all(issubclass(kind, pulumi.RunError) for kind in (ArmError, UploadError, MissingContentError, SignInError))


def test_the_stored_provider_is_no_secret_and_holds_no_state():
    assert TrafficProvider.serialize_as_secret_always is False
    assert vars(TrafficProvider()) == {}
