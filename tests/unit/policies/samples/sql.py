"""Samples of the rules on Azure SQL."""

from policies.kit.kinds import SQL_DATABASE, SQL_SERVER
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case, private_endpoint_cases

SERVER = Node(SQL_SERVER, {"serverName": "sql-mlops"}, name="server")
SERVER_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-mlops"
KEY_ID = "https://kv.vault.azure.net/keys/sql/0123"
AUDIT = {"serverName": "sql-mlops", "isAzureMonitorTargetEnabled": True}
ALERTS = {"serverName": "sql-mlops", "emailAccountAdmins": True}
OF_SERVER = {"serverName": "sql-mlops"}
EXTENDED_AUDIT = "sql:ExtendedServerBlobAuditingPolicy"
STORAGE_AUDIT = "sql:ServerBlobAuditingPolicy"
ENDPOINT = "https://stmlops.blob.core.windows.net"

SECURITY = (
    Case("sql-public-access", SQL_SERVER, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case(
        *("sql-firewall-any", "sql:FirewallRule", "endIpAddress", "203.0.113.7", "255.255.255.255", "violates"),
        rest={"startIpAddress": "203.0.113.0"},
    ),
    Case(
        *("sql-firewall-any", "sql:FirewallRule", "endIpAddress", "0.0.0.9", "0.0.0.0", "violates"),
        rest={"startIpAddress": "0.0.0.0"},
    ),
    Case(
        *("sql-firewall-any", "sql:FirewallRule", "startIpAddress", "203.0.113.7", "not an address", "violates"),
        rest={"endIpAddress": "203.0.113.7"},
    ),
    Case(
        *("sql-firewall-any", "sql:IPv6FirewallRule", "endIPv6Address"),
        *("2001:db8::ffff:ffff:ffff:ffff", "2001:db8:ffff::", "violates"),
        rest={"startIPv6Address": "2001:db8::"},
    ),
    Case("sql-min-tls", SQL_SERVER, "minimalTlsVersion", "1.3", "1.1", "violates"),
    Case("sql-entra-only", SQL_SERVER, "administrators.azureADOnlyAuthentication", True, False, "violates"),
    Case(
        *("sql-entra-only", SQL_SERVER, "administratorLogin", "", "administrator", "passes"),
        rest={"administrators": {"azureADOnlyAuthentication": True}},
    ),
    *private_endpoint_cases("sql-private-endpoint", "sqlServer", SERVER_ID, SERVER),
    Case("sql-auditing", EXTENDED_AUDIT, "state", "Enabled", "Disabled", "violates", rest=AUDIT, others=[SERVER]),
    Case(
        *("sql-auditing", EXTENDED_AUDIT, "serverName", "sql-mlops", "sql-other", "violates"),
        rest={"state": "Enabled", "isAzureMonitorTargetEnabled": True},
        others=[SERVER],
    ),
    Case(
        *("sql-auditing", STORAGE_AUDIT, "storageEndpoint", ENDPOINT, "", "violates"),
        rest={**OF_SERVER, "state": "Enabled"},
        others=[SERVER],
    ),
    Case(
        *("sql-audit-retention", STORAGE_AUDIT, "retentionDays", 90, 30, "passes"),
        rest={"storageEndpoint": ENDPOINT},
    ),
    Case(
        *("sql-audit-retention", EXTENDED_AUDIT, "storageEndpoint", "", ENDPOINT, "passes"),
        rest={"retentionDays": 7},
    ),
    Case(
        *("sql-threat-alerts", "sql:ServerSecurityAlertPolicy", "state", "Enabled", "Disabled", "violates"),
        rest=ALERTS,
        others=[SERVER],
    ),
    Case(
        *("sql-threat-alerts", "sql:ServerSecurityAlertPolicy", "disabledAlerts", [], ["Sql_Injection"], "passes"),
        rest={**ALERTS, "state": "Enabled"},
        others=[SERVER],
    ),
    Case(
        *("sql-threat-alerts", "sql:ServerSecurityAlertPolicy", "emailAddresses", ["a@example.com"], [], "violates"),
        rest={**OF_SERVER, "state": "Enabled"},
        others=[SERVER],
    ),
    Case(
        *("sql-vulnerability-scan", "sql:SqlVulnerabilityAssessmentsSetting", "state"),
        *("Enabled", "Disabled", "violates"),
        rest=OF_SERVER,
        others=[SERVER],
    ),
    Case("sql-tde", "sql:TransparentDataEncryption", "state", "Enabled", "Disabled", "violates"),
    Case("sql-tde-cmk", SQL_SERVER, "keyId", KEY_ID, "", "violates"),
    Case(
        *("sql-tde-cmk", "sql:EncryptionProtector", "serverKeyType", "AzureKeyVault", "ServiceManaged", "violates"),
        rest=OF_SERVER,
        others=[SERVER],
    ),
    Case("sql-zone-redundant", SQL_DATABASE, "zoneRedundant", True, False, "violates"),
    Case("sql-zone-redundant", SQL_DATABASE, "sku.name", "S1", "GP_Gen5_2", "violates"),
)

COST: tuple[Case, ...] = ()
