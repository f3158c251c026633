"""What a region has to offer."""

from collections.abc import Iterator

from azure_ml_platform.catalog.regions import REGIONS
from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.platform import PlatformSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.areas.sql import SqlSettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import Redundancy


def _zones_exist(
    platform: PlatformSettings,
    blob: BlobSettings,
    data_lake: DataLakeSettings,
    registry: RegistrySettings,
    sql: SqlSettings,
) -> Iterator[Broken]:
    if REGIONS[platform.location].zones:
        return
    stores: dict[str, BlobSettings | DataLakeSettings] = {"blob": blob, "data_lake": data_lake}
    for name, area in stores.items():
        if area.enabled and area.redundancy.zonal:
            rule = f"LRS, GRS or RAGRS: {platform.location} has no availability zones"
            yield Broken((name, "redundancy"), rule, Redundancy.LRS)
    rule = f"false: {platform.location} has no availability zones"
    if registry.enabled and registry.zone_redundancy:
        yield Broken(("registry", "zone_redundancy"), rule, False)
    if sql.enabled and sql.zone_redundant:
        yield Broken(("sql", "zone_redundant"), rule, False)


def _failover_goes_elsewhere(platform: PlatformSettings, sql: SqlSettings) -> Iterator[Broken]:
    if sql.enabled and sql.failover and sql.failover.location == platform.location:
        rule = f"another region than platform.location ({platform.location}), which may be what fails"
        yield Broken(("sql", "failover", "location"), rule, Mend.EDIT)


RULES: tuple[Rule, ...] = (_zones_exist, _failover_goes_elsewhere)
