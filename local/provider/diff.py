"""What changes between the inputs of the last update and the new ones, and whether that replaces the resource."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from local.arm.contracts import INTERNAL, Contract, Json
from local.arm.contracts.check import join

Kind = Literal["add", "delete", "update"]

_ABSENT: Json = object()


@dataclass(frozen=True)
class Change:
    """A property that differs; `path` as Pulumi writes it: `sku.name`, `tags["cost.center"]`, `rules[0]`."""

    path: str
    kind: Kind
    replaces: bool


def diff(
    contract: Contract, old_inputs: dict[str, Json], inputs: dict[str, Json], outputs: dict[str, Json]
) -> list[Change]:
    """Return the changes that lead from the old inputs to the new ones, in the order of their paths.

    A change of a name in the id or of an immutable property replaces the resource, with two exceptions that the
    official provider makes: a property that the program no longer gives, and one that it now gives with the value that
    Azure already has. A value unknown until the update counts as changed.

    Args:
        contract: The resource type.
        old_inputs: The inputs in the state.
        inputs: The new inputs.
        outputs: The outputs in the state.
    """
    return sorted(
        _Diff(contract).compare(contract.comparable(_own(old_inputs)), contract.comparable(_own(inputs)), outputs),
        key=lambda change: change.path,
    )


def heeded(changes: Iterable[Change], ignored: Iterable[str]) -> list[Change]:
    """Leave out the changes at or below a path that the program ignores.

    In an update the engine has put the old inputs in their place already; in a refresh only the provider can.
    """
    below = tuple(end for path in ignored for end in (f"{path}.", f"{path}["))
    return [change for change in changes if not f"{change.path}.".startswith(below)]


def _own(inputs: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in inputs.items() if not name.startswith(INTERNAL) and value is not None}


class _Diff:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def compare(self, old: dict[str, Json], new: dict[str, Json], outputs: dict[str, Json]) -> Iterator[Change]:
        for name in old.keys() | new.keys():
            before, after = old.get(name, _ABSENT), new.get(name, _ABSENT)
            default = self._contract.inputs[name].default if name in self._contract.inputs else None
            if before is _ABSENT and default is not None and after == default:
                continue
            yield from self._value(before, after, outputs.get(name, _ABSENT), join("", name))

    def _value(self, old: Json, new: Json, output: Json, path: str) -> Iterator[Change]:
        if old == new:
            return
        match old, new:
            case dict(), dict():
                for name in old.keys() | new.keys():
                    current = output.get(name, _ABSENT) if isinstance(output, dict) else _ABSENT
                    yield from self._value(old.get(name, _ABSENT), new.get(name, _ABSENT), current, join(path, name))
            case list(), list():
                for index in range(max(len(old), len(new))):
                    before, after = (side[index] if index < len(side) else _ABSENT for side in (old, new))
                    yield from self._value(before, after, _ABSENT, f"{path}[{index}]")
            case _ if new is _ABSENT:
                yield Change(path, "delete", replaces=False)
            case _ if old is _ABSENT:
                yield from self._added(new, output, path)
            case _:
                yield Change(path, "update", replaces=self._contract.replaces(path))

    def _added(self, new: Json, output: Json, path: str) -> Iterator[Change]:
        """Yield the members of an added object that replace, or the object as one change."""
        if isinstance(new, dict) and not self._contract.replaces(path):
            outputs = output if isinstance(output, dict) else {}
            below = [
                change
                for name, value in new.items()
                for change in self._added(value, outputs.get(name, _ABSENT), join(path, name))
            ]
            if any(change.replaces for change in below):
                yield from below
                return
        yield Change(path, "add", replaces=new != output and self._contract.replaces(path))
