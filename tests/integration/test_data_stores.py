"""Storage accounts and key vaults of the local target under Microsoft's unchanged clients."""

from typing import Any

import pytest

from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def seen(shared_target: Checkout) -> dict[str, Any]:
    """What the clients saw."""
    return shared_target.client("data_stores")


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


def test_secrets_of_a_local_target_are_readable_by_their_owner_alone(
    shared_target: Checkout, seen: dict[str, Any]
) -> None:
    paths = shared_target.paths
    assert paths.home.stat().st_mode & 0o077 == 0
    written = [paths.arm, paths.passphrase, *paths.home.glob("store.db*"), *(paths.home / "tls").glob("*.key")]
    assert len(written) >= 4
    assert [file.name for file in written if file.stat().st_mode & 0o077] == []
