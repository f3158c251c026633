"""Online endpoints, their deployments and traffic."""

from pathlib import Path

import pytest

from local.arm.data_planes import DeploymentFailed, Limits, Probe
from local.arm.documents import Json
from local.arm.restoring import deploy_again, refresh
from tests.unit.arm.doubles import REGION, Azure, Platform, platform
from tests.unit.arm.endpoints import deployment_body, endpoint_body, make_assets


@pytest.fixture
def blue(azure: Azure, empty_endpoint: str, assets: None) -> str:
    path = f"{empty_endpoint}/deployments/blue"
    azure.put(path, deployment_body(empty_endpoint))
    return path


def test_an_endpoint_tells_where_it_scores(azure: Azure, empty_endpoint: str) -> None:
    shown = azure("GET", empty_endpoint).properties
    assert shown["scoringUri"] == f"{azure.cloud.url}/inference/wine/score"
    assert shown["swaggerUri"] == f"{azure.cloud.url}/inference/wine/swagger.json"


def test_a_deployment_is_served_from_what_its_versions_refer_to(azure: Azure, platform: Platform, blue: str) -> None:
    spec = azure.serving.running["wine", "blue"]
    workspace = azure("GET", platform.workspace).properties["workspaceId"]
    assert spec.model_url == "https://blobs/models/wine"
    assert spec.code_url == f"{azure.blobs.endpoint('sttest')}azureml-blobstore-{workspace}/code/wine"
    assert (spec.scoring_script, spec.environment_file) == ("score.py", "dependencies: []")
    assert azure("GET", blue).properties["provisioningState"] == "Succeeded"


def test_a_path_in_a_datastore_may_name_its_workspace(
    azure: Azure, platform: Platform, empty_endpoint: str, assets: None
) -> None:
    workspace = azure.subscription.removeprefix("/") + "/resourcegroups/rg-test/workspaces/mlw-test"
    uri = f"azureml://{workspace}/datastores/workspaceartifactstore/paths/wine/2"
    path = f"{platform.workspace}/models/wine/versions/2"
    azure.put(path, {"properties": {"modelUri": uri}})
    azure.put(f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint, model=path))
    assert azure.serving.running["wine", "blue"].model_url.endswith("/sttest/azureml/wine/2")
    azure.put(f"{platform.workspace}/models/wine/versions/3", {"properties": {"modelUri": uri.replace("mlw-", "no-")}})
    body = deployment_body(empty_endpoint, model=path.replace("/2", "/3"))
    assert azure("PUT", f"{empty_endpoint}/deployments/green", body).code == "LinkedResourceNotFound"


def test_a_deployment_is_creating_until_it_is_ready(azure: Azure, empty_endpoint: str, assets: None) -> None:
    azure.serving.gate.clear()
    path = f"{empty_endpoint}/deployments/blue"
    answer = azure("PUT", path, deployment_body(empty_endpoint))
    assert (answer.status, azure("GET", path).properties["provisioningState"]) == (201, "Creating")
    assert azure("PUT", path, deployment_body(empty_endpoint)).code == "AnotherOperationInProgress"
    azure.serving.gate.set()
    assert azure.settle(answer).body["status"] == "Succeeded"


def test_a_deployment_that_fails_says_why_and_stays_as_failed(azure: Azure, empty_endpoint: str, assets: None) -> None:
    azure.serving.failure = DeploymentFailed("no module named skopt")
    path = f"{empty_endpoint}/deployments/blue"
    ended = azure.settle(azure("PUT", path, deployment_body(empty_endpoint))).body
    assert ended["status"] == "Failed"
    assert (ended["error"]["code"], ended["error"]["message"]) == ("ResourceNotReady", "no module named skopt")
    assert azure("GET", path).properties["provisioningState"] == "Failed"
    assert azure("PUT", empty_endpoint, endpoint_body(traffic={"blue": 100})).code == "BadRequest"


@pytest.mark.parametrize("code", ["ImageBuildFailure", "BadArgument"])
def test_a_failure_has_the_code_of_its_cause(azure: Azure, empty_endpoint: str, assets: None, code: str) -> None:
    azure.serving.failure = DeploymentFailed("it broke", code)
    ended = azure.settle(azure("PUT", f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint))).body
    assert ended["error"]["code"] == code


def test_a_deployment_is_held_to_its_request_settings_and_probes(azure: Azure, empty_endpoint: str, blue: str) -> None:
    assert azure.serving.running["wine", "blue"].limits == Limits()
    body = deployment_body(
        empty_endpoint,
        requestSettings={"requestTimeout": "PT1M30S", "maxConcurrentRequestsPerInstance": 4},
        readinessProbe={"initialDelay": "PT1S", "period": "PT2S", "timeout": "PT0.5S", "failureThreshold": 3},
        livenessProbe=None,
    )
    azure.put(blue, {**body, "sku": {"name": "Default", "capacity": 3}})
    assert azure.serving.running["wine", "blue"].limits == Limits(
        request_seconds=90,
        pending_requests=24,
        readiness=Probe(initial_delay_seconds=1, period_seconds=2, timeout_seconds=0.5, failure_threshold=3),
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"requestSettings": {"requestTimeout": "5 seconds"}},
        {"requestSettings": {"requestTimeout": "PT0S"}},
        {"requestSettings": {"maxConcurrentRequestsPerInstance": 0}},
        {"livenessProbe": {"failureThreshold": True}},
    ],
)
def test_settings_that_make_no_sense_are_refused(
    azure: Azure, empty_endpoint: str, assets: None, settings: Json
) -> None:
    body = deployment_body(empty_endpoint, **settings)
    assert azure("PUT", f"{empty_endpoint}/deployments/blue", body).code == "BadArgument"


