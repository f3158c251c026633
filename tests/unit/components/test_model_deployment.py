"""A served model: assets by content, an endpoint, a deployment, and the traffic after them."""

import pulumi
import pytest
from pydantic import ValidationError

from azure_ml_platform.dynamic.content import content_version
from tests.unit.components.cases.given import TAGS

ML = "azure-native:machinelearningservices"
ARTIFACT = "pulumi-python:dynamic/azure_ml_platform:Artifact"
TRAFFIC = "pulumi-python:dynamic/azure_ml_platform:Traffic"


@pytest.fixture
def graph(made):
    return made("ModelDeployment", full=True)


def test_versions_are_named_after_their_content(graph, files):
    model = graph.one(f"{ML}:ModelVersion").inputs
    assert model["version"] == content_version(files / "model")
    assert model["properties"]["modelUri"].endswith(f"models/wine/model/{model['version']}")
    code = graph.one(f"{ML}:CodeVersion").inputs
    assert code["version"] == content_version(files / "code")
    assert code["properties"]["codeUri"].endswith(f"models/wine/code/{code['version']}")


def test_another_base_image_is_another_environment(made):
    one = made("ModelDeployment", full=True).one(f"{ML}:EnvironmentVersion").inputs
    other = made("ModelDeployment", full=True, base_image="image:2").one(f"{ML}:EnvironmentVersion").inputs
    assert one["properties"]["condaFile"] == other["properties"]["condaFile"] == "dependencies: [python=3.11]\n"
    assert one["version"] != other["version"]


def test_files_are_uploaded_before_a_version_refers_to_them(graph):
    uploads = {node.urn for node in graph.all(ARTIFACT)}
    assert len(uploads) == 2
    versions = graph.one(f"{ML}:ModelVersion").dependencies | graph.one(f"{ML}:CodeVersion").dependencies
    assert uploads <= versions


def test_an_earlier_version_stays_until_nothing_uses_it_any_more(graph):
    for kind in ("ModelVersion", "CodeVersion", "EnvironmentVersion"):
        assert graph.one(f"{ML}:{kind}").delete_before_replace is False


def test_the_deployment_serves_these_versions(graph):
    deployment = graph.one(f"{ML}:OnlineDeployment").inputs["properties"]
    assert deployment["model"] == graph.one(f"{ML}:ModelVersion").id
    assert deployment["environmentId"] == graph.one(f"{ML}:EnvironmentVersion").id
    assert deployment["codeConfiguration"] == {
        "codeId": graph.one(f"{ML}:CodeVersion").id,
        "scoringScript": "score.py",
    }


def test_a_model_of_a_registry_needs_no_upload(made):
    graph = made("ModelDeployment")
    assert graph.all(ARTIFACT) == []
    assert graph.all(f"{ML}:ModelVersion") == []
    deployment = graph.one(f"{ML}:OnlineDeployment").inputs["properties"]
    assert deployment["model"] == "azureml://registries/shared/models/wine/versions/3"


def test_a_model_without_scoring_code_is_an_mlflow_model(made, files):
    upload = {"endpoint": "https://st.blob.core.windows.net/", "container": "models"}
    graph = made("ModelDeployment", model=str(files / "model"), upload=upload)
    assert graph.one(f"{ML}:ModelVersion").inputs["properties"]["modelType"] == "mlflow_model"
    assert "codeConfiguration" not in graph.one(f"{ML}:OnlineDeployment").inputs["properties"]


def test_local_files_without_a_place_for_them_are_refused(made, files):
    with pytest.raises(ValidationError, match="model has nowhere to be uploaded to"):
        made("ModelDeployment", model=str(files / "model"))


@pytest.mark.parametrize("missing", ["scoring_script", "environment"])
def test_scoring_code_without_its_script_or_its_environment_is_refused(made, missing):
    with pytest.raises(ValidationError, match="code, scoring_script and environment belong together"):
        made("ModelDeployment", full=True, **{missing: None})


