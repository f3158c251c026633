"""The key vault."""

from collections.abc import Iterator

from azure_ml_platform.settings.area import Broken
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import Profile


def _vault_stays_protected(profile: Profile, key_vault: KeyVaultSettings) -> Iterator[Broken]:
    if profile is Profile.PROD and key_vault.enabled and not key_vault.purge_protection:
        rule = "true in prod: Azure refuses to switch it off once it was on"
        yield Broken(("key_vault", "purge_protection"), rule, True)


RULES: tuple[Rule, ...] = (_vault_stays_protected,)
