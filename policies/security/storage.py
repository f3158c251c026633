"""Security of access to storage accounts: Microsoft.Storage/storageAccounts and the containers in them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import (
    all_of,
    any_of,
    contains,
    holds,
    is_false,
    is_set,
    is_true,
    not_false,
    not_true,
    one_of,
    only_if,
)
from policies.kit.kinds import BLOB_CONTAINER, STORAGE_ACCOUNT
from policies.kit.properties import Properties
from policies.kit.remedy import Changes
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, every
from policies.security.limits import Limits
from policies.security.private_endpoints import has_private_endpoint


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on who and what reaches a storage account."""
    return [*_transport(), *_access(limits), *_network()]


def _transport() -> list[AnyRule]:
    return [
        Rule(
            id="st-https-only",
            requires="A storage account takes no unencrypted requests",
            conditions={STORAGE_ACCOUNT: not_false("enableHttpsTrafficOnly")},
            remedies={STORAGE_ACCOUNT: {"enableHttpsTrafficOnly": True}},
            fix="set enableHttpsTrafficOnly to true",
            severity=Severity.HIGH,
            control="DP-3",
            sources=(
                "CKV_AZURE_3",
                "AZU-0008",
                "KICS 1367dd13",
                "Azure.Storage.SecureTransfer",
                "AP 404c3081",
                "CIS 4.1",
            ),
        ),
        Rule(
            id="st-min-tls",
            requires="A storage account speaks TLS 1.2 or newer only",
            conditions={STORAGE_ACCOUNT: one_of("minimumTlsVersion", "TLS1_2", "TLS1_3")},
            remedies={STORAGE_ACCOUNT: {"minimumTlsVersion": "TLS1_2"}},
            fix='set minimumTlsVersion to "TLS1_2"',
            severity=Severity.HIGH,
            control="DP-3",
            sources=("CKV_AZURE_44", "AZU-0011", "Azure.Storage.MinTLS", "AP fe83a0eb", "CIS 4.15"),
        ),
    ]


def _access(limits: Limits) -> list[AnyRule]:
    return [
        Rule(
            id="st-no-blob-public",
            requires="A storage account allows no anonymous access to its blobs",
            conditions={STORAGE_ACCOUNT: is_false("allowBlobPublicAccess")},
            remedies={STORAGE_ACCOUNT: {"allowBlobPublicAccess": False}},
            fix="set allowBlobPublicAccess to false",
            severity=Severity.CRITICAL,
            control="NS-2",
            sources=("CKV_AZURE_190", "CKV2_AZURE_47", "Azure.Storage.BlobPublicAccess", "AP 4fa4b6c0", "CIS 4.6"),
        ),
        Rule(
            id="st-container-private",
            requires="A blob container is not open to the public",
            conditions={BLOB_CONTAINER: one_of("publicAccess", "None", or_absent=True)},
            remedies={BLOB_CONTAINER: {"publicAccess": "None"}},
            fix='leave publicAccess out, or set it to "None"',
            severity=Severity.CRITICAL,
            control="NS-2",
            sources=("CKV_AZURE_34", "AZU-0007", "KICS a0ab985d", "Azure.Storage.BlobAccessType"),
        ),
        Rule(
            id="st-no-shared-key",
            requires="A storage account takes Entra identities only, no account keys",
            conditions={STORAGE_ACCOUNT: is_false("allowSharedKeyAccess")},
            remedies={STORAGE_ACCOUNT: {"allowSharedKeyAccess": False}},
            fix="set allowSharedKeyAccess to false, with identity-based datastores in the workspace",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV2_AZURE_40", "Azure.Storage.LocalAuth", "AP 8c6a50c6"),
        ),
        Rule(
            id="st-local-users",
            requires="A storage account has no users of its own and no SFTP",
            conditions={STORAGE_ACCOUNT: all_of(not_true("isLocalUserEnabled"), not_true("isSftpEnabled"))},
            remedies={STORAGE_ACCOUNT: {"isLocalUserEnabled": False, "isSftpEnabled": False}},
            fix="set isLocalUserEnabled and isSftpEnabled to false",
            severity=Severity.MEDIUM,
            control="IM-1",
            sources=("CKV_AZURE_244",),
        ),
        Rule(
            id="st-cross-tenant",
            requires="A storage account does not replicate to other tenants",
            conditions={STORAGE_ACCOUNT: is_false("allowCrossTenantReplication")},
            remedies={STORAGE_ACCOUNT: {"allowCrossTenantReplication": False}},
            fix="set allowCrossTenantReplication to false",
            severity=Severity.MEDIUM,
            control="DP-2",
            sources=("AP 92a89a79",),
        ),
        Rule(
            id="st-sas-policy",
            requires="Shared access signatures are short-lived, and account keys are rotated where they are allowed",
            conditions={
                STORAGE_ACCOUNT: all_of(
                    _sas_lasts_at_most(limits.sas_days_max),
                    any_of(is_false("allowSharedKeyAccess"), is_set("keyPolicy.keyExpirationPeriodInDays")),
                )
            },
            remedies={STORAGE_ACCOUNT: _sas_policy(limits.sas_days_max)},
            fix=f'set sasPolicy.sasExpirationPeriod to "{limits.sas_days_max}.00:00:00" or less, '
            "and keyPolicy where keys are on",
            severity=Severity.LOW,
            control="IM-8",
            sources=("CKV2_AZURE_41", "AP bc1b984e", "AP 7aa1c9d5"),
        ),
    ]


