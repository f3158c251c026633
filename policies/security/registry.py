"""Security of container registries: Microsoft.ContainerRegistry/registries."""

from pulumi_policy import Severity

from policies.kit.conditions import any_of, not_true, one_of
from policies.kit.kinds import REGISTRY
from policies.kit.rule import AnyRule, Rule
from policies.security.limits import Limits


def rules(_: Limits) -> list[AnyRule]:
    """The rules on container registries."""
    return [
        Rule(
            id="acr-admin-user",
            requires="A registry has no admin user with a password",
            conditions={REGISTRY: not_true("adminUserEnabled")},
            fix="set adminUserEnabled to false and give identities the role AcrPull",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV_AZURE_137", "AZR-000005", "AP dc921057"),
        ),
        Rule(
            id="acr-anonymous-pull",
            requires="A registry gives images to known identities only",
            conditions={REGISTRY: not_true("anonymousPullEnabled")},
            fix="set anonymousPullEnabled to false",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV_AZURE_138", "Azure.ACR.AnonymousAccess", "AP 9f2dea28"),
        ),
        Rule(
            id="acr-public-access",
            requires="A registry refuses networks that no rule names",
            conditions={
                REGISTRY: any_of(
                    one_of("publicNetworkAccess", "Disabled"), one_of("networkRuleSet.defaultAction", "Deny")
                )
            },
            fix='set publicNetworkAccess to "Disabled" or networkRuleSet.defaultAction to "Deny"; both need Premium',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_139", "Azure.ACR.Firewall", "AP 0fdf0491", "AP d0793b48"),
        ),
        Rule(
            id="acr-sku",
            requires="A registry has the tier that offers network rules and zones",
            conditions={REGISTRY: one_of("sku.name", "Premium")},
            fix='set sku.name to "Premium"',
            severity=Severity.MEDIUM,
            control="NS-2",
            sources=("CKV_AZURE_163", "AZR-000006", "AP bd560fc0"),
        ),
        Rule(
            id="acr-export-policy",
            requires="Images cannot be exported from a registry to elsewhere",
            conditions={REGISTRY: one_of("policies.exportPolicy.status", "disabled")},
            fix='set policies.exportPolicy.status to "disabled" on a Premium registry',
            severity=Severity.LOW,
            control="DP-2",
            sources=("Azure.ACR.ExportPolicy", "AP 524b0254"),
        ),
        Rule(
            id="acr-arm-token",
            requires="A registry takes tokens made for registries, not those of Resource Manager",
            conditions={REGISTRY: one_of("policies.azureADAuthenticationAsArmPolicy.status", "disabled")},
            fix='set policies.azureADAuthenticationAsArmPolicy.status to "disabled"',
            severity=Severity.LOW,
            control="IM-1",
            sources=("AP 42781ec6",),
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
