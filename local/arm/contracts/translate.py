"""Between the SDK's form of a resource and ARM's: names, nesting, sets of keys.

Values the shapes do not know pass as they are; `UNKNOWN` passes in both directions, so that a preview translates
what an update would.
"""

from collections.abc import Callable, Mapping
from typing import cast

from local.arm.contracts.shapes import UNKNOWN, Json, ListOf, MapOf, Members, OneOf, Ref, Shape, StringSet

Classes = Mapping[str, Members]
"""Nested classes by key, `module:Class`."""

_Convert = Callable[[Members, dict[str, Json]], dict[str, Json]]


class Translator:
    """Translates objects whose nested classes are `classes`."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes

    def body(self, inputs: Members, values: dict[str, Json]) -> dict[str, Json]:
        """Return ARM's object for SDK inputs; inputs without a place in it are left out."""
        body: dict[str, Json] = {}
        for name, value in values.items():
            member = inputs.get(name)
            if member is None or not member.at or value is None:
                continue
            target = body
            for key in member.at[:-1]:
                target = target.setdefault(key, {})
            target[member.at[-1]] = self._convert(member.shape, value, self.body, _keys_to_object)
        return body

    def outputs(self, outputs: Members, body: dict[str, Json]) -> dict[str, Json]:
        """Return SDK outputs for ARM's object; what the SDK has no output for is left out, and so is null."""
        values: dict[str, Json] = {}
        for name, member in outputs.items():
            value = look_up(body, member.at)
            if value is not None:
                values[name] = self._convert(member.shape, value, self.outputs, None, arm=True)
        return values

    def inputs(self, inputs: Members, outputs: dict[str, Json]) -> dict[str, Json]:
        """Return the SDK inputs that would lead to SDK outputs: the members that are inputs, at every level."""
        values: dict[str, Json] = {}
        for name, member in inputs.items():
            if outputs.get(name) is not None:
                values[name] = self._convert(member.shape, outputs[name], self.inputs, _object_to_keys)
        return values

    def expected(self, outputs: Members, values: dict[str, Json], current: dict[str, Json]) -> dict[str, Json]:
        """Return the outputs that a preview can promise.

        Args:
            outputs: The members of the object.
            values: What the inputs lead to, in SDK output shape.
            current: The outputs there are, empty before creation; what the inputs do not speak of stays as it is.
        """
        expected = dict(values)
        for name, member in outputs.items():
            before = current.get(name)
            if name not in values:
                expected[name] = UNKNOWN if before is None else before
            elif isinstance(member.shape, Ref) and isinstance(values[name], dict):
                nested = self._classes[member.shape.key]
                # Members that Azure computes belong to what was asked for; they may change with it.
                kept = before if isinstance(before, dict) and _covers(before, values[name]) else {}
                expected[name] = self.expected(nested, values[name], kept)
        return expected

    def comparable(self, inputs: Members, values: dict[str, Json]) -> dict[str, Json]:
        """Return SDK inputs in a form in which equal means equal: sets of keys in order."""
        return {
            name: self._convert(inputs[name].shape, value, self.comparable, _ordered) if name in inputs else value
            for name, value in values.items()
        }

    def _convert(
        self,
        shape: Shape,
        value: Json,
        convert: _Convert,
        string_set: Callable[[Json], Json] | None,
        *,
        arm: bool = False,
    ) -> Json:
        match shape, value:
            case StringSet(), _ if string_set is not None:
                return string_set(value)
            case Ref(key), dict():
                return convert(self._classes[key], value)
            case OneOf(), dict():
                variant = self.variant(shape, value, arm=arm)
                return value if variant is None else convert(self._classes[variant.key], value)
            case ListOf(item), list():
                return [self._convert(item, element, convert, string_set, arm=arm) for element in value]
            case MapOf(item), dict():
                return {
                    key: self._convert(item, element, convert, string_set, arm=arm) for key, element in value.items()
                }
        return value

    def variant(self, shape: OneOf, value: dict[str, Json], *, arm: bool) -> Ref | None:
        """Return which of the variants an object is, in ARM's form or the SDK's; None if it does not say."""
        if not arm:
            return shape.variant(value.get(shape.discriminator))
        at = self._classes[shape.variants[0][1]][shape.discriminator].at
        return shape.variant(look_up(value, at))


def look_up(body: Json, at: tuple[str, ...]) -> Json:
    """Return the value at a path in ARM's object, None where there is none."""
    for key in at:
        if not isinstance(body, dict):
            return None
        body = body.get(key)
    return body


def _keys_to_object(value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return UNKNOWN if UNKNOWN in value else {key: {} for key in value}


def _object_to_keys(value: Json) -> Json:
    return list(value) if isinstance(value, dict) else value


def _ordered(value: Json) -> Json:
    return sorted(value, key=str) if isinstance(value, list) else value


def _covers(current: dict[str, Json], wanted: dict[str, Json]) -> bool:
    """Tell whether what is wanted already holds, as far as it is spoken of."""
    return all(
        _covers(cast(dict[str, Json], current[name]), value)
        if isinstance(value, dict) and isinstance(current.get(name), dict)
        else current.get(name) == value
        for name, value in wanted.items()
    )
