"""Keys and the vault that holds them."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

KeyId = Annotated[
    str,
    Text(
        "the address of a version of a key in a vault",
        "https://kv-keys.vault.azure.net/keys/workspace/0123456789abcdef0123456789abcdef",
        r"https://[a-z0-9-]+\.vault\.[a-z.]+/keys/[A-Za-z0-9-]+/[0-9a-f]{32}",
    ),
]
"""Address of a key in a vault (Microsoft.KeyVault/vaults/keys)."""


class VaultSku(StrEnum):
    """Tier of a key vault."""

    STANDARD = "standard"
    """Keys in software."""
    PREMIUM = "premium"
    """Keys in hardware security modules too."""
