"""Versions: which engine this project needs, which one it builds, and which one a file is."""

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

_ANSWER_SECONDS = 20


class Version(NamedTuple):
    """A released version, compared number by number; what follows the three numbers in its text is not kept."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version | None":
        """The first version in a text such as `v3.259.0` or `go1.26.8`, None where there is none."""
        found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
        return cls(*(int(number or 0) for number in found.groups())) if found else None

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


OLDEST_ENGINE = Version(3, 220, 0)
"""Older engines do not tell policy packs the stack's configuration."""


def of_engine(binary: Path) -> Version | None:
    """The version that a `pulumi` says it is; None if it does not run or says something else."""
    variables = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [binary, "version"],
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Version.parse(answer.stdout) if answer.returncode == 0 else None
