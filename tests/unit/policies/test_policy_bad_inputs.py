"""No input ends a rule: null, values of the wrong kind, long lists, other letter case, types of other providers."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies import cost, security
from policies.kit.pack import Pack
from policies.kit.remedy import mended
from policies.kit.rule import AnyRule, Rule
from policies.kit.verdict import Verdict
from tests.unit.policies.analyzer import UNKNOWN, Analyzer, Node, secret
from tests.unit.policies.judging import judge, resources
from tests.unit.policies.samples.case import Case
from tests.unit.policies.samples.tables import CASES, RULES

# By what it is: what stands in the place of a value, given that value.
WRONG: dict[str, Callable[[Any], Any]] = {
    "null": lambda _: None,
    "a text": lambda _: "neither here nor there",
    "a number": lambda _: -1.5,
    "a truth": lambda _: True,
    "an empty list": lambda _: [],
    "an object": lambda _: {"id": {"id": None}},
    "a list of it": lambda value: [value, None, UNKNOWN, [value], secret(value)],
    "unknown": lambda _: UNKNOWN,
}
Path = tuple[str | int, ...]


def paths(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Every place within a tree of values."""
    members = tree.items() if isinstance(tree, Mapping) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in members:
        yield (*path, key)
        yield from paths(value, (*path, key))


def replaced(tree: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    copy = deepcopy(tree)
    target = copy
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = change(target[path[-1]])
    return copy


def judged(rule: AnyRule, nodes: list[Node]) -> list[Verdict]:
    return [verdict for _, verdict in judge(rule, resources(nodes))]


def spoilt(case: Case, change: Callable[[Any], Any]) -> Iterator[tuple[str, list[Node]]]:
    """The good sample of a case with one value replaced, anywhere in any of its resources."""
    sample = next(iter(case.samples()))
    for index, node in enumerate(sample.nodes):
        for path in paths(node.properties):
            changed = replace(node, properties=replaced(dict(node.properties), path, change))
            yield f"{node.name}: {path}", [*sample.nodes[:index], changed, *sample.nodes[index + 1 :]]


def comes_to_a_verdict(rule: AnyRule, nodes: list[Node], where: str) -> None:
    try:
        verdicts = judged(rule, nodes)
    except Exception as error:
        raise AssertionError(f"{rule.id} with a wrong value at {where}") from error
    assert all(isinstance(verdict, Verdict) for verdict in verdicts)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_value_anywhere_is_judged_all_the_same(change: Callable[[Any], Any]) -> None:
    for case in CASES:
        for where, nodes in spoilt(case, change):
            comes_to_a_verdict(RULES[case.rule], nodes, where)


def test_a_list_of_a_thousand_elements_is_judged_all_the_same() -> None:
    for case in CASES:
        elements = case.good if isinstance(case.good, list) else [case.good]
        nodes = [case.node([*elements * 1000, None, UNKNOWN]), *case.others]
        comes_to_a_verdict(RULES[case.rule], nodes, case.path)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_a_remedy_of_a_wrong_value_mends_or_leaves_everything(change: Callable[[Any], Any]) -> None:
    for case in CASES:
        rule = RULES[case.rule]
        if not isinstance(rule, Rule) or case.kind not in rule.remedies:
            continue
        condition, remedy = rule.conditions[case.kind], rule.remedies[case.kind]
        for where, nodes in spoilt(case, change):
            after = mended(nodes[0].properties, condition, remedy)
            assert after is None or mended(after, condition, remedy) is None, f"{case.rule} at {where}"


WORDS = sorted({str(key) for case in CASES for path in paths(case.node(case.good).properties) for key in path})
LEAVES = st.none() | st.booleans() | st.floats() | st.sampled_from([*WORDS, UNKNOWN]) | st.text(max_size=4)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
)
KINDS = sorted({node.kind for case in CASES for sample in case.samples() for node in sample.nodes})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(WORDS), TREES, max_size=8))
def test_whatever_the_properties_are_they_are_judged(properties: dict[str, Any]) -> None:
    stack = resources(Node(kind, properties, name=kind) for kind in KINDS)
    for rule in RULES.values():
        assert all(isinstance(verdict, Verdict) for _, verdict in judge(rule, stack))


# Neither words of Azure's nor names or ids, which compare without letter case.
EXACT = {"alert-frequency", "aml-idle-scale-down", "ci-idle-shutdown", "dbx-cluster-guard", "kv-key-expiry"}
EXACT |= {"k8s-image-tag", "k8s-image-registry", "k8s-internal-load-balancer"}


def otherwise(value: Any) -> Any:
    """The same with every text in the other letter case."""
    if isinstance(value, str):
        return value.swapcase()
    if isinstance(value, list):
        return [otherwise(element) for element in value]
    return {key: otherwise(element) for key, element in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("case", [case for case in CASES if case.rule not in EXACT], ids=str)
def test_letter_case_of_words_names_and_ids_changes_no_verdict(case: Case) -> None:
    for value in (case.good, case.bad):
        nodes = [case.node(value), *case.others]
        shouting = [case.node(otherwise(value)), *case.others]
        assert [verdict.violated for verdict in judged(RULES[case.rule], shouting)] == [
            verdict.violated for verdict in judged(RULES[case.rule], nodes)
        ]


FOREIGN = (
    *("aws:s3/bucket:Bucket", "azure:storage/account:Account", "random:index:RandomString", "pulumi:pulumi:Stack"),
    *("pulumi:providers:azure-native", "pulumi-python:dynamic/x:Resource", "AZURE-NATIVE:STORAGE:STORAGEACCOUNT"),
)
ODD = ("azure-native:Storage:storageaccount", "azure-native:storage", "kubernetes:core/v1:Pod", "x", "")
NONSENSE = {"location": 3, "tags": ["owner"], "properties": UNKNOWN, "sku": None, "spec": "x"}


def of_type(token: str) -> Node:
    class Typed(Node):
        @property
        def type(self) -> str:
            return token

    return Typed("", NONSENSE)


@pytest.mark.parametrize("pack", [security.PACK, cost.PACK], ids=lambda pack: pack.name)
@pytest.mark.parametrize("token", FOREIGN)
def test_a_resource_of_another_provider_is_left_alone(token: str, pack: Pack[Any]) -> None:
    assert Analyzer(pack.policies(pack.profile("prod"))).resource(of_type(token)) == []


@pytest.mark.parametrize("pack", [security.PACK, cost.PACK], ids=lambda pack: pack.name)
@pytest.mark.parametrize("token", [*FOREIGN, *ODD])
def test_a_type_that_no_rule_knows_ends_no_rule(token: str, pack: Pack[Any]) -> None:
    reports = Analyzer(pack.policies(pack.profile("prod"))).run([of_type(token)])
    assert [report.message for report in reports if report.policy.startswith("rule-crashed")] == []
