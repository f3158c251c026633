"""JSON documents: merging and reaching into them by dotted path."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

Json = dict[str, Any]
"""A JSON object."""


def overlay(base: Mapping[str, Any], top: Mapping[str, Any]) -> Json:
    """`base` with the members of `top` laid over it, object by object; lists and scalars are replaced whole."""
    merged = dict(base)
    for name, value in top.items():
        below = merged.get(name)
        merged[name] = overlay(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def patched(document: Mapping[str, Any], patch: Mapping[str, Any]) -> Json:
    """`document` after a JSON merge patch (RFC 7386): null takes a member away."""
    result = dict(document)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            below = result.get(name)
            result[name] = patched(below if isinstance(below, Mapping) else {}, value)
        else:
            result[name] = value
    return result


def reach(document: Any, path: str, default: Any = None) -> Any:
    """The member at a dotted path, names compared without case as Azure does; `default` where there is none."""
    for name in path.split("."):
        if not isinstance(document, Mapping):
            return default
        document = member(document, name, default)
    return document


def member(document: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """A member of an object, its exact name first, then without regard to case."""
    if name in document:
        return document[name]
    wanted = name.casefold()
    return next((value for key, value in document.items() if key.casefold() == wanted), default)


def nested(path: str, value: Any) -> Json:
    """An object that has nothing but `value` at a dotted path."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return dict(value)


def without(document: Json, paths: tuple[str, ...]) -> Json:
    """A copy of `document` that lacks the members at the dotted `paths`."""
    copy = deepcopy(document) if paths else document
    for path in paths:
        *above, last = path.split(".")
        holder = reach(copy, ".".join(above)) if above else copy
        if isinstance(holder, dict):
            for name in [name for name in holder if name.casefold() == last.casefold()]:
                del holder[name]
    return copy


def is_deeper(document: Any, limit: int) -> bool:
    """Whether objects and lists are nested in more levels than `limit`."""
    level = [document]
    for _ in range(limit):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(item: Any) -> Iterable[Any]:
    if isinstance(item, Mapping):
        return item.values()
    return item if isinstance(item, list) else ()
