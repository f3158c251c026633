"""Registries, and the assets in them and in workspaces."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform
from tests.unit.arm.endpoints import deployment_body, make_assets
from tests.unit.arm.machine_learning_samples import ASSETS


def registry_body(*regions: str, sku: str = "Premium") -> Json:
    details = [
        {"location": region, "acrDetails": [{"systemCreatedAcrAccount": {"acrAccountSku": sku}}]} for region in regions
    ]
    return {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {"regionDetails": details}}


@pytest.fixture
def registry(azure: Azure, platform: Platform) -> str:
    path = f"{platform.group}/providers/Microsoft.MachineLearningServices/registries/mlr-test"
    azure.put(path, registry_body(REGION, "northeurope"))
    return path


@pytest.mark.parametrize(
    ("regions", "sku"),
    [
        ((), "Premium"),
        (("northeurope",), "Premium"),
        ((REGION, REGION), "Premium"),
        ((REGION, "moon"), "Premium"),
        ((REGION,), "Basic"),
    ],
)
def test_a_registry_lies_in_regions_with_its_own_among_them(
    azure: Azure, platform: Platform, regions: tuple[str, ...], sku: str
) -> None:
    path = f"{platform.group}/providers/Microsoft.MachineLearningServices/registries/mlr-other"
    assert azure("PUT", path, registry_body(*regions, sku=sku)).code == "ValidationError"


def test_a_registry_keeps_a_resource_group_of_its_own(azure: Azure, registry: str) -> None:
    group = azure("GET", registry).properties["managedResourceGroup"]["resourceId"]
    shown = azure("GET", group)
    assert shown.body["managedBy"].endswith("/registries/mlr-test")
    azure.put(registry, registry_body(REGION))
    assert azure("GET", registry).properties["managedResourceGroup"]["resourceId"] == group
    azure.delete(registry)
    assert azure("GET", group).code == "ResourceGroupNotFound"


@pytest.mark.parametrize("kind", ASSETS)
def test_a_version_in_a_registry_brings_its_container_and_never_changes(azure: Azure, registry: str, kind: str) -> None:
    path, properties = f"{registry}/{kind}/wine/versions/1", ASSETS[kind]
    azure.put(path, {"properties": properties})
    assert azure("GET", f"{registry}/{kind}/wine").properties["latestVersion"] == "1"
    first = next(iter(properties))
    changed = {"properties": {**properties, first: "uri_file" if first == "dataType" else "other"}}
    assert azure("PUT", path, changed).code == "PropertyChangeNotAllowed"


@pytest.mark.parametrize(
    ("kind", "properties"),
    [("data", {"dataUri": "x", "dataType": "table"}), ("data", {"dataType": "uri_file"}), ("components", {})],
)
def test_data_and_components_say_what_they_are(azure: Azure, platform: Platform, kind: str, properties: Json) -> None:
    path = f"{platform.workspace}/{kind}/wine/versions/1"
    assert azure("PUT", path, {"properties": properties}).code == "UserError"


def in_registry(kind: str, how: str = "versions/1", registry: str = "mlr-test") -> str:
    return f"azureml://registries/{registry}/{kind}/wine/{how}"


def test_a_deployment_runs_what_a_registry_holds(
    azure: Azure, platform: Platform, empty_endpoint: str, registry: str
) -> None:
    for kind in ("models", "environments", "codes"):
        azure.put(
            f"{registry}/{kind}/wine/versions/1", {"properties": {**ASSETS[kind], "codeUri": "https://blobs/code"}}
        )
    code = {"codeId": in_registry("codes"), "scoringScript": "score.py"}
    body = deployment_body(
        empty_endpoint,
        model=in_registry("models", "labels/latest"),
        environmentId=in_registry("environments"),
        codeConfiguration=code,
    )
    azure.put(f"{empty_endpoint}/deployments/blue", body)
    assert azure.serving.running["wine", "blue"].model_url == "https://blobs/model"


@pytest.mark.parametrize("reference", [in_registry("models", "versions/2"), "azureml:wine:1"])
def test_what_a_registry_does_not_hold_is_refused(
    azure: Azure, platform: Platform, empty_endpoint: str, registry: str, reference: str
) -> None:
    make_assets(azure, platform)
    answer = azure("PUT", f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint, model=reference))
    assert answer.code in ("LinkedResourceNotFound", "LinkedInvalidPropertyId")


def test_what_lies_outside_of_this_azure_cannot_be_run(azure: Azure, platform: Platform, empty_endpoint: str) -> None:
    make_assets(azure, platform)
    foreign = in_registry("models", registry="azureml")
    answer = azure("PUT", f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint, model=foreign))
    assert answer.code == "BadArgument"


def test_a_model_that_is_deployed_stays(azure: Azure, platform: Platform, empty_endpoint: str) -> None:
    make_assets(azure, platform)
    azure.put(f"{empty_endpoint}/deployments/blue", deployment_body(empty_endpoint))
    model = f"{platform.workspace}/models/wine"
    for path in (model, f"{model}/versions/1"):
        answer = azure("DELETE", path)
        assert (answer.status, answer.code) == (409, "Conflict")
        assert "deployments/blue" in answer.message
    azure.delete(f"{empty_endpoint}/deployments/blue")
    assert azure.delete(f"{model}/versions/1").status == 200
