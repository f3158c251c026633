"""What the program would create but exists is imported, if it is this stack's own; anything else is left alone."""

from typing import Any

import pytest

from ops.adopt import UNKNOWN, PreviewError, adopt, selected
from ops.errors import OpsError
from ops.session import Session
from tests.unit.ops.doubles import SUBSCRIPTION, AzureDouble, EngineDouble

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-one"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-one"
GROUP_TYPE = "azure-native:resources:ResourceGroup"
VAULT_TYPE = "azure-native:keyvault:Vault"
COMPONENT = "azure-ml-platform:index:KeyVault"
OWN = {"stack": "local"}


def step(kind: str, name: str, op: str = "create", **inputs: object) -> dict[str, Any]:
    urn = f"urn:pulumi:local::azure-ml-platform::{kind}::{name}"
    return {"op": op, "urn": urn, "newState": {"urn": urn, "inputs": inputs}}


GROUP_STEP = step(GROUP_TYPE, "one", resourceGroupName="rg-one", tags=OWN)
VAULT_STEP = step(f"{COMPONENT}${VAULT_TYPE}", "vault", resourceGroupName="rg-one", vaultName="kv-one", tags=OWN)
SPECS: list[dict[str, Any]] = [
    {"type": GROUP_TYPE, "name": "one", "id": "<PLACEHOLDER>", "version": "3.29.0"},
    {"type": COMPONENT, "name": "key-vault", "component": True},
    {"type": VAULT_TYPE, "name": "vault", "id": "<PLACEHOLDER>", "parent": "key-vault"},
    {"type": "azure-native:sql:Server", "name": "sql", "id": "<PLACEHOLDER>"},
]


def previews(engine: EngineDouble, *rounds: list[dict[str, Any]]) -> None:
    for steps in rounds[:-1]:
        engine.answers("preview", {"steps": steps}, import_file={"nameTable": {}, "resources": SPECS}, once=True)
    engine.answers("preview", {"steps": rounds[-1]}, import_file={"nameTable": {}, "resources": []})
    engine.answers("import")


@pytest.mark.avoids("half-made-resources")
def test_what_exists_is_imported_with_its_id(engine: EngineDouble, session: Session, azure: AzureDouble) -> None:
    azure.resources[GROUP] = {"tags": OWN}
    previews(engine, [GROUP_STEP], [])
    assert adopt(session) == 1
    assert engine.imported == [{**SPECS[0], "id": GROUP}]
    assert {"--yes", "--generate-code=false", "--protect=false"} <= set(engine.calls[1])


def test_a_component_is_imported_with_its_child(engine: EngineDouble, session: Session, azure: AzureDouble) -> None:
    azure.resources[VAULT] = {"tags": OWN}
    previews(engine, [VAULT_STEP], [])
    adopt(session)
    assert [spec["name"] for spec in engine.imported] == ["key-vault", "vault"]


def test_a_resource_whose_path_is_known_later_is_found_later(
    engine: EngineDouble, session: Session, azure: AzureDouble
) -> None:
    azure.resources.update({GROUP: {"tags": OWN}, VAULT: {"tags": OWN}})
    hidden = step(VAULT_TYPE, "vault", resourceGroupName=UNKNOWN, vaultName="kv-one", tags=OWN)
    previews(engine, [GROUP_STEP, hidden], [VAULT_STEP], [])
    assert adopt(session) == 2


def test_nothing_is_imported_when_nothing_exists(engine: EngineDouble, session: Session) -> None:
    previews(engine, [GROUP_STEP, VAULT_STEP])
    assert adopt(session) == 0
    assert [call[0] for call in engine.calls] == ["preview"]


def test_only_what_would_be_created_is_looked_up(engine: EngineDouble, session: Session, azure: AzureDouble) -> None:
    azure.resources[GROUP] = {"tags": OWN}
    previews(engine, [step(GROUP_TYPE, "one", op="same", resourceGroupName="rg-one", tags=OWN)])
    assert adopt(session) == 0


@pytest.mark.parametrize(
    ("tags", "owner"), [({"stack": "prod"}, "tagged for stack prod"), ({}, "without a stack's tag")]
)
def test_another_stacks_resource_stops_the_command(
    engine: EngineDouble, session: Session, azure: AzureDouble, tags: dict[str, str], owner: str
) -> None:
    azure.resources.update({GROUP: {"tags": OWN}, VAULT: {"tags": tags}})
    previews(engine, [GROUP_STEP, VAULT_STEP], [])
    with pytest.raises(OpsError, match=rf"kv-one \({owner}\)"):
        adopt(session)
    assert "import" not in [call[0] for call in engine.calls]


def test_a_type_without_tags_is_taken_where_it_lies(engine: EngineDouble, session: Session, azure: AzureDouble) -> None:
    azure.resources[VAULT] = {"properties": {}}
    untagged = step(VAULT_TYPE, "vault", resourceGroupName="rg-one", vaultName="kv-one")
    previews(engine, [untagged], [])
    assert adopt(session) == 1


def test_what_comes_with_its_parent_is_left_to_an_ordinary_creation(
    engine: EngineDouble, session: Session, azure: AzureDouble
) -> None:
    server = f"{GROUP}/providers/Microsoft.Sql/servers/sql-one"
    azure.resources[f"{server}/encryptionProtector/current"] = {"properties": {"serverKeyType": "ServiceManaged"}}
    names = {"resourceGroupName": "rg-one", "serverName": "sql-one", "encryptionProtectorName": "current"}
    previews(engine, [step("azure-native:sql:EncryptionProtector", "protector", **names)])
    assert adopt(session) == 0


def test_an_import_that_does_not_help_ends_the_command(
    engine: EngineDouble, session: Session, azure: AzureDouble
) -> None:
    azure.resources[GROUP] = {"tags": OWN}
    previews(engine, [GROUP_STEP], [GROUP_STEP], [])
    with pytest.raises(OpsError, match="creates one anew"):
        adopt(session)


def test_a_program_that_fails_says_why(engine: EngineDouble, session: Session) -> None:
    engine.answers("preview", {"diagnostics": [{"message": "bad settings\n"}]}, code=1)
    with pytest.raises(PreviewError, match="bad settings"):
        adopt(session)


def test_two_resources_of_one_name_are_told_apart_by_type() -> None:
    specs = [
        {"type": "a", "name": "one", "id": "<PLACEHOLDER>"},
        {"type": "b", "name": "oneB", "logicalName": "one", "id": "<PLACEHOLDER>"},
    ]
    assert [spec["name"] for spec in selected(specs, {("b", "one"): "/id"})] == ["oneB"]
