"""What is installed for a program, and how it gets there. Imports are late: a deployment asks for none of it."""

import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from local.engine.host.environments import Environment


def sdk_version() -> str:
    """The version of the Pulumi SDK beside this host."""
    from importlib.metadata import version

    return version("pulumi")


def python_version(environment: Environment) -> str:
    """For example "3.11.7"."""
    if environment.python.parent == Path(sys.executable).parent:
        # The engine asks before every run; for the host's own Python nothing has to be started.
        return platform.python_version()
    command = [str(environment.python), "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def installed(environment: Environment, *, transitive: bool) -> list[tuple[str, str]]:
    """Names and versions of what is installed; unless `transitive`, without what something else there requires."""
    from importlib.metadata import distributions

    found = {_canonical(each.name): each for each in distributions(path=_search_path(environment))}
    required = {_canonical(requirement) for each in found.values() for requirement in each.requires or ()}
    return sorted((each.name, each.version) for name, each in found.items() if transitive or name not in required)


def installation(environment: Environment, folder: Path) -> Iterator[list[str]]:
    """The commands that make an environment ready for the program in `folder`."""
    if environment.virtualenv is not None and not environment.python.exists():
        yield [sys.executable, "-m", "venv", str(environment.virtualenv)]
    requirements = folder / "requirements.txt"
    if requirements.exists():
        yield [str(environment.python), "-m", "pip", "install", "--requirement", str(requirements)]


def _search_path(environment: Environment) -> list[str]:
    if environment.virtualenv is None:
        return sys.path
    return [str(folder) for folder in environment.virtualenv.glob("lib/python*/site-packages")]


def _canonical(requirement: str) -> str:
    """The name in a requirement such as `Foo_Bar[extra]>=1; marker`, in the one form that compares (PEP 503)."""
    import re

    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
