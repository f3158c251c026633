"""Functions: the caller, resources by name, and actions that hand out keys."""

import grpc
import pytest

from tests.unit.provider.arm_double import ArmDouble, answers
from tests.unit.provider.engine_double import GROUP, SUBSCRIPTION, Engine

ACCOUNT_ID = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/account"
ACCOUNT_ARGS = {"resourceGroupName": "rg", "accountName": "account"}


def test_the_client_is_told_who_it_is(engine: Engine) -> None:
    result = engine.invoke("azure-native:authorization:getClientConfig", {})
    expected = {"clientId": "app", "objectId": "object", "subscriptionId": SUBSCRIPTION, "tenantId": "tenant"}
    assert result.values == expected


def test_a_token_is_secret(engine: Engine) -> None:
    result = engine.invoke("azure-native:authorization:getClientToken", {"endpoint": "https://storage.azure.com/"})
    assert result.values["token"].startswith("head.")
    assert result.secrets == {("token",)}


def test_a_resource_is_read_by_its_names(engine: Engine, arm: ArmDouble) -> None:
    arm.resources[ACCOUNT_ID] = {"id": ACCOUNT_ID, "name": "account", "properties": {"supportsHttpsTrafficOnly": True}}
    result = engine.invoke("azure-native:storage:getStorageAccount", ACCOUNT_ARGS)
    assert result.values["id"] == ACCOUNT_ID
    assert result.values["enableHttpsTrafficOnly"] is True
    assert result.values["azureApiVersion"] == "2024-01-01"


def test_a_resource_that_is_not_there_is_named(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match=f"there is no Microsoft.Storage/storageAccounts '{ACCOUNT_ID}'"):
        engine.invoke("azure-native:storage:getStorageAccount", ACCOUNT_ARGS)


def test_listed_keys_are_secret_and_arguments_go_where_azure_wants_them(engine: Engine, arm: ArmDouble) -> None:
    keys = {"keys": [{"keyName": "key1", "value": "v"}]}
    arm.script("POST", f"{ACCOUNT_ID}/listKeys", answers(200, {}, keys))
    result = engine.invoke("azure-native:storage:listStorageAccountKeys", ACCOUNT_ARGS | {"expand": "kerb"})
    assert result.values == keys
    assert result.secrets == {("keys",)}
    assert arm.asked[-1].query["$expand"] == "kerb"


def test_a_missing_argument_is_named(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="accountName missing"):
        engine.invoke("azure-native:storage:listStorageAccountKeys", {"resourceGroupName": "rg"})


def test_what_is_not_covered_is_a_clear_error(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="not among those that the local Azure covers"):
        engine.invoke("azure-native:compute:getVirtualMachine", {})
    with pytest.raises(grpc.RpcError, match="azure-native:compute:VirtualMachine is not among the resource types"):
        engine.check("compute:VirtualMachine", {})
