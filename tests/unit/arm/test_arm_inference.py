"""The scoring route as its callers meet it."""

from collections import Counter
from dataclasses import replace
from threading import Event
from threading import enumerate as enumerate_threads
from time import sleep

import pytest

from local.arm.data_planes import NotAnswered
from local.arm.inference import ENDPOINT, MIRRORED_AT_ONCE
from tests.unit.arm.doubles import Answer, Azure
from tests.unit.arm.endpoints import endpoint_body


def score(azure: Azure, token: str | None, path: str = "/inference/wine/score", **headers: str) -> Answer:
    return azure("POST", path, {"data": []}, version=None, token=token, headers=headers)


def key(azure: Azure, endpoint: str) -> str:
    return str(azure("POST", f"{endpoint}/listKeys").body["primaryKey"])


def test_either_key_opens_an_endpoint_in_key_mode(azure: Azure, endpoint: str) -> None:
    keys = azure("POST", f"{endpoint}/listKeys").body
    for value in keys.values():
        answer = score(azure, value)
        assert (answer.status, answer.body) == (200, b"blue POST /score")
        assert answer.headers["azureml-model-deployment"] == "blue"


@pytest.mark.parametrize("token", [None, "wrong", "ключ".encode().decode("latin-1")])
def test_a_wrong_or_missing_key_is_refused(azure: Azure, endpoint: str, token: str | None) -> None:
    assert (score(azure, token).status, score(azure, token).code) == (401, "Unauthorized")


def test_a_token_of_resource_manager_opens_no_endpoint_in_key_mode(azure: Azure, endpoint: str) -> None:
    assert score(azure, azure.token).status == 401


def test_an_endpoint_with_entra_wants_a_token_for_machine_learning(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body("AADToken", traffic={"blue": 100}))
    assert score(azure, azure.directory.issue("https://ml.azure.com")).status == 200
    assert score(azure, azure.directory.issue("https://ml.azure.com/")).status == 200
    assert score(azure, azure.token).status == 401
    assert score(azure, azure.directory.issue("https://ml.azure.com", lifetime_seconds=-1)).status == 401


def test_an_endpoints_own_token_opens_it(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body("AMLToken", traffic={"blue": 100}))
    token = azure("POST", f"{endpoint}/token").body["accessToken"]
    assert score(azure, token).status == 200


def test_a_header_picks_a_deployment(azure: Azure, endpoint: str) -> None:
    secret = key(azure, endpoint)
    picked = score(azure, secret, **{"azureml-model-deployment": "green"})
    assert picked.body == b"green POST /score"
    missing = score(azure, secret, **{"azureml-model-deployment": "red"})
    assert (missing.status, missing.code) == (404, "DeploymentNotFound")


@pytest.mark.parametrize("traffic", [{"blue": 90, "green": 10}, {"blue": 50, "green": 50}, {"blue": 33, "green": 67}])
def test_of_every_hundred_requests_each_deployment_gets_exactly_its_share(
    azure: Azure, endpoint: str, traffic: dict[str, int]
) -> None:
    azure.put(endpoint, endpoint_body(traffic=traffic))
    secret = key(azure, endpoint)
    answered = [score(azure, secret).headers["azureml-model-deployment"] for _ in range(200)]
    assert Counter(answered[:100]) == Counter(answered[100:]) == traffic


def test_requests_that_pick_a_deployment_take_no_turn_of_the_others(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body(traffic={"blue": 50, "green": 50}))
    secret = key(azure, endpoint)
    answered = []
    for _ in range(4):
        score(azure, secret, **{"azureml-model-deployment": "green"})
        answered.append(score(azure, secret).headers["azureml-model-deployment"])
    assert answered == ["blue", "green", "blue", "green"]


def test_a_request_whose_deployment_has_just_gone_is_answered_by_the_one_that_has_its_traffic(
    azure: Azure, endpoint: str
) -> None:
    secret = key(azure, endpoint)

    def move(deployment: str) -> None:
        if deployment == "blue":
            azure.serving.running.pop(("wine", "blue"), None)
            found = azure.store.of_type(ENDPOINT)[0]
            moved = {**found.body, "properties": {**found.properties, "traffic": {"green": 100}}}
            azure.store.put(replace(found, body=moved))

    azure.serving.while_scoring = move
    assert score(azure, secret).body == b"green POST /score"
    assert counted(azure) == {"green": 1}


