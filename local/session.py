"""A command of the local target: endpoint up, project generated, plugin in place, environment set."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from local import environment, lifecycle, project, secret_values
from local.errors import LocalError
from local.kubernetes import engine as kubernetes
from local.paths import Paths
from local.provider.install import install

_CHANGING = frozenset(("up", "preview"))
"""Commands whose outcome depends on what this machine can run."""


def prepare(paths: Paths, stack: str, report: lifecycle.Report) -> dict[str, str]:
    """Make ready whatever a command on `stack` needs; returns the variables of the environment contract."""
    copy = _of(stack, project.write(paths, {kubernetes.AREA: kubernetes.settings()}))
    endpoint = lifecycle.start(paths, report)
    environment.write_ca_bundle(paths)
    install(paths.pulumi_home, Path(sys.executable))
    kubernetes.install(paths.pulumi_home)
    contract = {**environment.contract(paths, endpoint, os.environ), **kubernetes.environment()}
    secret_values.fill(paths, copy, environment.inherit(os.environ, contract))
    return contract


def run(paths: Paths, stack: str, command: Sequence[str], report: lifecycle.Report) -> NoReturn:
    """Become `command`, in the local environment: its exit code and its signals are this process's own."""
    variables = environment.inherit(os.environ, prepare(paths, stack, report))
    if _CHANGING.intersection(command) and not kubernetes.is_available():
        report(kubernetes.LEFT_OUT)
    try:
        os.execvpe(command[0], list(command), variables)  # noqa: S606 - the command is the caller's own
    except OSError as error:
        message = f"cannot run {command[0]!r}: {error.strerror}"
        raise LocalError(message) from error


def _of(stack: str, copies: Sequence[project.StackCopy]) -> project.StackCopy:
    for copy in copies:
        if copy.stack == stack:
            return copy
    known = ", ".join(copy.stack for copy in copies)
    message = f"there is no stack {stack!r}: Pulumi.{stack}.yaml does not exist; there are {known}"
    raise LocalError(message)
