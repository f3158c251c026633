"""Check: names, location, API version, and everything that is wrong at once."""

from pulumi.runtime.proto import provider_pb2

from tests.unit.provider.arm_double import ArmDouble
from tests.unit.provider.engine_double import GROUP, Engine

IDENTITY = "managedidentity:UserAssignedIdentity"
ACCOUNT = "storage:StorageAccount"
OPTIONS = provider_pb2.CheckRequest.AutonamingOptions


def test_a_missing_name_is_the_logical_name_and_eight_digits_of_the_seed(engine: Engine) -> None:
    first, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"}, seed=b"one")
    again, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"}, seed=b"one")
    other, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"}, seed=b"two")
    name = first.values["resourceName"]
    assert name.startswith("it")
    assert len(name) == len("it") + 8
    assert again.values == first.values
    assert other.values["resourceName"] != name
    assert first.values["__createBeforeDelete"] is True


def test_a_name_in_the_state_wins_over_a_new_one(engine: Engine) -> None:
    olds = {"resourceGroupName": "rg", "resourceName": "it00000000", "__createBeforeDelete": True}
    inputs, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"}, olds)
    assert inputs.values["resourceName"] == "it00000000"
    assert inputs.values["__createBeforeDelete"] is True


def test_a_child_takes_its_logical_name_and_a_singleton_its_only_one(engine: Engine) -> None:
    parent = {"resourceGroupName": "rg", "accountName": "account"}
    container, _ = engine.check("storage:BlobContainer", parent)
    service, _ = engine.check("storage:BlobServiceProperties", parent)
    assert container.values["containerName"] == "it"
    assert service.values["blobServicesName"] == "default"
    assert "__createBeforeDelete" not in container.values


def test_the_engines_autonaming_is_followed(engine: Engine) -> None:
    group = {"resourceGroupName": "rg"}
    proposed, _ = engine.check(IDENTITY, group, autonaming=OPTIONS(proposed_name="proposed", mode=OPTIONS.PROPOSE))
    _, failures = engine.check(IDENTITY, group, autonaming=OPTIONS(mode=OPTIONS.DISABLE))
    assert proposed.values["resourceName"] == "proposed"
    assert failures == {"resourceName": "is required"}


def test_a_proposed_name_does_not_become_the_uuid_of_a_role_assignment(engine: Engine) -> None:
    inputs = {"scope": GROUP, "principalId": "p", "roleDefinitionId": "r"}
    options = OPTIONS(proposed_name="proposed", mode=OPTIONS.PROPOSE)
    completed, failures = engine.check("authorization:RoleAssignment", inputs, autonaming=options)
    assert failures == {}
    assert len(completed.values["roleAssignmentName"]) == 36


def test_a_missing_location_is_that_of_the_resource_group_as_it_is_now(engine: Engine, arm: ArmDouble) -> None:
    for location in ("westeurope", "northeurope"):
        arm.resources[GROUP]["location"] = location
        inputs, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"})
        assert inputs.values["location"] == location


def test_a_location_in_the_state_stays(engine: Engine) -> None:
    inputs, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"}, {"location": "uksouth"})
    assert inputs.values["location"] == "uksouth"


def test_the_location_is_unknown_while_the_resource_group_is_yet_to_come(engine: Engine) -> None:
    inputs, failures = engine.check(IDENTITY, {"resourceGroupName": "rg-later"})
    assert repr(inputs.values["location"]) == "UNKNOWN"
    assert failures == {}


def test_a_resource_group_without_location_is_told_how_to_get_one(engine: Engine) -> None:
    _, failures = engine.check("resources:ResourceGroup", {"resourceGroupName": "rg"})
    assert "pulumi config set azure-native:location" in failures["location"]


def test_all_failures_come_at_once_with_dotted_paths(engine: Engine) -> None:
    news = {
        "resourceGroupName": "rg",
        "accountName": "Not_Valid",
        "sku": {"nam": "Standard_LRS"},
        "enableHttpsTrafficOnly": "yes",
        "accessTier": "Warm",
    }
    _, failures = engine.check(ACCOUNT, news)
    assert set(failures) == {"accountName", "sku.nam", "sku.name", "enableHttpsTrafficOnly", "accessTier", "kind"}
    assert failures["sku.nam"] == "is no property here; did you mean 'name'?"
    assert failures["accessTier"] == "must be one of 'Hot', 'Cool', 'Premium', 'Cold'; found 'Warm'"
    assert failures["enableHttpsTrafficOnly"] == "must be a boolean; found 'yes'"


def test_the_api_version_is_that_of_the_sdk(engine: Engine) -> None:
    inputs, _ = engine.check(IDENTITY, {"resourceGroupName": "rg"})
    assert inputs.values["azureApiVersion"] == "2023-01-31"


def test_a_secret_input_stays_secret_and_is_not_shown_in_a_failure(engine: Engine) -> None:
    news = {"resourceGroupName": "rg", "resourceName": "?s3cret?"}
    inputs, failures = engine.check(IDENTITY, news, secrets=frozenset({("resourceName",)}))
    assert ("resourceName",) in inputs.secrets
    assert "s3cret" not in failures["resourceName"]


def test_credentials_are_secret_even_when_the_program_forgot(engine: Engine) -> None:
    secrets = {"key": "k", "secretsType": "AccountKey"}
    blob = {
        "datastoreType": "AzureBlob",
        "credentials": {"credentialsType": "AccountKey", "secrets": secrets},
    }
    news = {"resourceGroupName": "rg", "workspaceName": "mlw", "properties": blob}
    inputs, failures = engine.check("machinelearningservices:Datastore", news)
    assert failures == {}
    assert ("properties", "credentials", "secrets") in inputs.secrets
