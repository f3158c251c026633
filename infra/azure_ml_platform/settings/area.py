"""The base of every area of the settings: frozen, closed, strict, and checked across its fields."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from azure_ml_platform.described import Described

Path = tuple[str | int, ...]
"""Where a setting is: keys of maps and indices of lists, from the object at hand."""


class Mend(Enum):
    """What mends a setting that no other value would."""

    REMOVE = "remove"
    """It does not belong into the stack's file."""
    RENAME = "rename"
    """What it holds belongs under another key."""
    RENAME_STACK = "rename stack"
    """The stack itself needs another name."""
    EDIT = "edit"
    """It takes an editor."""


@dataclass(frozen=True)
class Broken:
    """A rule that a setting breaks."""

    path: Path
    rule: str
    """Completes "must be ..."."""
    value: Any
    """A value that would keep the rule, or a `Mend`."""
    mend_path: Path | None = None
    """The setting to give that value, where it is another one than `path`."""


class Area(Described):
    """An object of the settings; its fields' docstrings are their documentation and their JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def conflicts(self) -> Iterable[Broken]:
        """Yield the rules between fields that are broken, with paths inside this area."""
        return ()

    @model_validator(mode="after")
    def _free_of_conflicts(self) -> Self:
        conflicts = tuple(self.conflicts())
        if conflicts:
            sentences = "; ".join(f"{'.'.join(map(str, each.path))} must be {each.rule}" for each in conflicts)
            raise PydanticCustomError("conflicts", "{sentences}", {"sentences": sentences, "conflicts": conflicts})
        return self


class System(Area):
    """An area that describes a part of the platform which a stack may leave out."""

    enabled: bool = True
    """Whether the stack has this part."""


def of_kind(area: Area, what: str, needed: Collection[str], allowed: Collection[str]) -> Iterator[Broken]:
    """Yield what breaks the rule that an area's kind says which of its optional settings count.

    what: the area and its kind, as in "check of kind range". needed, allowed: settings that this kind has to have and
    may have; whatever else is not null where its default is null counts for other kinds only.
    """
    for name in needed:
        if not getattr(area, name):
            yield Broken((name,), f"given for a {what}", Mend.EDIT)
    for name, field in type(area).model_fields.items():
        if name not in needed and name not in allowed and field.default is None and getattr(area, name) is not None:
            yield Broken((name,), f"left out of a {what}", Mend.REMOVE)
