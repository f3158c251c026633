"""A local target of the tests' own, beside the developer's: other home, other port, other state."""

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from local.paths import HOME_VARIABLE, Paths

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = Paths.of_checkout().clients / "bin" / "python"
"""The interpreter that has Microsoft's clients."""

_OURS = "pulumi-python:dynamic/azure_ml_platform:"
IN_AZURE = ("azure-native:", f"{_OURS}FactoryNetwork", f"{_OURS}Trigger")
"""How the types of what is a resource in Azure by itself begin: our other dynamic resources act on such a one."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=1, help="random moments at which each process is killed (default 1)")


@dataclass(frozen=True)
class Checkout:
    """The commands of a checkout, as make calls them."""

    home: Path
    stack: str = "local"

    @cached_property
    def variables(self) -> dict[str, str]:
        """The environment of every command."""
        return {**os.environ, HOME_VARIABLE: str(self.home)}

    @cached_property
    def paths(self) -> Paths:
        """The files of this local target."""
        return Paths(ROOT, self.home)

    def command(self, *ops: str) -> list[str]:
        """The command line of `python -m ops` on the local target."""
        return [*self.within(sys.executable, "-m", "ops", ops[0], "--stack", self.stack), *ops[1:]]

    def within(self, *command: str) -> list[str]:
        """The command line that runs any command on the local target."""
        return [sys.executable, "-m", "local", "run", "--stack", self.stack, "--", *command]

    def run(self, command: list[str], *, fails: bool = False, stdin: str | None = None) -> str:
        """Run a command that has to succeed, or to fail; both outputs together."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            input=stdin,
            text=True,
        )
        assert (done.returncode != 0) == fails, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def ops(self, *arguments: str, fails: bool = False) -> str:
        """Run `python -m ops`."""
        return self.run(self.command(*arguments), fails=fails)

    def pulumi(self, *arguments: str, fails: bool = False) -> str:
        """Run the engine on the generated project."""
        project = ("-C", str(self.paths.project), "--non-interactive", "--color=never", "--stack", self.stack)
        return self.run(self.within("pulumi", *arguments, *project), fails=fails)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        return dict(json.loads(self.pulumi("stack", "output", "--json")))

    def state_ids(self) -> set[str]:
        """The ids of all that the state says is in Azure, in lower case."""
        state = json.loads(self.pulumi("stack", "export"))["deployment"]
        resources = state.get("resources", [])
        return {item["id"].lower() for item in resources if item["type"].startswith(IN_AZURE)}

    def arm(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the endpoint; None where the answer has no body."""
        return json.loads(self.raw(method, path, body) or "null")

    def raw(self, method: str, path: str, body: Any = None) -> bytes:
        """One request to the endpoint with the token of `.local/arm.json`."""
        arm = json.loads(self.paths.arm.read_text())
        request = urllib.request.Request(
            arm["endpoint"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {arm['token']}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=arm["ca"])) as answer:
            return bytes(answer.read())

    def client(self, name: str) -> dict[str, Any]:
        """What one of the programs in tests/clients saw of this local target."""
        command = self.within(str(CLIENTS), str(ROOT / "tests" / "clients" / f"{name}.py"))
        done = subprocess.run(command, cwd=ROOT, env=self.variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def stop(self) -> None:
        """End the endpoint."""
        self.run([sys.executable, "-m", "local", "stop"])


def checkout(home: Path, stack: str = "local") -> Checkout:
    """A local target in `home` with this checkout's engine."""
    home.mkdir(mode=0o700, parents=True)
    (home / "bin").symlink_to(Paths.of_checkout().bin)
    return Checkout(home, stack)


@pytest.fixture(scope="module")
def local_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """An empty local target; ended afterwards."""
    yield from _ended_afterwards(checkout(tmp_path_factory.mktemp("local") / "home"))


@pytest.fixture(scope="session")
def shared_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A local target for programs that each keep to a resource group of their own."""
    yield from _ended_afterwards(checkout(tmp_path_factory.mktemp("shared") / "home"))


def _ended_afterwards(target: Checkout) -> Iterator[Checkout]:
    try:
        yield target
    finally:
        target.stop()
