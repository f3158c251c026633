"""The key vault."""

from typing import Annotated

from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import System
from azure_ml_platform.vocabulary import (
    IpRange,
    VaultSku,
)


class KeyVaultSettings(System):
    """The key vault: Microsoft.KeyVault/vaults, access by role only."""

    sku: VaultSku
    """Tier of the vault."""
    soft_delete_retention_days: Annotated[int, whole(7, 90, "days")]
    """Days that a deleted vault or secret can be recovered; immutable."""
    purge_protection: bool
    """Whether nothing can be purged earlier. Once on, Azure never switches it off."""
    key_rotation_days: Annotated[int, whole(28, 730, "days")] = 365
    """Days after which a key of the vault that encrypts data is rotated; each version lives a month longer."""
    public_network_access: bool
    """Whether the vault answers from public networks, and there only to `allowed_ip_ranges`."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the vault."""
