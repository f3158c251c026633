"""Reading resource properties of which some are not known yet.

During a preview the policy SDK hands out mappings that raise when a key with an unknown value is touched, even by
``in``. `Properties` reads one path at a time and returns an `Unknown` instead, so that a rule can judge all it knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_policy.proxy import UnknownValueError


@dataclass(frozen=True)
class Unknown:
    """A value that is known only at update; `path` is the value itself or the object around it."""

    path: str


@dataclass(frozen=True)
class Properties:
    """The properties of one resource, or of one object within it.

    `values` has the camelCase names that the provider sees; numbers are floats, as the wire has only those.
    `root` is the path of this object within its resource, used in messages.
    """

    values: Mapping[str, Any]
    root: str = ""

    def path(self, relative: str) -> str:
        """The path from the resource of a path that is relative to this object."""
        return f"{self.root}.{relative}" if self.root else relative

    def get(self, path: str) -> Any:
        """The value at a dotted path: None when it is absent or null, an `Unknown` when it is not known yet."""
        node: Any = self.values
        walked: list[str] = []
        for key in path.split("."):
            walked.append(key)
            if not isinstance(node, Mapping):
                return None
            node = _item(node, key, self.path(".".join(walked)))
            if node is None or isinstance(node, Unknown):
                return node
        return node

    def every(self, path: str) -> list[Any]:
        """The values at a path in which `[]` after a list or map stands for each of its elements.

        Absent values are left out. An `Unknown` is a value that is not known yet, or all that is below it.
        """
        head, marked, rest = path.partition("[]")
        if not marked:
            value = self.get(path)
            return [] if value is None else [value]
        entries = self.entries(head)
        if isinstance(entries, Unknown):
            return [entries]
        found: list[Any] = []
        for where, value in entries:
            if rest and isinstance(value, Mapping):
                found += Properties(value, where).every(rest.removeprefix("."))
            elif not rest or isinstance(value, Unknown):
                found.append(value)
        return found

    def entries(self, path: str) -> "Unknown | list[tuple[str, Any]]":
        """Path and value of each element of a list, or of each member of a map; nothing when it is absent."""
        container = self.get(path)
        if isinstance(container, Unknown):
            return container
        return list(_members(container, self.path(path)))

    def objects(self, path: str) -> "Unknown | list[Properties | Unknown]":
        """The objects in a list or map, each readable by itself; elements that are no objects are left out."""
        entries = self.entries(path)
        if isinstance(entries, Unknown):
            return entries
        return [
            value if isinstance(value, Unknown) else Properties(value, where)
            for where, value in entries
            if isinstance(value, Unknown | Mapping)
        ]

    def copy(self, unknown: Any) -> dict[str, Any]:
        """A plain copy, in which `unknown` stands for every value that is not known yet."""
        return {path: _plain(value, unknown) for path, value in _members(self.values, "")}

    def strings(self) -> Iterator[tuple[str, str]]:
        """Path and text of every known string below this object."""
        return _strings(self.values, self.root)


def _item(container: Any, key: Any, path: str) -> Any:
    try:
        return container[key]
    except KeyError:
        return None
    except UnknownValueError:
        return Unknown(path)


def _members(container: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(container, Mapping):
        for key in container:
            where = f"{path}.{key}" if path else str(key)
            yield where, _item(container, key, where)
    elif isinstance(container, Sequence) and not isinstance(container, str):
        for index in range(len(container)):
            where = f"{path}[{index}]"
            yield where, _item(container, index, where)


def _plain(value: Any, unknown: Any) -> Any:
    if isinstance(value, Unknown):
        return unknown
    if isinstance(value, Mapping):
        return Properties(value).copy(unknown)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(element, unknown) for _, element in _members(value, "")]
    return value


def _strings(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
        return
    for where, value in _members(node, path):
        yield from _strings(value, where)
