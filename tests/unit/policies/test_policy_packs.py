"""The packs as a whole: ids, folders, the setting that chooses the profile, and what they load."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_policy import EnforcementLevel

import policies
from policies import cost, security
from policies.kit.pack import Pack, StackPolicies
from tests.unit.policies.analyzer import Analyzer, Node

ROOT = Path(policies.__path__[0])
PACKS: list[Pack[Any]] = [security.PACK, cost.PACK]


@pytest.fixture
def stack_setting(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the stack's setting `profile` the way a language host does."""
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    return lambda name: monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azure-ml-platform:profile": name}))


def levels(analyzer: Analyzer) -> dict[str, int]:
    return {policy.name: policy.enforcementLevel for policy in analyzer.info().policies}


def test_rule_ids_are_unique_and_in_kebab_case() -> None:
    ids = [rule.id for pack in PACKS for rule in pack.rules(pack.profile("prod").limits)]
    assert len(ids) == len(set(ids))
    assert [rule for rule in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule)] == []


def test_every_rule_says_what_it_requires_how_to_mend_it_and_what_it_comes_from() -> None:
    controls = {"security": r"[A-Z]{2}-\d+", "cost": r"CO:\d{2}"}
    for pack in PACKS:
        for rule in pack.rules(pack.profile("prod").limits):
            assert rule.control == "" or re.fullmatch(controls[pack.name], rule.control), rule.id
            assert rule.requires[0].isupper(), rule.id
            assert not rule.requires.endswith("."), rule.id
            assert rule.fix[0].islower(), rule.id
            assert not rule.fix.endswith("."), rule.id


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_the_profile_of_the_stack_sets_the_levels(pack: Pack[Any], stack_setting: Any) -> None:
    analyzer = Analyzer(StackPolicies(pack))
    strict = levels(analyzer)
    stack_setting("dev")
    assert levels(analyzer) != strict
    assert levels(analyzer) == levels(Analyzer(pack.policies(pack.profile("dev"))))


def test_a_profile_that_nobody_knows_refuses_the_stack_instead_of_ending_the_pack(stack_setting: Any) -> None:
    analyzer = Analyzer(StackPolicies(security.PACK))
    stack_setting("staging")
    stack, vault = Node("pulumi:pulumi:Stack", {}), Node("keyvault:Vault", {}, name="vault")
    (refusal,) = analyzer.run([stack, vault])
    assert (refusal.policy, refusal.level) == ("profile-invalid", EnforcementLevel.MANDATORY)
    assert 'there is no policy profile "staging"' in refusal.message


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_pack_describes_itself_as_its_project_file_does(pack: Pack[Any]) -> None:
    project = yaml.safe_load((ROOT / pack.name / "PulumiPolicy.yaml").read_text())
    assert project["name"] == f"azure-ml-platform-{pack.name}"
    assert project["description"] == pack.description
    virtualenv = ROOT / pack.name / project["runtime"]["options"]["virtualenv"]
    assert virtualenv.resolve() == ROOT.parent / ".venv"


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_no_module_of_a_pack_shadows_another_one(pack: Pack[Any]) -> None:
    own = {path.stem for path in (ROOT / pack.name).iterdir() if path.suffix in ("", ".py")}
    assert own & (sys.stdlib_module_names | packages_distributions().keys()) <= {"__main__"}


def test_a_pack_loads_no_azure_sdk_and_no_settings() -> None:
    program = (
        "import sys, policies.security, policies.cost\n"
        "print([name for name in sys.modules if name.startswith(('pulumi_azure_native', 'pydantic', 'azure.'))])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
