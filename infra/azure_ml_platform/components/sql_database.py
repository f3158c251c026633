"""A SQL database on a server of its own: Microsoft Entra sign-in only, audited, watched, backed up."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

import pulumi
from pulumi_azure_native import monitor, sql
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    NetworkAccessArgs,
    PrincipalType,
    WatchedArgs,
    diagnose,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.vocabulary import BackupRedundancy, SqlSku

_DATABASE_TYPE = "Microsoft.Sql/servers/databases"
_AUDIT_LOGS = ("SQLSecurityAuditEvents", "DevOpsOperationsAudit")
_NEVER = -1


class SqlAdministratorArgs(Args):
    """Who administers the server: best a group, so that people come and go without the server."""

    login: str
    """Required. Name of the group, user or application in Microsoft Entra."""
    object_id: Input[str]
    """Required. Its object id."""
    principal_type: Input[str] = PrincipalType.GROUP.value
    """Optional. Kind of the principal, a PrincipalType. Default Group."""


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


class SqlKeyArgs(Args):
    """A key of a vault that encrypts the databases; the server's identity has to be able to use it."""

    vault_name: str
    """Required. Name of the vault."""
    key_name: str
    """Required. Name of the key."""
    key_version: str
    """Required. Version of the key, 32 hexadecimal digits."""
    uri: Input[str]
    """Required. Address of that version."""

    @property
    def server_key_name(self) -> str:
        """The name that Azure wants for it on the server (Microsoft.Sql/servers/keys)."""
        return f"{self.vault_name}_{self.key_name}_{self.key_version}"


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


class SqlDatabaseArgs(ComponentArgs):
    """Inputs of SqlDatabase."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the server."""
    location: Input[str]
    """Required. Azure region."""
    server_name: str
    """Required. Name of the server, unique in the whole cloud."""
    database_name: str
    """Required. Name of the database."""
    administrator: SqlAdministratorArgs
    """Required. Who administers the server. Taken at creation; afterwards Azure changes it in a resource of its own."""
    identity_id: Input[str]
    """Required. Resource id of the identity that the server signs in elsewhere with."""
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
    encryption_key: SqlKeyArgs | None = None
    """Optional. Key that encrypts the server's databases, rotated with the vault's. Default Azure's own."""
    failover: SqlFailoverArgs | None = None
    """Optional. Second server in another region. Default none."""
    outbound_hosts: Sequence[str] | None = None
    """Optional. The only hosts that the server may call; None for any. Default none at all."""
    network: NetworkAccessArgs = NetworkAccessArgs()
    """Optional. Who reaches the server from outside. Default nobody."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: sqlServer. Default none."""
    alert_emails: Sequence[str] = ()
    """Optional. Who is written to about threats. Default the subscription's owners."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the audit and the database's logs go; without it nothing is audited. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace server and database. Default true."""


