"""Storage accounts and key vaults of the local target under Microsoft's unchanged clients."""

import json
import subprocess
from typing import Any

import pytest

from local.paths import Paths
from tests.integration.conftest import ROOT, Checkout

pytestmark = pytest.mark.integration

CLIENTS = Paths.of_checkout().home / "clients" / "bin" / "python"


@pytest.fixture(scope="module")
def seen(local_target: Checkout) -> dict[str, Any]:
    """What the clients saw."""
    command = local_target.within(str(CLIENTS), str(ROOT / "tests" / "clients" / "data_stores.py"))
    done = subprocess.run(command, cwd=ROOT, env=local_target.variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_azure_mgmt_storage_makes_accounts_and_reads_azures_refusals(seen: dict[str, Any]) -> None:
    storage = seen["storage"]
    assert storage["accounts"] == ["stblob", "stlake"]
    assert storage["hierarchical"] is True
    assert storage["keys"] == 2
    assert storage["versions_on_a_lake"] == "FeatureNotSupportedForAccount"
    assert storage["name"] is False


def test_azure_mgmt_storage_holds_a_container(seen: dict[str, Any]) -> None:
    storage = seen["storage"]
    assert storage["hold"] == ["case1"]
    assert storage["policy"] == "Unlocked"
    assert storage["container"] == {"hold": True, "policy": True}
    assert storage["deletion"] == "ContainerProtectedFromDeletion"


def test_azure_keyvault_secrets_is_shut_out_until_a_role_lets_it_in(seen: dict[str, Any]) -> None:
    vaults = seen["vaults"]
    assert vaults["shut"] == "Forbidden"
    assert vaults["old"] == ["one", "text/plain", {"of": "sql"}]
    assert vaults["versions"] == 2


def test_azure_keyvault_secrets_deletes_recovers_and_purges(seen: dict[str, Any]) -> None:
    vaults = seen["vaults"]
    assert vaults["deleted"] == "deletedsecrets/db"
    assert vaults["blocked"] == "ObjectIsDeletedButRecoverable"
    assert vaults["back"] == "two"
    assert vaults["purged"] == "SecretNotFound"
    assert vaults["seen_by_resource_manager"] == []
