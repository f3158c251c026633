"""Security of key vaults and what is in them: Microsoft.KeyVault/vaults, keys and secrets."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, any_of, at_least, is_set, is_true, is_unset, not_false, one_of, some
from policies.kit.kinds import VAULT, VAULT_KEY
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.security.limits import Limits
from policies.security.private_endpoints import has_private_endpoint


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on key vaults, keys and secrets."""
    return [*_recovery(limits), *_access(), *_content()]


def _recovery(limits: Limits) -> list[AnyRule]:
    days = limits.vault_recovery_days_min
    return [
        Rule(
            id="kv-purge-protection",
            requires="Nobody can purge a deleted vault before its retention ends",
            conditions={VAULT: is_true("properties.enablePurgeProtection")},
            fix="set properties.enablePurgeProtection to true, which cannot be undone",
            severity=Severity.HIGH,
            control="DP-8",
            sources=(
                *("CKV_AZURE_110", "CKV_AZURE_42", "AZU-0016", "KICS 7c25f361"),
                *("Azure.KeyVault.PurgeProtect", "AP 0b60c0b2", "CIS 3.3.5"),
            ),
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
            sources=("CKV_AZURE_111", "CKV_AZURE_42", "AP 1e66c121"),
        ),
    ]


def _access() -> list[AnyRule]:
    return [
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
            remedies={VAULT: {"properties.networkAcls.defaultAction": "Deny"}},
            fix='set properties.networkAcls.defaultAction to "Deny", or properties.publicNetworkAccess to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=(
                *("CKV_AZURE_109", "CKV_AZURE_189", "AZU-0013", "Azure.KeyVault.Firewall"),
                *("AP 55615ac9", "AP 405c5871"),
            ),
        ),
        StackRule(
            id="kv-private-endpoint",
            requires="A vault is reached through a private endpoint",
            judge=for_each((VAULT,), has_private_endpoint("vault")),
            fix="add a PrivateEndpoint with the vault's id and the group vault",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV2_AZURE_32", "AP a6abeaec", "CIS 3.3.7"),
        ),
    ]


def _content() -> list[AnyRule]:
    expires = is_set("properties.attributes.expires")
    rotates = all_of(
        is_set("properties.rotationPolicy.attributes.expiryTime"),
        some("properties.rotationPolicy.lifetimeActions", one_of("action.type", "rotate"), "have one that rotates it"),
    )
    return [
        Rule(
            id="kv-key-expiry",
            requires="A key expires, on a date or by its rotation policy",
            conditions={VAULT_KEY: any_of(expires, rotates)},
            fix="set properties.attributes.expires, or a properties.rotationPolicy with expiryTime and a rotate action",
            severity=Severity.MEDIUM,
            control="DP-6",
            sources=(
                *("CKV_AZURE_40", "AZU-0014", "Azure.KeyVault.AutoRotationPolicy"),
                *("AP 152b15f7", "AP d8cf8476", "CIS 3.3.1"),
            ),
        ),
        Rule(
            id="kv-secret-expiry",
            requires="A secret expires",
            conditions={"keyvault:Secret": expires},
            fix="set properties.attributes.expires, in seconds since 1970",
            severity=Severity.MEDIUM,
            control="DP-6",
            sources=("CKV_AZURE_41", "AZU-0017", "KICS cff9c3f7", "AP 98728c90", "CIS 3.3.3"),
        ),
        Rule(
            id="kv-secret-content-type",
            requires="A secret says what it is",
            conditions={"keyvault:Secret": is_set("properties.contentType")},
            fix="set properties.contentType, such as text/plain",
            severity=Severity.LOW,
            sources=("CKV_AZURE_114", "AZU-0015", "AP 75262d3e"),
        ),
        Rule(
            id="kv-key-hsm",
            requires="A key never leaves a hardware security module",
            conditions={VAULT_KEY: one_of("properties.kty", "RSA-HSM", "EC-HSM")},
            fix='set properties.kty to "RSA-HSM" or "EC-HSM" in a premium vault before the key is created',
            severity=Severity.LOW,
            sources=("CKV_AZURE_112", "AP 587c79fe"),
        ),
    ]
