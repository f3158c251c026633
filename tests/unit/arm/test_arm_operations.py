"""Long-running operations: how clients follow them, how they fail, and that none is left running."""

from pathlib import Path
from time import sleep

import pytest

from tests.unit.arm.doubles import REGION, Azure, Platform

LOGS = "providers/Microsoft.OperationalInsights/workspaces"
STORAGE = "providers/Microsoft.Storage/storageAccounts"
ACCOUNT = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}


def test_an_operation_without_work_is_over_at_its_first_poll(azure: Azure) -> None:
    path = f"{azure.group()}/{LOGS}/log-test"
    answer = azure("PUT", path, {"location": REGION, "properties": {}})
    assert (answer.status, answer.properties["provisioningState"]) == (201, "Creating")
    status = azure("GET", answer.headers["azure-asyncoperation"].partition("4443")[2], version=None)
    assert (status.body["status"], status.body["resourceId"]) == ("Succeeded", path)
    assert azure("GET", path).properties["provisioningState"] == "Succeeded"


def test_the_location_style_answers_202_until_the_resource_is_there(azure: Azure) -> None:
    path = f"{azure.group()}/{STORAGE}/sttest"
    azure.blobs.gate.clear()
    answer = azure("PUT", path, ACCOUNT)
    assert (answer.status, answer.body) == (202, None)
    polled = azure("GET", answer.headers["location"].partition("4443")[2], version=None)
    assert (polled.status, polled.headers["retry-after"]) == (202, "1")
    azure.blobs.gate.set()
    assert azure.settle(polled).body["id"] == path
    assert azure.blobs.accounts == {"sttest"}


def test_an_operation_on_record_twice_at_once_is_refused(azure: Azure, platform: Platform) -> None:
    azure.blobs.gate.clear()
    deleting = azure("DELETE", platform.group)
    answer = azure("DELETE", platform.group)
    azure.blobs.gate.set()
    assert (answer.status, answer.code) == (409, "AnotherOperationInProgress")
    azure.settle(deleting)


def test_a_poll_needs_an_operation_that_exists(azure: Azure) -> None:
    base = f"{azure.subscription}/providers/Microsoft.Storage/locations/westeurope"
    assert azure("GET", f"{base}/operationStatuses/none").code == "OperationNotFound"
    assert azure("GET", f"{base}/operationResults/none").code == "OperationNotFound"


@pytest.mark.parametrize(("kind", "name"), [(LOGS, "log-test"), (STORAGE, "sttest")])
def test_a_failed_operation_says_so_and_keeps_the_resource_as_failed(azure: Azure, kind: str, name: str) -> None:
    path = f"{azure.group()}/{kind}/{name}"
    azure("PUT", "/local/faults", {"failing_operations": ["*"]}, version=None)
    ended = azure.settle(azure("PUT", path, ACCOUNT))
    failed = ended.body["error"]
    assert failed["code"] == "OperationFailed"
    assert azure("GET", path).properties["provisioningState"] == "Failed"
    azure("DELETE", "/local/faults", version=None)
    assert azure.put(path, ACCOUNT).properties["provisioningState"] == "Succeeded"


def test_what_ran_when_the_endpoint_was_killed_is_run_again_at_its_next_start(azure: Azure, tmp_path: Path) -> None:
    path = f"{azure.group()}/{STORAGE}/sttest"
    azure.manager.operations.stop()
    assert azure("PUT", path, ACCOUNT).status == 202
    assert azure("GET", path).properties["provisioningState"] == "Creating"

    successor = Azure(tmp_path / "store.db")
    assert successor.manager.operations.resume() == 1
    operation = successor.manager.operations.all()[0]
    link = f"{successor.subscription}/providers/Microsoft.Storage/locations/westeurope/operationStatuses/{operation.id}"
    while successor("GET", link).body["status"] == "InProgress":
        sleep(0.005)
    assert successor("GET", path).properties["provisioningState"] == "Succeeded"
    assert successor.blobs.accounts == {"sttest"}
    successor.close()


def test_work_that_breaks_ends_as_failed_and_tells_nothing_of_the_inside(azure: Azure) -> None:
    def broken(account: str, *, takes_keys: bool) -> None:
        raise RuntimeError("inner secret")

    path = f"{azure.group()}/{STORAGE}/sttest"
    azure.blobs.put_account = broken  # type: ignore[method-assign]
    ended = azure.settle(azure("PUT", path, ACCOUNT))
    assert (ended.status, ended.code) == (500, "InternalServerError")
    assert "inner secret" not in str(ended.body)
    assert azure("GET", path).properties["provisioningState"] == "Failed"


def test_a_deployment_that_ends_with_the_endpoint_is_no_failure(azure: Azure, tmp_path: Path) -> None:
    path = f"{azure.group()}/{STORAGE}/sttest"
    azure.blobs.gate.clear()
    azure.blobs.failure = "killed with the endpoint"
    azure("PUT", path, ACCOUNT)
    azure.manager.operations.stop()
    azure.blobs.gate.set()
    successor = Azure(tmp_path / "store.db")
    assert successor.manager.operations.resume() == 1
    while successor("GET", path).properties["provisioningState"] == "Creating":
        sleep(0.005)
    assert successor("GET", path).properties["provisioningState"] == "Succeeded"
    successor.close()


def test_a_container_that_cannot_be_made_is_one_clear_error(azure: Azure, platform: Platform) -> None:
    azure.blobs.failure = "node is not installed"
    answer = azure("PUT", f"{platform.storage}/blobServices/default/containers/data", {"properties": {}})
    assert (answer.status, answer.message) == (400, "node is not installed")


def test_a_deletion_that_was_cut_off_ends_at_the_next_start(azure: Azure, platform: Platform, tmp_path: Path) -> None:
    azure.manager.operations.stop()
    assert azure("DELETE", platform.group).status == 202
    successor = Azure(tmp_path / "store.db")
    assert successor.manager.operations.resume() == 1
    while successor("HEAD", platform.group).status == 204:
        sleep(0.005)
    assert successor.store.rows("SELECT id FROM resources") == []
    successor.close()
