"""Faults of Azure's own: operations that take their time, sizes without capacity, principals not known yet."""

from uuid import uuid4

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Answer, Azure, Platform

LOGS = "providers/Microsoft.OperationalInsights/workspaces"
IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
ACCOUNTS = "providers/Microsoft.Storage/storageAccounts"
READER = "providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
SIZE = "Standard_NC24ads_A100_v4"


def faults(azure: Azure, **profile: object) -> Answer:
    return azure("PUT", "/local/faults", profile, version=None)


def move(azure: Azure, seconds: float) -> None:
    azure("POST", "/local/clock", {"move_seconds": seconds}, version=None)


@pytest.fixture
def begun(azure: Azure) -> tuple[str, Answer]:
    """An operation of ten minutes."""
    faults(azure, operation_seconds=600)
    path = f"{azure.group()}/{LOGS}/log-test"
    return path, azure("PUT", path, {"location": REGION, "properties": {}})


def status(azure: Azure, answer: Answer) -> str:
    link = answer.headers["azure-asyncoperation"].partition("4443")[2]
    return str(azure("GET", link, version=None).body["status"])


def test_an_operation_takes_its_time_by_the_endpoints_clock(azure: Azure, begun: tuple[str, Answer]) -> None:
    path, answer = begun
    move(azure, 540)
    assert status(azure, answer) == "InProgress"
    assert azure("GET", path).properties["provisioningState"] == "Creating"
    move(azure, 60)
    assert azure.settle(answer).body["status"] == "Succeeded"
    assert azure("GET", path).properties["provisioningState"] == "Succeeded"


def test_an_operation_fails_after_minutes_when_both_are_asked_for(azure: Azure, begun: tuple[str, Answer]) -> None:
    path, answer = begun
    faults(azure, failing_operations=["*"])
    assert status(azure, answer) == "InProgress"
    move(azure, 600)
    assert azure.settle(answer).body["error"]["code"] == "OperationFailed"
    assert azure("GET", path).properties["provisioningState"] == "Failed"


def test_an_operation_ends_when_the_fault_is_taken_back(azure: Azure, begun: tuple[str, Answer]) -> None:
    azure("DELETE", "/local/faults", version=None)
    assert azure.settle(begun[1]).body["status"] == "Succeeded"


def cluster(size: str) -> Json:
    properties = {"vmSize": size, "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1}}
    return {"location": REGION, "properties": {"computeType": "AmlCompute", "properties": properties}}


@pytest.mark.parametrize("refused", [SIZE, f"{SIZE}@{REGION}"])
def test_a_size_without_capacity_is_refused_with_size_and_region(
    azure: Azure, platform: Platform, refused: str
) -> None:
    faults(azure, refused_sizes=[refused])
    answer = azure("PUT", f"{platform.workspace}/computes/gpu", cluster(SIZE))
    assert (answer.status, answer.code) == (409, "SkuNotAvailable")
    assert SIZE in answer.message
    assert REGION in answer.message
    assert azure("GET", f"{platform.workspace}/computes/gpu").status == 404


def test_other_sizes_and_other_regions_have_capacity(azure: Azure, platform: Platform) -> None:
    faults(azure, refused_sizes=[SIZE, "Standard_DS3_v2@northeurope"])
    assert azure("PUT", f"{platform.workspace}/computes/cpu", cluster("Standard_DS3_v2")).status < 300


@pytest.mark.trap("roles-that-spread")
@pytest.mark.parametrize("kind", ["user assigned", "system assigned"])
def test_a_new_principal_is_not_known_before_it_has_spread(azure: Azure, platform: Platform, kind: str) -> None:
    faults(azure, propagation_seconds=60)
    if kind == "user assigned":
        made = azure.put(f"{platform.group}/{IDENTITIES}/id-new", {"location": REGION})
        principal = made.properties["principalId"]
    else:
        account = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}
        made = azure.put(f"{platform.group}/{ACCOUNTS}/stnew", account | {"identity": {"type": "SystemAssigned"}})
        principal = made.body["identity"]["principalId"]
    body = {"properties": {"principalId": principal, "roleDefinitionId": f"{azure.subscription}/{READER}"}}
    path = f"{platform.storage}/providers/Microsoft.Authorization/roleAssignments/{uuid4()}"
    assert azure("PUT", path, body).code == "PrincipalNotFound"
    move(azure, 60)
    assert azure("PUT", path, body).status == 201


@pytest.mark.parametrize(
    "profile",
    [{"operation_seconds": 1e6}, {"propagation_seconds": -1}, {"refused_sizes": SIZE}, {"refused_sizes": [1]}],
)
def test_what_cannot_be_is_refused_with_the_rule(azure: Azure, profile: Json) -> None:
    answer = faults(azure, **profile)
    assert answer.code == "InvalidFaultProfile"
    assert "it must be" in answer.message
