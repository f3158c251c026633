"""All samples, the rules that judge them, and what a rule makes of one."""

from typing import Any

from pulumi_policy import EnforcementLevel

from policies import cost, security
from policies.kit.bench import Bench
from policies.kit.pack import Pack
from policies.kit.rule import AnyRule
from policies.kit.waivers import Waivers
from tests.unit.policies.analyzer import Analyzer
from tests.unit.policies.samples import (
    clusters,
    databases,
    databricks,
    estimates,
    everywhere,
    idle_networks,
    kubernetes,
    machine_learning,
    monitoring,
    networks,
    sql,
    storage,
    vaults_and_registries,
)
from tests.unit.policies.samples.case import Outcome, Sample

TABLES = (
    *(clusters, databases, databricks, estimates, everywhere, idle_networks, kubernetes, machine_learning),
    monitoring,
    *(networks, sql, storage, vaults_and_registries),
)
CASES = [case for table in TABLES for case in (*table.SECURITY, *table.COST)]


def rules(pack: Pack[Any], profile: str) -> dict[str, AnyRule]:
    """The rules of a pack by their ids, within the limits of a profile."""
    return {rule.id: rule for rule in pack.rules(pack.profile(profile).limits)}


# Security within the limits of production, cost within those of development: there they bind most.
RULES = rules(security.PACK, "prod") | rules(cost.PACK, "dev")


def outcome(rule: AnyRule, sample: Sample) -> tuple[Outcome, list[str]]:
    """What a rule makes of a sample, and what it says."""
    analyzer = Analyzer(Bench("framework", Waivers()).policies([(rule, EnforcementLevel.MANDATORY)]))
    reports = analyzer.run(sample.nodes)
    assert not [report.message for report in reports if report.policy.startswith("rule-crashed")]
    violations = [report for report in reports if report.policy == rule.id]
    undecided = [report for report in reports if report.policy.startswith("undecided")]
    assert all(report.level is EnforcementLevel.MANDATORY for report in violations)
    assert all(report.level is EnforcementLevel.ADVISORY for report in undecided)
    messages = [report.message for report in violations + undecided]
    if violations:
        return "violates", messages
    return ("is undecided" if undecided else "passes"), messages