def _network() -> list[AnyRule]:
    default_deny = one_of("networkRuleSet.defaultAction", "Deny")
    return [
        Rule(
            id="st-default-deny",
            requires="A storage account refuses networks that no rule names",
            conditions={STORAGE_ACCOUNT: any_of(one_of("publicNetworkAccess", "Disabled"), default_deny)},
            remedies={STORAGE_ACCOUNT: {"networkRuleSet.defaultAction": "Deny"}},
            fix='set networkRuleSet.defaultAction to "Deny"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=(
                *("CKV_AZURE_35", "AZU-0012", "KICS d855ced8", "KICS 9073f073"),
                *("Azure.Storage.Firewall", "AP 34c877ad", "CIS 4.7"),
            ),
        ),
        Rule(
            id="st-public-access-off",
            requires="A storage account cannot be reached from public networks",
            conditions={STORAGE_ACCOUNT: one_of("publicNetworkAccess", "Disabled")},
            remedies={STORAGE_ACCOUNT: {"publicNetworkAccess": "Disabled"}},
            fix='set publicNetworkAccess to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_59", "AP b2982f36"),
        ),
        Rule(
            id="st-trusted-bypass",
            requires="Azure's own trusted services reach a storage account behind its firewall",
            conditions={
                STORAGE_ACCOUNT: only_if(
                    default_deny,
                    # Azure's own default.
                    contains("networkRuleSet.bypass", "AzureServices", or_absent=True),
                    otherwise="the account has no firewall",
                )
            },
            remedies={STORAGE_ACCOUNT: _trusting_azure},
            fix='set networkRuleSet.bypass to "AzureServices"',
            severity=Severity.LOW,
            control="NS-2",
            sources=("CKV_AZURE_36", "AZU-0010", "KICS e25b56cd", "AP c9d007d0", "CIS 4.8"),
        ),
        StackRule(
            id="st-private-endpoint",
            requires="A storage account is reached through private endpoints, of blob and where it is a lake of dfs",
            judge=for_each((STORAGE_ACCOUNT,), _has_private_endpoints),
            fix="add a PrivateEndpoint with the account's id and the group blob, and one with dfs for a lake",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV2_AZURE_33", "AP 6edd7eda", "CIS 4.9"),
        ),
    ]


_HAS_BLOB_ENDPOINT, _HAS_DFS_ENDPOINT = has_private_endpoint("blob"), has_private_endpoint("dfs")


def _has_private_endpoints(account: Resource, stack: Stack) -> Verdict:
    is_lake = only_if(
        is_true("isHnsEnabled"), lambda _: _HAS_DFS_ENDPOINT(account, stack), otherwise="the account is no lake"
    )
    return every([_HAS_BLOB_ENDPOINT(account, stack), is_lake(account.properties)])


def _trusting_azure(account: Properties) -> Changes:
    """What may pass already, and Azure's trusted services."""
    present = str(account.get("networkRuleSet.bypass"))
    kept = [] if present.casefold() == "none" else [present]
    return {"networkRuleSet.bypass": ", ".join([*kept, "AzureServices"])}


_DAYS_AND_TIME = re.compile(r"(?:(\d+)\.)?(\d{2}):(\d{2}):(\d{2})")


def _sas_lasts_at_most(days: int) -> Any:
    def accepts(value: Any) -> bool:
        match = _DAYS_AND_TIME.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return False
        whole_days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        life = timedelta(days=whole_days, hours=hours, minutes=minutes, seconds=seconds)
        return life <= timedelta(days=days)

    return holds("sasPolicy.sasExpirationPeriod", accepts, f"be at most {days}.00:00:00 (days.hours:minutes:seconds)")


def _sas_policy(days: int) -> Callable[[Properties], Changes]:
    """A shorter life; an account without the policy gets both of its members, which Azure wants together."""
    life = f"{days}.00:00:00"

    def changes(account: Properties) -> Changes:
        if account.get("sasPolicy") is None:
            return {"sasPolicy": {"expirationAction": "Log", "sasExpirationPeriod": life}}
        return {"sasPolicy.sasExpirationPeriod": life}

    return changes
