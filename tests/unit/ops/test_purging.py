"""After a stack is destroyed its names are free again, save where Azure forbids that."""

from typing import Any

import pytest

from ops.errors import OpsError
from ops.purge import VAULT, WORKSPACE, purge
from ops.session import Session
from ops.state import Resource
from tests.unit.ops.doubles import SUBSCRIPTION, AzureDouble, entry

DELETED = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv"


def resource(kind: str, resource_id: str, **inputs: Any) -> Resource:
    return Resource.parse(entry(kind, "one", id=resource_id, inputs=inputs))


def vault(**properties: object) -> Resource:
    return resource(VAULT, "/groups/rg/vaults/kv", location="westeurope", properties=properties)


@pytest.mark.avoids("deleted-vault-keeps-its-name")
def test_a_vault_that_was_put_aside_is_purged(session: Session, azure: AzureDouble) -> None:
    azure.resources[DELETED] = {}
    purge(session, [vault()])
    assert azure.acted == [f"{DELETED}/purge"]


def test_a_vault_that_is_gone_needs_nothing(session: Session, azure: AzureDouble) -> None:
    purge(session, [vault()])
    assert azure.acted == []


def test_a_protected_vault_is_told(session: Session, azure: AzureDouble, capsys: pytest.CaptureFixture[str]) -> None:
    azure.resources[DELETED] = {}
    purge(session, [vault(enablePurgeProtection=True)])
    assert azure.acted == []
    assert "/groups/rg/vaults/kv is protected against purging" in capsys.readouterr().err


@pytest.mark.avoids("deleted-workspace-keeps-its-name")
def test_a_workspace_is_deleted_for_good(session: Session, azure: AzureDouble) -> None:
    purge(session, [resource(WORKSPACE, "/workspaces/mlw"), resource("azure-native:storage:StorageAccount", "/st")])
    assert azure.deleted == ["/workspaces/mlw&forceToPurge=true"]


def test_what_azure_refuses_is_told_and_the_rest_goes_on(
    session: Session, azure: AzureDouble, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> None:
        raise OpsError("Azure refused: AuthorizationFailed")

    monkeypatch.setattr(AzureDouble, "delete", refuse)
    azure.resources[DELETED] = {}
    purge(session, [resource(WORKSPACE, "/workspaces/mlw"), vault()])
    assert "the name of /workspaces/mlw stays blocked: Azure refused" in capsys.readouterr().err
    assert azure.acted == [f"{DELETED}/purge"]
