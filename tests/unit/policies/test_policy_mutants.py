"""A rule's samples notice when the rule stops judging: each verdict replaced by a pass, then by a violation."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from policies.kit.conditions import Condition
from policies.kit.resource import Stack
from policies.kit.rule import AnyRule, Judgement, StackRule
from policies.kit.verdict import PASSED, Verdict, violation
from tests.unit.policies.samples.tables import CASES, RULES, outcome

SAMPLES = {rule: [sample for case in CASES if case.rule == rule for sample in case.samples()] for rule in RULES}
VERDICTS = {"passes": PASSED, "violates": violation("it always is")}


def always(verdict: Verdict) -> Condition:
    return lambda _: verdict


def on_every_stack(verdict: Verdict) -> Callable[[Stack], list[Judgement]]:
    return lambda _: [(None, verdict)]


def mutants() -> Iterator[tuple[str, AnyRule]]:
    """Each rule with one verdict for all: on the stack, or on the kinds that one condition is for."""
    for rule in RULES.values():
        for name, verdict in VERDICTS.items():
            if isinstance(rule, StackRule):
                yield f"{rule.id} {name}", replace(rule, judge=on_every_stack(verdict))
                continue
            for number, condition in enumerate(dict.fromkeys(rule.conditions.values())):
                stuck = {kind: always(verdict) for kind, own in rule.conditions.items() if own is condition}
                yield f"{rule.id} {name} {number}", replace(rule, conditions={**rule.conditions, **stuck})


@pytest.mark.parametrize(("mutant"), [pytest.param(mutant, id=name) for name, mutant in mutants()])
def test_a_verdict_that_no_longer_depends_on_the_resource_is_noticed(mutant: AnyRule) -> None:
    assert any(outcome(mutant, sample)[0] != sample.outcome for sample in SAMPLES[mutant.id])
