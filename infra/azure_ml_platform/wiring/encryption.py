"""Keys of the stack's own vault: which data they encrypt, and the identity that may use them."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import CustomerKeyArgs
from azure_ml_platform.components.key_vault import KeyArgs, KeyVault
from azure_ml_platform.components.sql_server import SqlKeyArgs
from azure_ml_platform.settings import BlobSettings, DataLakeSettings, IngestionSettings, SqlSettings
from azure_ml_platform.wiring.stack import Stack

IDENTITY = "encryption"
SQL = "sql"
"""The database's key, and the identity that reads it: a server reads its key as itself."""


def keyed(stack: Stack) -> list[str]:
    """Names of the keys that the stack's data is encrypted with."""
    areas: dict[str, BlobSettings | DataLakeSettings | IngestionSettings | SqlSettings] = {
        "blob": stack.settings.blob,
        "data-lake": stack.settings.data_lake,
        "ingestion": stack.settings.ingestion,
        SQL: stack.settings.sql,
    }
    return [key for key, area in areas.items() if area.enabled and area.customer_managed_key]


def keys(stack: Stack, identities: Identities) -> dict[str, KeyArgs]:
    """The keys of the vault; one identity reads them for all services that have none of their own for it."""
    days = stack.settings.key_vault.key_rotation_days
    readers = {key: SQL if key == SQL else IDENTITY for key in keyed(stack)}
    return {key: KeyArgs(rotation_days=days, reader=stack.principal(identities, part)) for key, part in readers.items()}


def key_of(stack: Stack, key: str, identities: Identities, vault: KeyVault | None) -> CustomerKeyArgs | None:
    """The key of that name; None where its data has none."""
    if vault is None or key not in keyed(stack):
        return None
    return vault.customer_key(key, identities.by_role[IDENTITY].id)


def database_key(stack: Stack, vault: KeyVault | None) -> SqlKeyArgs | None:
    """The key of the database; None where it has none."""
    if vault is None or SQL not in keyed(stack):
        return None
    return SqlKeyArgs(
        vault_name=stack.name(Kind.KEY_VAULT),
        key_name=SQL,
        uri=vault.keys[SQL].key_uri_with_version,
        permission=vault.key_permissions[SQL].id,
    )
