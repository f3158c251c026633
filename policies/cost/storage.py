"""Cost of data: storage accounts, container registries and key vaults."""

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.kit.conditions import (
    Condition,
    all_of,
    at_most,
    holds,
    is_set,
    none_of,
    not_false,
    not_true,
    one_of,
    only_if,
    some,
)
from policies.kit.kinds import BLOB_SERVICE, REGISTRY, STORAGE_ACCOUNT, VAULT
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, either, every, undecided, violation


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on what keeps data."""
    return [*_accounts(limits), *_tiers(limits)]


def _accounts(limits: Limits) -> list[AnyRule]:
    days = limits.blob_recovery_days_max
    return [
        Rule(
            id="storage-redundancy",
            requires="Data is copied as often as the stack needs, and no more",
            conditions={STORAGE_ACCOUNT: one_of("sku.name", *limits.storage_skus)},
            fix=f'set sku.name to "{limits.storage_skus[0]}"',
            severity=Severity.MEDIUM,
            control="CO:10",
            sources=("AP 7433c107",),
        ),
        StackRule(
            id="storage-lifecycle",
            requires="Data that nobody uses moves to a cheaper tier, or is deleted",
            judge=for_each((STORAGE_ACCOUNT,), _has_lifecycle),
            fix="add a ManagementPolicy with an enabled rule on base blobs, and on versions where they are kept",
            severity=Severity.MEDIUM,
            control="CO:10",
        ),
        Rule(
            id="storage-soft-delete-cap",
            requires="Deleted data is not paid for longer than needed",
            conditions={
                BLOB_SERVICE: all_of(
                    at_most("deleteRetentionPolicy.days", days, or_absent=True),
                    at_most("containerDeleteRetentionPolicy.days", days, or_absent=True),
                )
            },
            remedies={BLOB_SERVICE: {"deleteRetentionPolicy.days": days, "containerDeleteRetentionPolicy.days": days}},
            fix=f"set the days of deleteRetentionPolicy and containerDeleteRetentionPolicy to {days} or less",
            severity=Severity.LOW,
            control="CO:10",
        ),
        Rule(
            id="premium-storage-prod-only",
            requires="Storage on solid state disks is for production",
            conditions={
                STORAGE_ACCOUNT: all_of(
                    holds("sku.name", _is_standard, "be a Standard one"),
                    none_of("kind", "BlockBlobStorage", "FileStorage"),
                )
            },
            fix='set sku.name to "Standard_LRS" and kind to "StorageV2"',
            severity=Severity.HIGH,
            control="CO:08",
        ),
    ]


def _tiers(limits: Limits) -> list[AnyRule]:
    return [
        Rule(
            id="acr-sku-dev",
            requires="A registry has the cheapest tier that does its work",
            conditions={REGISTRY: one_of("sku.name", *limits.registry_skus)},
            fix=f'set sku.name to "{limits.registry_skus[0]}"',
            severity=Severity.LOW,
            control="CO:08",
            sources=("AZR-000010", "Azure.ACR.Usage"),
        ),
        Rule(
            id="premium-sku-prod-only",
            requires="Keys in hardware security modules are for where they are required",
            conditions={VAULT: one_of("properties.sku.name", *limits.vault_skus)},
            fix=f'set properties.sku.name to "{limits.vault_skus[0]}"',
            severity=Severity.MEDIUM,
            control="CO:08",
        ),
    ]


def _is_standard(sku: object) -> bool:
    return isinstance(sku, str) and sku.casefold().startswith("standard_")


def _rule_on(action: str) -> Condition:
    return some(
        "policy.rules",
        all_of(not_false("enabled"), is_set(f"definition.actions.{action}")),
        f"have an enabled one with the action {action}",
    )


def _has_lifecycle(account: Resource, stack: Stack) -> Verdict:
    holds_blobs = none_of("kind", "FileStorage")
    ages = only_if(holds_blobs, lambda _: _blobs_age(account, stack), otherwise="an account without blobs")
    return ages(account.properties)


def _blobs_age(account: Resource, stack: Stack) -> Verdict:
    links = stack.referring("storage:ManagementPolicy", "accountName", account)
    waiting = [undecided(path) for path in links.undecided]
    if not links.sources and not waiting:
        return violation("no ManagementPolicy belongs to it")

    def covers(action: str) -> Verdict:
        return either([*(_rule_on(action)(policy.properties) for policy in links.sources), *waiting])

    return every([covers("baseBlob"), either([_keeps_no_versions(account, stack), covers("version")])])


def _keeps_no_versions(account: Resource, stack: Stack) -> Verdict:
    services = stack.referring(BLOB_SERVICE, "accountName", account)
    return every(
        [*(not_true("isVersioningEnabled")(service.properties) for service in services.sources)]
        + [undecided(path) for path in services.undecided]
    )