def test_mirrored_requests_are_answered_by_one_and_counted_for_both(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body(traffic={"blue": 100}, mirrorTraffic={"green": 20}))
    secret = key(azure, endpoint)
    assert {score(azure, secret).headers["azureml-model-deployment"] for _ in range(60)} == {"blue"}
    while counted(azure).get("green", 0) < 12:
        sleep(0.005)
    assert counted(azure) == {"blue": 60, "green": 12}


def test_a_mirror_that_hangs_or_is_gone_holds_up_no_answer_and_no_further_copies(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body(traffic={"blue": 100}, mirrorTraffic={"green": 50}))
    secret, released = key(azure, endpoint), Event()

    def hang(deployment: str) -> None:
        if deployment == "green":
            released.wait(10)

    azure.serving.while_scoring = hang
    answers = [score(azure, secret).status for _ in range(60)]
    assert (set(answers), mirrors()) == ({200}, MIRRORED_AT_ONCE)
    del azure.serving.running["wine", "green"]
    released.set()
    while mirrors():
        sleep(0.005)
    assert counted(azure) == {"blue": 60}


def mirrors() -> int:
    """How many copies are under way."""
    return sum(thread.name == "mirror" for thread in enumerate_threads())


def counted(azure: Azure) -> dict[str, int]:
    rows = azure.store.rows("SELECT deployment, SUM(requests) AS number FROM scoring GROUP BY deployment")
    return {row["deployment"]: row["number"] for row in rows}


def test_an_endpoint_without_traffic_or_without_existence_is_not_found(azure: Azure, endpoint: str) -> None:
    secret = key(azure, endpoint)
    for traffic in ({}, {"blue": 0, "green": 0}):
        azure.put(endpoint, endpoint_body(traffic=traffic))
        assert score(azure, secret).code == "NoDeploymentWithTraffic"
    assert score(azure, secret, "/inference/none/score").code == "EndpointNotFound"


def test_a_deployment_that_is_not_ready_answers_503(azure: Azure, endpoint: str) -> None:
    azure.serving.running.clear()
    assert score(azure, key(azure, endpoint)).status == 503
    assert counted(azure) == {"blue": 1}


@pytest.mark.parametrize("status", [408, 429])
def test_a_deployment_that_gives_no_answer_in_time_or_has_too_many_requests_says_so(
    azure: Azure, endpoint: str, status: int
) -> None:
    azure.serving.refusal = NotAnswered(status, "why")
    answer = score(azure, key(azure, endpoint))
    assert (answer.status, answer.body, answer.headers["azureml-model-deployment"]) == (status, b"why", "blue")
    assert azure.store.rows("SELECT status, model_status FROM scoring")[0][:] == (status, 0)


@pytest.mark.parametrize("status", [400, 404, 408, 429, 500, 503])
def test_a_models_own_error_becomes_424_with_its_status_in_a_header(azure: Azure, endpoint: str, status: int) -> None:
    azure.serving.status = status
    answer = score(azure, key(azure, endpoint))
    assert answer.status == 424
    assert answer.headers["ms-azureml-model-error-statuscode"] == str(status)


def test_requests_are_counted_and_the_counts_outlive_the_process(azure: Azure, endpoint: str) -> None:
    secret = key(azure, endpoint)
    for status in (200, 200, 500):
        azure.serving.status = status
        score(azure, secret)
    shown = azure("GET", "/local/status", version=None).body["endpoints"][0]
    counts = {entry["name"]: entry["requests"] for entry in shown["deployments"]}
    assert counts == {"blue": {"2xx": 2, "4xx": 1}, "green": {}}
    assert azure.store.rows("SELECT SUM(requests) AS number FROM scoring")[0]["number"] == 3


def test_the_query_and_other_paths_reach_the_deployment(azure: Azure, endpoint: str) -> None:
    answer = azure("GET", "/inference/wine/swagger.json?Version=3%204", version=None, token=key(azure, endpoint))
    assert answer.body == b"blue GET /swagger.json?Version=3%204"
