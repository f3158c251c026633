"""What is refused, with path and reason: bodies as ARM gets them, inputs as programs write them."""

import pytest

from local.arm.contracts import UNKNOWN, Contracts, Json, Problem

CONTRACTS = Contracts.load()
ACCOUNT = CONTRACTS.by_token("azure-native:storage:StorageAccount")
COMPUTE = CONTRACTS.by_token("azure-native:machinelearningservices:Compute")
BODY: dict[str, Json] = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
INPUTS: dict[str, Json] = {"resourceGroupName": "rg", "accountName": "account", **BODY}


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"Tags": {}}, "Tags", "is no property here; did you mean 'tags'?"),
        (
            {"properties": {"isHnsEnable": 1}},
            "properties.isHnsEnable",
            "is no property here; did you mean 'isHnsEnabled'?",
        ),
        ({"properties": {"isHnsEnabled": "true"}}, "properties.isHnsEnabled", "must be a boolean"),
        (
            {"properties": {"accessTier": "Warm"}},
            "properties.accessTier",
            "must be one of 'Hot', 'Cool', 'Premium', 'Cold'",
        ),
        ({"properties": []}, "properties", "must be an object"),
        ({"kind": 1}, "kind", "must be a string"),
        ({"location": None}, "location", "is required"),
        ({"sku": {}}, "sku.name", "is required"),
        ({"sku": "Standard_LRS"}, "sku", "must be an object"),
        ({"tags": {"cost.center": 1}}, 'tags["cost.center"]', "must be a string"),
    ],
)
def test_a_body_that_azure_would_refuse(change: dict[str, Json], path: str, reason: str) -> None:
    assert ACCOUNT.check_body(BODY | change) == [Problem(path, reason)]


def test_the_sdks_names_are_not_arms() -> None:
    properties = {"enableHttpsTrafficOnly": True, "networkAcls": {"defaultAction": "Deny", "ipRules": [{}]}}
    identity = {"type": "UserAssigned", "userAssignedIdentities": ["/id"]}
    problems = ACCOUNT.check_body(BODY | {"properties": properties, "identity": identity})
    assert {problem.path: problem.reason for problem in problems} == {
        "properties.enableHttpsTrafficOnly": "is no property here; did you mean 'supportsHttpsTrafficOnly'?",
        "properties.networkAcls.ipRules[0].value": "is required",
        "identity.userAssignedIdentities": "must be an object whose keys are the members of the set",
    }


def test_a_body_without_its_required_container_lists_what_is_missing_in_it() -> None:
    lock = CONTRACTS.by_token("azure-native:authorization:ManagementLockByScope")
    workspace = CONTRACTS.by_token("azure-native:machinelearningservices:Workspace")
    assert lock.check_body({}) == [Problem("properties.level", "is required")]
    assert workspace.check_body({"location": "westeurope"}) == [
        Problem("properties", "is required, even when it is empty")
    ]


def test_what_azure_only_reports_may_come_back_in_a_body() -> None:
    answered = BODY | {"id": "/id", "name": "account", "type": ACCOUNT.arm_type, "systemData": {}, "etag": "1"}
    assert ACCOUNT.check_body(answered | {"properties": {"provisioningState": "Succeeded"}}) == []


def test_an_open_enum_takes_new_values_and_a_closed_one_any_letter_case() -> None:
    assert ACCOUNT.check_body(BODY | {"kind": "StorageV9", "properties": {"accessTier": "hot"}}) == []


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({}, "is missing; it tells what kind of object this is: "),
        ({"computeType": "Mainframe"}, "must be one of 'AKS', 'AmlCompute'"),
    ],
)
def test_a_union_names_its_variants(properties: dict[str, Json], problem: str) -> None:
    (found,) = COMPUTE.check_body({"location": "westeurope", "properties": properties})
    assert found.path == "properties.computeType"
    assert found.reason.startswith(problem)


def test_a_property_of_another_variant_is_refused() -> None:
    properties = {"computeType": "AmlCompute", "properties": {"agentCount": 1}}
    (found,) = COMPUTE.check_body({"location": "westeurope", "properties": properties})
    assert found.path == "properties.properties.agentCount"


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, "must be 1 to 365"), (366, "must be 1 to 365"), (1.5, "must be an integer"), (True, "must be an integer")],
)
def test_numbers_have_ranges(days: Json, reason: str) -> None:
    service = CONTRACTS.by_token("azure-native:storage:BlobServiceProperties")
    body = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": days}}}
    assert service.check_body(body) == [Problem("properties.deleteRetentionPolicy.days", reason)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ab", "must have 3 to 24 characters"),
        ("Account", "must match ^[a-z0-9]+$"),
        ("a/b", "must match ^[a-z0-9]+$"),
    ],
)
def test_names_have_lengths_and_patterns(name: str, reason: str) -> None:
    assert Problem("accountName", reason) in ACCOUNT.check_inputs(INPUTS | {"accountName": name})


def test_a_name_that_would_break_the_id_is_refused() -> None:
    datastore = CONTRACTS.by_token("azure-native:machinelearningservices:ModelContainer")
    inputs = {"resourceGroupName": "rg", "workspaceName": "w", "name": "a/b", "properties": {}}
    assert datastore.check_inputs(inputs) == [Problem("name", "must not contain '/'")]


def test_the_only_name_is_enforced() -> None:
    policy = CONTRACTS.by_token("azure-native:storage:BlobServiceProperties")
    inputs = {"resourceGroupName": "rg", "accountName": "a", "blobServicesName": "other"}
    assert policy.check_inputs(inputs) == [Problem("blobServicesName", "must be 'default', the only one Azure knows")]


def test_unknown_values_pass_everywhere() -> None:
    inputs = INPUTS | {
        "accountName": UNKNOWN,
        "sku": UNKNOWN,
        "identity": {"type": UNKNOWN, "userAssignedIdentities": [UNKNOWN]},
        "networkRuleSet": {"defaultAction": UNKNOWN, "ipRules": UNKNOWN},
    }
    assert ACCOUNT.check_inputs(inputs) == []
    compute = {
        "resourceGroupName": "rg",
        "workspaceName": "w",
        "computeName": "cpu",
        "properties": {"computeType": UNKNOWN},
    }
    assert COMPUTE.check_inputs(compute) == []


def test_inputs_of_the_provider_are_not_judged() -> None:
    assert ACCOUNT.check_inputs(INPUTS | {"__createBeforeDelete": True, "azureApiVersion": "2024-01-01"}) == []


def test_the_value_found_is_told_apart_from_the_reason() -> None:
    (problem,) = ACCOUNT.check_inputs(INPUTS | {"accountName": "Secret"})
    assert "Secret" not in problem.reason
    assert problem.described.endswith("found 'Secret'")


def test_missing_inputs_are_listed_with_names_in_the_id_among_them() -> None:
    problems = ACCOUNT.check_inputs({"sku": {}})
    missing = {problem.path for problem in problems if problem.reason == "is required"}
    assert missing == {"resourceGroupName", "accountName", "location", "kind", "sku.name"}
