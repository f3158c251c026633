"""What a child process of the host does: the kinds of code that the engine asks for, and what they have in common."""

import runpy
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from local.engine.host import frames, lifeline
from local.engine.host.statuses import ALREADY_REPORTED

_SDK_MISSING = (
    "the Pulumi SDK is not installed for {python}: install the program's dependencies there, "
    "for example with `{python} -m pip install pulumi`"
)


def run(kind: str, parent: int, arguments: Sequence[str]) -> int:
    """Run one child of the given kind and return its exit status."""
    lifeline.end_with(parent)
    if find_spec("pulumi") is None:
        return _report(_SDK_MISSING.format(python=sys.executable))
    try:
        return _KINDS[kind](arguments)
    except Exception as error:  # noqa: BLE001 - whatever someone's code raises ends here
        return _report(frames.render(error))


def _report(text: str) -> int:
    print(text, file=sys.stderr)  # noqa: T201 - the engine shows what is printed
    return ALREADY_REPORTED


def _program(arguments: Sequence[str]) -> int:
    from local.engine.host import program

    return program.run(arguments)


def _policy_pack(arguments: Sequence[str]) -> int:
    from local.engine.host import policy_pack

    return policy_pack.run(arguments)


def _plugin(arguments: Sequence[str]) -> int:
    """A plugin written in Python: the folder of its `__main__.py`, then the arguments that the engine has for it."""
    folder, *rest = arguments
    enter(Path(folder), rest)
    runpy.run_path(folder, run_name="__main__")
    return 0


def _dynamic_provider(arguments: Sequence[str]) -> int:
    from local.engine.host import dynamic_provider

    return dynamic_provider.run(arguments)


def enter(folder: Path, arguments: Sequence[str] = ()) -> None:
    """Look as if Python had been started in `folder`: modules beside the program are found, also after it has run."""
    sys.path[0] = str(folder)
    sys.argv = [str(folder), *arguments]


_KINDS: dict[str, Callable[[Sequence[str]], int]] = {
    "program": _program,
    "policy-pack": _policy_pack,
    "plugin": _plugin,
    "dynamic": _dynamic_provider,
}
