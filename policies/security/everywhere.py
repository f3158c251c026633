"""Security rules on resources of every kind: where they are, what protects them, and what they must not hold."""

import re
from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import Condition, holds
from policies.kit.kinds import (
    LOG_ANALYTICS,
    ML_WORKSPACE,
    POD_KINDS,
    RESOURCE_GROUP,
    SQL_DATABASE,
    STORAGE_ACCOUNT,
    VAULT,
)
from policies.kit.properties import Properties, Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.rule import ANY, AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, every, undecided, violation
from policies.kit.wording import choices, credential
from policies.security.limits import Limits


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on resources of every kind."""
    return [
        Rule(
            id="allowed-locations",
            requires="Resources are in the regions that the organisation allows",
            conditions={ANY: holds("location", _within(limits.locations), f"be {choices(limits.locations)}")},
            fix="deploy to an allowed region, or have the region added to the profile",
            severity=Severity.MEDIUM,
            control="AM-2",
            sources=("Azure.Resource.AllowedRegions", "AP e56962a6"),
        ),
        StackRule(
            id="stateful-protected",
            requires="What holds data cannot be deleted by mistake",
            judge=for_each((STORAGE_ACCOUNT, VAULT, SQL_DATABASE, ML_WORKSPACE, LOG_ANALYTICS), _protected),
            fix="set the resource option protect, or lock the resource or its resource group",
            severity=Severity.MEDIUM,
            control="AM-3",
            sources=("AP 78460a36",),
        ),
        Rule(
            id="secret-not-plaintext",
            requires="No credential stands where everyone with read access sees it",
            conditions={
                **dict.fromkeys((ANY, "k8s:ConfigMap", *POD_KINDS), _no_credentials()),
                "keyvault:Secret": _no_credentials("properties.value"),
            },
            fix="give the identity a role in place of the credential, or keep it in the key vault, and renew it",
            severity=Severity.CRITICAL,
            control="IM-8",
            sources=("Azure.AppConfig.SecretLeak", "KICS 4d2cf896"),
        ),
    ]


def _within(locations: tuple[str, ...]) -> Any:
    allowed = {*map(_compact, locations), "global"}

    def accepts(location: Any) -> bool:
        # Azure puts a resource without a location where its parent or its resource group is.
        return location is None or (isinstance(location, str) and _compact(location) in allowed)

    return accepts


def _compact(location: str) -> str:
    """A region as Resource Manager compares it: "West Europe" is westeurope."""
    return location.replace(" ", "").casefold()


def _protected(resource: Resource, stack: Stack) -> Verdict:
    if resource.protected:
        return PASSED
    groups = [group for group in stack.of(RESOURCE_GROUP) if resource.refers_to("resourceGroupName", group) is True]
    waiting: list[str] = []
    for target in (resource, *groups):
        locks = stack.referring("authorization:ManagementLockByScope", "scope", target)
        if locks.sources:
            return PASSED
        waiting += locks.undecided
    return undecided(*waiting) if waiting else violation("protect is false and no lock covers it, must be protected")


# Azure shows these to everyone who may read the resource; where an input is made for a secret, the provider hides it.
_READABLE = ("tags", "properties.tags", "properties.environmentVariables", "data")
_MADE_FOR_SECRETS = re.compile(
    r"(?:^|\.)(?:\w*[pP]assword|\w*[sS]ecret|\w*[aA]ccessKey|\w*SasKey|secrets\..*|keys\..*)$"
)


def _no_credentials(*made_for_one: str) -> Condition:
    """No credential stands in an input, those apart that are made for one."""

    def check(properties: Properties) -> Verdict:
        exposed = (
            violation(f"{path} holds what looks like {kind}, must hold none")
            for path, text in properties.strings()
            if path not in made_for_one and not _MADE_FOR_SECRETS.search(path) and (kind := credential(text))
        )
        return every([*exposed, *(_all_known(properties, path) for path in _READABLE)])

    return check


def _all_known(properties: Properties, path: str) -> Verdict:
    entries = properties.entries(path)
    if isinstance(entries, Unknown):
        return undecided(entries.path)
    return undecided(*(value.path for _, value in entries if isinstance(value, Unknown)))
