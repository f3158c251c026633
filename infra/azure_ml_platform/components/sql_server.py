"""A SQL server: Microsoft Entra sign-in only, closed to whom it does not know, audited and watched."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

import pulumi
from pulumi_azure_native import monitor, sql

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    NetworkAccessArgs,
    PrincipalType,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints

_AUDIT_LOGS = ("SQLSecurityAuditEvents", "DevOpsOperationsAudit")


class SqlAdministratorArgs(Args):
    """Who administers the server: best a group, so that people come and go without the server."""

    login: str
    """Required. Name of the group, user or application in Microsoft Entra."""
    object_id: Input[str]
    """Required. Its object id."""
    principal_type: Input[str] = PrincipalType.GROUP.value
    """Optional. Kind of the principal, a PrincipalType. Default Group."""


class SqlKeyArgs(Args):
    """A key of a vault that encrypts the databases; the server's identity has to be able to use it."""

    vault_name: str
    """Required. Name of the vault."""
    key_name: str
    """Required. Name of the key."""
    uri: Input[str]
    """Required. Address of a version of the key."""
    permission: Input[str] | None = None
    """Optional. Role assignment by which the server may use the key, waited for. Default it is there already."""

    @property
    def permitted_uri(self) -> pulumi.Output[str]:
        """The address, known once the server may use the key."""
        return pulumi.Output.all(self.uri, self.permission).apply(lambda both: str(both[0]))

    @property
    def server_key_name(self) -> pulumi.Output[str]:
        """The name that Azure wants for it on the server (Microsoft.Sql/servers/keys)."""
        version = pulumi.Output.from_input(self.uri).apply(lambda uri: uri.rpartition("/")[2])
        return pulumi.Output.concat(self.vault_name, "_", self.key_name, "_", version)


class SqlServerArgs(ComponentArgs):
    """Inputs of a server, whatever is on it."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the server."""
    location: Input[str]
    """Required. Azure region."""
    server_name: str
    """Required. Name of the server, unique in the whole cloud."""
    administrator: SqlAdministratorArgs
    """Required. Who administers the server. Taken at creation; afterwards Azure changes it in a resource of its own."""
    identity_id: Input[str]
    """Required. Resource id of the identity that the server signs in elsewhere with."""
    encryption_key: SqlKeyArgs | None = None
    """Optional. Key that encrypts the server's databases, rotated with the vault's. Default Azure's own."""
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


class SqlServer(PlatformComponent):
    """The server below a database, which extends it.

    Azure works on one part of a server at a time, so the parts wait for each other.
    """

    server_id: pulumi.Output[str]
    """Resource id of the server."""
    server_name: pulumi.Output[str]
    """Name of the server."""
    server_host: pulumi.Output[str]
    """Host name of the server itself."""

    def __init__(self, name: str, args: SqlServerArgs, opts: pulumi.ResourceOptions | None) -> None:
        """Create the server and what watches over it."""
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.parts: list[pulumi.Resource] = []
        self.server = self._server(f"{name}-server", args, args.server_name, args.location)
        self._firewall(name, args)
        self._watch(name, args, self.server)
        if args.encryption_key:
            self._encrypt(name, args.encryption_key, self.server)
        self.server_id, self.server_name = self.server.id, self.server.name
        self.server_host = self.server.fully_qualified_domain_name

    def _in_turn(self, **options: Any) -> pulumi.ResourceOptions:
        """Options of the next part of the server: after the one before it."""
        return self.child(depends_on=self.parts[-1:], **options)

    def _place(self, server: "sql.Server | None" = None) -> dict[str, Any]:
        """Where the parts of a server are: of the first one, where none is named."""
        return {"resource_group_name": self._group, "server_name": (server or self.server).name}

    def _server(self, name: str, args: SqlServerArgs, server_name: str, location: Input[str]) -> "sql.Server":
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

    def _firewall(self, name: str, args: SqlServerArgs) -> None:
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

    def _watch(self, name: str, args: SqlServerArgs, server: "sql.Server") -> None:
        """Threat alerts, assessments that need no storage, and the audit."""
        place = self._place(server)
        alerts = sql.ServerSecurityAlertPolicy(
            f"{name}-alerts",
            security_alert_policy_name="Default",
            state=sql.SecurityAlertsPolicyState.ENABLED,
            email_account_admins=not args.alert_emails,
            email_addresses=list(args.alert_emails),
            **place,
            opts=self._in_turn(),
        )
        self.parts.append(alerts)
        assessments = sql.SqlVulnerabilityAssessmentsSetting(
            f"{name}-assessments",
            vulnerability_assessment_name="default",
            state=sql.SqlVulnerabilityAssessmentState.ENABLED,
            **place,
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
            **place,
            opts=self._in_turn(),
        )
        self.parts.append(audit)
        # The server's audit flows through its database `master`, which comes with it.
        monitor.DiagnosticSetting(
            f"{name}-audit-logs",
            name="audit-to-log-analytics",
            resource_uri=pulumi.Output.concat(server.id, "/databases/master"),
            workspace_id=args.diagnostics.workspace_id,
            logs=[{"category": category, "enabled": True} for category in _AUDIT_LOGS],
            opts=self.child(depends_on=[audit]),
        )

    def _encrypt(self, name: str, key: SqlKeyArgs, server: "sql.Server") -> None:
        """Encrypt a server's databases; Azure follows the key's rotation from then on."""
        place = {**self._place(), "server_name": server.name}
        server_key = sql.ServerKey(
            f"{name}-key",
            key_name=key.server_key_name,
            server_key_type="AzureKeyVault",
            uri=key.permitted_uri,
            **place,
            # The name holds a version, and the vault makes new ones.
            opts=self._in_turn(ignore_changes=["keyName", "uri"]),
        )
        self.parts.append(server_key)
        protector = sql.EncryptionProtector(
            f"{name}-protector",
            encryption_protector_name="current",
            server_key_type="AzureKeyVault",
            server_key_name=server_key.name,
            auto_rotation_enabled=True,
            **place,
            opts=self._in_turn(ignore_changes=["serverKeyName"]),
        )
        self.parts.append(protector)