def test_the_deployment_is_as_large_and_as_patient_as_asked_for(graph):
    deployment = graph.one(f"{ML}:OnlineDeployment").inputs
    assert deployment["deploymentName"] == "green"
    assert deployment["sku"] == {"name": "Default", "capacity": 3}
    assert deployment["properties"]["requestSettings"]["requestTimeout"] == "PT60S"
    assert deployment["properties"]["requestSettings"]["maxConcurrentRequestsPerInstance"] == 4
    assert deployment["properties"]["livenessProbe"]["failureThreshold"] == 3
    assert deployment["properties"]["readinessProbe"]["initialDelay"] == "PT1S"
    assert deployment["properties"]["environmentVariables"] == {"LOG_LEVEL": "debug"}


@pytest.mark.avoids("traffic-is-lost")
def test_the_endpoint_says_nothing_of_traffic_and_ignores_it(graph):
    endpoint = graph.one(f"{ML}:OnlineEndpoint")
    assert not {"traffic", "mirrorTraffic"} & set(endpoint.inputs["properties"])
    assert endpoint.ignore_changes == ("properties.traffic", "properties.mirrorTraffic")


def test_another_authentication_mode_replaces_the_endpoint(graph):
    endpoint = graph.one(f"{ML}:OnlineEndpoint")
    assert endpoint.replace_on_changes == ("properties.authMode",)
    assert endpoint.delete_before_replace


@pytest.mark.avoids("traffic-too-early")
def test_traffic_comes_after_the_deployment_and_goes_to_it_alone(graph):
    traffic = graph.one(TRAFFIC)
    assert traffic.inputs["split"] == {"green": 100}
    assert traffic.inputs["deployments"] == {"green": graph.one(f"{ML}:OnlineDeployment").id}
    assert graph.one(f"{ML}:OnlineDeployment").urn in traffic.property_dependencies["deployments"]
    assert graph.one(f"{ML}:OnlineEndpoint").urn in traffic.dependencies


@pytest.mark.parametrize(
    "change",
    [
        {"public_network_access": False},
        {"tags": {**TAGS, "team": "vision"}},
        {"identity_id": "/subscriptions/other"},
        {"auth_mode": "AADToken"},
    ],
)
def test_whatever_writes_the_endpoint_again_sets_its_traffic_again(made, change):
    before, after = made("ModelDeployment", full=True), made("ModelDeployment", full=True, **change)
    assert before.one(f"{ML}:OnlineEndpoint").inputs != after.one(f"{ML}:OnlineEndpoint").inputs
    assert before.one(TRAFFIC).inputs["trigger"] != after.one(TRAFFIC).inputs["trigger"]


@pytest.mark.parametrize("change", [{"instance_count": 5}, {"request_timeout_seconds": 10}, {"callers": {}}])
def test_whatever_leaves_the_endpoint_alone_leaves_its_traffic_alone(made, change):
    before, after = made("ModelDeployment", full=True), made("ModelDeployment", full=True, **change)
    assert before.one(TRAFFIC).inputs == after.one(TRAFFIC).inputs


def test_an_endpoint_that_waits_for_an_identity_is_digested_once_that_is_known(made):
    def traffic(identity):
        return made("ModelDeployment", full=True, identity_id=identity).one(TRAFFIC).inputs["trigger"]

    assert traffic(pulumi.Output.from_input("/subscriptions/id")) == traffic("/subscriptions/id")


def test_callers_get_their_role_on_the_endpoint_alone(graph):
    role = graph.one("azure-native:authorization:RoleAssignment").inputs
    assert role["scope"] == graph.one(f"{ML}:OnlineEndpoint").id


def test_the_addresses_of_the_endpoint_are_outputs(graph):
    outputs = graph.one("azure-ml-platform:index:ModelDeployment").outputs
    assert outputs["scoring_uri"] == "https://wine.westeurope.inference.ml.azure.com/score"
    assert outputs["swagger_uri"] == "https://wine.westeurope.inference.ml.azure.com/swagger.json"


def test_no_provider_is_stored_as_a_secret(graph):
    for node in (*graph.all(ARTIFACT), graph.one(TRAFFIC)):
        assert node.secrets == frozenset()
