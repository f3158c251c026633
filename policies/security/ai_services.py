"""Security of Azure AI services: Microsoft.CognitiveServices/accounts."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, is_set, is_true, none_of, one_of
from policies.kit.kinds import AI_ACCOUNT
from policies.kit.rule import AnyRule, Rule
from policies.security.limits import Limits


def rules(_: Limits) -> list[AnyRule]:
    """The rule on accounts of AI services."""
    return [
        Rule(
            id="ai-services-local-auth",
            requires="An AI service answers to Entra identities in private networks, and has an identity of its own",
            conditions={
                AI_ACCOUNT: all_of(
                    is_true("properties.disableLocalAuth"),
                    one_of("properties.publicNetworkAccess", "Disabled"),
                    is_set("identity.type"),
                    none_of("identity.type", "None"),
                )
            },
            remedies={
                AI_ACCOUNT: {
                    "properties.disableLocalAuth": True,
                    "properties.publicNetworkAccess": "Disabled",
                    "identity.type": "SystemAssigned",
                }
            },
            fix='set properties.disableLocalAuth, properties.publicNetworkAccess to "Disabled", and identity.type',
            severity=Severity.HIGH,
            control="IM-1",
            sources=(
                *("CKV_AZURE_134", "CKV_AZURE_236", "CKV_AZURE_238"),
                *("AP 71ef260a", "AP 037eea7a", "AP d6759c02"),
            ),
        ),
    ]
