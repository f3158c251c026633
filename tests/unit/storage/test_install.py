"""Getting Node and Azurite. Node and npm are scripts of a few lines here."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from local import cache
from local.errors import LocalError
from local.storage import install, node

STORAGE = Path(node.__file__).parent

Program = Callable[[str, str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts shell scripts on a PATH that has nothing else but the system's shell tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def write(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o700)

    return write


def npm_that_records(tmp_path: Path) -> str:
    return f'echo "$PWD $*" >> {shlex.quote(str(tmp_path / "calls"))}; /bin/mkdir node_modules'


def test_node_and_npm_on_the_path_are_taken(program: Program, tmp_path: Path) -> None:
    program("node", "echo v22.4.0")
    program("npm", "exit 0")

    found = node.find()

    assert found.executable == tmp_path / "bin" / "node"
    assert found.npm == (str(tmp_path / "bin" / "npm"),)


@pytest.mark.parametrize("version", ["v18.20.4", "v4.0.0", "not a version", ""])
def test_a_node_that_is_too_old_is_not_taken(program: Program, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    program("node", f"echo {version}")
    program("npm", "exit 0")
    monkeypatch.setattr(node, "_install", lambda folder: None)

    assert node.find().executable.is_relative_to(cache.root())


def test_node_without_npm_is_not_taken(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("node", "echo v22.4.0")
    monkeypatch.setattr(node, "_install", lambda folder: None)

    found = node.find()

    assert found.npm == (
        str(found.executable),
        str(found.executable.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"),
    )


def test_without_any_node_one_sentence_says_what_to_do(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        message = "python ended with code 1:\n  No matching distribution"
        raise cache.BuildError(message)

    monkeypatch.setattr(cache, "run", refuse)

    with pytest.raises(LocalError, match=r"needs Node\.js 20 or later .* install Node\.js, .*\n(.*\n)*.*No matching"):
        node.find()


def test_azurite_is_installed_once_from_the_lock_file_and_without_scripts(program: Program, tmp_path: Path) -> None:
    program("node", "echo v22.4.0")
    program("npm", npm_that_records(tmp_path))

    folder = install()

    assert install() == folder
    [call] = (tmp_path / "calls").read_text().splitlines()
    assert call.startswith(f"{folder} ci --ignore-scripts ")
    assert (folder / "package-lock.json").read_bytes() == (STORAGE / "package-lock.json").read_bytes()


def test_a_failed_installation_shows_npms_own_words_and_is_tried_again(program: Program, tmp_path: Path) -> None:
    program("node", "echo v22.4.0")
    program("npm", "echo npm error ENOTFOUND; exit 1")
    with pytest.raises(LocalError, match=r"cannot be installed with npm: npm ended with code 1:\n  npm error E"):
        install()

    program("npm", npm_that_records(tmp_path))
    assert (install() / "node_modules").is_dir()


def test_the_lock_file_pins_every_package_by_hash_and_names_no_registry() -> None:
    text = (STORAGE / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}

    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert "resolved" not in text
    assert packages["node_modules/azurite"]["version"] == "3.35.0"
