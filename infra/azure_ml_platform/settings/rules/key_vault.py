"""The key vault."""

from collections.abc import Iterator

from azure_ml_platform.settings.area import Broken
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.ingestion import IngestionSettings
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.areas.sql import SqlSettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import Profile


def _vault_stays_protected(profile: Profile, key_vault: KeyVaultSettings) -> Iterator[Broken]:
    if profile is Profile.PROD and key_vault.enabled and not key_vault.purge_protection:
        rule = "true in prod: Azure refuses to switch it off once it was on"
        yield Broken(("key_vault", "purge_protection"), rule, True)


def _keys_have_a_vault(
    key_vault: KeyVaultSettings,
    blob: BlobSettings,
    data_lake: DataLakeSettings,
    ingestion: IngestionSettings,
    sql: SqlSettings,
) -> Iterator[Broken]:
    """Azure encrypts nothing with a key that somebody could purge."""
    areas: dict[str, BlobSettings | DataLakeSettings | IngestionSettings | SqlSettings] = {
        "blob": blob,
        "data_lake": data_lake,
        "ingestion": ingestion,
        "sql": sql,
    }
    for name, area in areas.items():
        if not (area.enabled and area.customer_managed_key):
            continue
        if not (key_vault.enabled and key_vault.purge_protection):
            rule = "false without key_vault.enabled and key_vault.purge_protection: the key could be purged"
            yield Broken((name, "customer_managed_key"), rule, False)


RULES: tuple[Rule, ...] = (_vault_stays_protected, _keys_have_a_vault)
