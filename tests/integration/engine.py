"""The engine on a project of a test's own."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import Checkout


@dataclass(frozen=True)
class Project:
    """A folder with a Pulumi project, and the environment that the engine runs in."""

    folder: Path
    variables: dict[str, str]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the engine; its errors are in its output."""
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Run the engine and return its output."""
        process = self.start(*arguments)
        output, _ = process.communicate()
        assert (process.returncode != 0) is fails, output
        return output


def small_project(target: Checkout, factory: pytest.TempPathFactory, name: str) -> tuple[Path, dict[str, str]]:
    """Folder and environment of a project of this name on a local target, with a state of its own."""
    folder, state = factory.mktemp("program"), factory.mktemp("state")
    exported = target.run(target.within("env", "-0"))
    variables = dict(line.split("=", 1) for line in exported.rpartition("\n")[2].split("\0") if line)
    variables |= {"PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": "a passphrase"}
    (folder / "Pulumi.yaml").write_text(
        f"name: {name}\nruntime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
    )
    return folder, variables
