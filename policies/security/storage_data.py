"""Security of stored data: recovery, encryption and redundancy of Microsoft.Storage/storageAccounts."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, at_least, is_set, is_true, matches, none_of, one_of, only_if
from policies.kit.kinds import BLOB_SERVICE, STORAGE_ACCOUNT
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, undecided, violation
from policies.security.limits import Limits


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on what becomes of stored data."""
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
            remedies={
                BLOB_SERVICE: {
                    "deleteRetentionPolicy.enabled": True,
                    "deleteRetentionPolicy.days": days,
                    "containerDeleteRetentionPolicy.enabled": True,
                    "containerDeleteRetentionPolicy.days": days,
                }
            },
            fix=f"enable deleteRetentionPolicy and containerDeleteRetentionPolicy for {days} days or more",
            severity=Severity.MEDIUM,
            control="BR-1",
            sources=(
                *("CKV2_AZURE_38", "AZU-0056", "Azure.Storage.SoftDelete", "Azure.Storage.ContainerSoftDelete"),
                "AP 9fbd64e3",
            ),
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
    links = stack.referring(BLOB_SERVICE, "accountName", account)
    if links.sources:
        return PASSED
    missing = undecided(*links.undecided) if links.undecided else violation("no BlobServiceProperties belongs to it")
    holds_blobs = only_if(none_of("kind", "FileStorage"), lambda _: missing, otherwise="the account holds no blobs")
    return holds_blobs(account.properties)
