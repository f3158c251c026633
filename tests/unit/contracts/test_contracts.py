"""Contracts: ids, placement, the way back, and what replaces; on the installed SDK."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.arm.contracts import UNKNOWN, Contract, Contracts, rows
from local.arm.contracts.shapes import (
    Enum,
    Json,
    Limits,
    ListOf,
    MapOf,
    Member,
    Members,
    OneOf,
    Ref,
    Scalar,
    Shape,
    StringSet,
)

SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
IDENTITY_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
CONTRACTS = Contracts.load()
DEPTH = 6
WRITE_ONLY = {
    "keyvault:Vault": {"properties.createMode"},
    "machinelearningservices:BatchEndpoint": {"properties.keys"},
    "machinelearningservices:Datastore": {"properties.credentials.secrets"},
    "machinelearningservices:OnlineEndpoint": {"properties.keys"},
    "monitor:AutoscaleSetting": {
        "enabled",
        "notifications",
        "predictiveAutoscalePolicy",
        "profiles",
        "targetResourceLocation",
        "targetResourceUri",
    },
    "sql:Database": {
        "createMode",
        "longTermRetentionBackupResourceId",
        "recoverableDatabaseId",
        "recoveryServicesRecoveryPointId",
        "restorableDroppedDatabaseId",
        "restorePointInTime",
        "sampleName",
        "sourceDatabaseDeletionDate",
        "sourceDatabaseId",
        "sourceResourceId",
    },
    "sql:ExtendedDatabaseBlobAuditingPolicy": {"storageAccountAccessKey"},
    "sql:ExtendedServerBlobAuditingPolicy": {"storageAccountAccessKey"},
    "sql:FailoverGroup": {"secondaryType"},
    "sql:Server": {"administratorLoginPassword"},
    "sql:ServerKey": {"serverKeyType", "uri"},
    "storage:FileShare": {"expand"},
}
"""Inputs that Azure takes and does not answer with, or that the SDK answers under another name."""


class Filler:
    """Builds SDK inputs with every property that is sent in a path or a body, the n-th variant of each union."""

    def __init__(self, contract: Contract, variant: int = 0) -> None:
        self._classes = contract.classes
        self._variant = variant
        self._inputs = contract.inputs
        self._path = contract.path_inputs
        self._only_name = {contract.path_inputs[-1]: contract.only_name} if contract.only_name else {}

    def inputs(self) -> dict[str, Json]:
        return self._members(self._inputs, 0) | self._only_name

    def _members(self, members: Members, depth: int) -> dict[str, Json]:
        sent = {name: m for name, m in members.items() if m.at or (depth == 0 and name in self._path)}
        return {name: self._member(m, depth) for name, m in sent.items() if m.required or depth < DEPTH}

    def _member(self, member: Member, depth: int) -> Json:
        return member.const if member.const is not None else self._shape(member.shape, member.limits, depth)

    def _shape(self, shape: Shape, limits: Limits | None, depth: int) -> Json:
        match shape:
            case Scalar("string"):
                return text(limits or Limits())
            case Scalar("boolean"):
                return True
            case Scalar("any"):
                return {"anything": 1}
            case Scalar():
                return int((limits and limits.minimum) or 1)
            case Enum(values, _):
                return values[0]
            case ListOf(item):
                return [self._shape(item, None, depth)]
            case MapOf(item):
                return {"key": self._shape(item, None, depth)}
            case StringSet():
                return [IDENTITY_ID]
            case Ref(key):
                return self._members(self._classes[key], depth + 1)
            case OneOf(_, variants):
                return self._members(self._classes[variants[self._variant % len(variants)][1]], depth + 1)


def text(limits: Limits) -> str:
    """Return a string within limits; every pattern in the rows has one here."""
    candidates = ("value1", "val-ue1", "10.0.0.0/16", "10.0.0.1", "00000000-0000-4000-8000-00000000000a")
    return next(
        candidate
        for candidate in candidates
        if (limits.min_length or 0) <= len(candidate) <= (limits.max_length or 999)
        and (limits.pattern is None or re.search(limits.pattern, candidate))
    )


def failing(problem: Callable[[Contract], object]) -> dict[str, object]:
    """What is wrong with each contract that something is wrong with, by its token."""
    return {contract.token: found for contract in CONTRACTS if (found := problem(contract))}


@pytest.mark.parametrize("variant", range(4))
def test_full_inputs_are_valid_and_so_is_their_body(variant: int) -> None:
    def problem(contract: Contract) -> object:
        inputs = Filler(contract, variant).inputs()
        body, _ = contract.to_body(inputs)
        return contract.check_inputs(inputs) or contract.check_body(body)

    assert failing(problem) == {}


def test_what_is_sent_and_answered_comes_back_as_the_same_inputs() -> None:
    def problem(contract: Contract) -> object:
        inputs = Filler(contract).inputs()
        body, _ = contract.to_body(inputs)
        back = contract.to_inputs(contract.resource_id(inputs, SUBSCRIPTION), body)
        if contract.scope_input is not None:
            inputs[contract.scope_input] = f"/{inputs[contract.scope_input]}"
        sent = without(inputs, WRITE_ONLY.get(contract.token.partition(":")[2], set()))
        found = {name: value for name, value in back.items() if name != "azureApiVersion"}
        differing = {name for name in {**sent, **found} if sent.get(name) != found.get(name)}
        return {name: (sent.get(name), found.get(name)) for name in differing}

    assert failing(problem) == {}


def without(values: dict[str, Json], paths: set[str], prefix: str = "") -> dict[str, Json]:
    return {
        name: without(value, paths, f"{prefix}{name}.") if isinstance(value, dict) else value
        for name, value in values.items()
        if f"{prefix}{name}" not in paths
    }


def test_ids_are_found_by_type_and_in_any_letter_case() -> None:
    def problem(contract: Contract) -> object:
        resource_id = contract.resource_id(dict.fromkeys(contract.path_inputs, "Name"), SUBSCRIPTION)
        holds = {
            "found by ARM's type": CONTRACTS.by_arm_type(contract.arm_type.upper()) is contract,
            "found by token": CONTRACTS.by_token(contract.token) is contract,
            "read in lower case": contract.path_of(resource_id.lower()) is not None,
            "ends where it ends": (
                contract.path_of(resource_id + "/more/parts") is None or contract.scope == "extension"
            ),
        }
        return [sentence for sentence, true in holds.items() if not true]

    assert failing(problem) == {}


def test_immutable_and_secret_paths_exist() -> None:
    def problem(contract: Contract) -> object:
        return [path for path in contract.immutable_paths | contract.secret_outputs if not exists(contract, path)]

    assert failing(problem) == {}


def exists(contract: Contract, path: str) -> bool:
    """Whether inputs or outputs have a member at a dotted path."""
    members = [contract.inputs, contract.outputs]
    for name in path.split("."):
        found = [m[name] for m in members if name in m]
        members = [contract.classes[key] for member in found for key in keys(member.shape)]
        if not found:
            return False
    return True


def keys(shape: Shape) -> list[str]:
    match shape:
        case Ref(key):
            return [key]
        case OneOf(_, variants):
            return [key for _, key in variants]
        case ListOf(item) | MapOf(item):
            return keys(item)
    return []


def body_of(token: str, **inputs: Any) -> dict[str, Json]:
    return CONTRACTS.by_token(f"azure-native:{token}").to_body(inputs)[0]


def test_a_flattened_resource_is_nested_and_renamed() -> None:
    body = body_of(
        "storage:StorageAccount",
        accountName="account",
        resourceGroupName="rg",
        location="westeurope",
        sku={"name": "Standard_LRS"},
        enableHttpsTrafficOnly=True,
        networkRuleSet={"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": "10.0.0.1"}]},
        encryption={"keyVaultProperties": {"keyName": "k"}},
    )
    assert body == {
        "location": "westeurope",
        "sku": {"name": "Standard_LRS"},
        "properties": {
            "supportsHttpsTrafficOnly": True,
            "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "10.0.0.1"}]},
            "encryption": {"keyvaultproperties": {"keyname": "k"}},
        },
    }


def test_a_set_of_keys_is_an_object_in_arm_and_a_list_in_inputs() -> None:
    contract = CONTRACTS.by_token("azure-native:storage:StorageAccount")
    identity = {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]}
    body = contract.to_body({"identity": identity})[0]
    assert body["identity"]["userAssignedIdentities"] == {IDENTITY_ID: {}}
    answered = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_ID: {"clientId": "c"}}}}
    outputs = contract.to_outputs(answered)
    assert outputs["identity"]["userAssignedIdentities"] == {IDENTITY_ID: {"clientId": "c"}}
    resource_id = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/account"
    assert contract.to_inputs(resource_id, answered)["identity"] == identity


def test_well_known_exceptions_to_the_rule_of_placement() -> None:
    assert body_of("operationalinsights:Workspace", sku={"name": "PerGB2018"}) == {
        "properties": {"sku": {"name": "PerGB2018"}}
    }
    assert body_of("applicationinsights:Component", kind="web", applicationType="web", workspaceResourceId="w") == {
        "kind": "web",
        "properties": {"Application_Type": "web", "WorkspaceResourceId": "w"},
    }
    assert body_of("machinelearningservices:Workspace", location="westeurope") == {
        "location": "westeurope",
        "properties": {},
    }
    assert body_of("consumption:Budget", eTag="1", amount=10) == {"eTag": "1", "properties": {"amount": 10}}


def test_an_answer_in_pascal_case_is_read() -> None:
    contract = CONTRACTS.by_token("azure-native:applicationinsights:Component")
    outputs = contract.to_outputs({"properties": {"ConnectionString": "c", "InstrumentationKey": "k"}})
    assert outputs["connectionString"] == "c"
    assert contract.secret_outputs == {"connectionString", "instrumentationKey"}


def test_a_query_parameter_is_not_in_the_body() -> None:
    contract = CONTRACTS.by_token("azure-native:machinelearningservices:Datastore")
    properties = {"datastoreType": "AzureBlob"}
    body, query = contract.to_body({"name": "n", "skipValidation": True, "properties": properties})
    assert (body, query) == ({"properties": properties}, {"skipValidation": True})


def test_unknown_values_pass_and_hide_a_whole_set() -> None:
    identity = {"type": UNKNOWN, "userAssignedIdentities": [UNKNOWN, "/id"]}
    body = body_of("storage:StorageAccount", identity=identity, enableHttpsTrafficOnly=UNKNOWN)
    assert body["identity"] == {"type": UNKNOWN, "userAssignedIdentities": UNKNOWN}
    assert body["properties"]["supportsHttpsTrafficOnly"] is UNKNOWN


@pytest.mark.parametrize(
    ("token", "inputs", "scope", "resource_id"),
    [
        ("resources:ResourceGroup", {"resourceGroupName": "rg"}, "subscription", GROUP),
        (
            "storage:BlobContainer",
            {"resourceGroupName": "rg", "accountName": "a", "containerName": "c"},
            "resource_group",
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c",
        ),
        (
            "authorization:RoleAssignment",
            {"scope": GROUP.lstrip("/"), "roleAssignmentName": "n"},
            "extension",
            f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/n",
        ),
    ],
)
def test_ids_follow_from_the_inputs(token: str, inputs: dict[str, Json], scope: str, resource_id: str) -> None:
    contract = CONTRACTS.by_token(f"azure-native:{token}")
    assert contract.resource_id(inputs, SUBSCRIPTION) == resource_id
    assert contract.scope == scope


def test_names_in_the_id_and_immutable_properties_replace() -> None:
    contract = CONTRACTS.by_token("azure-native:machinelearningservices:Compute")
    assert contract.replaces("computeName")
    assert contract.replaces("properties.properties.vmSize")
    assert contract.replaces("properties.properties.subnet.id")
    assert not contract.replaces("properties.properties.scaleSettings.maxNodeCount")
    assert not contract.replaces("tags")


def test_a_type_that_is_not_covered_is_named() -> None:
    with pytest.raises(LookupError, match="azure-native:compute:VirtualMachine is not among"):
        CONTRACTS.by_token("azure-native:compute:VirtualMachine")
    assert CONTRACTS.by_arm_type("Microsoft.Compute/virtualMachines") is None


LOADED = """
import sys
from local.arm.contracts import Contracts
Contracts.load()
print(sorted({m.partition('.')[0] for m in sys.modules} & {'pulumi_azure_native', 'pulumi', 'yaml'}))
"""


def test_the_contracts_load_without_the_sdk_and_are_compiled_once(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    shutil.copy(rows.FOLDER / "resources.yaml", folder)
    few = f"import pathlib; from local.arm.contracts import rows; rows.FOLDER = pathlib.Path({str(folder)!r})"
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}

    def loaded(script: str) -> object:
        output = subprocess.check_output([sys.executable, "-c", script], env=environment, text=True)
        return ast.literal_eval(output)

    assert loaded(f"{few}\n{LOADED}") == ["yaml"]
    assert loaded(LOADED) == []
    assert len(list(tmp_path.glob("azure-ml-platform/contracts/*.json"))) == 1
