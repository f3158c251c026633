"""Every property that a rule reads decides one of its samples: a rule that overlooks it is noticed."""

import re

import pytest

from policies import security
from policies.kit.properties import Properties
from policies.kit.rule import AnyRule
from tests.unit.policies.judging import judge, resources
from tests.unit.policies.samples.tables import CASES, RULES, rules

SERVICES = (
    *("acr-", "ai-", "aks-", "aml-", "appi-", "dbx-", "defender-", "flow-", "k8s-", "kv-", "law-", "nsg-"),
    *("pe-", "public-", "sql-", "st-", "subnet-", "vnet-"),
)
JUDGED = [RULES[rule] for rule in rules(security.PACK, "prod") if rule.startswith(SERVICES)]


class Reading:
    """Notes the paths that are read; the value of one of them is overlooked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths: set[str] = set()
        self.overlooked: str | None = None
        read = Properties.get

        def get(properties: Properties, path: str) -> object:
            whole = re.sub(r"\[\d+\]", "[]", properties.path(path))
            self.paths.add(whole)
            return None if whole == self.overlooked else read(properties, path)

        monkeypatch.setattr(Properties, "get", get)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    return Reading(monkeypatch)


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.id)
def test_each_property_that_a_rule_reads_matters_to_a_sample(rule: AnyRule, reading: Reading) -> None:
    stacks = [resources(sample.nodes) for case in CASES if case.rule == rule.id for sample in case.samples()]

    def verdicts() -> list[list[tuple[bool, bool]]]:
        return [[(verdict.violated, verdict.open) for _, verdict in judge(rule, stack)] for stack in stacks]

    seeing = verdicts()
    unnoticed = []
    for path in sorted(reading.paths):
        reading.overlooked = path
        if verdicts() == seeing:
            unnoticed.append(path)
    assert unnoticed == []
