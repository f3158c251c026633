"""What a pack reports beside its rules' own findings: values not known yet, waivers, crashes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from pulumi_policy import EnforcementLevel, Severity

from policies.kit.bench import Bench
from policies.kit.conditions import all_of, is_true, one_of
from policies.kit.properties import Properties
from policies.kit.resource import Links, Resource, Stack, kind_of
from policies.kit.rule import ANY, AnyRule, Judgement, Rule, StackRule
from policies.kit.verdict import Verdict
from policies.kit.waivers import Waiver, Waivers
from tests.unit.policies.analyzer import UNKNOWN, Analyzer, Node, Report

MANDATORY, ADVISORY = EnforcementLevel.MANDATORY, EnforcementLevel.ADVISORY
VAULT = "keyvault:Vault"
RULE = Rule(
    id="safe",
    requires="It is safe",
    conditions={VAULT: all_of(is_true("locked"), one_of("wall", "stone"))},
    fix="lock it",
    severity=Severity.HIGH,
    control="NS-2",
    sources=("CKV_1",),
)
WAIVER = Waiver("safe", "old-*", "it moves out in May", "platform-security", date(2027, 5, 31))


def run(
    *nodes: Node, rule: AnyRule = RULE, level: EnforcementLevel = MANDATORY, waivers: Waivers | None = None
) -> list[Report]:
    return Analyzer(Bench("framework", waivers or Waivers()).policies([(rule, level)])).run(nodes)


def crashing(*_: object) -> Verdict:
    raise KeyError("wall")


def test_what_is_known_is_judged_although_the_rest_has_to_wait() -> None:
    violation, undecided = run(Node(VAULT, {"locked": False, "wall": UNKNOWN}))
    assert (violation.policy, violation.level) == ("safe", MANDATORY)
    assert violation.message == "It is safe\nlocked is false, must be true. Fix: lock it."
    assert (undecided.policy, undecided.level) == ("undecided", ADVISORY)
    assert "undecided at preview: wall (safe); will be enforced at update" in undecided.message


def test_an_unknown_object_is_reported_once_whatever_is_read_from_it() -> None:
    rule = replace(RULE, conditions={VAULT: all_of(is_true("door.locked"), is_true("door.shut"))})
    (undecided,) = run(Node(VAULT, {"door": UNKNOWN}), rule=rule)
    assert "undecided at preview: door (safe); will" in undecided.message


def test_what_several_rules_wait_for_is_one_report_per_resource() -> None:
    rules: list[tuple[AnyRule, EnforcementLevel]] = [(RULE, MANDATORY), (replace(RULE, id="sound"), MANDATORY)]
    node = Node(VAULT, {"locked": UNKNOWN, "wall": UNKNOWN})
    (undecided,) = Analyzer(Bench("framework", Waivers()).policies(rules)).run([node])
    assert undecided.message.endswith(
        "\nundecided at preview: locked (safe, sound), wall (safe, sound); will be enforced at update"
    )


def test_a_rule_that_reads_past_the_kit_is_undecided_by_an_unknown_too() -> None:
    rule = replace(RULE, conditions={VAULT: lambda properties: Verdict(findings=(properties.values["wall"],))})
    (undecided,) = run(Node(VAULT, {"wall": UNKNOWN}), rule=rule)
    assert "undecided at preview: wall (safe)" in undecided.message


@pytest.mark.parametrize("level", [ADVISORY, MANDATORY])
def test_a_crash_is_a_mandatory_violation_that_names_the_rule(level: EnforcementLevel) -> None:
    (crash,) = run(Node(VAULT, {}), rule=replace(RULE, conditions={VAULT: crashing}), level=level)
    assert (crash.policy, crash.level) == ("rule-crashed", MANDATORY)
    assert "safe: KeyError in test_policy_bench.py, line " in crash.message
    assert "wall" not in crash.message


def test_a_crash_of_a_rule_on_the_stack_is_a_mandatory_violation_too() -> None:
    def judge(stack: Stack) -> list[Judgement]:
        return [(resource, crashing()) for resource in stack.of(VAULT)]

    rule = StackRule(id="safe", requires="It is safe", fix="lock it", severity=Severity.LOW, control="", judge=judge)
    (crash,) = run(Node(VAULT, {}), rule=rule, level=ADVISORY)
    assert (crash.policy, crash.level) == ("rule-crashed-in-stack", MANDATORY)


def test_a_rule_on_the_stack_that_reads_past_the_kit_is_undecided_by_an_unknown_too() -> None:
    def judge(stack: Stack) -> list[Judgement]:
        return [(vault, Verdict(findings=(vault.properties.values["wall"],))) for vault in stack.of(VAULT)]

    rule = StackRule(id="safe", requires="It is safe", fix="lock it", severity=Severity.LOW, control="", judge=judge)
    (undecided,) = run(Node(VAULT, {"wall": UNKNOWN}), rule=rule)
    assert (undecided.policy, undecided.level) == ("undecided-in-stack", ADVISORY)


def test_a_waived_violation_is_shown_and_stops_nothing() -> None:
    node = Node(VAULT, {"locked": False, "wall": "stone"}, name="old-vault")
    (waived,) = run(node, waivers=Waivers(current=(WAIVER,)))
    assert (waived.policy, waived.level, waived.urn) == ("waived", ADVISORY, node.urn)
    assert "safe: waived until 2027-05-31 by platform-security (it moves out in May): locked is false" in waived.message


def test_a_waiver_of_another_resource_or_rule_changes_nothing() -> None:
    others = (replace(WAIVER, resource="new-*"), replace(WAIVER, rule="sound"))
    reports = run(Node(VAULT, {"wall": "stone"}, name="old-vault"), waivers=Waivers(current=others))
    assert [report.policy for report in reports] == ["safe", "waiver-unused"]


def test_a_waiver_that_sets_nothing_aside_is_reported() -> None:
    node = Node(VAULT, {"locked": True, "wall": "stone"}, name="old-vault")
    (unused,) = run(node, waivers=Waivers(current=(WAIVER,)))
    assert (unused.policy, unused.level) == ("waiver-unused", ADVISORY)
    assert 'the waiver of safe for "old-*" sets nothing aside' in unused.message


def test_a_waiver_of_a_rule_that_is_off_is_not_called_unused() -> None:
    assert run(Node(VAULT, {}), level=EnforcementLevel.DISABLED, waivers=Waivers(current=(WAIVER,))) == []


def test_a_waiver_whose_rule_is_undecided_is_not_called_unused() -> None:
    node = Node(VAULT, {"locked": UNKNOWN, "wall": "stone"}, name="old-vault")
    assert [report.policy for report in run(node, waivers=Waivers(current=(WAIVER,)))] == ["undecided"]


def test_a_waiver_that_is_wrong_is_a_mandatory_violation() -> None:
    (invalid,) = run(waivers=Waivers(problems=("entry 1: expires is missing",)))
    assert (invalid.policy, invalid.level) == ("waiver-invalid", MANDATORY)


def test_an_advisory_rule_stops_nothing() -> None:
    (report,) = run(Node(VAULT, {"wall": "stone"}), level=ADVISORY)
    assert (report.policy, report.level) == ("safe", ADVISORY)


def test_a_rule_that_is_off_says_nothing() -> None:
    assert run(Node(VAULT, {}), level=EnforcementLevel.DISABLED) == []


@pytest.mark.parametrize(
    "token",
    [
        "azure-native:keyvault:Vault",
        "azure-native:keyvault/v20240401:Vault",
        "azure-native_keyvault_v20240401:keyvault:Vault",
    ],
)
def test_another_api_version_of_a_type_does_not_escape(token: str) -> None:
    class Versioned(Node):
        @property
        def type(self) -> str:
            return token

    assert [report.policy for report in run(Versioned(VAULT, {"wall": "stone"}))] == ["safe"]


def test_a_rule_on_every_azure_resource_leaves_others_alone() -> None:
    rule = replace(RULE, conditions={ANY: RULE.conditions[VAULT]})
    assert run(Node("pulumi:pulumi:Stack", {}), rule=rule) == []
    assert run(Node("kubernetes:core/v1:Pod", {}), rule=rule) == []
    assert [report.policy for report in run(Node("sql:Server", {"wall": "stone"}), rule=rule)] == ["safe"]


def test_a_rule_says_where_it_does_not_apply() -> None:
    analyzer = Analyzer(Bench("framework", Waivers()).policies([(RULE, MANDATORY)]))
    analyzer.run([Node("sql:Server", {})])
    assert analyzer.not_applicable == ["safe"]


def test_the_engine_is_told_severity_framework_sources_and_remediation() -> None:
    policies = {
        policy.name: policy
        for policy in Analyzer(Bench("MCSB", Waivers()).policies([(RULE, ADVISORY)])).info().policies
    }
    info = policies["safe"]
    assert (info.framework.name, info.framework.reference) == ("MCSB", "NS-2")
    assert (list(info.tags), info.remediation_steps) == (["CKV_1"], "Lock it.")


def test_rules_on_the_stack_see_the_inputs_that_outputs_lack() -> None:
    seen: list[object] = []

    def judge(stack: Stack) -> list[Judgement]:
        seen.extend(resource.properties.get("vaultName") for resource in stack.resources)
        return []

    rule = StackRule(id="safe", requires="It is safe", fix="lock it", severity=Severity.LOW, control="", judge=judge)
    other = replace(RULE, id="other")
    analyzer = Analyzer(Bench("framework", Waivers()).policies([(other, ADVISORY), (rule, MANDATORY)]))
    analyzer.resource(Node(VAULT, {"vaultName": "kv"}))
    analyzer.stack([Node(VAULT, {"name": "kv"})])
    assert seen == ["kv"]


def links_of(lock: Node, *others: Node, path: str = "scope") -> list[str]:
    """What a rule sees that refers to the vault `it` through a property of a lock."""
    seen: list[str] = []

    def judge(stack: Stack) -> list[Judgement]:
        (vault,) = stack.of(VAULT)
        links = stack.referring("a:Lock", path, vault)
        seen.extend([link.name for link in links.sources] + [f"perhaps {path}" for path in links.undecided])
        return []

    rule = StackRule(id="safe", requires="It is safe", fix="lock it", severity=Severity.LOW, control="", judge=judge)
    run(Node(VAULT, {"vaultName": "kv"}), lock, *others, rule=rule)
    return seen


def lock(scope: str, *origins: str) -> Node:
    return Node("a:Lock", {"scope": scope}, name="lock", references={"scope": origins})


GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults"


@pytest.mark.parametrize("scope", ["kv", "KV", f"{GROUP}/kv", f"{GROUP}/KV".upper()])
def test_a_name_or_an_id_refers_to_a_resource(scope: str) -> None:
    assert links_of(lock(scope)) == ["lock"]


@pytest.mark.parametrize("scope", ["kv2", f"{GROUP}/kv2", f"{GROUP}/kv/keys/k", f"{GROUP}/kv/keys/kv", GROUP])
def test_another_name_and_the_id_of_a_child_do_not_refer_to_it(scope: str) -> None:
    assert links_of(lock(scope)) == []


def test_a_property_computed_from_a_resource_refers_to_it_before_its_value_is_known() -> None:
    assert links_of(lock(UNKNOWN, "it")) == ["lock"]


def test_an_unknown_property_computed_from_other_azure_resources_does_not_refer_to_it() -> None:
    assert links_of(lock(UNKNOWN, "account"), Node("storage:StorageAccount", {}, name="account")) == []


def test_an_unknown_property_of_any_other_origin_may_refer_to_it() -> None:
    assert links_of(lock(UNKNOWN)) == ["perhaps lock.scope"]
    assert links_of(lock(UNKNOWN, "step"), Node("pulumi:pulumi:Stack", {}, name="step")) == ["perhaps lock.scope"]


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([f"{GROUP}/other", f"{GROUP}/kv"], ["lock"]),
        ([f"{GROUP}/other"], []),
        ([UNKNOWN, f"{GROUP}/kv"], ["lock"]),
        ([UNKNOWN, f"{GROUP}/other"], ["perhaps lock.scopes[0].id"]),
    ],
)
def test_a_list_refers_to_what_one_of_its_elements_does(scopes: list[str], expected: list[str]) -> None:
    several = Node("a:Lock", {"scopes": [{"id": scope} for scope in scopes]}, name="lock")
    assert links_of(several, path="scopes[].id") == expected


def test_one_resource_that_satisfies_is_enough_and_one_that_may_leaves_it_open() -> None:
    one, other = (Resource(name, "a:Lock", name, Properties({"shut": name == "one"})) for name in ("one", "other"))

    def some(*sources: Resource, undecided: Sequence[str] = ()) -> Verdict:
        links = Links(list(sources), list(undecided))
        return links.some(lambda lock: is_true("shut")(lock.properties), "no lock is there")

    assert some(one, other).passed
    assert some(other, undecided=["third.scope"]).undecided == ("third.scope",)
    assert some(other).findings == ("shut is false, must be true",)
    assert some().findings == ("no lock is there",)


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("azure-native:keyvault:Vault", "keyvault:Vault"),
        ("azure-native:keyvault/v20230701:Vault", "keyvault:Vault"),
        ("azure-native_keyvault_v20230701:keyvault:Vault", "keyvault:Vault"),
        ("kubernetes:apps/v1:Deployment", "k8s:Deployment"),
        ("kubernetes:networking.k8s.io/v1:Ingress", "k8s:Ingress"),
        ("pulumi:providers:kubernetes", ""),
        ("azure-ml-platform:index:Network", ""),
    ],
)
def test_a_kind_is_told_by_the_type_whatever_its_version(token: str, kind: str) -> None:
    assert kind_of(token) == kind


def test_properties_read_a_list_element_by_element() -> None:
    values = Properties({"list": [{"a": 1.0}, "text"], "map": {"k": {"a": 2.0}}})
    assert [item.get("a") for item in values.objects("list")] == [1.0]  # type: ignore[union-attr]
    assert [item.path("a") for item in values.objects("map")] == ["map.k.a"]  # type: ignore[union-attr,operator]
