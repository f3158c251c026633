"""The engine on a project of a test's own."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


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
