"""The remedies that the rules of both packs have, on the rules' own samples."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel, Policy

from local.arm.contracts import Contracts
from policies.kit.bench import Bench
from policies.kit.kinds import COMPUTE, REGISTRY, STORAGE_ACCOUNT
from policies.kit.rule import Rule
from policies.kit.waivers import Waivers
from tests.unit.policies.analyzer import UNKNOWN, Analyzer, Node, secret
from tests.unit.policies.judging import resources
from tests.unit.policies.samples.case import Case
from tests.unit.policies.samples.tables import CASES, RULES

MENDING = {rule.id: rule for rule in RULES.values() if isinstance(rule, Rule) and rule.remedies}
MENDED = [case for case in CASES if case.rule in MENDING and case.kind in MENDING[case.rule].remedies]


def remediating(rule: str) -> list[Policy]:
    return Bench("framework", Waivers()).policies([(MENDING[rule], EnforcementLevel.REMEDIATE)])


def analyzer(case: Case) -> Analyzer:
    return Analyzer(remediating(case.rule))


def after(case: Case, value: Any) -> dict[str, Any] | None:
    """The properties of a sample after the remedy; None when it changes nothing."""
    return analyzer(case).remedies(case.node(value)).get(case.rule)


def differences(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """Paths whose values differ; an object that was not there counts by what is in it."""
    if isinstance(now, Mapping) and (before is None or isinstance(before, Mapping)):
        for key in {*(before or {}), *now}:
            yield from differences((before or {}).get(key), now.get(key), f"{path}.{key}" if path else key)
    elif isinstance(now, Sequence) and not isinstance(now, str) and isinstance(before, Sequence):
        for old, new in zip(before, now, strict=True):
            yield from differences(old, new, f"{path}[]")
    elif before != now:
        yield path


def paths(case: Case) -> set[str]:
    """What the remedy of a rule may change in its bad sample."""
    remedy = MENDING[case.rule].remedies[case.kind]
    (resource,) = resources([case.node(case.bad)])
    return set(remedy(resource.properties) if callable(remedy) else remedy)


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_a_bad_sample_passes_after_its_remedy_which_changes_nothing_a_second_time(case: Case) -> None:
    mended = after(case, case.bad)
    if mended is None:
        return  # The remedy is for other resources; the test below finds one that mends nothing at all.
    node = Node(case.kind, mended)
    assert analyzer(case).run([node, *case.others]) == []
    assert analyzer(case).remedies(node) == {}
    outside = {
        path
        for path in differences(case.node(case.bad).properties, mended)
        if not any(path == own or path.startswith(f"{own}.") for own in paths(case))
    }
    assert outside == set()


def test_every_remedy_mends_a_sample() -> None:
    mended = {(case.rule, case.kind) for case in MENDED if after(case, case.bad) is not None}
    assert mended == {(rule.id, kind) for rule in MENDING.values() for kind in rule.remedies}


@pytest.mark.parametrize(
    ("rule", "kind", "properties"),
    [
        ("aml-compute-local-auth", COMPUTE, {"properties": {"computeType": "ComputeInstance"}}),
        ("acr-public-access", REGISTRY, {"sku": {"name": "Standard"}}),
        ("acr-export-policy", REGISTRY, {"sku": {"name": "Premium"}, "publicNetworkAccess": "Enabled"}),
        ("st-sas-policy", STORAGE_ACCOUNT, {"allowSharedKeyAccess": True}),
    ],
)
def test_a_remedy_leaves_alone_what_it_would_break_or_cannot_mend(
    rule: str, kind: str, properties: dict[str, Any]
) -> None:
    assert Analyzer(remediating(rule)).remedies(Node(kind, properties)) == {}
    assert [report.policy for report in Analyzer(remediating(rule)).run([Node(kind, properties)])] == [rule]


def test_what_may_pass_a_firewall_already_may_pass_it_after_its_remedy() -> None:
    rules = {"defaultAction": "Deny", "bypass": "Logging, Metrics"}
    analyzer = Analyzer(remediating("st-trusted-bypass"))
    mended = analyzer.remedies(Node(STORAGE_ACCOUNT, {"networkRuleSet": rules}))["st-trusted-bypass"]
    assert mended["networkRuleSet"]["bypass"] == "Logging, Metrics, AzureServices"


def test_an_account_without_a_policy_on_signatures_gets_one_that_azure_accepts() -> None:
    analyzer = Analyzer(remediating("st-sas-policy"))
    mended = analyzer.remedies(Node(STORAGE_ACCOUNT, {"allowSharedKeyAccess": False}))["st-sas-policy"]
    assert mended["sasPolicy"] == {"expirationAction": "Log", "sasExpirationPeriod": "1.00:00:00"}


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_no_remedy_leads_to_a_replacement(case: Case, contracts: Contracts) -> None:
    # Of types that the platform does not use no contract is known.
    known = [contract for contract in contracts if contract.token == f"azure-native:{case.kind}"]
    assert [path for path in paths(case) for contract in known if contract.replaces(path)] == []


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_a_good_sample_is_not_changed(case: Case) -> None:
    assert after(case, case.good) is None


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_an_unknown_value_stays_unknown(case: Case) -> None:
    mended = after(case, UNKNOWN)
    assert mended is None or UNKNOWN in str(mended)


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_a_secret_value_stays_secret(case: Case) -> None:
    mended = after(case, secret(case.bad))
    assert mended is None or set(secret("")) <= set(_at(mended, case.path))


def _at(properties: Any, path: str) -> Any:
    for key in path.split("."):
        properties = properties[key]
    return properties
