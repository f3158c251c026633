"""Values for the secrets of a stack's copy: made here, at random, once; the committed ones cannot be read locally."""

import secrets
import subprocess
from collections.abc import Mapping

from local.errors import LocalError
from local.paths import Paths
from local.project import KeyPath, StackCopy

CHARACTER_CLASSES = "aA1-"
"""Appended, so that a value passes Azure's password rules (three of four classes of characters)."""


def fill(paths: Paths, copy: StackCopy, environment: Mapping[str, str]) -> None:
    """Give each secret of `copy` that has no value yet a random one, encrypted by the engine."""
    if not copy.unset_secrets:
        return
    if _engine(paths, environment, "stack", "select", copy.stack).returncode:
        _succeed(_engine(paths, environment, "stack", "init", copy.stack))
    for path in copy.unset_secrets:
        value = secrets.token_urlsafe(24) + CHARACTER_CLASSES
        arguments = ("config", "set", "--secret", "--path", _engine_path(path), "--stack", copy.stack)
        _succeed(_engine(paths, environment, *arguments, stdin=value))


def _engine_path(path: KeyPath) -> str:
    """The path as the engine writes it: `namespace:area["key"]`."""
    first, *rest = path
    return first + "".join(f'["{key}"]' for key in rest)


def _engine(
    paths: Paths, environment: Mapping[str, str], *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    command = ["pulumi", "-C", str(paths.project), "--non-interactive", *arguments]
    try:
        return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        message = f"there is no `pulumi` in {paths.bin} or on PATH; `make up` obtains it"
        raise LocalError(message) from error


def _succeed(result: subprocess.CompletedProcess[str]) -> None:
    if result.returncode:
        message = f"the engine could not prepare the local stack: {result.stderr.strip()}"
        raise LocalError(message)
