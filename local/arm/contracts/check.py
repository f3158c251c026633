"""Judges SDK inputs and ARM bodies against the shapes of a contract, and lists everything that is wrong at once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from local.arm.contracts.shapes import (
    REPORTED,
    UNKNOWN,
    Enum,
    Json,
    Limits,
    ListOf,
    MapOf,
    Member,
    Members,
    OneOf,
    Ref,
    Scalar,
    Shape,
    StringSet,
)
from local.arm.contracts.translate import Classes

_NOTHING: Json = object()
_Place: TypeAlias = tuple[str, ...]
_WORD = re.compile(r"[A-Za-z_$][\w$-]*")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


@dataclass(frozen=True)
class Problem:
    """Something a value must not be: `path` is where, `reason` the rule; `found` the value, which may be a secret."""

    path: str
    reason: str
    found: Json = field(default=_NOTHING, compare=False, repr=False)

    @property
    def described(self) -> str:
        """The reason together with the value found; not for a secret."""
        return self.reason if self.found is _NOTHING else f"{self.reason}; found {_shown(self.found)}"


def join(path: str, key: str) -> str:
    """Return the path of a member, in brackets where its name is no plain word: `tags["cost.center"]`."""
    if _WORD.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f'{path}["{key}"]'


class _Check:
    """What both forms have in common: scalars, lists, maps and which variant an object is."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes

    def _value(self, member: Member, value: Json, path: str) -> Iterator[Problem]:
        if value is UNKNOWN:
            return
        if member.const is not None and value != member.const:
            yield Problem(path, f"must be '{member.const}'", value)
            return
        yield from self._shape(member.shape, value, path)
        if member.limits is not None:
            yield from _beyond(member.limits, value, path)

    def _shape(self, shape: Shape, value: Json, path: str) -> Iterator[Problem]:
        match shape, value:
            case _ if value is UNKNOWN:
                return
            case Scalar("any"), _:
                return
            case Scalar(kind), _:
                if not _is(kind, value):
                    yield Problem(path, f"must be {_article(kind)}", value)
            case Enum(), _:
                yield from _outside(shape, value, path)
            case StringSet(), _:
                yield from self._string_set(value, path)
            case ListOf(item), list():
                for index, element in enumerate(value):
                    yield from self._shape(item, element, f"{path}[{index}]")
            case MapOf(item), dict():
                for key, element in value.items():
                    yield from self._shape(item, element, join(path, key))
            case Ref(key), dict():
                yield from self._object(key, value, path)
            case OneOf(), dict():
                yield from self._variant(shape, value, path)
            case ListOf(), _:
                yield Problem(path, "must be a list", value)
            case _:
                yield Problem(path, "must be an object", value)

    def _variant(self, shape: OneOf, value: dict[str, Json], path: str) -> Iterator[Problem]:
        at = self._discriminator(shape)
        found = value.get(at)
        if found is UNKNOWN:
            return
        variant = shape.variant(found)
        if variant is not None:
            yield from self._object(variant.key, value, path)
            return
        names = _listed(name for name, _ in shape.variants)
        if found is None:
            yield Problem(join(path, at), f"is missing; it tells what kind of object this is: {names}")
        else:
            yield Problem(join(path, at), f"must be one of {names}", found)

    def _discriminator(self, shape: OneOf) -> str:
        raise NotImplementedError

    def _object(self, key: str, value: dict[str, Json], path: str) -> Iterator[Problem]:
        raise NotImplementedError

    def _string_set(self, value: Json, path: str) -> Iterator[Problem]:
        raise NotImplementedError


