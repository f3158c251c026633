"""What goes wrong before anything is deployed ends in sentences with the way out."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.integration.conftest import ROOT, Checkout, checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = checkout(tmp_path_factory.mktemp("bad") / "home")
    made.run(made.within("pulumi", "-C", str(made.paths.project), "stack", "select", "--create", made.stack))
    try:
        yield made
    finally:
        made.stop()


def test_wrong_settings_are_refused_all_at_once_and_nothing_is_deployed(target: Checkout, tmp_path: Path) -> None:
    settings = yaml.safe_load((target.paths.project / "Pulumi.local.yaml").read_text())
    settings["config"]["azure-ml-platform:platform"]["owner"] = "nobody"
    settings["config"]["azure-ml-platform:key_vault"] = {"allowed_ip_ranges": ["10.0.0.0/33"]}
    settings["config"]["azure-ml-platform:blob"] = {"colour": "blue"}
    file = tmp_path / "Pulumi.local.yaml"
    file.write_text(yaml.safe_dump(settings))
    said = target.ops("preview", "--", "--config-file", str(file), fails=True)
    for path, value in (("platform.owner", "nobody"), ("allowed_ip_ranges", "10.0.0.0/33"), ("blob.colour", "blue")):
        assert path in said
        assert value in said
    assert "Pulumi.local.yaml" in said
    assert "pulumi config" in said
    assert "Traceback" not in said
    assert target.state_ids() == set()


def test_a_stack_that_does_not_exist_is_named_with_those_that_do(target: Checkout) -> None:
    command = [sys.executable, "-m", "local", "run", "--stack", "nowhere", "--", "true"]
    said = target.run(command, fails=True)
    assert "nowhere" in said
    assert "local" in said
    assert "Traceback" not in said


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    other = checkout(tmp_path / "home")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = other.run([sys.executable, "-m", "local", "start", "--port", port], fails=True)
    assert port in said
    assert "Traceback" not in said


def test_a_wrong_passphrase_is_one_sentence(target: Checkout) -> None:
    kept = target.paths.passphrase.read_text()
    target.paths.passphrase.write_text("another")
    try:
        said = target.ops("up", fails=True)
    finally:
        target.paths.passphrase.write_text(kept)
    assert "passphrase" in said
    assert "Traceback" not in said


def test_azure_without_a_login_says_how_to_log_in(tmp_path: Path) -> None:
    names = ("PATH", "LANG", "TMPDIR")
    variables = {name: os.environ[name] for name in names if name in os.environ} | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "ops", "preview", "--stack", "dev"],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode != 0
    assert "az login" in done.stdout
    assert "Traceback" not in done.stdout
