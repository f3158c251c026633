"""Security of key vaults: Microsoft.KeyVault/vaults."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, any_of, at_least, is_true, is_unset, not_false, one_of
from policies.kit.kinds import VAULT
from policies.kit.rule import AnyRule, Rule
from policies.security.limits import Limits


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on key vaults."""
    days = limits.vault_recovery_days_min
    return [
        Rule(
            id="kv-purge-protection",
            requires="Nobody can purge a deleted vault before its retention ends",
            conditions={VAULT: is_true("properties.enablePurgeProtection")},
            fix="set properties.enablePurgeProtection to true, which cannot be undone",
            severity=Severity.HIGH,
            control="DP-8",
            sources=("CKV_AZURE_110", "CKV_AZURE_42", "AZU-0016", "Azure.KeyVault.PurgeProtect", "AP 0b60c0b2"),
        ),
        Rule(
            id="kv-soft-delete",
            requires="A deleted vault can be recovered",
            # Azure's own defaults are soft delete on, for 90 days.
            conditions={
                VAULT: all_of(
                    not_false("properties.enableSoftDelete"),
                    at_least("properties.softDeleteRetentionInDays", days, or_absent=True),
                )
            },
            fix=f"leave soft delete on, with properties.softDeleteRetentionInDays of {days} or more",
            severity=Severity.HIGH,
            control="DP-8",
            sources=("CKV_AZURE_111", "AP 1e66c121"),
        ),
        Rule(
            id="kv-rbac",
            requires="Access to a vault is by role, not by access policies",
            conditions={
                VAULT: all_of(is_true("properties.enableRbacAuthorization"), is_unset("properties.accessPolicies"))
            },
            fix="set properties.enableRbacAuthorization to true and assign roles in place of accessPolicies",
            severity=Severity.HIGH,
            control="PA-7",
            sources=("Azure.KeyVault.RBAC", "Azure.KeyVault.AccessPolicy", "AP 12d4fa5e", "CIS 3.3.6"),
        ),
        Rule(
            id="kv-network",
            requires="A vault refuses networks that no rule names",
            conditions={
                VAULT: any_of(
                    one_of("properties.publicNetworkAccess", "Disabled"),
                    one_of("properties.networkAcls.defaultAction", "Deny"),
                )
            },
            fix='set properties.networkAcls.defaultAction to "Deny", or properties.publicNetworkAccess to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_109", "CKV_AZURE_189", "AZU-0013", "Azure.KeyVault.Firewall", "AP 55615ac9"),
        ),
    ]
