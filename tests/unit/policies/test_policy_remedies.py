"""Remedies: what the level `remediate` changes in a resource's inputs, and what it leaves alone."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel, Severity

from policies.kit.bench import Bench
from policies.kit.conditions import all_of, any_of, each, is_false, is_true, not_true, one_of
from policies.kit.properties import Properties
from policies.kit.remedy import where
from policies.kit.rule import Rule
from policies.kit.verdict import PASSED, Verdict, violation
from policies.kit.waivers import Waiver, Waivers
from tests.unit.policies.analyzer import UNKNOWN, Analyzer, Node, secret

REMEDIATE, MANDATORY = EnforcementLevel.REMEDIATE, EnforcementLevel.MANDATORY
VAULT = "keyvault:Vault"
RULE = Rule(
    id="safe",
    requires="It is safe",
    conditions={VAULT: all_of(is_true("door.locked"), not_true("door.open"))},
    remedies={VAULT: {"door.locked": True, "door.open": False}},
    fix="lock it",
    severity=Severity.HIGH,
)
WAIVER = Waiver("safe", "old-*", "it moves out in May", "platform-security", date(2027, 5, 31))


def analyzer(*rules: Rule, level: EnforcementLevel = REMEDIATE, waivers: Waivers | None = None) -> Analyzer:
    return Analyzer(Bench("framework", waivers or Waivers()).policies([(rule, level) for rule in rules or (RULE,)]))


def mended(properties: Mapping[str, Any], rule: Rule = RULE) -> dict[str, Any] | None:
    """The properties of a vault after the remedy of a rule; None when it changes nothing."""
    return analyzer(rule).remedies(Node(VAULT, deepcopy(dict(properties)))).get(rule.id)


def test_a_remedy_changes_what_is_wrong_and_nothing_else() -> None:
    properties = {"door": {"locked": False, "colour": "red"}, "walls": [{"of": "stone"}, 3.5, None]}
    assert mended(properties) == {**properties, "door": {"locked": True, "colour": "red"}}


def test_a_remedy_leaves_out_what_the_rule_does_not_need() -> None:
    assert mended({"door": {"locked": False}}) == {"door": {"locked": True}}
    assert mended({"door": {"locked": True, "open": True}}) == {"door": {"locked": True, "open": False}}


@pytest.mark.parametrize("properties", [{}, {"door": None}, {"door": {}}])
def test_a_remedy_makes_the_objects_that_lead_to_its_place(properties: dict[str, Any]) -> None:
    assert mended(properties) == {"door": {"locked": True}}


def test_what_is_mended_passes_and_is_not_changed_again() -> None:
    after = mended({"door": {"locked": False, "open": True}})
    assert after is not None
    assert mended(after) is None
    assert analyzer().resource(Node(VAULT, after)) == []


@pytest.mark.parametrize(
    "properties",
    [
        {"door": UNKNOWN},
        {"door": {"locked": UNKNOWN, "open": True}},
        {"door": {"locked": UNKNOWN}},
        {"door": "shut"},
    ],
)
def test_a_remedy_never_replaces_what_is_unknown_or_another_kind_of_value(properties: dict[str, Any]) -> None:
    after = mended(properties)
    assert (after or properties)["door"] in (properties["door"], {"locked": UNKNOWN, "open": False})


def test_an_unknown_value_is_not_replaced_even_for_a_rule_that_takes_it_for_a_wrong_one() -> None:
    def hasty(vault: Properties) -> Verdict:
        return PASSED if vault.get("door.locked") is True else violation("it is open")

    assert mended({"door": {"locked": UNKNOWN}}, replace(RULE, conditions={VAULT: hasty})) is None


def test_what_is_unknown_beside_a_change_stays_unknown() -> None:
    properties = {"door": {"locked": False, "open": UNKNOWN}, "name": UNKNOWN}
    assert mended(properties) == {"door": {"locked": True, "open": UNKNOWN}, "name": UNKNOWN}


def test_an_unknown_value_that_may_satisfy_the_rule_is_waited_for() -> None:
    rule = replace(RULE, conditions={VAULT: any_of(is_true("door.locked"), is_true("guarded"))})
    assert mended({"door": {"locked": False}, "guarded": UNKNOWN}, rule) is None


def test_secrets_stay_secret() -> None:
    properties = {"door": secret({"locked": secret(False)}), "code": secret("not shown")}
    assert mended(properties) == {"door": secret({"locked": secret(True)}), "code": secret("not shown")}


def test_each_object_of_a_list_is_mended_by_itself() -> None:
    rule = replace(
        RULE, conditions={VAULT: each("doors", is_true("locked"))}, remedies={VAULT: {"doors[].locked": True}}
    )
    shut, ajar = {"locked": True, "name": "a"}, {"locked": False, "name": "b"}
    assert mended({"doors": [shut, ajar, UNKNOWN, {"locked": UNKNOWN}]}, rule) == {
        "doors": [shut, {**ajar, "locked": True}, UNKNOWN, {"locked": UNKNOWN}]
    }


def test_a_remedy_that_does_not_satisfy_the_rule_changes_nothing() -> None:
    rule = replace(RULE, conditions={VAULT: all_of(RULE.conditions[VAULT], one_of("wall", "stone"))})
    assert mended({"door": {"locked": False}, "wall": "straw"}, rule) is None
    assert mended({"door": {"locked": False}, "wall": UNKNOWN}, rule) == {"door": {"locked": True}, "wall": UNKNOWN}


@pytest.mark.parametrize(("wall", "applies"), [("stone", True), ("straw", False), (None, False), (UNKNOWN, False)])
def test_a_remedy_may_be_for_some_resources_only(wall: str | None, applies: bool) -> None:
    rule = replace(RULE, remedies={VAULT: where(one_of("wall", "stone"), {"door.locked": True})})
    assert (mended({"wall": wall}, rule) is not None) is applies


def test_a_remedy_may_depend_on_the_resource() -> None:
    def inverse(vault: Properties) -> Mapping[str, Any]:
        return {"door.open": vault.get("door.open") is False}

    rule = replace(RULE, conditions={VAULT: is_false("door.open")}, remedies={VAULT: inverse})
    assert mended({"door": {"open": True}}, rule) == {"door": {"open": False}}


def test_rules_mend_one_after_the_other() -> None:
    other = replace(RULE, id="sound", conditions={VAULT: is_true("roof")}, remedies={VAULT: {"roof": True}})
    node = Node(VAULT, {"door": {"locked": False, "open": UNKNOWN}, "code": secret("not shown")})
    first, second = analyzer(RULE, other).remedies(node).values()
    assert first == {"door": {"locked": True, "open": UNKNOWN}, "code": secret("not shown")}
    assert second == {**first, "roof": True}


@pytest.mark.parametrize("level", [EnforcementLevel.DISABLED, EnforcementLevel.ADVISORY, MANDATORY])
def test_other_levels_change_nothing(level: EnforcementLevel) -> None:
    assert analyzer(level=level).remedies(Node(VAULT, {})) == {}


def test_what_a_remedy_cannot_mend_is_a_mandatory_violation() -> None:
    (report,) = analyzer(replace(RULE, remedies={VAULT: {}})).run([Node(VAULT, {})])
    assert (report.policy, report.level) == ("safe", MANDATORY)


def test_what_is_waived_is_not_mended() -> None:
    bench = analyzer(waivers=Waivers(current=(WAIVER,)))
    assert bench.remedies(Node(VAULT, {}, name="old-vault")) == {}
    assert bench.remedies(Node(VAULT, {}, name="new-vault")) != {}


def test_other_kinds_of_resources_are_left_alone() -> None:
    assert analyzer().remedies(Node("sql:Server", {})) == {}


def test_a_crash_changes_nothing_and_is_reported_once() -> None:
    def crashing(_: Properties) -> Any:
        raise KeyError("wall")

    bench = analyzer(replace(RULE, conditions={VAULT: crashing}))
    assert bench.remedies(Node(VAULT, {})) == {}
    (crash,) = bench.run([Node(VAULT, {})])
    assert (crash.policy, crash.level) == ("rule-crashed", MANDATORY)


def test_a_rule_that_reads_past_the_kit_leaves_an_unknown_alone() -> None:
    def reading(vault: Properties) -> Any:
        return is_true("door.locked")(Properties({"door": vault.values["door"]}))

    assert mended({"door": UNKNOWN}, replace(RULE, conditions={VAULT: reading})) is None
