"""Diff: what changed, and what replaces."""

from pulumi.runtime.proto import provider_pb2

from local.arm.contracts import UNKNOWN, Json
from tests.unit.provider.engine_double import GROUP, Engine

ACCOUNT = "storage:StorageAccount"
BASE: dict[str, Json] = {
    "resourceGroupName": "rg",
    "accountName": "account",
    "location": "westeurope",
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "tags": {"owner": "ml"},
}
KIND = provider_pb2.PropertyDiff.Kind


def kinds(response: provider_pb2.DiffResponse) -> dict[str, str]:
    return {path: KIND.Name(change.kind) for path, change in response.detailedDiff.items()}


def test_equal_inputs_are_no_change(engine: Engine) -> None:
    response = engine.diff(ACCOUNT, BASE, dict(BASE))
    assert response.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert kinds(response) == {}


def test_a_region_compares_without_case_and_spaces(engine: Engine) -> None:
    response = engine.diff(ACCOUNT, BASE, BASE | {"location": "West Europe"})
    assert response.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_changes_have_pulumis_paths(engine: Engine) -> None:
    new = BASE | {"tags": {"owner": "ml", "cost.center": "1"}, "sku": {"name": "Standard_ZRS"}}
    response = engine.diff(ACCOUNT, BASE, new)
    assert kinds(response) == {'tags["cost.center"]': "ADD", "sku.name": "UPDATE"}
    assert not response.replaces


def test_a_name_in_the_path_replaces_and_the_old_one_goes_first(engine: Engine) -> None:
    response = engine.diff(ACCOUNT, BASE, BASE | {"accountName": "other"})
    assert kinds(response) == {"accountName": "UPDATE_REPLACE"}
    assert list(response.replaces) == ["accountName"]
    assert response.deleteBeforeReplace


def test_a_random_name_lets_the_new_one_come_first(engine: Engine) -> None:
    mark = {"__createBeforeDelete": True}
    response = engine.diff(ACCOUNT, BASE | mark, BASE | mark | {"location": "northeurope"})
    assert list(response.replaces) == ["location"]
    assert not response.deleteBeforeReplace


def test_an_unknown_value_of_an_immutable_property_replaces(engine: Engine) -> None:
    response = engine.diff(ACCOUNT, BASE, BASE | {"resourceGroupName": UNKNOWN})
    assert kinds(response) == {"resourceGroupName": "UPDATE_REPLACE"}


def test_a_nested_immutable_property_replaces_when_its_object_is_added(engine: Engine) -> None:
    new = BASE | {"encryption": {"keySource": "Microsoft.Storage", "requireInfrastructureEncryption": True}}
    response = engine.diff(ACCOUNT, BASE, new)
    assert kinds(response) == {
        "encryption.keySource": "ADD",
        "encryption.requireInfrastructureEncryption": "ADD_REPLACE",
    }


def test_an_immutable_property_that_azure_already_has_does_not_replace(engine: Engine) -> None:
    response = engine.diff(ACCOUNT, BASE, BASE | {"isHnsEnabled": True}, {"isHnsEnabled": True})
    assert kinds(response) == {"isHnsEnabled": "ADD"}


def test_an_immutable_property_that_the_program_drops_does_not_replace(engine: Engine) -> None:
    response = engine.diff(ACCOUNT, BASE | {"isHnsEnabled": True}, BASE)
    assert kinds(response) == {"isHnsEnabled": "DELETE"}


def test_a_default_of_the_sdk_that_appears_is_no_change(engine: Engine) -> None:
    registry = {"resourceGroupName": "rg", "registryName": "registry", "sku": {"name": "Basic"}}
    response = engine.diff("containerregistry:Registry", registry, registry | {"publicNetworkAccess": "Enabled"})
    assert response.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_the_order_of_a_set_does_not_matter_and_that_of_a_list_does(engine: Engine) -> None:
    def account(identities: list[str], origins: list[str]) -> dict[str, Json]:
        identity = {"type": "UserAssigned", "userAssignedIdentities": identities}
        return BASE | {"identity": identity, "zones": origins}

    same_set = engine.diff(ACCOUNT, account(["/a", "/b"], ["1"]), account(["/b", "/a"], ["1"]))
    other_list = engine.diff(ACCOUNT, account(["/a"], ["1", "2"]), account(["/a"], ["2"]))
    assert same_set.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert kinds(other_list) == {"zones[0]": "UPDATE", "zones[1]": "DELETE"}


def test_a_scope_compares_without_its_leading_slash(engine: Engine) -> None:
    lock = {"scope": GROUP, "lockName": "lock", "level": "CanNotDelete"}
    response = engine.diff("authorization:ManagementLockByScope", lock, lock | {"scope": GROUP.lstrip("/")})
    assert response.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_refresh_does_not_report_what_the_program_ignores(engine: Engine) -> None:
    endpoint = "machinelearningservices:OnlineEndpoint"
    old: dict[str, Json] = {"properties": {"authMode": "AADToken", "traffic": {"blue": 100}}}
    new: dict[str, Json] = {"properties": {"authMode": "Key"}}
    response = engine.diff(endpoint, old, new, ignored=("properties.traffic",))
    assert kinds(response) == {"properties.authMode": "UPDATE_REPLACE"}
