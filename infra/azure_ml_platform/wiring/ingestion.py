"""Arguments of the ingestion."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.ingestion import IngestionArgs, TargetArgs, ZonesArgs
from azure_ml_platform.components.ingestion_sources import AnySource, ScheduleArgs
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.settings import SourceSettings
from azure_ml_platform.settings.areas.ingestion import LANDING, QUARANTINE, RAW
from azure_ml_platform.vocabulary import FileFormat, PrivateSystem, SourceKind
from azure_ml_platform.wiring import encryption
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack

IDENTITY = KEY = "ingestion"
_SOURCE: TypeAdapter[AnySource] = TypeAdapter(AnySource)
_STORAGE, _SERVER = "Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers"


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    vault: KeyVault | None,
    lake: DataLake,
    database: SqlDatabase | None,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> IngestionArgs:
    """The factory, with a pipeline for each source."""
    wanted = stack.settings.ingestion
    return IngestionArgs(
        **stack.place(groups),
        factory_name=stack.name(Kind.DATA_FACTORY),
        identity_id=identities.by_role[IDENTITY].id,
        lake_endpoint=lake.dfs_endpoint,
        zones=ZonesArgs(landing=LANDING, raw=RAW, quarantine=QUARANTINE),
        sources={name: _source(stack, name, source, lake, database) for name, source in wanted.active_sources.items()},
        managed_network=wanted.managed_network,
        targets=dict(_targets(stack, lake, database)) if wanted.managed_network else {},
        public_network_access=wanted.public_network_access,
        private_endpoints=links.endpoints(PrivateSystem.INGESTION, groups) if links else {},
        customer_managed_key=encryption.key_of(stack, KEY, identities, vault),
        diagnostics=diagnostics,
    )


def _targets(stack: Stack, lake: DataLake, database: SqlDatabase | None) -> Mapping[str, TargetArgs]:
    """What copies reach privately; the stack approves endpoints to what is its own."""
    wanted = stack.settings.ingestion
    targets = {"lake": TargetArgs(id=lake.account_id, arm_type=_STORAGE, group="dfs", approve=True)}
    if wanted.own_tables:
        targets["sql"] = _server(_own(database).server_id, approve=True)
    for name, source in wanted.active_sources.items():
        if source.server_id:
            targets[name] = _server(source.server_id)
        if source.account_id:
            targets[name] = TargetArgs(id=source.account_id, arm_type=_STORAGE, group="blob")
    return targets


def _server(server_id: Input[str], *, approve: bool = False) -> TargetArgs:
    return TargetArgs(id=server_id, arm_type=_SERVER, group="sqlServer", approve=approve)


def _own(database: SqlDatabase | None) -> SqlDatabase:
    assert database is not None, "settings refuse a source in a database that the stack lacks"
    return database


def _source(stack: Stack, name: str, source: SourceSettings, lake: DataLake, database: SqlDatabase | None) -> AnySource:
    """The source as its own kind has it."""
    parts = _parts(stack, name, source, lake, database)
    return _SOURCE.validate_python({"kind": source.kind.value, "checks": source.checks.model_dump(), **parts})


def _parts(
    stack: Stack, name: str, source: SourceSettings, lake: DataLake, database: SqlDatabase | None
) -> dict[str, Any]:
    """What a source of its kind has beside what all have."""
    written = {"file_format": source.file_format or FileFormat.CSV}
    match source.kind:
        case SourceKind.SQL:
            table = {"table": source.table, "schema_name": source.schema_name or "dbo", "schedule": _schedule(source)}
            if source.server:
                return {**table, "host": source.server, "database": source.database}
            own = _own(database)
            return {**table, "host": own.host, "database": own.database_name}
        case SourceKind.HTTPS:
            return {**written, "url": source.url, "schedule": _schedule(source)}
        case SourceKind.BLOB:
            account = str(source.account_id).rpartition("/")[2]
            address = f"https://{account}.blob.{stack.cloud.storage_suffix}/"
            place = {"account_id": source.account_id, "container": source.container, "folder": source.folder}
            return {**written, **place, "blob_endpoint": address}
        case SourceKind.INBOX:
            return {**written, "account_id": lake.account_id, "container": LANDING, "folder": f"{name}/inbox"}


def _schedule(source: SourceSettings) -> dict[str, Any]:
    given = {name: getattr(source, name) for name in ScheduleArgs.model_fields}
    return {name: value for name, value in given.items() if value is not None}
