"""Profiles: levels and limits per kind of stack, refused when anything in them is not understood."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_policy import EnforcementLevel, Severity

from policies import cost, security
from policies.kit import profile as profiles
from policies.kit.conditions import is_true
from policies.kit.pack import Pack
from policies.kit.profile import ProfileError
from policies.kit.rule import Rule
from policies.security.limits import Limits

PACKS: list[Pack[Any]] = [security.PACK, cost.PACK]
LIMITS = yaml.safe_load((profiles.FOLDER / "dev.yaml").read_text())["security"]["limits"]
CONTENT = {
    "security": {
        "levels": {"safe": "mandatory", "sound": False},
        "limits": {**LIMITS, "locations": ["westeurope"]},
    },
    "cost": {"levels": {"cheap": "advisory"}, "limits": {}},
}


def load(folder: Path, text: str) -> profiles.Profile[Limits]:
    (folder / "dev.yaml").write_text(text)
    return profiles.load("dev", "security", Limits, folder)


def rule(id: str, **more: Any) -> Rule:
    conditions = {"keyvault:Vault": is_true("locked")}
    return Rule(id=id, requires="It is safe", fix="lock it", severity=Severity.LOW, conditions=conditions, **more)


def changed(path: str, value: object) -> str:
    content = yaml.safe_load(yaml.safe_dump(CONTENT))
    *parents, last = path.split("/")
    target = content
    for parent in parents:
        target = target[parent]
    target[last] = value
    return yaml.safe_dump(content)


def test_a_profile_gives_levels_limits_and_the_rules_of_the_other_packs(tmp_path: Path) -> None:
    profile = load(tmp_path, yaml.safe_dump(CONTENT))
    assert profile.levels == {"safe": EnforcementLevel.MANDATORY, "sound": EnforcementLevel.DISABLED}
    assert profile.limits.locations == ("westeurope",)
    assert profile.other_rules == {"cheap"}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("reliability", {}, "policies/profiles/dev.yaml has the unknown key 'reliability': remove it"),
        ("security/level", {}, "policies/profiles/dev.yaml: security has the unknown key 'level'"),
        (
            "security/levels/safe",
            "strict",
            """security.levels.safe is 'strict', must be "off", "advisory", "mandatory" or "remediate\"""",
        ),
        ("security/levels/safe", True, "security.levels.safe is True, must be"),
        ("security/limits/sas_days", 7, "security.limits has the unknown key 'sas_days'"),
        ("security/limits/sas_days_max", "7", "security.limits.sas_days_max is '7', must be a whole number"),
        ("security/limits/sas_days_max", True, "security.limits.sas_days_max is True, must be a whole number"),
        (
            "security/limits/locations",
            "westeurope",
            "security.limits.locations is 'westeurope', must be a list of texts",
        ),
        ("security/limits", [], "security.limits must be a mapping of names to values, not []"),
    ],
)
def test_what_a_profile_does_not_know_is_refused(tmp_path: Path, path: str, value: object, message: str) -> None:
    with pytest.raises(ProfileError) as refusal:
        load(tmp_path, changed(path, value))
    assert message in str(refusal.value)


def test_what_a_profile_lacks_is_named(tmp_path: Path) -> None:
    content = yaml.safe_load(yaml.safe_dump(CONTENT))
    del content["security"]["limits"]["locations"]
    with pytest.raises(ProfileError, match=r'security.limits lacks "locations": add it'):
        load(tmp_path, yaml.safe_dump(content))


def test_a_profile_that_is_no_yaml_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"policies/profiles/dev.yaml is not valid YAML") as refusal:
        load(tmp_path, "security: [")
    assert "\n" not in str(refusal.value)


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(ProfileError, match=r'no policy profile "staging": .* must be "dev", "local" or "prod"'):
        security.PACK.profile("staging")


def test_a_profile_that_forgets_a_rule_or_names_one_too_many_is_refused(tmp_path: Path) -> None:
    profile = load(tmp_path, yaml.safe_dump(CONTENT))
    with pytest.raises(ProfileError, match=r"security.levels lacks \"tidy\": add it; .* unknown key 'sound'"):
        profiles.check_rules(profile, "security", [rule("safe"), rule("tidy")])


def test_a_rule_without_a_remedy_cannot_be_left_to_remediate(tmp_path: Path) -> None:
    profile = load(tmp_path, changed("security/levels", {"safe": "remediate", "sound": "remediate"}))
    rules = [rule("safe", remedies={"keyvault:Vault": {"locked": True}}), rule("sound")]
    with pytest.raises(ProfileError) as refusal:
        profiles.check_rules(profile, "security", rules)
    where = "policies/profiles/dev.yaml: security.levels.sound"
    assert str(refusal.value) == f'{where} is "remediate", but the rule has no remedy: choose "mandatory"'


def test_a_stack_without_a_profile_is_judged_as_production() -> None:
    assert security.PACK.profile(None) == security.PACK.profile("prod")


@pytest.mark.parametrize("name", ["local", "dev", "prod"])
def test_each_profile_names_a_level_for_each_rule(name: str) -> None:
    for pack in PACKS:
        assert pack.policies(pack.profile(name))


def test_production_is_nowhere_looser_than_development_in_security() -> None:
    order = list(profiles.LEVELS.values())
    dev, prod = security.PACK.profile("dev").levels, security.PACK.profile("prod").levels
    assert [rule for rule in dev if order.index(prod[rule]) < order.index(dev[rule])] == []


def test_the_local_profile_is_as_strict_as_development() -> None:
    for pack in PACKS:
        assert pack.profile("local").levels == pack.profile("dev").levels