class SqlDatabase(PlatformComponent):
    """A server that knows no password, and its database.

    Azure works on one part of a server at a time, so the parts wait for each other.
    """

    server_id: pulumi.Output[str]
    """Resource id of the server."""
    server_name: pulumi.Output[str]
    """Name of the server."""
    server_host: pulumi.Output[str]
    """Host name of the server itself."""
    host: pulumi.Output[str]
    """Host name that clients connect to: the failover group's, where there is one."""
    database_id: pulumi.Output[str]
    """Resource id of the database."""
    database_name: pulumi.Output[str]
    """Name of the database."""

    def __init__(self, name: str, args: SqlDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the server, what watches over it, the database, and its replica."""
        args = SqlDatabaseArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.parts: list[pulumi.Resource] = []
        self.server = self._server(f"{name}-server", args, args.server_name, args.location)
        self._firewall(name, args)
        self._watch(name, args)
        if args.encryption_key:
            self._encrypt(name, args.encryption_key)
        self.database = self._database(name, args)
        self._back_up(name, args)
        diagnose(self, f"{name}-diagnostics", _DATABASE_TYPE, self.database.id, args.diagnostics)
        self.server_id, self.server_name = self.server.id, self.server.name
        self.host = self.server_host = self.server.fully_qualified_domain_name
        self.database_id, self.database_name = self.database.id, self.database.name
        if args.failover:
            self._fail_over(name, args, args.failover)
        self.private_endpoints = connect(self, name, self.server.id, args.private_endpoints, args)
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"sql": WatchedArgs(arm_type=_DATABASE_TYPE, id=self.database.id)}

    def _in_turn(self, **options: Any) -> pulumi.ResourceOptions:
        """Options of the next part of the server: after the one before it."""
        return self.child(depends_on=self.parts[-1:], **options)

    def _place(self) -> dict[str, Any]:
        return {"resource_group_name": self._group, "server_name": self.server.name}

    def _server(self, name: str, args: SqlDatabaseArgs, server_name: str, location: Input[str]) -> "sql.Server":
        self._group = args.resource_group_name
        administrator = args.administrator
        server = sql.Server(
            name,
            server_name=server_name,
            resource_group_name=args.resource_group_name,
            location=location,
            identity={"type": "UserAssigned", "user_assigned_identities": [args.identity_id]},
            primary_user_assigned_identity_id=args.identity_id,
            administrators={
                "administrator_type": "ActiveDirectory",
                "azure_ad_only_authentication": True,
                "login": administrator.login,
                "sid": administrator.object_id,
                "principal_type": administrator.principal_type,
            },
            minimal_tls_version="1.2",
            public_network_access=args.network.state,
            restrict_outbound_network_access="Disabled" if args.outbound_hosts is None else "Enabled",
            tags=args.tags,
            opts=self._in_turn(protect=args.protect),
        )
        self.parts.append(server)
        return server

    def _firewall(self, name: str, args: SqlDatabaseArgs) -> None:
        """Rules inwards need the public endpoint, rules outwards the restriction."""
        blocks = args.network.allowed_ip_ranges if args.network.public else ()
        for number, block in enumerate(IPv4Network(text) for text in blocks):
            self.parts.append(
                sql.FirewallRule(
                    f"{name}-from-{number}",
                    firewall_rule_name=f"allowed-{number}",
                    start_ip_address=str(block[0]),
                    end_ip_address=str(block[-1]),
                    **self._place(),
                    opts=self._in_turn(),
                )
            )
        for host in args.outbound_hosts or ():
            self.parts.append(
                sql.OutboundFirewallRule(
                    f"{name}-to-{host}", outbound_rule_fqdn=host, **self._place(), opts=self._in_turn()
                )
            )

    def _watch(self, name: str, args: SqlDatabaseArgs) -> None:
        """Threat alerts, assessments that need no storage, and the audit."""
        alerts = sql.ServerSecurityAlertPolicy(
            f"{name}-alerts",
            security_alert_policy_name="Default",
            state=sql.SecurityAlertsPolicyState.ENABLED,
            email_account_admins=not args.alert_emails,
            email_addresses=list(args.alert_emails),
            **self._place(),
            opts=self._in_turn(),
        )
        self.parts.append(alerts)
        assessments = sql.SqlVulnerabilityAssessmentsSetting(
            f"{name}-assessments",
            vulnerability_assessment_name="default",
            state=sql.SqlVulnerabilityAssessmentState.ENABLED,
            **self._place(),
            opts=self._in_turn(),
        )
        self.parts.append(assessments)
        if args.diagnostics is None:
            return
        audit = sql.ExtendedServerBlobAuditingPolicy(
            f"{name}-audit",
            blob_auditing_policy_name="default",
            state=sql.BlobAuditingPolicyState.ENABLED,
            is_azure_monitor_target_enabled=True,
            is_devops_audit_enabled=True,
            **self._place(),
            opts=self._in_turn(),
        )
        self.parts.append(audit)
        # The server's audit flows through its database `master`, which comes with it.
        monitor.DiagnosticSetting(
            f"{name}-audit-logs",
            name="audit-to-log-analytics",
            resource_uri=pulumi.Output.concat(self.server.id, "/databases/master"),
            workspace_id=args.diagnostics.workspace_id,
            logs=[{"category": category, "enabled": True} for category in _AUDIT_LOGS],
            opts=self.child(depends_on=[audit]),
        )

    def _encrypt(self, name: str, key: SqlKeyArgs) -> None:
        server_key = sql.ServerKey(
            f"{name}-key",
            key_name=key.server_key_name,
            server_key_type="AzureKeyVault",
            uri=key.uri,
            **self._place(),
            opts=self._in_turn(),
        )
        self.parts.append(server_key)
        protector = sql.EncryptionProtector(
            f"{name}-protector",
            encryption_protector_name="current",
            server_key_type="AzureKeyVault",
            server_key_name=server_key.name,
            auto_rotation_enabled=True,
            **self._place(),
            opts=self._in_turn(),
        )
        self.parts.append(protector)

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
