"""The project's own stacks under both policy packs, each at its own profile: what is mandatory holds."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from policies import cost, security
from policies.kit import waivers
from policies.kit.pack import Pack
from policies.kit.resource import Resource
from policies.kit.verdict import Verdict
from tests.harness.stacks import STACKS, graph_of, settings_of
from tests.unit.policies.judging import judge, resources
from tests.unit.policies.recorded import declared

PACKS: list[Pack[Any]] = [security.PACK, cost.PACK]


def judgements(stack: str, pack: Pack[Any], *, first_preview: bool = False) -> Iterator[tuple[str, Resource, Verdict]]:
    """What each mandatory rule says of each resource of a stack that no waiver sets aside."""
    profile = pack.profile(settings_of(stack).profile.value)
    rules = pack.rules(profile.limits)
    today = datetime.now(UTC).date()
    waived = waivers.load(profile.name, [rule.id for rule in rules], profile.other_rules, today)
    found = resources(declared(node, first_preview=first_preview) for node in graph_of(stack))
    whole = Resource("", "", stack, found[0].properties)
    with pytest.MonkeyPatch.context() as engine:
        engine.setenv("PULUMI_CONFIG", json.dumps({"azure-ml-platform:profile": profile.name}))
        for rule in rules:
            if profile.levels[rule.id] is EnforcementLevel.MANDATORY:
                for resource, verdict in judge(rule, found):
                    if not waived.find(rule.id, resource or whole):
                        yield rule.id, resource or whole, verdict


def violations(found: Iterator[tuple[str, Resource, Verdict]]) -> list[str]:
    return [
        f"{rule} ({resource.name}): {'; '.join(verdict.findings)}"
        for rule, resource, verdict in found
        if verdict.findings
    ]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
@pytest.mark.parametrize("stack", STACKS)
def test_no_stack_breaks_a_mandatory_rule(stack: str, pack: Pack[Any]) -> None:
    assert violations(judgements(stack, pack)) == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
@pytest.mark.parametrize("stack", STACKS)
def test_nothing_stops_a_first_preview_in_which_less_is_known(stack: str, pack: Pack[Any]) -> None:
    assert violations(judgements(stack, pack, first_preview=True)) == []


@pytest.mark.parametrize("stack", STACKS)
def test_after_an_update_no_mandatory_rule_is_undecided(stack: str) -> None:
    waiting = [rule for pack in PACKS for rule, _, verdict in judgements(stack, pack) if verdict.undecided]
    assert waiting == []
