"""Security of storage accounts: Microsoft.Storage/storageAccounts and the blob service below them."""

import re
from datetime import timedelta
from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import (
    all_of,
    any_of,
    at_least,
    contains,
    holds,
    is_false,
    is_set,
    is_true,
    matches,
    not_false,
    not_true,
    one_of,
    only_if,
)
from policies.kit.kinds import BLOB_CONTAINER, BLOB_SERVICE, STORAGE_ACCOUNT
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, undecided, violation
from policies.security.limits import Limits


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on storage accounts."""
    return [*_transport(), *_access(limits), *_network(), *_data(limits)]


def _transport() -> list[AnyRule]:
    return [
        Rule(
            id="st-https-only",
            requires="A storage account takes no unencrypted requests",
            conditions={STORAGE_ACCOUNT: not_false("enableHttpsTrafficOnly")},
            fix="set enableHttpsTrafficOnly to true",
            severity=Severity.HIGH,
            control="DP-3",
            sources=("CKV_AZURE_3", "AZU-0008", "Azure.Storage.SecureTransfer", "AP 404c3081", "CIS 4.1"),
        ),
        Rule(
            id="st-min-tls",
            requires="A storage account speaks TLS 1.2 or newer only",
            conditions={STORAGE_ACCOUNT: one_of("minimumTlsVersion", "TLS1_2", "TLS1_3")},
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
            fix="set allowBlobPublicAccess to false",
            severity=Severity.CRITICAL,
            control="NS-2",
            sources=("CKV_AZURE_190", "Azure.Storage.BlobPublicAccess", "AP 4fa4b6c0", "CIS 4.6"),
        ),
        Rule(
            id="st-container-private",
            requires="A blob container is not open to the public",
            conditions={BLOB_CONTAINER: one_of("publicAccess", "None", or_absent=True)},
            fix='leave publicAccess out, or set it to "None"',
            severity=Severity.CRITICAL,
            control="NS-2",
            sources=("CKV_AZURE_34", "AZU-0007", "Azure.Storage.BlobAccessType"),
        ),
        Rule(
            id="st-no-shared-key",
            requires="A storage account takes Entra identities only, no account keys",
            conditions={STORAGE_ACCOUNT: is_false("allowSharedKeyAccess")},
            fix="set allowSharedKeyAccess to false, with identity-based datastores in the workspace",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV2_AZURE_40", "Azure.Storage.LocalAuth", "AP 8c6a50c6"),
        ),
        Rule(
            id="st-local-users",
            requires="A storage account has no users of its own and no SFTP",
            conditions={STORAGE_ACCOUNT: all_of(not_true("isLocalUserEnabled"), not_true("isSftpEnabled"))},
            fix="set isLocalUserEnabled and isSftpEnabled to false",
            severity=Severity.MEDIUM,
            control="IM-1",
            sources=("CKV_AZURE_244",),
        ),
        Rule(
            id="st-cross-tenant",
            requires="A storage account does not replicate to other tenants",
            conditions={STORAGE_ACCOUNT: is_false("allowCrossTenantReplication")},
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
            fix='set networkRuleSet.defaultAction to "Deny"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_35", "AZU-0012", "Azure.Storage.Firewall", "AP 34c877ad", "CIS 4.7"),
        ),
        Rule(
            id="st-public-access-off",
            requires="A storage account cannot be reached from public networks",
            conditions={STORAGE_ACCOUNT: one_of("publicNetworkAccess", "Disabled")},
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
            fix='set networkRuleSet.bypass to "AzureServices"',
            severity=Severity.LOW,
            control="NS-2",
            sources=("CKV_AZURE_36", "AZU-0010", "AP c9d007d0", "CIS 4.8"),
        ),
    ]


def _data(limits: Limits) -> list[AnyRule]:
    days = limits.blob_recovery_days_min
    return [
        Rule(
            id="st-soft-delete",
            requires="Deleted blobs and containers can be recovered",
            conditions={
                BLOB_SERVICE: all_of(
                    is_true("deleteRetentionPolicy.enabled"),
                    at_least("deleteRetentionPolicy.days", days),
                    is_true("containerDeleteRetentionPolicy.enabled"),
                    at_least("containerDeleteRetentionPolicy.days", days),
                )
            },
            fix=f"enable deleteRetentionPolicy and containerDeleteRetentionPolicy for {days} days or more",
            severity=Severity.MEDIUM,
            control="BR-1",
            sources=("CKV2_AZURE_38", "AZU-0056", "Azure.Storage.SoftDelete", "Azure.Storage.ContainerSoftDelete"),
        ),
        StackRule(
            id="st-soft-delete-declared",
            requires="A storage account declares its blob service, or deleted data is lost",
            judge=for_each((STORAGE_ACCOUNT,), _has_blob_service),
            fix="add a BlobServiceProperties with soft delete for the account",
            severity=Severity.MEDIUM,
            control="BR-1",
            sources=("CKV2_AZURE_38", "Azure.Storage.SoftDelete"),
        ),
        Rule(
            id="st-infra-encryption",
            requires="Storage is encrypted a second time at the level of the infrastructure",
            conditions={STORAGE_ACCOUNT: is_true("encryption.requireInfrastructureEncryption")},
            fix="set encryption.requireInfrastructureEncryption to true before the account is created",
            severity=Severity.LOW,
            control="DP-4",
            sources=("AZU-0061", "AP 4733ea7b", "CIS 4.2"),
        ),
        Rule(
            id="st-cmk",
            requires="Storage is encrypted with a key of the organisation",
            conditions={
                STORAGE_ACCOUNT: all_of(
                    one_of("encryption.keySource", "Microsoft.Keyvault"),
                    is_set("encryption.keyVaultProperties.keyName"),
                )
            },
            fix='set encryption.keySource to "Microsoft.Keyvault", with the key in encryption.keyVaultProperties',
            severity=Severity.MEDIUM,
            control="DP-5",
            sources=("CKV2_AZURE_1", "AZU-0060", "AP 6fac406b", "CIS 6.1.3"),
        ),
        Rule(
            id="st-replication",
            requires="Storage survives the loss of a zone or a region",
            conditions={STORAGE_ACCOUNT: matches("sku.name", ["*_ZRS", "*_GRS", "*_GZRS", "*_RAGRS", "*_RAGZRS"])},
            fix='set sku.name to "Standard_ZRS" or a geo-redundant one',
            severity=Severity.MEDIUM,
            sources=("CKV_AZURE_206", "AZU-0058", "Azure.Storage.UseReplication", "AP bf045164"),
        ),
    ]


def _has_blob_service(account: Resource, stack: Stack) -> Verdict:
    if str(account.properties.get("kind")).casefold() == "filestorage":
        return PASSED
    links = stack.referring(BLOB_SERVICE, "accountName", account)
    if links.sources:
        return PASSED
    return undecided(*links.undecided) if links.undecided else violation("no BlobServiceProperties belongs to it")


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
