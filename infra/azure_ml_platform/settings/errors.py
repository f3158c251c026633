"""Errors in the settings: what was found where, which rule it breaks, and the command that mends it."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

MISSING = object()
"""Stands for the value of a setting that is not there."""

HIDDEN = object()
"""Stands for a value that no message may show."""

_SENSITIVE = re.compile(r"password|passwd|secret|token|credential|connection_?string|(^|[._-])key$", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """One wrong setting."""

    path: str
    """Dotted path below the namespace."""
    found: Any
    """The value, or `MISSING`."""
    rule: str
    """Completes "must be ..."."""
    mend: tuple[str, ...]
    """Command lines that mend it, or what to change in the file."""
    origin: str = ""
    """Where the value comes from, when that is not the stack's file."""

    @property
    def text(self) -> str:
        """Three labelled lines and the path."""
        found = f"{_shown(self.path, self.found)}{self.origin and f' ({self.origin})'}"
        lines = [self.path, f"    found    {found}", f"    must be  {self.rule}"]
        lines += [f"    {label:8} {line}" for label, line in zip(_labels(len(self.mend)), self.mend, strict=True)]
        return "\n".join(lines)


class SettingsError(pulumi.RunError):
    """All that is wrong in a stack's file. The engine prints a RunError's text and nothing else."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        """List the problems, ordered by path."""
        self.file = file
        self.problems = tuple(sorted(problems, key=lambda problem: problem.path))
        count = len(self.problems)
        head = f"{file}: {count} wrong setting{'s' if count > 1 else ''}, nothing was deployed."
        super().__init__("\n\n".join([head, *(problem.text for problem in self.problems)]))


def dotted(parts: Sequence[str | int]) -> str:
    """Write a path as `pulumi config set --path` reads it."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            path += f".{part}" if path else part
        else:
            path += f"[{json.dumps(part)}]"
    return path


def set_command(stack: str, path: str, value: Any) -> str:
    """Return the command line that gives a setting a value."""
    text = value if isinstance(value, str) else json.dumps(value)
    # The command line takes what looks like a number or a boolean for one.
    quoted = "--type string " if isinstance(value, str) and re.fullmatch(r"[-+.\d]+(e\d+)?|true|false", value) else ""
    return f"pulumi config set --stack {stack} {quoted}--path '{path}' {shlex.quote(text)}"


def secret_command(stack: str, key: str) -> str:
    """Return the command line that stores a secret; it asks for the value, which no argument list then shows."""
    return f"pulumi config set --stack {stack} --secret {shlex.quote(key)}"


def remove_command(stack: str, path: str) -> str:
    """Return the command line that takes a setting out of the stack's file."""
    return f"pulumi config rm --stack {stack} --path '{path}'"


def _labels(count: int) -> list[str]:
    return ["mend", *["then"] * (count - 1)][:count]


def sensitive(path: str) -> bool:
    """Whether the name of a setting says that its value may be a secret."""
    return _SENSITIVE.search(path) is not None


def _shown(path: str, value: Any) -> str:
    if value is MISSING:
        return "nothing"
    if value is HIDDEN or sensitive(path):
        return "a value that is not shown here"
    if isinstance(value, Mapping) and value:
        return f"a map of {', '.join(map(str, value))}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:97]}..."
