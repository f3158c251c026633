"""Every rule: good, bad, absent, unknown and secret samples, through the policy SDK as the engine would."""

import re

import pytest

from local.arm.contracts import Contracts
from policies.kit.wording import credential
from tests.unit.policies.samples.case import Case, Sample
from tests.unit.policies.samples.tables import CASES, RULES, outcome

SAMPLES = [(case, sample) for case in CASES for sample in case.samples()]


@pytest.mark.parametrize(("case", "sample"), SAMPLES, ids=lambda value: getattr(value, "name", str(value)))
def test_a_rule_judges_its_sample(case: Case, sample: Sample) -> None:
    verdict, messages = outcome(RULES[case.rule], sample)
    assert verdict == sample.outcome, messages
    assert len(messages) <= 1


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_violation_names_the_value_the_rule_and_the_fix_and_no_credential(case: Case) -> None:
    rule = RULES[case.rule]
    sample = next(sample for sample in case.samples() if sample.name == "secret and bad")
    _, (message,) = outcome(rule, sample)
    description, finding = message.split("\n", 1)
    assert description == rule.requires
    assert ", must " in finding or finding.startswith("no ")
    assert finding.endswith(f"Fix: {rule.fix}.")
    assert credential(message) is None
    assert "not shown" not in message


@pytest.mark.parametrize("case", [case for case in CASES if case.unknown == "is undecided"], ids=str)
def test_an_undecided_rule_names_the_path_it_waits_for(case: Case) -> None:
    sample = next(sample for sample in case.samples() if sample.name == "unknown")
    _, (message,) = outcome(RULES[case.rule], sample)
    assert "\nundecided at preview: " in message
    assert re.search(rf"{re.escape(case.path)} \({case.rule}\)", message)
    assert message.endswith("; will be enforced at update")


def test_rules_read_properties_by_the_names_that_the_sdk_gives_them(contracts: Contracts) -> None:
    nodes = {f"{case.rule}: {node.kind}": node for case in CASES for node in (case.node(case.good), *case.others)}
    covered = {contract.token.removeprefix("azure-native:"): contract for contract in contracts}
    unknown = {
        where: problem
        for where, node in nodes.items()
        if node.kind in covered
        for problem in covered[node.kind].check_inputs(dict(node.properties))
        if "is no property here" in problem.reason
    }
    assert unknown == {}


def test_every_rule_has_samples() -> None:
    assert {case.rule for case in CASES} == RULES.keys()
