"""Ingestion, and what it reads and writes."""

from collections.abc import Iterator

from azure_ml_platform.settings.area import Broken
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.ingestion import ZONES, IngestionSettings
from azure_ml_platform.settings.areas.sql import SqlSettings
from azure_ml_platform.settings.rules.rule import Rule


def _data_has_somewhere_to_go(ingestion: IngestionSettings, data_lake: DataLakeSettings) -> Iterator[Broken]:
    if not ingestion.enabled:
        return
    if not data_lake.enabled:
        yield Broken(("ingestion", "enabled"), "false while data_lake.enabled is: the data goes there", False)
        return
    for zone in ZONES:
        if zone not in data_lake.zones:
            yield Broken(("data_lake", "zones", zone), "given while ingestion.enabled is true: data passes it", {})


def _own_database_is_there(ingestion: IngestionSettings, sql: SqlSettings) -> Iterator[Broken]:
    if not ingestion.enabled or sql.enabled:
        return
    for name in ingestion.own_tables:
        rule = "false while sql.enabled is, or server given: the stack has no database of its own"
        yield Broken(("ingestion", "sources", name, "enabled"), rule, False)


def _closed_stores_are_reached(
    ingestion: IngestionSettings, data_lake: DataLakeSettings, sql: SqlSettings
) -> Iterator[Broken]:
    """Copies outside of a network of their own come from anywhere in Azure."""
    if not ingestion.enabled or ingestion.managed_network:
        return
    used = {"data_lake": data_lake} | ({"sql": sql} if ingestion.own_tables else {})
    closed = [name for name, area in used.items() if area.enabled and not area.public_network_access]
    if closed:
        rule = f"true while {closed[0]}.public_network_access is false: copies reach it by a private endpoint alone"
        yield Broken(("ingestion", "managed_network"), rule, True)


RULES: tuple[Rule, ...] = (
    _data_has_somewhere_to_go,
    _own_database_is_there,
    _closed_stores_are_reached,
)
