"""Arguments of the SQL database and of the jobs that keep it in order."""

from pydantic import TypeAdapter

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.sql_checks import AnyCheck
from azure_ml_platform.components.sql_database import (
    LongTermRetentionArgs,
    SqlDatabase,
    SqlDatabaseArgs,
    SqlFailoverArgs,
)
from azure_ml_platform.components.sql_jobs import ColumnArgs, SqlJobsArgs, SqlUserArgs
from azure_ml_platform.components.sql_server import SqlAdministratorArgs
from azure_ml_platform.settings import CheckSettings, SqlSettings
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring import encryption
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack, network_access

SERVER, JOBS = "sql", "sql-jobs"
"""Roles of the identities of the server and of its jobs."""
_PARTNER = "partner"
_USERS = {"workspace": False, "compute": True, "endpoint": False, "databricks": False, "ingestion": False}
"""Roles of the identities that work in the database, and whether they write."""
_CHECK: TypeAdapter[AnyCheck] = TypeAdapter(AnyCheck)
_COMMON = ("table", "schema_name", "severity")


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    vault: KeyVault | None,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> SqlDatabaseArgs:
    """The server and its database."""
    wanted = stack.settings.sql
    assert wanted.administrator, "settings refuse a server without its administrator"
    kept = wanted.long_term_retention
    return SqlDatabaseArgs(
        **stack.place(groups, "data"),
        server_name=stack.name(Kind.SQL_SERVER),
        database_name=wanted.database_name,
        administrator=SqlAdministratorArgs(**wanted.administrator.model_dump()),
        identity_id=identities.by_role[SERVER].id,
        sku=wanted.sku,
        auto_pause_minutes=wanted.auto_pause_minutes,
        min_vcores=wanted.min_vcores,
        zone_redundant=wanted.zone_redundant,
        read_scale=wanted.read_scale,
        ledger=wanted.ledger,
        backup_redundancy=wanted.backup_redundancy,
        retention_days=wanted.retention_days,
        differential_hours=wanted.differential_hours,
        long_term_retention=LongTermRetentionArgs(**kept.model_dump()) if kept else None,
        encryption_key=encryption.database_key(stack, vault),
        failover=_failover(stack, wanted, groups, links),
        outbound_hosts=wanted.outbound_hosts,
        network=network_access(wanted),
        private_endpoints=links.endpoints(PrivateSystem.SQL, groups, "data") if links else {},
        alert_emails=stack.receivers(wanted.alert_emails),
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )


def jobs(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    diagnostics: DiagnosticsArgs | None,
    database: SqlDatabase,
) -> SqlJobsArgs:
    """The jobs; identities of what computes are users of the database."""
    wanted = stack.settings.sql
    return SqlJobsArgs(
        **stack.place(groups, "data"),
        server_name=database.server_name,
        server_id=database.server_id,
        server_host=database.server_host,
        database_name=database.database_name,
        agent_name=stack.name(Kind.SQL_JOB_AGENT),
        identity_id=identities.by_role[JOBS].id,
        users={
            stack.name(Kind.USER_ASSIGNED_IDENTITY, role): SqlUserArgs(
                object_id=identities.by_role[role].principal_id, write=write
            )
            for role, write in _USERS.items()
            if role in identities.by_role
        },
        columns=[ColumnArgs(**column.model_dump()) for column in wanted.columns],
        checks={name: _check(check, wanted.check_interval) for name, check in wanted.checks.items()},
        private=not wanted.public_network_access,
        diagnostics=diagnostics,
    )


def _check(check: CheckSettings, interval: str) -> AnyCheck:
    """The check as its own kind has it."""
    values = check.model_dump(include={*_COMMON, *check.needed})
    return _CHECK.validate_python({"kind": check.kind.value, "interval": check.interval or interval, **values})


def _failover(
    stack: Stack, wanted: SqlSettings, groups: ResourceGroups, links: PrivateLinks | None
) -> SqlFailoverArgs | None:
    failover = wanted.failover
    if failover is None:
        return None
    return SqlFailoverArgs(
        server_name=stack.name(Kind.SQL_SERVER, _PARTNER),
        group_name=stack.name(Kind.SQL_FAILOVER_GROUP),
        private_endpoints=links.endpoints(PrivateSystem.SQL, groups, "data", _PARTNER) if links else {},
        **failover.model_dump(),
    )
