"""The functions of template expressions that need nothing but their arguments.

Each raises TypeError for arguments that Azure would not take. `guid` and `uniqueString` are hashes whose values nobody
may rely on: here they have Azure's length, letters and constancy, and other values.
Source: learn.microsoft.com/azure/azure-resource-manager/templates/template-functions.
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

UNIQUE_LENGTH = 13
"""Characters of `uniqueString`."""


def _joined(*arguments: Any) -> Any:
    if arguments and all(isinstance(argument, list) for argument in arguments):
        return [item for argument in arguments for item in argument]
    return "".join(str(argument) for argument in _plain(arguments))


def _plain(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(isinstance(argument, list | Mapping) for argument in arguments):
        raise TypeError
    return arguments


def _truths(arguments: tuple[Any, ...]) -> tuple[bool, ...]:
    if not arguments or not all(isinstance(argument, bool) for argument in arguments):
        raise TypeError
    return arguments


def _empty(value: Any) -> bool:
    if value is not None and not isinstance(value, str | list | Mapping):
        raise TypeError
    return not value


def _equal(one: Any, other: Any) -> bool:
    """Strings are compared with their letter case, a number is no truth value."""
    return type(one) is type(other) and bool(one == other)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise TypeError from error


def _digest(arguments: tuple[Any, ...]) -> bytes:
    if not arguments:
        raise TypeError
    return hashlib.sha256("-".join(str(argument) for argument in _plain(arguments)).encode()).digest()


def _unique(*arguments: Any) -> str:
    return base64.b32encode(_digest(arguments)).decode()[:UNIQUE_LENGTH].lower()


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "and": lambda *truths: all(_truths(truths)),
    "array": lambda value: value if isinstance(value, list) else [value],
    "concat": _joined,
    "empty": _empty,
    "equals": _equal,
    "guid": lambda *arguments: str(uuid.UUID(bytes=_digest(arguments)[:16], version=5)),
    "json": _parsed,
    "not": lambda truth: not _truths((truth,))[0],
    "or": lambda *truths: any(_truths(truths)),
    "toLower": str.lower,
    "uniqueString": _unique,
}
"""By their names in Microsoft's reference."""
