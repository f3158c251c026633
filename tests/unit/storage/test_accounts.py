"""Names and keys of the local storage accounts."""

import base64
from pathlib import Path

import pytest

from local.errors import LocalError
from local.storage.accounts import Accounts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "blob" / "accounts.json"


def test_each_account_has_two_keys_of_its_own_of_64_bytes(file: Path) -> None:
    accounts = Accounts(file)
    accounts.add("stone")
    accounts.add("brick")

    keys = [*accounts.keys("stone"), *accounts.keys("brick")]
    assert len(set(keys)) == 4
    assert {len(base64.b64decode(key)) for key in keys} == {64}


def test_keys_stay_when_an_account_is_put_again_or_the_endpoint_starts_again(file: Path) -> None:
    accounts = Accounts(file)
    accounts.add("stone")
    keys = accounts.keys("stone")
    accounts.add("stone")

    assert accounts.keys("stone") == keys
    assert Accounts(file).all() == {"stone": keys}


def test_keys_are_for_the_owner_of_the_file_alone(file: Path) -> None:
    Accounts(file).add("stone")

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_removed_account_has_no_keys(file: Path) -> None:
    accounts = Accounts(file)
    accounts.add("stone")
    accounts.remove("stone")
    accounts.remove("stone")

    assert not accounts
    assert "stone" not in Accounts(file)
    with pytest.raises(LocalError, match='no storage account "stone" here; deploy it first'):
        accounts.keys("stone")
