"""The generated project: the checkout's program and settings, an encryption of its own, no committed file changed."""

import stat
import sys
from pathlib import Path

import pytest
import yaml

from local import project
from local.errors import LocalError
from local.paths import Paths

COMMITTED = """\
# yaml-language-server: $schema=schema/settings.json
secretsprovider: azurekeyvault://vault.example/keys/pulumi
encryptedkey: Zm9yZWlnbg==
config:
  azure-ml-platform:platform: {owner: a@example.com, in_cluster: off, code: 010, since: 2024-01-01, limit: 1e3}
  azure-ml-platform:secret-sql:
    secure: Zm9yZWlnbg==
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    (tmp_path / "Pulumi.yaml").write_text("name: azure-ml-platform\nruntime:\n  name: python\nmain: infra\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(COMMITTED)
    return Paths(tmp_path)


def copied(paths: Paths) -> str:
    return (paths.project / "Pulumi.prod.yaml").read_text()


def test_the_program_and_its_interpreter_are_the_checkouts(paths: Paths) -> None:
    project.write(paths)
    made = yaml.safe_load((paths.project / "Pulumi.yaml").read_text())
    assert made["main"] == str(paths.root)
    assert made["runtime"]["options"]["virtualenv"] == sys.prefix
    assert made["name"] == "azure-ml-platform"


def test_the_committed_encryption_is_left_out_and_the_files_stay_as_they_are(paths: Paths) -> None:
    before = {file: file.read_bytes() for file in paths.root.glob("Pulumi*.yaml")}
    project.write(paths)
    assert "secretsprovider" not in copied(paths)
    assert "encryptedkey" not in copied(paths)
    assert "Zm9yZWlnbg==" not in copied(paths)
    assert before == {file: file.read_bytes() for file in paths.root.glob("Pulumi*.yaml")}


def test_values_reach_the_engine_as_they_were_written(paths: Paths) -> None:
    project.write(paths)
    assert "in_cluster: off, code: 010, since: 2024-01-01, limit: 1e3" in copied(paths)


def test_secrets_without_a_local_value_are_named(paths: Paths) -> None:
    (copy,) = project.write(paths)
    assert copy == project.StackCopy("prod", (("azure-ml-platform:secret-sql",),))


def test_a_nested_secret_is_named_by_its_path(paths: Paths) -> None:
    (paths.root / "Pulumi.prod.yaml").write_text("config:\n  a:b:\n    c: {secure: AAAA}\n    d: 1\n")
    (copy,) = project.write(paths)
    assert copy.unset_secrets == (("a:b", "c"),)
    assert yaml.safe_load(copied(paths))["config"] == {"a:b": {"d": 1}}


def test_the_copys_own_encryption_and_secrets_survive_the_next_run(paths: Paths) -> None:
    project.write(paths)
    own = "encryptionsalt: v1:own\nconfig:\n  azure-ml-platform:secret-sql:\n    secure: v1:own\n  stale: 1\n"
    (paths.project / "Pulumi.prod.yaml").write_text(own)
    (copy,) = project.write(paths)
    made = yaml.safe_load(copied(paths))
    assert copy.unset_secrets == ()
    assert made["encryptionsalt"] == "v1:own"
    assert made["config"]["azure-ml-platform:secret-sql"] == {"secure": "v1:own"}
    assert made["config"]["azure-ml-platform:platform"]["owner"] == "a@example.com"
    assert "stale" not in made["config"]


def test_a_secret_that_became_plain_is_plain_in_the_copy(paths: Paths) -> None:
    project.write(paths)
    (paths.project / "Pulumi.prod.yaml").write_text("config:\n  a:b:\n    secure: v1:own\n")
    (paths.root / "Pulumi.prod.yaml").write_text("config:\n  a:b: open\n")
    project.write(paths)
    assert yaml.safe_load(copied(paths))["config"] == {"a:b": "open"}


def test_an_unchanged_copy_is_not_written_again(paths: Paths) -> None:
    project.write(paths)
    before = (paths.project / "Pulumi.prod.yaml").stat().st_ino
    project.write(paths)
    assert (paths.project / "Pulumi.prod.yaml").stat().st_ino == before


@pytest.mark.parametrize("text", ["", "config:\n", "config: {}\n"])
def test_a_stack_file_without_settings_is_copied(paths: Paths, text: str) -> None:
    (paths.root / "Pulumi.prod.yaml").write_text(text)
    assert project.write(paths) == [project.StackCopy("prod", ())]


@pytest.mark.parametrize("text", ["config: [", "- a\n", "just text\n"])
def test_a_broken_stack_file_is_named(paths: Paths, text: str) -> None:
    (paths.root / "Pulumi.prod.yaml").write_text(text)
    with pytest.raises(LocalError, match=r"Pulumi\.prod\.yaml"):
        project.write(paths)


def test_the_passphrase_is_random_private_and_made_once(paths: Paths) -> None:
    project.write(paths)
    first = paths.passphrase.read_text()
    project.write(paths)
    assert len(first) >= 32
    assert paths.passphrase.read_text() == first
    assert stat.S_IMODE(paths.passphrase.stat().st_mode) == 0o600


def test_what_a_local_copy_has_to_say_is_laid_over_what_the_file_says(paths: Paths) -> None:
    file = paths.root / "Pulumi.prod.yaml"
    file.write_text("config:\n  a:cluster: {in_cluster: true, zones: ['1']}\n")
    project.write(paths, {"a:cluster": {"in_cluster": False}, "a:new": {"version": "1.2.3"}})
    made = yaml.safe_load(copied(paths))["config"]
    assert made == {"a:cluster": {"zones": ["1"], "in_cluster": False}, "a:new": {"version": "1.2.3"}}
    assert "in_cluster: true" in file.read_text()
