"""Security of the subscription: plans of Microsoft Defender for Cloud, Microsoft.Security/pricings."""

from collections.abc import Iterator

from pulumi_policy import Severity

from policies.kit.conditions import all_of, one_of
from policies.kit.kinds import AI_ACCOUNT, KUBERNETES_CLUSTER, REGISTRY, SQL_SERVER, STORAGE_ACCOUNT, VAULT
from policies.kit.resource import Stack
from policies.kit.rule import AnyRule, Judgement, StackRule
from policies.kit.verdict import either, violation
from policies.security.limits import Limits

_PLANS = {
    "StorageAccounts": (STORAGE_ACCOUNT,),
    "KeyVaults": (VAULT,),
    "SqlServers": (SQL_SERVER,),
    "Containers": (KUBERNETES_CLUSTER, REGISTRY),
    "AI": (AI_ACCOUNT,),
}
"""Kinds that a plan watches over (learn.microsoft.com/azure/defender-for-cloud/defender-for-cloud-introduction)."""


def rules(_: Limits) -> list[AnyRule]:
    """The rule on plans."""
    return [
        StackRule(
            id="defender-plans",
            requires="Microsoft Defender watches over what the stack has",
            judge=_watched,
            fix='add a Pricing of the plan with pricingTier "Standard", which is billed by what it watches',
            severity=Severity.MEDIUM,
            control="LT-1",
            sources=(
                *("CKV_AZURE_79", "CKV_AZURE_84", "CKV_AZURE_85", "CKV_AZURE_87", "AZU-0045", "KICS 2081c7d6"),
                "Azure.Defender.*",
            ),
        ),
    ]


def _watched(stack: Stack) -> Iterator[Judgement]:
    for plan, kinds in _PLANS.items():
        if any(stack.of(*kinds)):
            standard = all_of(one_of("pricingName", plan), one_of("pricingTier", "Standard"))
            verdicts = [standard(pricing.properties) for pricing in stack.of("security:Pricing")]
            missing = violation(f'no Pricing with pricingTier "Standard" is there for {plan}')
            verdict = either([*verdicts, missing])
            yield None, missing if verdict.violated else verdict
