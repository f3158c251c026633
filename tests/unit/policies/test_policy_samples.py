"""Every rule: good, bad, absent, unknown and secret samples, through the policy SDK as the engine would."""

import re
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from policies import cost, security
from policies.kit.bench import Bench
from policies.kit.pack import Pack
from policies.kit.rule import AnyRule
from policies.kit.waivers import Waivers
from policies.kit.wording import credential
from tests.unit.policies.analyzer import Analyzer
from tests.unit.policies.samples import everywhere, machine_learning, monitoring, storage, vaults_and_registries
from tests.unit.policies.samples.case import Case, Outcome, Sample

TABLES = (everywhere, machine_learning, monitoring, storage, vaults_and_registries)
SECURITY = [case for table in TABLES for case in table.SECURITY]
COST = [case for table in TABLES for case in table.COST]


def rules(pack: Pack[Any], profile: str) -> dict[str, AnyRule]:
    return {rule.id: rule for rule in pack.rules(pack.profile(profile).limits)}


# Security within the limits of production, cost within those of development: there they bind most.
RULES = rules(security.PACK, "prod") | rules(cost.PACK, "dev")
SAMPLES = [(case, sample) for case in SECURITY + COST for sample in case.samples()]


def outcome(rule: AnyRule, sample: Sample) -> tuple[Outcome, str]:
    """What a rule makes of a sample, and what it says."""
    analyzer = Analyzer(Bench("framework", Waivers()).policies([(rule, EnforcementLevel.MANDATORY)]))
    reports = analyzer.run(sample.nodes)
    crashes = [report.message for report in reports if report.policy.startswith("rule-crashed")]
    assert not crashes
    violations = [report for report in reports if report.policy == rule.id]
    undecided = [report for report in reports if report.policy.startswith("undecided")]
    assert len(violations) + len(undecided) <= 1
    assert all(report.level is EnforcementLevel.MANDATORY for report in violations)
    assert all(report.level is EnforcementLevel.ADVISORY for report in undecided)
    message = "".join(report.message for report in violations + undecided)
    if violations:
        return "violates", message
    return ("is undecided" if undecided else "passes"), message


@pytest.mark.parametrize(("case", "sample"), SAMPLES, ids=lambda value: getattr(value, "name", str(value)))
def test_a_rule_judges_its_sample(case: Case, sample: Sample) -> None:
    verdict, message = outcome(RULES[case.rule], sample)
    assert verdict == sample.outcome, message


@pytest.mark.parametrize("case", SECURITY + COST, ids=str)
def test_a_violation_names_the_value_the_rule_and_the_fix_and_no_credential(case: Case) -> None:
    rule = RULES[case.rule]
    sample = next(sample for sample in case.samples() if sample.name == "secret and bad")
    _, message = outcome(rule, sample)
    description, finding = message.split("\n", 1)
    assert description == rule.requires
    assert ", must " in finding or finding.startswith("no ")
    assert finding.endswith(f"Fix: {rule.fix}.")
    assert credential(message) is None
    assert "not shown" not in message


@pytest.mark.parametrize("case", [case for case in SECURITY + COST if case.unknown == "is undecided"], ids=str)
def test_an_undecided_rule_names_the_path_it_waits_for(case: Case) -> None:
    sample = next(sample for sample in case.samples() if sample.name == "unknown")
    _, message = outcome(RULES[case.rule], sample)
    assert "\nundecided at preview: " in message
    assert re.search(rf"{re.escape(case.path)} \({case.rule}\)", message)
    assert message.endswith("; will be enforced at update")


def test_every_rule_has_samples() -> None:
    assert {case.rule for case in SECURITY + COST} == RULES.keys()
