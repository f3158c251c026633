"""Batch endpoints, serverless endpoints, and names that all endpoints share."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform
from tests.unit.arm.endpoints import endpoint_body, make_assets


@pytest.fixture
def endpoint(azure: Azure, platform: Platform) -> str:
    make_assets(azure, platform)
    compute = {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}}
    azure.put(f"{platform.workspace}/computes/cpu", {"location": REGION, "properties": compute})
    path = f"{platform.workspace}/batchEndpoints/wine-batch"
    azure.put(path, batch_endpoint())
    return path


def batch_endpoint(**properties: object) -> Json:
    return {"location": REGION, "properties": {"authMode": "AADToken", **properties}}


def deployment(endpoint: str, **properties: object) -> Json:
    workspace = endpoint.partition("/batchEndpoints")[0]
    return {
        "location": REGION,
        "properties": {
            "compute": f"{workspace}/computes/cpu",
            "model": {"referenceType": "Id", "assetId": f"{workspace}/models/wine/versions/1"},
            **properties,
        },
    }


def test_a_batch_deployment_is_filled_in_as_azure_does(azure: Azure, endpoint: str) -> None:
    shown = azure.put(f"{endpoint}/deployments/nightly", deployment(endpoint, miniBatchSize=5)).properties
    assert (shown["miniBatchSize"], shown["retrySettings"]["maxRetries"], shown["outputAction"]) == (5, 3, "AppendRow")


def test_a_batch_deployment_needs_a_cluster_that_exists(azure: Azure, platform: Platform, endpoint: str) -> None:
    path = f"{endpoint}/deployments/nightly"
    assert azure("PUT", path, deployment(endpoint, compute=None)).code == "BadRequest"
    missing = deployment(endpoint, compute=f"{platform.workspace}/computes/none")
    assert azure("PUT", path, missing).code == "LinkedResourceNotFound"
    instance = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
    azure.put(f"{platform.workspace}/computes/ci-user", {"location": REGION, "properties": instance})
    own = deployment(endpoint, compute=f"{platform.workspace}/computes/ci-user")
    assert "compute instance" in azure("PUT", path, own).message


def test_a_batch_deployment_needs_a_model_or_a_pipeline(azure: Azure, platform: Platform, endpoint: str) -> None:
    path = f"{endpoint}/deployments/nightly"
    assert azure("PUT", path, deployment(endpoint, model=None)).code == "BadRequest"
    missing = {"referenceType": "Id", "assetId": f"{platform.workspace}/models/wine/versions/9"}
    assert azure("PUT", path, deployment(endpoint, model=missing)).code == "LinkedResourceNotFound"
    component = f"{platform.workspace}/components/score/versions/1"
    pipeline = {"deploymentConfigurationType": "PipelineComponent", "componentId": {"assetId": component}}
    assert azure("PUT", path, deployment(endpoint, deploymentConfiguration=pipeline)).code == "LinkedResourceNotFound"
    azure.put(component, {"properties": {"componentSpec": {"type": "pipeline"}}})
    assert azure("PUT", path, deployment(endpoint, deploymentConfiguration=pipeline)).status == 201


def test_the_default_deployment_exists_and_is_forgotten_when_it_goes(azure: Azure, endpoint: str) -> None:
    default = batch_endpoint(defaults={"deploymentName": "nightly"})
    assert azure("PUT", endpoint, default).code == "BadRequest"
    azure.put(f"{endpoint}/deployments/nightly", deployment(endpoint))
    assert azure.put(endpoint, default).properties["defaults"] == {"deploymentName": "nightly"}
    azure.delete(f"{endpoint}/deployments/nightly")
    assert not azure("GET", endpoint).properties["defaults"].get("deploymentName")


def test_an_endpoint_goes_with_its_deployments(azure: Azure, endpoint: str) -> None:
    azure.put(f"{endpoint}/deployments/nightly", deployment(endpoint))
    azure.delete(endpoint)
    assert azure("GET", f"{endpoint}/deployments/nightly").status == 404


def test_batch_endpoints_take_entra_tokens_only(azure: Azure, platform: Platform, endpoint: str) -> None:
    path = f"{platform.workspace}/batchEndpoints/other"
    assert azure("PUT", path, batch_endpoint(authMode="Key")).code == "BadRequest"
    assert azure("POST", f"{endpoint}/listkeys").code == "BadRequest"


def test_a_name_is_taken_once_in_a_region_whatever_the_kind(azure: Azure, platform: Platform, endpoint: str) -> None:
    path = f"{platform.workspace}/onlineEndpoints/wine-batch"
    assert azure("PUT", path, endpoint_body()).code == "EndpointAlreadyExists"
    assert azure("PUT", path, {**endpoint_body(), "location": "northeurope"}).status == 201


def serverless(model: str = "azureml://registries/azureml/models/phi", **properties: object) -> Json:
    return {"location": REGION, "properties": {"modelSettings": {"modelId": model}, **properties}}


def test_a_serverless_endpoint_serves_a_model_of_a_registry(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/serverlessEndpoints/phi"
    assert azure("PUT", path, serverless("wine")).code == "BadRequest"
    shown = azure.put(path, serverless()).properties
    assert shown["contentSafety"] == {"contentSafetyStatus": "Enabled"}
    keys = azure("POST", f"{path}/listKeys").body
    azure("POST", f"{path}/regenerateKeys", {"keyType": "Primary"})
    renewed = azure("POST", f"{path}/listKeys").body
    assert renewed["primaryKey"] != keys["primaryKey"]
    assert renewed["secondaryKey"] == keys["secondaryKey"]
    azure.put(f"{path}-aad", serverless(authMode="AAD"))
    assert azure("POST", f"{path}-aad/listKeys").code == "BadRequest"
