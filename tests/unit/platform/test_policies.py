"""The project's own stacks under both policy packs, each at its own profile: what is mandatory holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from policies import cost, security
from policies.kit import waivers
from policies.kit.pack import Pack
from policies.kit.resource import Resource
from policies.kit.verdict import Verdict
from tests.harness.graph import Node as Registered
from tests.harness.stacks import STACKS, graph_of, settings_of
from tests.unit.policies.analyzer import UNKNOWN, Node
from tests.unit.policies.judging import judge, resources

PACKS: list[Pack[Any]] = [security.PACK, cost.PACK]


@dataclass(frozen=True)
class Declared(Node):
    """A resource of the program, under the type and the URN that it has there."""

    own_urn: str = ""

    @property
    def type(self) -> str:
        return self.kind

    @property
    def urn(self) -> str:
        return self.own_urn


def declared(node: Registered, *, first_preview: bool) -> Declared:
    """A resource of a program; in a first preview nothing is known that comes from another resource."""
    origins = {key: sorted(urns) for key, urns in node.property_dependencies.items() if urns}
    inputs = {key: UNKNOWN if first_preview and key in origins else plain(value) for key, value in node.inputs.items()}
    return Declared(node.type, inputs, node.name, node.protect, origins, own_urn=node.urn)


def plain(value: Any) -> Any:
    """A value as it is on the wire; what is neither data nor known stands as a text."""
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def judgements(stack: str, pack: Pack[Any], *, first_preview: bool = False) -> Iterator[tuple[str, Resource, Verdict]]:
    """What each mandatory rule says of each resource of a stack that no waiver sets aside."""
    profile = pack.profile(settings_of(stack).profile.value)
    rules = pack.rules(profile.limits)
    today = datetime.now(UTC).date()
    waived = waivers.load(profile.name, [rule.id for rule in rules], profile.other_rules, today)
    found = resources(declared(node, first_preview=first_preview) for node in graph_of(stack))
    whole = Resource("", "", stack, found[0].properties)
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
