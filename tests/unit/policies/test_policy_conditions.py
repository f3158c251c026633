"""Conditions on properties, with three-valued logic where values are not known."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy.proxy import unknown_checking_proxy

from policies.kit.conditions import (
    Condition,
    all_of,
    any_of,
    at_least,
    at_most,
    contains,
    each,
    each_value,
    includes,
    is_true,
    iso_duration,
    kept_for,
    lasts,
    matches,
    none_of,
    one_of,
    only_if,
    parse_duration,
    some,
    within,
)
from policies.kit.properties import Properties, Unknown
from policies.kit.verdict import Verdict
from policies.kit.wording import choices, credential, show
from tests.unit.policies.analyzer import UNKNOWN

VALUES = {"true": True, "false": False, "unknown": UNKNOWN}


def judge(condition: Condition, **values: object) -> Verdict:
    return condition(Properties(unknown_checking_proxy(dict(values))))


def verdict(condition: Condition, **values: object) -> str:
    outcome = judge(condition, **values)
    return "false" if outcome.violated else "unknown" if outcome.open else "true"


@pytest.mark.parametrize(("a", "b"), list(product(VALUES, repeat=2)))
def test_all_of_and_any_of_follow_kleene(a: str, b: str) -> None:
    both = all_of(is_true("a"), is_true("b"))
    one = any_of(is_true("a"), is_true("b"))
    pair = {a, b}
    conjunction = "false" if "false" in pair else "unknown" if "unknown" in pair else "true"
    disjunction = "true" if "true" in pair else "unknown" if "unknown" in pair else "false"
    assert verdict(both, a=VALUES[a], b=VALUES[b]) == conjunction
    assert verdict(one, a=VALUES[a], b=VALUES[b]) == disjunction


def test_all_of_reports_every_finding_and_every_unknown() -> None:
    outcome = judge(all_of(is_true("a"), is_true("b"), is_true("c")), a=False, b=False, c=UNKNOWN)
    assert outcome.findings == ("a is false, must be true", "b is false, must be true")
    assert outcome.undecided == ("c",)


def test_what_is_unknown_cannot_save_what_is_violated_already() -> None:
    hopeless = all_of(is_true("a"), is_true("b"))
    assert verdict(hopeless, a=False, b=UNKNOWN) == "false"
    assert verdict(any_of(hopeless, is_true("c")), a=False, b=UNKNOWN, c=False) == "false"
    assert verdict(only_if(hopeless, is_true("c"), otherwise="no"), a=False, b=UNKNOWN, c=False) == "true"


@pytest.mark.parametrize(
    ("premise", "conclusion", "expected"),
    [
        (True, False, "false"),
        (True, True, "true"),
        (False, False, "true"),
        (False, UNKNOWN, "true"),
        (UNKNOWN, True, "true"),
        (UNKNOWN, False, "unknown"),
        (UNKNOWN, UNKNOWN, "unknown"),
        (True, UNKNOWN, "unknown"),
    ],
)
def test_only_if_is_an_implication(premise: object, conclusion: object, expected: str) -> None:
    condition = only_if(is_true("p"), is_true("c"), otherwise="no p")
    assert verdict(condition, p=premise, c=conclusion) == expected


def test_only_if_says_why_it_does_not_apply() -> None:
    assert judge(only_if(is_true("p"), is_true("c"), otherwise="no p"), p=False).not_applicable == "no p"


@pytest.mark.parametrize("value", ["disabled", "DISABLED", "Disabled"])
def test_texts_compare_without_regard_to_case(value: str) -> None:
    assert judge(one_of("a", "Disabled"), a=value).passed
    assert judge(none_of("a", "Disabled"), a=value).violated
    assert judge(matches("a", ["dis*"]), a=value).passed
    assert judge(contains("a", "disabled"), a=f"other, {value}").passed


@pytest.mark.parametrize("value", [3.0, 3, "3"])
def test_numbers_are_read_from_floats_and_texts(value: object) -> None:
    assert judge(at_most("a", 3), a=value).passed
    assert judge(at_least("a", 3), a=value).passed
    assert judge(at_most("a", 2), a=value).violated


@pytest.mark.parametrize("value", [True, "many", {"a": 1}, [1], None])
def test_what_is_no_number_is_within_no_limit(value: object) -> None:
    assert judge(at_most("a", 10), a=value).violated
    assert judge(at_least("a", 0), a=value).violated


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT5M", timedelta(minutes=5)),
        ("PT120S", timedelta(minutes=2)),
        ("P1DT2H", timedelta(hours=26)),
        ("P1W", timedelta(days=7)),
        ("P", None),
        ("PT", None),
        ("5 minutes", None),
        (300.0, None),
    ],
)
def test_durations_are_those_of_iso_8601(text: object, duration: timedelta | None) -> None:
    assert parse_duration(text) == duration


@given(st.integers(min_value=0, max_value=10_000))
def test_a_duration_reads_back_as_it_was_written(minutes: int) -> None:
    duration = timedelta(minutes=minutes)
    assert parse_duration(iso_duration(duration)) == duration


def test_a_duration_outside_its_limits_is_refused() -> None:
    condition = lasts("a", timedelta(minutes=15), timedelta(minutes=60))
    assert judge(condition, a="PT15M").passed
    assert judge(condition, a="PT14M").violated
    assert judge(condition, a="PT61M").findings == ('a is "PT61M", must be a duration from PT15M to PT60M',)


def test_each_judges_the_known_elements_and_waits_for_the_others() -> None:
    outcome = judge(each("list", is_true("on")), list=[{"on": False}, UNKNOWN, {"on": UNKNOWN}, {"on": True}])
    assert outcome.findings == ("list[0].on is false, must be true",)
    assert outcome.undecided == ("list[1]", "list[2].on")


def test_some_is_satisfied_by_one_element() -> None:
    condition = some("list", is_true("on"), "have one that is on")
    assert judge(condition, list=[UNKNOWN, {"on": True}]).passed
    assert judge(condition, list=[UNKNOWN, {"on": False}]).undecided == ("list[0]",)
    assert judge(condition, list=[{"on": False}]).findings == ("list has 1 elements, must have one that is on",)
    assert judge(condition).findings == ("list has no elements, must have one that is on",)


def test_a_path_through_an_unknown_object_stops_at_that_object() -> None:
    assert Properties(unknown_checking_proxy({"a": {"b": UNKNOWN}})).get("a.b.c.d") == Unknown("a.b")


def test_a_path_through_something_that_is_no_object_leads_to_nothing() -> None:
    assert Properties({"a": "text"}).get("a.b") is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "absent"),
        (True, "true"),
        (3.0, "3"),
        (0.5, "0.5"),
        ("TLS1_0", '"TLS1_0"'),
        ("x" * 81, "a text of 81 characters"),
        ("https://h/?sig=" + "a" * 30, "a text of 45 characters"),
        ({"a": 1}, "an object of 1 properties"),
        ([1, 2], "a list of 2 elements"),
    ],
)
def test_a_message_shows_short_harmless_values_only(value: object, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    "text",
    [
        "AccountKey=" + "A" * 86 + "==",
        "Endpoint=sb://x/;SharedAccessKey=" + "b" * 43 + "=",
        "Server=tcp:s;User ID=u;Password=correct-horse;",
        "https://st.blob.core.windows.net/c?sv=2024&sig=" + "a" * 43 + "%3D",
        "abc8Q~" + "x" * 34,
        "-----BEGIN PRIVATE" + " KEY-----",
        "ghp_" + "a" * 36,
        "dapi" + "0" * 32,
    ],
)
def test_credentials_are_recognised(text: str) -> None:
    assert credential(text)


@pytest.mark.parametrize(
    "text",
    [
        "Password=${DB_PASSWORD}",
        "team@example.com",
        "sha256:" + "a" * 64,
        "/subscriptions/s/resourceGroups/g",
        "Key Vault",
    ],
)
def test_what_only_resembles_a_credential_is_not_taken_for_one(text: str) -> None:
    assert credential(text) is None


def test_choices_read_as_a_phrase() -> None:
    assert choices(["a", "b", "c"]) == '"a", "b" or "c"'
    assert choices(["a"]) == '"a"'


def test_a_path_with_brackets_leads_to_every_element() -> None:
    objects = [{"b": {"c": 1}}, {"b": {}}, {"b": UNKNOWN}, UNKNOWN]
    properties = Properties(unknown_checking_proxy({"a": objects, "d": ["x", UNKNOWN], "e": UNKNOWN}))
    assert properties.every("a[].b.c") == [1, Unknown("a[2].b"), Unknown("a[3]")]
    assert properties.every("d[]") == ["x", Unknown("d[1]")]
    assert properties.every("e[].f") == [Unknown("e")]
    assert properties.every("g[].h") == []


@pytest.mark.parametrize(
    ("values", "every_one", "some_one"),
    [
        (["a", "a"], "true", "true"),
        (["a", "b"], "false", "true"),
        (["b"], "false", "false"),
        (["a", UNKNOWN], "unknown", "true"),
        (["b", UNKNOWN], "false", "unknown"),
        (UNKNOWN, "unknown", "unknown"),
        ([], "true", "false"),
        (None, "true", "false"),
    ],
)
def test_values_of_a_list_are_judged_one_by_one(values: object, every_one: str, some_one: str) -> None:
    assert verdict(each_value("list", lambda value: value == "a", "be a"), list=values) == every_one
    assert verdict(includes("list", "a"), list=values) == some_one


def test_an_object_that_is_absent_is_judged_as_an_empty_one() -> None:
    condition = within("a.b", is_true("c"))
    assert verdict(condition, a={"b": {"c": True}}) == "true"
    assert verdict(condition, a=UNKNOWN) == "unknown"
    assert judge(condition).findings == ("a.b.c is absent, must be true",)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "true"), (90, "true"), (365, "true"), (89, "false"), ("many", "false"), (None, "true"), (UNKNOWN, "unknown")],
)
def test_no_days_at_all_are_for_ever(days: object, expected: str) -> None:
    assert verdict(kept_for("days", 90), days=days) == expected