def test_the_log_of_a_container_is_told_by_its_last_lines(azure: Azure, blue: str) -> None:
    told = azure("POST", f"{blue}/getLogs", {"containerType": "StorageInitializer", "tail": 7})
    assert told.body == {"content": "StorageInitializer of blue, 7 lines\n"}
    assert azure("POST", f"{blue}/getLogs").body == {"content": "InferenceServer of blue, 50 lines\n"}


@pytest.mark.parametrize("body", [{"containerType": "ModelDataCollector"}, {"tail": -1}, {"tail": 5001}])
def test_a_log_that_there_is_not_is_refused(azure: Azure, blue: str, body: Json) -> None:
    assert azure("POST", f"{blue}/getLogs", body).code == "BadArgument"


@pytest.mark.parametrize("member", ["model", "environmentId"])
def test_a_deployment_refers_only_to_what_exists(azure: Azure, empty_endpoint: str, assets: None, member: str) -> None:
    body = deployment_body(empty_endpoint)
    for reference, code in (
        (body["properties"][member].replace("/1", "/2"), "LinkedResourceNotFound"),
        (empty_endpoint, "LinkedResourceNotFound"),
        ("azureml://registries/azureml/models/x/versions/1", "BadArgument"),
        (None, "BadArgument"),
    ):
        body["properties"][member] = reference
        assert azure("PUT", f"{empty_endpoint}/deployments/blue", body).code == code


def test_an_image_without_a_conda_file_cannot_be_served_here(
    azure: Azure, platform: Platform, empty_endpoint: str, assets: None
) -> None:
    path = f"{platform.workspace}/environments/bare/versions/1"
    azure.put(path, {"properties": {"image": "mcr/base:1"}})
    answer = azure("PUT", f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint, environmentId=path))
    assert (answer.code, "conda" in answer.message) == ("BadArgument", True)


def test_the_instance_type_of_a_deployment_never_changes(azure: Azure, empty_endpoint: str, blue: str) -> None:
    answer = azure("PUT", blue, deployment_body(empty_endpoint, instanceType="Standard_F4s_v2"))
    assert answer.code == "PropertyChangeNotAllowed"


@pytest.mark.trap("traffic-too-early")
@pytest.mark.parametrize(
    "split",
    [
        {"traffic": {"blue": 99}},
        {"traffic": {"blue": 101}},
        {"traffic": {"blue": -1}},
        {"traffic": {"blue": 50.5}},
        {"traffic": {"blue": True}},
        {"traffic": {"green": 100}},
        {"mirrorTraffic": {"blue": 51}},
        {"mirrorTraffic": {"blue": 10, "green": 10}},
        {"traffic": {"blue": 100}, "mirrorTraffic": {"blue": 10}},
    ],
)
def test_a_split_that_cannot_be_is_refused_and_changes_nothing(
    azure: Azure, empty_endpoint: str, blue: str, split: Json
) -> None:
    azure.put(empty_endpoint, endpoint_body(traffic={"blue": 100}))
    assert azure("PUT", empty_endpoint, endpoint_body(**split)).code == "BadRequest"
    assert azure("GET", empty_endpoint).properties["traffic"] == {"blue": 100}


@pytest.mark.trap("traffic-is-lost")
def test_a_put_without_traffic_takes_it_from_every_deployment(azure: Azure, empty_endpoint: str, blue: str) -> None:
    azure.put(empty_endpoint, endpoint_body(traffic={"blue": 100}))
    assert azure.put(empty_endpoint, endpoint_body()).properties["traffic"] == {}


def test_a_patch_without_traffic_leaves_it(azure: Azure, empty_endpoint: str, blue: str) -> None:
    azure.put(empty_endpoint, endpoint_body(traffic={"blue": 100}))
    azure.settle(azure("PATCH", empty_endpoint, {"tags": {"a": "b"}}))
    assert azure("GET", empty_endpoint).properties["traffic"] == {"blue": 100}


def test_a_deployment_with_traffic_cannot_be_deleted(azure: Azure, empty_endpoint: str, blue: str) -> None:
    azure.put(empty_endpoint, endpoint_body(traffic={"blue": 100}))
    assert azure("DELETE", blue).code == "BadRequest"
    azure.put(empty_endpoint, endpoint_body(traffic={"blue": 0}))
    azure.delete(blue)
    assert azure.serving.running == {}
    assert azure("GET", empty_endpoint).properties["traffic"] == {}


