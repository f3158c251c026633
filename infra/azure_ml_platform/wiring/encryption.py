"""Keys of the stack's own vault: which data they encrypt, and the identity that may use them."""

from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import CustomerKeyArgs
from azure_ml_platform.components.key_vault import KeyArgs, KeyVault
from azure_ml_platform.settings import BlobSettings, DataLakeSettings, IngestionSettings
from azure_ml_platform.wiring.stack import Stack

IDENTITY = "encryption"


def keyed(stack: Stack) -> list[str]:
    """Names of the keys that the stack's data is encrypted with."""
    areas: dict[str, BlobSettings | DataLakeSettings | IngestionSettings] = {
        "blob": stack.settings.blob,
        "data-lake": stack.settings.data_lake,
        "ingestion": stack.settings.ingestion,
    }
    return [key for key, area in areas.items() if area.enabled and area.customer_managed_key]


def keys(stack: Stack, identities: Identities) -> dict[str, KeyArgs]:
    """The keys of the vault; one identity reads them all for the services."""
    days = stack.settings.key_vault.key_rotation_days
    return {key: KeyArgs(rotation_days=days, reader=stack.principal(identities, IDENTITY)) for key in keyed(stack)}


def key_of(stack: Stack, key: str, identities: Identities, vault: KeyVault | None) -> CustomerKeyArgs | None:
    """The key of that name; None where its data has none."""
    if vault is None or key not in keyed(stack):
        return None
    return vault.customer_key(key, identities.by_role[IDENTITY].id)
