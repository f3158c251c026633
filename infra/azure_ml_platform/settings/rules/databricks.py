"""Databricks and the lake."""

from collections.abc import Iterator

from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.databricks import DatabricksSettings
from azure_ml_platform.settings.rules.rule import Rule


def _catalog_lies_in_the_lake(databricks: DatabricksSettings, data_lake: DataLakeSettings) -> Iterator[Broken]:
    if not (databricks.enabled and databricks.catalog and data_lake.enabled):
        return
    for index, zone in enumerate(databricks.catalog.zones):
        if zone not in data_lake.zones:
            rule = f"a zone of data_lake.zones ({', '.join(data_lake.zones) or 'it has none'})"
            yield Broken(("databricks", "catalog", "zones", index), rule, next(iter(data_lake.zones), Mend.REMOVE))


RULES: tuple[Rule, ...] = (_catalog_lies_in_the_lake,)