def test_deleting_an_endpoint_ends_its_deployments_whatever_their_traffic(
    azure: Azure, empty_endpoint: str, blue: str
) -> None:
    azure.put(empty_endpoint, endpoint_body(traffic={"blue": 100}))
    azure.delete(empty_endpoint)
    assert azure.serving.running == {}
    assert azure("GET", blue).status == 404


def test_a_deployment_that_is_deleted_while_it_starts_does_not_stay(
    azure: Azure, platform: Platform, empty_endpoint: str, assets: None
) -> None:
    azure.serving.gate.clear()
    starting = azure("PUT", f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint))
    azure.delete(platform.group)
    azure.serving.gate.set()
    assert azure.settle(starting).body["status"] == "Canceled"
    assert azure.serving.running == {}


@pytest.mark.trap("names-of-endpoints")
def test_an_endpoint_name_is_taken_once(azure: Azure, platform: Platform, empty_endpoint: str) -> None:
    other = platform.workspace.replace("mlw-test", "mlw-other")
    body = azure("GET", platform.workspace).body
    azure.put(other, {"location": REGION, "identity": body["identity"], "properties": body["properties"]})
    assert azure("PUT", f"{other}/onlineEndpoints/wine", endpoint_body()).code == "EndpointAlreadyExists"


@pytest.mark.trap("names-of-endpoints")
@pytest.mark.parametrize("name", ["ab", "1st", "x" * 33, "with_underscore", "ends-"])
def test_endpoint_names_have_a_rule(azure: Azure, platform: Platform, name: str) -> None:
    path = f"{platform.workspace}/onlineEndpoints/{name}"
    assert azure("PUT", path, endpoint_body()).code == "InvalidResourceName"


def test_an_endpoint_takes_at_most_twenty_deployments(azure: Azure, empty_endpoint: str, assets: None) -> None:
    azure("PUT", "/local/quotas", {"standardDSv2Family": 1000})
    for number in range(20):
        azure.put(f"{empty_endpoint}/deployments/slot-{number}x", deployment_body(empty_endpoint))
    assert (
        azure("PUT", f"{empty_endpoint}/deployments/one-more", deployment_body(empty_endpoint)).code == "QuotaExceeded"
    )


def test_keys_are_listed_and_regenerated_one_by_one(azure: Azure, empty_endpoint: str) -> None:
    first = azure("POST", f"{empty_endpoint}/listKeys").body
    assert azure("POST", f"{empty_endpoint}/regenerateKeys", {"keyType": "Primary"}).status == 200
    second = azure("POST", f"{empty_endpoint}/listKeys").body
    assert first["primaryKey"] != second["primaryKey"]
    assert first["secondaryKey"] == second["secondaryKey"]
    assert azure("POST", f"{empty_endpoint}/regenerateKeys", {"keyType": "Third"}).code == "BadRequest"


def test_keys_survive_a_put_and_are_never_shown_by_get(azure: Azure, empty_endpoint: str) -> None:
    keys = azure("POST", f"{empty_endpoint}/listKeys").body
    shown = azure.put(empty_endpoint, endpoint_body(keys={"primaryKey": "my-own-key"}))
    assert azure("POST", f"{empty_endpoint}/listKeys").body == {**keys, "primaryKey": "my-own-key"}
    assert "keys" not in shown.properties
    assert "my-own-key" not in str(
        azure("POST", f"{empty_endpoint.partition('/providers')[0]}/exportTemplate", {}).body
    )


def test_keys_belong_to_the_key_mode_and_tokens_to_the_others(
    azure: Azure, platform: Platform, empty_endpoint: str
) -> None:
    entra = f"{platform.workspace}/onlineEndpoints/entra"
    azure.put(entra, endpoint_body("AADToken"))
    assert azure("POST", f"{entra}/listKeys").code == "BadRequest"
    assert azure("POST", f"{entra}/token").body["tokenType"] == "Bearer"
    assert azure("POST", f"{empty_endpoint}/token").code == "BadRequest"


def test_a_new_process_serves_what_was_deployed_under_its_own_address(tmp_path: Path) -> None:
    first = Azure(tmp_path / "store.db")
    parts = platform(first)
    make_assets(first, parts)
    path = f"{parts.workspace}/onlineEndpoints/wine"
    first.put(path, endpoint_body())
    first.put(f"{path}/deployments/blue", deployment_body(path))
    first.serving.failure = DeploymentFailed("broken")
    first.settle(first("PUT", f"{path}/deployments/green", deployment_body(path)))
    first.store.execute("UPDATE resources SET body = replace(body, '127.0.0.1:4443', '127.0.0.1:1')")

    second = Azure(tmp_path / "store.db")
    refresh(second.manager)
    deploy_again(second.manager)
    assert second("GET", path).properties["scoringUri"].startswith(second.cloud.url)
    assert list(second.serving.running) == [("wine", "blue")]
    first.close()
    second.close()
