"""Turns what pydantic reports into broken rules that speak of settings: path, rule and a value that keeps it."""

import difflib
import json
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic_core import ErrorDetails

from azure_ml_platform.constraints import Constraint
from azure_ml_platform.settings.area import Area, Broken, Mend, Path

_KEY = "[key]"
"""How pydantic marks that the key of a map is wrong, not its value."""

_PLAIN: dict[Any, tuple[str, Any]] = {
    bool: ("true or false", True),
    int: ("a whole number", 1),
    float: ("a number", 1),
    str: ("text", "text"),
}


def explain(annotation: Any, errors: Iterable[ErrorDetails]) -> Iterator[Broken]:
    """Yield the broken rules behind pydantic's errors on a value of `annotation`."""
    for error in errors:
        path, context = error["loc"], error.get("ctx", {})
        if error["type"] == "conflicts":
            yield from (_within(path, conflict) for conflict in context["conflicts"])
        elif error["type"] == "extra_forbidden":
            yield unknown(path, _Type.at(annotation, path[:-1]).fields)
        elif path[-1:] == (_KEY,):
            yield Broken(path[:-1], f"under another key: {_Type.at(annotation, path[:-2]).key.rule}", Mend.EDIT)
        elif error["type"] == "broken_rule":
            yield Broken(path, context["rule"], context["example"])
        else:
            wanted, quoted = _Type.at(annotation, path), _quoted(error)
            yield Broken(path, f"text: {wanted.rule}" if quoted else wanted.rule, quoted or wanted.example)


def unknown(path: Path, known: Iterable[str]) -> Broken:
    """Return the broken rule of a key that is none of the `known` ones, with the one probably meant."""
    known = list(known)
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    if not near:
        return Broken(path, f"a setting that exists: {', '.join(known)}", Mend.REMOVE)
    return Broken(path, f"a setting that exists; did you mean {near[0]}?", Mend.RENAME, (*path[:-1], near[0]))


def _quoted(error: ErrorDetails) -> str | None:
    """What YAML reads as a number or a boolean where text is wanted only lacks its quotes."""
    value = error.get("input")
    return json.dumps(value) if error["type"] == "string_type" and isinstance(value, bool | int | float) else None


def _within(path: Path, conflict: Broken) -> Broken:
    mend_path = conflict.mend_path and (*path, *conflict.mend_path)
    return Broken((*path, *conflict.path), conflict.rule, conflict.value, mend_path)


@dataclass(frozen=True)
class _Type:
    """What a setting may be: an annotation taken apart."""

    base: Any
    constraint: Constraint | None
    nullable: bool = False

    @classmethod
    def at(cls, annotation: Any, path: Path) -> "_Type":
        """The type of what a value of `annotation` holds under `path`."""
        found = cls.of(annotation)
        for part in path:
            found = found.child(part)
        return found

    @classmethod
    def of(cls, annotation: Any, metadata: Iterable[Any] = ()) -> "_Type":
        """Take an annotation apart; settings have no unions but with None."""
        constraint = next((item for item in metadata if isinstance(item, Constraint)), None)
        if get_origin(annotation) is Annotated:
            base, *annotated = get_args(annotation)
            return cls.of(base, [*annotated, constraint])
        if get_origin(annotation) in (Union, types.UnionType):
            (member,) = (item for item in get_args(annotation) if item is not types.NoneType)
            inner = cls.of(member)
            return cls(inner.base, constraint or inner.constraint, nullable=True)
        return cls(annotation, constraint)

    def child(self, part: str | int) -> "_Type":
        """The type of what is held under `part`."""
        if self.is_a(Area):
            field = self.base.model_fields[part]
            return _Type.of(field.annotation, field.metadata)
        item, *value = get_args(self.base)
        return _Type.of(item if isinstance(part, int) else value[0])

    def is_a(self, base: type) -> bool:
        """Whether it is a subclass of `base`."""
        return isinstance(self.base, type) and issubclass(self.base, base)

    @property
    def key(self) -> "_Type":
        """The type of a map's keys."""
        return _Type.of(get_args(self.base)[0])

    @property
    def fields(self) -> list[str]:
        """Names of an area's settings."""
        return list(self.base.model_fields)

    @property
    def rule(self) -> str:
        """What a value must be, in words."""
        return f"{self._words()[0]}{', or null' if self.nullable else ''}"

    @property
    def example(self) -> Any:
        """A value that keeps the rule, or a `Mend` where it takes more than one."""
        return self._words()[1]

    def _words(self) -> tuple[str, Any]:
        if self.constraint:
            return self.constraint.rule, self.constraint.suggestion()
        if self.base in _PLAIN:
            return _PLAIN[self.base]
        if self.is_a(StrEnum):
            return f"one of {', '.join(self.base)}", str(next(iter(self.base)))
        if self.is_a(Area):
            return f"a map of settings: {', '.join(self.fields)}", Mend.REMOVE
        if get_origin(self.base) is tuple:
            item = self.child(0)
            return f"a list, each item of it {item.rule}", [item.example]
        return "a map", Mend.REMOVE
