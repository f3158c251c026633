"""Remedies: what to change in a resource's inputs so that they satisfy a rule.

The engine asks the rules at the level `remediate` for their changes before it judges a resource, and goes on with the
changed inputs. A remedy changes values that are known, and only where its rule needs it; it either mends or leaves
the inputs as they are. What Azure would replace a resource for, or never take back, has no remedy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from pulumi_policy.deserialize import (
    SPECIAL_SECRET_SIG,
    SPECIAL_SIG_KEY,
    deserialize_properties,
    serialize_properties,
)
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from policies.kit.conditions import Condition
from policies.kit.properties import Properties, Unknown

Changes = Mapping[str, Any]
"""New values by dotted path; `pools[].public` is `public` in each object of the list `pools`."""
Remedy = Changes | Callable[[Properties], Changes]
"""The changes that mend a resource, or what gives them for its properties."""

_Spot = tuple[str | int, ...]
"""One place within inputs: the keys and indices that lead to it."""


def where(premise: Condition, changes: Changes) -> Remedy:
    """The changes where the premise is known to hold; elsewhere none."""
    return lambda properties: changes if premise(properties).passed else {}


def mended(inputs: Mapping[str, Any], condition: Condition, remedy: Remedy) -> dict[str, Any] | None:
    """The inputs of a resource with the changes after which a condition is no longer violated.

    Secrets stay secret and unknown values stay as they are. None when it is not violated, or the remedy cannot help.
    """
    wire = dict(serialize_properties(inputs))
    if not _violated(condition, wire):
        return None
    changes = remedy(_view(wire)) if callable(remedy) else remedy
    wanted = {spot: value for path, value in changes.items() for spot in _spots(wire, path)}
    if _violated(condition, _changed(wire, wanted)):
        return None
    for spot in list(wanted):
        fewer = {other: value for other, value in wanted.items() if other != spot}
        if not _violated(condition, _changed(wire, fewer)):
            wanted = fewer
    return _changed(wire, wanted)


def _violated(condition: Condition, wire: dict[str, Any]) -> bool:
    try:
        return condition(_view(wire)).violated
    except UnknownValueError:
        return False


def _view(wire: dict[str, Any]) -> Properties:
    """Inputs as a rule reads them when it judges."""
    return Properties(unknown_checking_proxy(deserialize_properties(wire)))


def _changed(wire: dict[str, Any], values: Mapping[_Spot, Any]) -> dict[str, Any]:
    changed = deepcopy(wire)
    for spot, value in values.items():
        _put(changed, spot, value)
    return changed


def _put(node: Any, spot: _Spot, value: Any) -> None:
    """Set one value, with the objects that lead to it; what was a secret stays one."""
    key, rest = spot[0], spot[1:]
    if rest:
        if isinstance(node, dict) and node.get(key) is None:
            node[key] = {}
        _put(_bare(node[key]), rest, value)
    elif _is_secret(node.get(key)):
        node[key]["value"] = value
    else:
        node[key] = value


def _spots(node: Any, path: str) -> Iterator[_Spot]:
    """The places that a path leads to; none through or onto a value that is not known."""
    if not isinstance(node, dict):
        return
    step, _, rest = path.partition(".")
    key = step.removesuffix("[]")
    child = _bare(node.get(key))
    if _is_unknown(child):
        return
    if step.endswith("[]"):
        elements: Sequence[Any] = child if isinstance(child, list) else ()
        for index, element in enumerate(elements):
            yield from ((key, index, *spot) for spot in _spots(_bare(element), rest))
    elif rest:
        yield from ((key, *spot) for spot in _spots({} if child is None else child, rest))
    else:
        yield (key,)


def _is_secret(node: Any) -> bool:
    return isinstance(node, dict) and node.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG


def _bare(node: Any) -> Any:
    return _bare(node["value"]) if _is_secret(node) else node


def _is_unknown(value: Any) -> bool:
    return isinstance(Properties(unknown_checking_proxy({"it": value})).get("it"), Unknown)
