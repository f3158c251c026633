"""Data factories: documents that refer to each other, triggers, the managed network."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Once, Platform
from tests.unit.arm.samples_sql import copy, dataset

BODY: Json = {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {}}


@pytest.fixture
def factory(azure: Azure, platform: Platform, once: Once) -> str:
    path = f"{platform.group}/providers/Microsoft.DataFactory/factories/adf-test"
    once("factory", lambda: azure.put(path, BODY))
    return path


@pytest.fixture
def pipeline(azure: Azure, factory: str) -> str:
    azure.put(f"{factory}/linkedservices/lake", {"properties": {"type": "AzureBlobFS", "typeProperties": {}}})
    azure.put(f"{factory}/datasets/files", {"properties": dataset("lake")})
    azure.put(f"{factory}/pipelines/copy", {"properties": {"activities": [copy("files")]}})
    return f"{factory}/pipelines/copy"


def trigger(pipeline: str | None) -> Json:
    reference = {"pipelineReference": {"referenceName": pipeline, "type": "PipelineReference"}}
    return {"properties": {"type": "ScheduleTrigger", "pipelines": [reference] if pipeline else []}}


def test_a_factory_name_is_taken_in_all_of_azure(azure: Azure, factory: str) -> None:
    other = azure.group("rg-other")
    answer = azure("PUT", f"{other}/providers/Microsoft.DataFactory/factories/adf-test", BODY)
    assert (answer.status, answer.code) == (409, "DataFactoryNameInUse")


@pytest.mark.parametrize("name", ["ad", "adf--test", "-adf", "adf_test", "a" * 64])
def test_a_factory_name_is_letters_digits_and_single_hyphens(azure: Azure, platform: Platform, name: str) -> None:
    path = f"{platform.group}/providers/Microsoft.DataFactory/factories/{name}"
    assert azure("PUT", path, BODY).code == "InvalidResourceName"


@pytest.mark.parametrize(
    ("document", "properties", "missing"),
    [
        ("datasets/files", dataset("none"), "linkedservices"),
        ("pipelines/copy", {"activities": [copy("none")]}, "datasets"),
        ("triggers/daily", trigger("none")["properties"], "pipelines"),
    ],
)
def test_what_a_document_refers_to_has_to_be_there(
    azure: Azure, factory: str, document: str, properties: Json, missing: str
) -> None:
    answer = azure("PUT", f"{factory}/{document}", {"properties": properties})
    assert (answer.status, answer.code) == (400, "BadRequest")
    assert f"invalid reference 'none': the factory 'adf-test' has none of that name in its {missing}" in answer.message


def test_what_is_referred_to_stays(azure: Azure, factory: str, pipeline: str) -> None:
    answer = azure("DELETE", f"{factory}/datasets/files")
    assert (answer.code, "referenced by copy" in answer.message) == ("BadRequest", True)
    azure.delete(pipeline)
    azure.delete(f"{factory}/datasets/files")
    azure.delete(f"{factory}/linkedservices/lake")


def test_a_trigger_that_runs_is_stopped_before_it_changes_or_goes(azure: Azure, factory: str, pipeline: str) -> None:
    path = f"{factory}/triggers/daily"
    assert azure.put(path, trigger("copy")).properties["runtimeState"] == "Stopped"
    assert azure("POST", f"{path}/start").status == 200
    assert azure("GET", path).properties["runtimeState"] == "Started"
    assert azure("PUT", path, trigger("copy")).code == "TriggerEnabledCannotUpdate"
    assert azure("DELETE", path).code == "TriggerEnabledCannotUpdate"
    azure("POST", f"{path}/stop")
    azure.put(path, trigger("copy"))
    azure.delete(path)


def test_a_trigger_without_a_pipeline_cannot_be_started(azure: Azure, factory: str) -> None:
    path = f"{factory}/triggers/daily"
    azure.put(path, trigger(None))
    assert azure("POST", f"{path}/start").code == "TriggerNoReferencedPipeline"


def test_a_run_has_an_id(azure: Azure, pipeline: str) -> None:
    assert len(azure("POST", f"{pipeline}/createRun").body["runId"]) == 36


def test_a_managed_private_endpoint_needs_the_managed_network_and_waits_for_approval(
    azure: Azure, platform: Platform, factory: str
) -> None:
    network = f"{factory}/managedVirtualNetworks/default"
    body = {"properties": {"privateLinkResourceId": platform.storage, "groupId": "dfs"}}
    assert azure("PUT", f"{network}/managedPrivateEndpoints/lake", body).code == "ParentResourceNotFound"
    azure.put(network, {"properties": {}})
    shown = azure.put(f"{network}/managedPrivateEndpoints/lake", body)
    assert shown.properties["connectionState"]["status"] == "Pending"
    body["properties"]["privateLinkResourceId"] = f"{platform.storage}none"
    assert azure("PUT", f"{network}/managedPrivateEndpoints/other", body).code == "InvalidPrivateLinkResource"


def test_a_secret_is_never_shown(azure: Azure, platform: Platform, factory: str) -> None:
    secret = {"type": "SecureString", "value": "hunter2"}
    properties = {"type": "AzureSqlDatabase", "typeProperties": {"connectionString": secret}}
    shown = azure.put(f"{factory}/linkedservices/db", {"properties": properties})
    exported = azure("POST", f"{platform.group}/exportTemplate", {"resources": ["*"]})
    assert "hunter2" not in str(shown.body) + str(exported.body)
