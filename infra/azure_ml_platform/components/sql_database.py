"""A SQL database on a server of its own: backed up, encrypted, and with a second server to fail over to."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import sql
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.components.interfaces import WatchedArgs, diagnose
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.components.sql_server import SqlServer, SqlServerArgs
from azure_ml_platform.vocabulary import BackupRedundancy, SqlSku

_DATABASE_TYPE = "Microsoft.Sql/servers/databases"
_NEVER = -1


class LongTermRetentionArgs(Args):
    """Backups that are kept for years; periods are ISO 8601, `PT0S` keeps none."""

    weekly: str = "P4W"
    """Optional. How long each week's backup is kept. Default four weeks."""
    monthly: str = "P12M"
    """Optional. How long each month's first backup is kept. Default a year."""
    yearly: str = "P5Y"
    """Optional. How long one backup a year is kept. Default five years."""
    week_of_year: int = Field(default=1, ge=1, le=52)
    """Optional. The week whose backup is the year's. Default the first."""


class SqlFailoverArgs(Args):
    """A second server that the database fails over to."""

    location: Input[str]
    """Required. Another Azure region."""
    server_name: str
    """Required. Name of the second server, unique in the whole cloud."""
    group_name: str
    """Required. Name of the failover group, part of the host name that clients use."""
    grace_minutes: int = Field(default=60, ge=60)
    """Optional. Minutes of outage before Azure fails over with loss of data. Default 60, the least."""
    standby: bool = False
    """Optional. Keep the second database without a licence, for disaster recovery alone. Default false."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints of the second server, which clients reach after a failover. Default none."""


class SqlDatabaseArgs(SqlServerArgs):
    """Inputs of SqlDatabase."""

    database_name: str
    """Required. Name of the database."""
    sku: SqlSku = "GP_S_Gen5_1"
    """Optional. Size of the database. Default serverless, one vCore."""
    auto_pause_minutes: int | None = Field(default=60, ge=15, le=10080)
    """Optional. Minutes without use after which a serverless database pauses; None for never. Default 60."""
    min_vcores: float | None = 0.5
    """Optional. vCores below which a serverless database does not go while it runs. Default 0.5."""
    zone_redundant: bool = False
    """Optional. Spread the database over zones of the region. Default false."""
    read_scale: bool = False
    """Optional. Answer read-only connections from a replica, which GP and serverless lack. Default false."""
    ledger: bool = False
    """Optional. Make every table a ledger, whose history nobody can change. Fixed at creation. Default false."""
    maintenance_configuration_id: Input[str] | None = None
    """Optional. Resource id of the maintenance window. Default Azure's, 17 to 8 o'clock of the region."""
    backup_redundancy: BackupRedundancy = BackupRedundancy.LOCAL
    """Optional. How backups are copied. Default three copies in one datacenter."""
    retention_days: int = Field(default=7, ge=1, le=35)
    """Optional. Days back to which the database can be restored to any moment. Default 7."""
    differential_hours: int = 24
    """Optional. Hours between differential backups, 12 or 24. Default 24."""
    long_term_retention: LongTermRetentionArgs | None = None
    """Optional. Backups kept for years; never together with auto-pause. Default none."""
    failover: SqlFailoverArgs | None = None
    """Optional. Second server in another region. Default none."""


class SqlDatabase(SqlServer):
    """A server that knows no password, and its database."""

    host: pulumi.Output[str]
    """Host name that clients connect to: the failover group's, where there is one."""
    database_id: pulumi.Output[str]
    """Resource id of the database."""
    database_name: pulumi.Output[str]
    """Name of the database."""

    def __init__(self, name: str, args: SqlDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the server, what watches over it, the database, and its replica."""
        args = SqlDatabaseArgs.model_validate(args)
        super().__init__(name, args, opts)
        self.database = self._database(name, args)
        self._back_up(name, args)
        diagnose(self, f"{name}-diagnostics", _DATABASE_TYPE, self.database.id, args.diagnostics)
        self.host = self.server_host
        self.database_id, self.database_name = self.database.id, self.database.name
        if args.failover:
            self._fail_over(name, args, args.failover)
        self.private_endpoints = connect(self, name, self.server.id, args.private_endpoints, args)
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"sql": WatchedArgs(arm_type=_DATABASE_TYPE, id=self.database.id)}

    def _database(self, name: str, args: SqlDatabaseArgs) -> "sql.Database":
        serverless = "_S_" in args.sku
        database = sql.Database(
            f"{name}-database",
            database_name=args.database_name,
            location=args.location,
            sku={"name": args.sku},
            auto_pause_delay=(args.auto_pause_minutes or _NEVER) if serverless else None,
            min_capacity=args.min_vcores if serverless else None,
            zone_redundant=args.zone_redundant,
            read_scale="Enabled" if args.read_scale else None,
            is_ledger_on=args.ledger,
            maintenance_configuration_id=args.maintenance_configuration_id,
            requested_backup_storage_redundancy=args.backup_redundancy.value,
            tags=args.tags,
            **self._place(),
            opts=self._in_turn(protect=args.protect),
        )
        self.parts.append(database)
        return database

    def _back_up(self, name: str, args: SqlDatabaseArgs) -> None:
        of_database = {**self._place(), "database_name": self.database.name}
        encryption = sql.TransparentDataEncryption(
            f"{name}-encryption",
            tde_name="current",
            state=sql.TransparentDataEncryptionState.ENABLED,
            **of_database,
            opts=self._in_turn(),
        )
        self.parts.append(encryption)
        short = sql.BackupShortTermRetentionPolicy(
            f"{name}-retention",
            policy_name="default",
            retention_days=args.retention_days,
            diff_backup_interval_in_hours=args.differential_hours,
            **of_database,
            opts=self._in_turn(),
        )
        self.parts.append(short)
        if kept := args.long_term_retention:
            long = sql.LongTermRetentionPolicy(
                f"{name}-long-term-retention",
                policy_name="default",
                weekly_retention=kept.weekly,
                monthly_retention=kept.monthly,
                yearly_retention=kept.yearly,
                week_of_year=kept.week_of_year,
                **of_database,
                opts=self._in_turn(),
            )
            self.parts.append(long)

    def _fail_over(self, name: str, args: SqlDatabaseArgs, failover: SqlFailoverArgs) -> None:
        partner = self._server(f"{name}-partner", args, failover.server_name, failover.location)
        self._watch(f"{name}-partner", args, partner)
        if args.encryption_key:
            # A copy can be read by a server that has the key as well, before there is one.
            self._encrypt(f"{name}-partner", args.encryption_key, partner)
        connect(self, f"{name}-partner", partner.id, failover.private_endpoints, args)
        group = sql.FailoverGroup(
            f"{name}-failover",
            failover_group_name=failover.group_name,
            partner_servers=[{"id": partner.id}],
            databases=[self.database.id],
            read_write_endpoint={
                "failover_policy": "Automatic",
                "failover_with_data_loss_grace_period_minutes": failover.grace_minutes,
            },
            secondary_type="Standby" if failover.standby else "Geo",
            tags=args.tags,
            **self._place(),
            opts=self._in_turn(),
        )
        self.parts.append(group)
        domain = self.server_host.apply(lambda host: str(host).partition(".")[2])
        self.host = pulumi.Output.concat(failover.group_name, ".", domain)