class InputCheck(_Check):
    """Judges values in SDK form; unknown values pass."""

    def members(self, members: Members, values: dict[str, Json], path: str = "") -> Iterator[Problem]:
        """Yield what is wrong with an object's values: names, required, shapes, limits."""
        for name, value in values.items():
            if name not in members:
                yield Problem(join(path, name), f"is no property here{_near(name, members)}")
            elif value is not None:
                yield from self._value(members[name], value, join(path, name))
        for name, member in members.items():
            if member.required and values.get(name) is None:
                yield Problem(join(path, name), "is required")

    def _discriminator(self, shape: OneOf) -> str:
        return shape.discriminator

    def _object(self, key: str, value: dict[str, Json], path: str) -> Iterator[Problem]:
        return self.members(self._classes[key], value, path)

    def _string_set(self, value: Json, path: str) -> Iterator[Problem]:
        return self._shape(ListOf(Scalar("string")), value, path)


class BodyCheck(_Check):
    """Judges values in ARM form. What ARM itself reports may come back unchanged in a body: ARM ignores it."""

    def resource(self, inputs: Members, outputs: Members, body: dict[str, Json]) -> Iterator[Problem]:
        """Yield what is wrong with a resource's body."""
        own = {key: value for key, value in body.items() if key not in REPORTED}
        yield from self._members(inputs, outputs, own, "")

    def _members(self, inputs: Members, outputs: Members, body: dict[str, Json], path: str) -> Iterator[Problem]:
        members = [(member.at, member) for member in inputs.values() if member.at]
        yield from self._level(members, [member.at for member in outputs.values()], body, path)

    def _level(
        self, members: list[tuple[_Place, Member]], reported: list[_Place], body: dict[str, Json], path: str
    ) -> Iterator[Problem]:
        """Judge one object of ARM's form; several nested ones may be one object of the SDK's. Places are relative."""
        known = dict.fromkeys(at[0] for at in (*(at for at, _ in members), *reported))
        for key in body:
            if key not in known:
                yield Problem(join(path, key), f"is no property here{_near(key, known)}")
        for key in known:
            value, where = body.get(key), join(path, key)
            here = next((member for at, member in members if at == (key,)), None)
            below = [(at[1:], member) for at, member in members if at[0] == key and len(at) > 1]
            if here is not None and value is not None:
                yield from self._value(here, value, where)
            elif here is not None and here.required:
                yield Problem(where, "is required")
            elif below and (value is None or isinstance(value, dict)):
                nested = [at[1:] for at in reported if at[0] == key and len(at) > 1]
                yield from self._level(below, nested, value or {}, where)
            elif below:
                yield Problem(where, "must be an object", value)

    def _discriminator(self, shape: OneOf) -> str:
        return self._classes[shape.variants[0][1]][shape.discriminator].at[0]

    def _object(self, key: str, value: dict[str, Json], path: str) -> Iterator[Problem]:
        answer = self._classes.get(f"{key.removesuffix('Args')}Response", {})
        return self._members(self._classes[key], answer, value, path)

    def _string_set(self, value: Json, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(path, "must be an object whose keys are the members of the set", value)


def _is(kind: str, value: Json) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[kind])


def _outside(shape: Enum, value: Json, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, "must be a string", value)
    elif not shape.open and value.casefold() not in {known.casefold() for known in shape.values}:
        yield Problem(path, f"must be one of {_listed(shape.values)}", value)


def _beyond(limits: Limits, value: Json, path: str) -> Iterator[Problem]:
    if isinstance(value, str):
        low, high = limits.min_length or 0, limits.max_length
        if len(value) < low or (high is not None and len(value) > high):
            yield Problem(path, f"must have {_range(low, high)} characters", value)
        elif limits.pattern is not None and not re.search(limits.pattern, value):
            yield Problem(path, f"must match {limits.pattern}", value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        below = limits.minimum is not None and value < limits.minimum
        if below or (limits.maximum is not None and value > limits.maximum):
            yield Problem(path, f"must be {_range(limits.minimum, limits.maximum)}", value)


def _range(low: float | None, high: float | None) -> str:
    if high is None:
        return f"at least {low}"
    return f"{low} to {high}" if low and low != high else f"at most {high}" if not low else f"{high}"


def _near(name: str, known: Iterable[str]) -> str:
    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(name.casefold(), folded, n=1)
    return f"; did you mean '{folded[near[0]]}'?" if near else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "integer" else f"a {kind}"


def _shown(value: Json) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
