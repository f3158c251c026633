"""The programs that a built engine looks for beside itself: they start this checkout's host under its own Python."""

import os
import shlex
from pathlib import Path

_MARK = "# Written by `python -m local.engine`: starts the Python language host of one checkout."

_LANGUAGE_HOST = """\
#!/bin/sh
{mark}
exec {python} -P -u -m local.engine.host "$@"
"""

_DYNAMIC_PROVIDER = """\
#!/bin/sh
{mark}
exec "${{PULUMI_RUNTIME_VIRTUALENV:-{virtualenv}}}"/bin/python -u {child} dynamic $PPID "$@"
"""

LANGUAGE_HOST = "pulumi-language-python"
DYNAMIC_PROVIDER = "pulumi-resource-pulumi-python"


def write(folder: Path, virtualenv: Path) -> None:
    """Write both launchers into `folder`; they run the Python of `virtualenv`."""
    child = Path(__file__).resolve().parent / "host" / "child.py"
    texts = {
        LANGUAGE_HOST: _LANGUAGE_HOST.format(mark=_MARK, python=shlex.quote(str(virtualenv / "bin" / "python"))),
        DYNAMIC_PROVIDER: _DYNAMIC_PROVIDER.format(mark=_MARK, virtualenv=virtualenv, child=shlex.quote(str(child))),
    }
    for name, text in texts.items():
        _write_executable(folder / name, text)


def remove(folder: Path) -> None:
    """Take both launchers out of `folder`, so that an official engine uses its own host."""
    for name in (LANGUAGE_HOST, DYNAMIC_PROVIDER):
        (folder / name).unlink(missing_ok=True)


def are_in(folder: Path) -> bool:
    """Whether `folder` is one that this module has written to, in this checkout or another one."""
    host = folder / LANGUAGE_HOST
    return host.is_file() and _MARK.encode() in host.read_bytes()[:200]


def _write_executable(path: Path, text: str) -> None:
    """Replace `path` in one step: an engine that starts at this moment finds the old text or the new one."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text)
    partial.chmod(0o755)
    partial.replace(path)
