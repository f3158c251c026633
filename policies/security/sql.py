"""Security of Azure SQL: Microsoft.Sql/servers, their databases, and what watches over both."""

from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from pulumi_policy import Severity

from policies.kit.conditions import (
    Condition,
    all_of,
    any_of,
    is_set,
    is_true,
    is_unset,
    kept_for,
    none_of,
    one_of,
    only_if,
)
from policies.kit.kinds import SQL_DATABASE, SQL_SERVER
from policies.kit.properties import Properties, Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, either, undecided, violation
from policies.kit.wording import show
from policies.security.limits import Limits
from policies.security.private_endpoints import has_private_endpoint

_AUDITS = ("sql:ServerBlobAuditingPolicy", "sql:ExtendedServerBlobAuditingPolicy")


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on SQL servers and databases."""
    return [*_access(limits), *_watch(limits), *_data()]


def _access(limits: Limits) -> list[AnyRule]:
    addresses = limits.sql_firewall_addresses_max
    return [
        Rule(
            id="sql-public-access",
            requires="A SQL server cannot be reached from public networks",
            conditions={SQL_SERVER: one_of("publicNetworkAccess", "Disabled")},
            remedies={SQL_SERVER: {"publicNetworkAccess": "Disabled"}},
            fix='set publicNetworkAccess to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_113", "AZU-0022", "AP 1b8ca024"),
        ),
        Rule(
            id="sql-firewall-any",
            requires="A firewall rule lets in few addresses, and never all of Azure or of the internet",
            conditions={
                "sql:FirewallRule": _narrow("startIpAddress", "endIpAddress", IPv4Address, addresses),
                # Whoever has one IPv6 address has a whole /64, which counts as one here.
                "sql:IPv6FirewallRule": _narrow("startIPv6Address", "endIPv6Address", IPv6Address, addresses << 64),
            },
            fix=f"name the callers' own addresses, at most {addresses} in one rule, or use a private endpoint",
            severity=Severity.CRITICAL,
            control="NS-2",
            sources=(
                *("CKV_AZURE_11", "CKV2_AZURE_34", "AZU-0029", "KICS 6a3201a5"),
                *("Azure.SQL.AllowAzureAccess", "Azure.SQL.FirewallIPRange"),
            ),
        ),
        Rule(
            id="sql-min-tls",
            requires="A SQL server speaks TLS 1.2 or newer only",
            conditions={SQL_SERVER: one_of("minimalTlsVersion", "1.2", "1.3")},
            remedies={SQL_SERVER: {"minimalTlsVersion": "1.2"}},
            fix='set minimalTlsVersion to "1.2"',
            severity=Severity.HIGH,
            control="DP-3",
            sources=("CKV_AZURE_52", "AZU-0026", "Azure.SQL.MinTLS", "AP 32e6bbec"),
        ),
        Rule(
            id="sql-entra-only",
            requires="A SQL server knows no passwords, only Entra identities",
            conditions={
                SQL_SERVER: all_of(is_true("administrators.azureADOnlyAuthentication"), is_unset("administratorLogin"))
            },
            fix="set administrators.azureADOnlyAuthentication to true and leave administratorLogin out",
            severity=Severity.HIGH,
            control="IM-1",
            sources=(
                *("CKV2_AZURE_27", "CKV2_AZURE_7", "Azure.SQL.AADOnly"),
                *("AP abda6d70", "AP b3a22bc9", "AP 1f314764"),
            ),
        ),
        StackRule(
            id="sql-private-endpoint",
            requires="A SQL server is reached through a private endpoint",
            judge=for_each((SQL_SERVER,), has_private_endpoint("sqlServer")),
            fix='add a PrivateEndpoint for the server with the group id "sqlServer"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV2_AZURE_45", "AP 7698e800", "azqr sql-004"),
        ),
    ]


def _watch(limits: Limits) -> list[AnyRule]:
    days = limits.audit_days_min
    audited = all_of(
        one_of("state", "Enabled"), any_of(is_true("isAzureMonitorTargetEnabled"), is_set("storageEndpoint"))
    )
    alerted = all_of(
        one_of("state", "Enabled"),
        is_unset("disabledAlerts"),
        any_of(is_true("emailAccountAdmins"), is_set("emailAddresses")),
    )
    return [
        StackRule(
            id="sql-auditing",
            requires="Who does what on a SQL server is recorded",
            judge=for_each((SQL_SERVER,), _has(audited, *_AUDITS)),
            fix="add an ExtendedServerBlobAuditingPolicy for the server, enabled and with a target",
            severity=Severity.HIGH,
            control="LT-3",
            sources=("CKV_AZURE_23", "AZU-0027", "KICS e055285c", "Azure.SQL.Auditing", "AP a6fb4358", "CIS 5.1.1"),
        ),
        Rule(
            id="sql-audit-retention",
            requires="The record of a SQL server in a storage account is kept long enough",
            conditions=dict.fromkeys(
                _AUDITS,
                only_if(is_set("storageEndpoint"), kept_for("retentionDays", days), otherwise="it goes to no storage"),
            ),
            remedies={kind: {"retentionDays": days} for kind in _AUDITS},
            fix=f"set retentionDays to {days} or more, or to 0, which keeps it for ever",
            severity=Severity.MEDIUM,
            control="LT-6",
            sources=("CKV_AZURE_24", "AZU-0025", "KICS c09cdac2", "AP 89099bee", "CIS 5.1.6"),
        ),
        StackRule(
            id="sql-threat-alerts",
            requires="Threats to a SQL server are looked for, all of them, and somebody is told",
            judge=for_each((SQL_SERVER,), _has(alerted, "sql:ServerSecurityAlertPolicy")),
            fix="add a ServerSecurityAlertPolicy for the server, enabled, with emailAccountAdmins or emailAddresses",
            severity=Severity.MEDIUM,
            control="LT-1",
            sources=(
                *("CKV_AZURE_25", "CKV_AZURE_26", "CKV_AZURE_27", "CKV2_AZURE_13", "AZU-0018", "AZU-0023", "AZU-0028"),
                *("KICS 574e8d82", "KICS 89b79fe5", "KICS a8852cc0", "Azure.SQL.DefenderCloud", "AP abfb4388"),
            ),
        ),
        StackRule(
            id="sql-vulnerability-scan",
            requires="A SQL server is scanned for weaknesses",
            judge=for_each((SQL_SERVER,), _has(one_of("state", "Enabled"), "sql:SqlVulnerabilityAssessmentsSetting")),
            fix="add an enabled SqlVulnerabilityAssessmentsSetting for the server",
            severity=Severity.MEDIUM,
            control="PV-5",
            sources=("CKV2_AZURE_2", "CKV2_AZURE_3", "Azure.SQL.VAScan", "AP ef2a8f2a"),
        ),
    ]


def _data() -> list[AnyRule]:
    return [
        Rule(
            id="sql-tde",
            requires="A database is encrypted at rest",
            # Azure encrypts every new database, so that one without a declaration is encrypted.
            conditions={"sql:TransparentDataEncryption": one_of("state", "Enabled")},
            remedies={"sql:TransparentDataEncryption": {"state": "Enabled"}},
            fix='set state to "Enabled"',
            severity=Severity.HIGH,
            control="DP-4",
            sources=("CKV2_AZURE_25", "Azure.SQL.TDE", "AP 17k78e20"),
        ),
        StackRule(
            id="sql-tde-cmk",
            requires="A SQL server is encrypted with a key of the organisation",
            judge=for_each((SQL_SERVER,), _own_key),
            fix="set keyId of the server to a key of a vault, or add an EncryptionProtector of type AzureKeyVault",
            severity=Severity.MEDIUM,
            control="DP-5",
            sources=("AP 0a370ff3",),
        ),
        Rule(
            id="sql-zone-redundant",
            requires="A database survives the loss of a zone",
            conditions={
                SQL_DATABASE: only_if(
                    none_of("sku.name", "Basic", *(f"S{size}" for size in range(13))),
                    is_true("zoneRedundant"),
                    otherwise="its tier is in one zone only",
                )
            },
            fix="set zoneRedundant to true, which costs more",
            severity=Severity.LOW,
            sources=("CKV_AZURE_229",),
        ),
    ]


def _has(condition: Condition, *kinds: str) -> Callable[[Resource, Stack], Verdict]:
    """Whether a resource of one of some kinds belongs to the server and satisfies a condition."""

    def judge(server: Resource, stack: Stack) -> Verdict:
        return either(
            stack.referring(kind, "serverName", server).some(
                lambda part: condition(part.properties), f"no {kind.partition(':')[2]} belongs to it"
            )
            for kind in kinds
        )

    return judge


_PROTECTED = _has(one_of("serverKeyType", "AzureKeyVault"), "sql:EncryptionProtector")


def _own_key(server: Resource, stack: Stack) -> Verdict:
    return either([is_set("keyId")(server.properties), _PROTECTED(server, stack)])


def _narrow(first: str, last: str, address: type[IPv4Address] | type[IPv6Address], addresses_max: int) -> Condition:
    """The range from the address at one path to that at another holds few addresses, and is not all of Azure."""

    def check(properties: Properties) -> Verdict:
        start, end = properties.get(first), properties.get(last)
        unknown = [value.path for value in (start, end) if isinstance(value, Unknown)]
        if unknown:
            return undecided(*unknown)
        try:
            low, high = int(address(start)), int(address(end))
        except (AddressValueError, TypeError):
            return violation(f"{first} and {last} are {show(start)} and {show(end)}, must be addresses")
        if high == 0:
            return violation(f"{first} and {last} are {show(start)}, must not let in all of Azure")
        addresses = high - low + 1
        if addresses > addresses_max:
            return violation(f"{first} to {last} are {addresses} addresses, must be at most {addresses_max}")
        return PASSED

    return check
