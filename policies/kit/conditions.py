"""Conditions on properties, out of which rules are put together.

A condition reads from `Properties` and returns a `Verdict`. Texts compare without regard to case, as Resource Manager
does with its enumerations. A value that is absent fails unless the condition says otherwise: where a service's own
default is insecure, leaving the property out is the violation.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from policies.kit.properties import Properties, Unknown
from policies.kit.verdict import PASSED, Verdict, either, every, not_applicable, undecided, violation
from policies.kit.wording import choices, show

Condition = Callable[[Properties], Verdict]

_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def holds(path: str, accepts: Callable[[Any], bool], must: str) -> Condition:
    """The value at a path, None when it is absent, satisfies `accepts`; `must` completes "it must …"."""

    def check(properties: Properties) -> Verdict:
        value = properties.get(path)
        if isinstance(value, Unknown):
            return undecided(value.path)
        return PASSED if accepts(value) else violation(f"{properties.path(path)} is {show(value)}, must {must}")

    return check


def is_true(path: str) -> Condition:
    """The value is true; absent fails."""
    return holds(path, lambda value: value is True, "be true")


def is_false(path: str) -> Condition:
    """The value is false; absent fails."""
    return holds(path, lambda value: value is False, "be false")


def not_true(path: str) -> Condition:
    """The value is false or absent."""
    return holds(path, lambda value: value is None or value is False, "be false or absent")


def not_false(path: str) -> Condition:
    """The value is true or absent."""
    return holds(path, lambda value: value is None or value is True, "be true or absent")


def is_set(path: str) -> Condition:
    """The value is there and not empty."""
    return holds(path, lambda value: not _empty(value), "be set")


def is_unset(path: str) -> Condition:
    """The value is absent or empty."""
    return holds(path, _empty, "be absent or empty")


def one_of(path: str, *allowed: str, or_absent: bool = False) -> Condition:
    """The text is one of those allowed."""
    folded = {value.casefold() for value in allowed}
    must = f"be {choices(allowed)}" + (" or absent" if or_absent else "")
    return holds(path, lambda value: or_absent if value is None else _fold(value) in folded, must)


def none_of(path: str, *refused: str) -> Condition:
    """The text is none of those refused; absent passes."""
    folded = {value.casefold() for value in refused}
    return holds(path, lambda value: value is None or _fold(value) not in folded, f"not be {choices(refused)}")


def matches(path: str, globs: Sequence[str], *, or_absent: bool = False) -> Condition:
    """The text matches one of the globs."""
    folded = [glob.casefold() for glob in globs]

    def accepts(value: Any) -> bool:
        return or_absent if value is None else any(fnmatchcase(_fold(value), glob) for glob in folded)

    return holds(path, accepts, f"match {choices(globs)}" if globs else "be absent")


def contains(path: str, part: str, *, or_absent: bool = False) -> Condition:
    """The text, a list separated by commas as Resource Manager writes flags, has `part` as an element."""

    def accepts(value: Any) -> bool:
        return (
            or_absent if value is None else part.casefold() in [element.strip() for element in _fold(value).split(",")]
        )

    return holds(path, accepts, f'contain "{part}"')


def includes(path: str, element: str) -> Condition:
    """The list has the text as an element."""

    def check(properties: Properties) -> Verdict:
        entries = properties.entries(path)
        if isinstance(entries, Unknown):
            return undecided(entries.path)
        if any(_fold(value) == element.casefold() for _, value in entries):
            return PASSED
        waiting = [value.path for _, value in entries if isinstance(value, Unknown)]
        if waiting:
            return undecided(*waiting)
        return violation(f'{properties.path(path)} is {show(properties.get(path))}, must include "{element}"')

    return check


def at_most(path: str, limit: float, *, or_absent: bool = False) -> Condition:
    """The number is not above the limit."""
    return holds(path, lambda value: or_absent if value is None else _number(value) <= limit, f"be at most {limit:g}")


def at_least(path: str, limit: float, *, or_absent: bool = False) -> Condition:
    """The number is not below the limit."""

    def accepts(value: Any) -> bool:
        return or_absent if value is None else limit <= _number(value) < float("inf")

    return holds(path, accepts, f"be at least {limit:g}")


def between(path: str, low: float, high: float) -> Condition:
    """The number is within the limits."""
    return holds(path, lambda value: low <= _number(value) <= high, f"be between {low:g} and {high:g}")


def kept_for(path: str, days: float) -> Condition:
    """The number of days is not below the limit; 0, and a value that is absent, stand for ever."""

    def accepts(value: Any) -> bool:
        return value is None or _number(value) == 0 or days <= _number(value) < float("inf")

    return holds(path, accepts, f"be at least {days:g}, or 0 for ever")


def lasts(path: str, shortest: timedelta, longest: timedelta) -> Condition:
    """The ISO 8601 duration is within the limits."""

    def accepts(value: Any) -> bool:
        duration = parse_duration(value)
        return duration is not None and shortest <= duration <= longest

    return holds(path, accepts, f"be a duration from {iso_duration(shortest)} to {iso_duration(longest)}")


def all_of(*conditions: Condition) -> Condition:
    """Every condition holds; all findings are reported."""
    return lambda properties: every(condition(properties) for condition in conditions)


def any_of(*conditions: Condition) -> Condition:
    """One condition is enough."""
    return lambda properties: either(condition(properties) for condition in conditions)


def only_if(premise: Condition, conclusion: Condition, otherwise: str) -> Condition:
    """The conclusion holds where the premise does; elsewhere the rule does not apply, for the reason given."""

    def check(properties: Properties) -> Verdict:
        applies, verdict = premise(properties), conclusion(properties)
        if applies.violated:
            return not_applicable(otherwise)
        if applies.open and not verdict.passed:
            return Verdict(undecided=tuple(dict.fromkeys(applies.undecided + verdict.undecided)))
        return verdict

    return check


def each(path: str, condition: Condition) -> Condition:
    """Every object in a list or map satisfies the condition; an empty one does."""

    def check(properties: Properties) -> Verdict:
        objects = properties.objects(path)
        if isinstance(objects, Unknown):
            return undecided(objects.path)
        return every(undecided(item.path) if isinstance(item, Unknown) else condition(item) for item in objects)

    return check


def some(path: str, condition: Condition, must: str) -> Condition:
    """At least one object in a list or map satisfies the condition; `must` completes "it must …"."""

    def check(properties: Properties) -> Verdict:
        objects = properties.objects(path)
        if isinstance(objects, Unknown):
            return undecided(objects.path)
        verdicts = [undecided(item.path) if isinstance(item, Unknown) else condition(item) for item in objects]
        missing = violation(f"{properties.path(path)} has {len(objects) or 'no'} elements, must {must}")
        verdict = either([*verdicts, missing])
        return missing if verdict.violated else verdict

    return check


def each_value(path: str, accepts: Callable[[Any], bool], must: str) -> Condition:
    """Every value in a list or map satisfies `accepts`; an empty one does. `must` completes "it must …"."""

    def check(properties: Properties) -> Verdict:
        entries = properties.entries(path)
        if isinstance(entries, Unknown):
            return undecided(entries.path)
        return every(
            undecided(value.path)
            if isinstance(value, Unknown)
            else PASSED
            if accepts(value)
            else violation(f"{where} is {show(value)}, must {must}")
            for where, value in entries
        )

    return check


def within(path: str, condition: Condition) -> Condition:
    """The object at a path satisfies the condition; an absent one is judged as an empty one."""

    def check(properties: Properties) -> Verdict:
        value = properties.get(path)
        if isinstance(value, Unknown):
            return undecided(value.path)
        return condition(Properties(value if isinstance(value, Mapping) else {}, properties.path(path)))

    return check


def parse_duration(value: Any) -> timedelta | None:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; None for anything else."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def iso_duration(duration: timedelta) -> str:
    """A duration as Resource Manager writes it, in days or minutes."""
    minutes = int(duration.total_seconds()) // 60
    return f"P{duration.days}D" if duration.days and not minutes % 1440 else f"PT{minutes}M"


def _fold(value: Any) -> str:
    return value.casefold() if isinstance(value, str) else ""


def _number(value: Any) -> float:
    """The number, or infinity, which no upper limit accepts, for what is none."""
    if isinstance(value, bool):
        return float("inf")
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("inf")


def _empty(value: Any) -> bool:
    return value is None or (hasattr(value, "__len__") and len(value) == 0)
