"""The names and keys of the local storage accounts."""

import base64
import json
import secrets
from pathlib import Path

from local.errors import LocalError
from local.paths import write_private

KEY_BYTES = 64
"""Length of an account key, as Azure's."""

Keys = tuple[str, str]


class Accounts:
    """Storage accounts, each with two random keys (base64), in one file that only its owner may read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keys: dict[str, Keys] = {}
        if file.exists():
            self._keys = {name: (first, second) for name, (first, second) in json.loads(file.read_text()).items()}

    def __contains__(self, account: object) -> bool:
        return account in self._keys

    def __bool__(self) -> bool:
        return bool(self._keys)

    def keys(self, account: str) -> Keys:
        """The two keys of `account`; raises LocalError for one that does not exist."""
        if account not in self._keys:
            message = f'there is no storage account "{account}" here; deploy it first'
            raise LocalError(message)
        return self._keys[account]

    def all(self) -> dict[str, Keys]:
        """Every account and its keys."""
        return dict(self._keys)

    def add(self, account: str) -> None:
        """Give `account` keys unless it has them."""
        if account not in self._keys:
            self._keys[account] = (_key(), _key())
            self._save()

    def remove(self, account: str) -> None:
        """Forget `account`."""
        if self._keys.pop(account, None):
            self._save()

    def _save(self) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._file, json.dumps(self._keys))


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
