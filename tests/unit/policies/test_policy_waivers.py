"""Waivers: what is current, what is expired, and what is malformed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.kit import waivers
from policies.kit.properties import Properties
from policies.kit.resource import Resource
from policies.kit.waivers import Waivers

TODAY = date(2026, 11, 23)
ENTRY = {
    "rule": "safe",
    "resource": "*-legacy",
    "reason": "The caller cannot change before May.",
    "approver": "platform-security",
    "expires": date(2027, 5, 31),
}


def load(folder: Path, *entries: Any, profile: str = "prod") -> Waivers:
    path = folder / "waivers.yaml"
    path.write_text(yaml.safe_dump({"waivers": list(entries)}))
    return waivers.load(profile, ["safe", "sound"], ["cheap"], TODAY, path)


def test_a_complete_waiver_is_current(tmp_path: Path) -> None:
    loaded = load(tmp_path, ENTRY)
    assert loaded.problems == ()
    assert [waiver.approver for waiver in loaded.current] == ["platform-security"]


@pytest.mark.parametrize(("expires", "current"), [(TODAY, True), (date(2026, 11, 22), False)])
def test_a_waiver_holds_until_the_end_of_its_last_day(tmp_path: Path, expires: date, current: bool) -> None:
    loaded = load(tmp_path, {**ENTRY, "expires": expires})
    assert bool(loaded.current) is current
    assert bool(loaded.problems) is not current


def test_an_expired_waiver_is_named_with_what_to_do(tmp_path: Path) -> None:
    (problem,) = load(tmp_path, {**ENTRY, "expires": date(2026, 1, 1)}).problems
    assert problem == (
        'policies/waivers.yaml, entry 1: the waiver of safe for "*-legacy" expired on 2026-01-01; '
        "mend the resource, or renew it"
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rule": "unheard-of"}, 'there is no rule "unheard-of"'),
        ({"reason": "  "}, "reason is '  ', must be a text that is not empty"),
        ({"approver": None}, "approver is None, must be a text"),
        ({"expires": "soon"}, "expires is 'soon', must be a date such as 2027-03-31"),
        ({"until": TODAY}, "the key 'until' is unknown; remove it"),
        ({"profiles": "prod"}, "profiles is 'prod', must be a list of profiles"),
    ],
)
def test_a_malformed_waiver_waives_nothing_and_is_named(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    loaded = load(tmp_path, {**ENTRY, **change})
    assert loaded.current == ()
    assert fault in loaded.problems[0]


@pytest.mark.parametrize("key", ENTRY)
def test_a_waiver_that_lacks_something_is_named(tmp_path: Path, key: str) -> None:
    (problem,) = load(tmp_path, {name: value for name, value in ENTRY.items() if name != key}).problems
    assert f"{key} is missing; add it" in problem


def test_all_faults_of_a_waiver_are_named_at_once(tmp_path: Path) -> None:
    (problem,) = load(tmp_path, {**ENTRY, "reason": "", "expires": "soon"}).problems
    assert "reason" in problem
    assert "expires" in problem


def test_waivers_of_the_other_pack_are_left_to_it(tmp_path: Path) -> None:
    assert load(tmp_path, {"rule": "cheap"}) == Waivers()


def test_a_waiver_for_other_profiles_holds_in_those_only(tmp_path: Path) -> None:
    entry = {**ENTRY, "profiles": ["dev"]}
    assert load(tmp_path, entry, profile="prod") == Waivers()
    assert len(load(tmp_path, entry, profile="dev").current) == 1


@pytest.mark.parametrize("text", ["waivers: [", "[]", "waivers: {}", "waiver: []", ""])
def test_a_file_that_is_no_list_of_waivers_is_one_problem(tmp_path: Path, text: str) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(text)
    assert len(waivers.load("prod", ["safe"], [], TODAY, path).problems) == 1


@pytest.mark.parametrize("glob", ["endpoint", "mlops-legacy", "urn:*::endpoint", "*-legacy"])
def test_a_waiver_names_its_resource_by_urn_program_name_or_azure_name(tmp_path: Path, glob: str) -> None:
    properties = Properties({"endpointName": "mlops-legacy"})
    kind = "machinelearningservices:OnlineEndpoint"
    resource = Resource("urn:pulumi:dev::p::t::endpoint", kind, "endpoint", properties)
    other = Resource("urn:pulumi:dev::p::t::other", kind, "other", Properties({"endpointName": "mlops"}))
    loaded = load(tmp_path, {**ENTRY, "resource": glob})
    assert loaded.find("safe", resource)
    assert not loaded.find("safe", other)
    assert not loaded.find("sound", resource)


def test_the_waiver_file_of_the_project_is_in_order() -> None:
    assert waivers.load("prod", [], [], TODAY).problems == ()
