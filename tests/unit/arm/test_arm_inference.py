"""The scoring route as its callers meet it."""

from collections import Counter
from time import sleep

import pytest

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


def test_requests_are_split_by_weight(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body(traffic={"blue": 80, "green": 20}))
    secret = key(azure, endpoint)
    answered = Counter(score(azure, secret).headers["azureml-model-deployment"] for _ in range(300))
    assert 190 < answered["blue"] < 280


def test_mirrored_requests_are_answered_by_one_and_counted_for_both(azure: Azure, endpoint: str) -> None:
    azure.put(endpoint, endpoint_body(traffic={"blue": 100}, mirrorTraffic={"green": 50}))
    secret = key(azure, endpoint)
    assert {score(azure, secret).headers["azureml-model-deployment"] for _ in range(60)} == {"blue"}
    while counted(azure).get("green", 0) == 0:
        sleep(0.005)
    assert counted(azure)["blue"] == 60


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


@pytest.mark.parametrize("status", [400, 404, 500])
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
