"""Security of container registries: Microsoft.ContainerRegistry/registries."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, any_of, not_true, one_of
from policies.kit.kinds import REGISTRY
from policies.kit.remedy import where
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.security.limits import Limits
from policies.security.private_endpoints import has_private_endpoint

_PREMIUM = one_of("sku.name", "Premium")
_CLOSED = one_of("publicNetworkAccess", "Disabled")


def rules(_: Limits) -> list[AnyRule]:
    """The rules on container registries."""
    return [*_access(), *_content()]


def _access() -> list[AnyRule]:
    return [
        Rule(
            id="acr-admin-user",
            requires="A registry has no admin user with a password",
            conditions={REGISTRY: not_true("adminUserEnabled")},
            remedies={REGISTRY: {"adminUserEnabled": False}},
            fix="set adminUserEnabled to false and give identities the role AcrPull",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV_AZURE_137", "AZR-000005", "AP dc921057", "azqr cr-008"),
        ),
        Rule(
            id="acr-anonymous-pull",
            requires="A registry gives images to known identities only",
            conditions={REGISTRY: not_true("anonymousPullEnabled")},
            remedies={REGISTRY: {"anonymousPullEnabled": False}},
            fix="set anonymousPullEnabled to false",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV_AZURE_138", "Azure.ACR.AnonymousAccess", "AP 9f2dea28"),
        ),
        Rule(
            id="acr-public-access",
            requires="A registry refuses networks that no rule names",
            conditions={REGISTRY: any_of(_CLOSED, one_of("networkRuleSet.defaultAction", "Deny"))},
            remedies={REGISTRY: where(_PREMIUM, {"networkRuleSet.defaultAction": "Deny"})},
            fix='set publicNetworkAccess to "Disabled" or networkRuleSet.defaultAction to "Deny"; both need Premium',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_139", "Azure.ACR.Firewall", "AP 0fdf0491", "AP d0793b48"),
        ),
        StackRule(
            id="acr-private-endpoint",
            requires="A registry is reached through a private endpoint",
            judge=for_each((REGISTRY,), has_private_endpoint("registry")),
            fix="add a PrivateEndpoint with the registry's id and the group registry; it needs Premium",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP e8eef0a8", "azqr cr-004"),
        ),
        Rule(
            id="acr-sku",
            requires="A registry has the tier that offers network rules and zones",
            conditions={REGISTRY: _PREMIUM},
            fix='set sku.name to "Premium"',
            severity=Severity.MEDIUM,
            control="NS-2",
            sources=("CKV_AZURE_163", "AZR-000006", "AP bd560fc0"),
        ),
    ]


def _content() -> list[AnyRule]:
    return [
        Rule(
            id="acr-export-policy",
            requires="Images cannot be exported from a registry to elsewhere",
            conditions={REGISTRY: one_of("policies.exportPolicy.status", "disabled")},
            # Azure refuses it while public networks are let in.
            remedies={REGISTRY: where(all_of(_PREMIUM, _CLOSED), {"policies.exportPolicy.status": "disabled"})},
            fix='set policies.exportPolicy.status to "disabled" on a Premium registry',
            severity=Severity.LOW,
            control="DP-2",
            sources=("Azure.ACR.ExportPolicy", "AP 524b0254"),
        ),
        Rule(
            id="acr-arm-token",
            requires="A registry takes tokens made for registries, not those of Resource Manager",
            conditions={REGISTRY: one_of("policies.azureADAuthenticationAsArmPolicy.status", "disabled")},
            remedies={REGISTRY: {"policies.azureADAuthenticationAsArmPolicy.status": "disabled"}},
            fix='set policies.azureADAuthenticationAsArmPolicy.status to "disabled"',
            severity=Severity.LOW,
            control="IM-1",
            sources=("AP 42781ec6",),
        ),
        Rule(
            id="acr-quarantine",
            requires="An image is pulled after it has been scanned",
            conditions={REGISTRY: one_of("policies.quarantinePolicy.status", "enabled")},
            fix='set policies.quarantinePolicy.status to "enabled" where a scanner releases images',
            severity=Severity.LOW,
            sources=("CKV_AZURE_166", "AZR-000008"),
        ),
        Rule(
            id="acr-zone-redundancy",
            requires="A registry survives the loss of a zone",
            conditions={REGISTRY: one_of("zoneRedundancy", "Enabled")},
            fix='set zoneRedundancy to "Enabled" on a Premium registry before it is created',
            severity=Severity.LOW,
            sources=("CKV_AZURE_233",),
        ),
    ]
