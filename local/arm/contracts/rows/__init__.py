"""What the SDK does not say of Azure's types: one YAML file per ARM resource provider, read by `load`.

A file names its resource provider (`provider`), the SDK's namespace (`module`), and describes resource types
(`types`) and nested classes (`classes`, by the SDK's name without `Args` or `Response`; `families` by the name's
ending). Every entry has its `source`.
Paths are dotted; a list stands for keys that hold dots. See `TypeRow`, `ClassRow` and `FamilyRow` for the fields.
"""

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml

from local.arm.contracts.shapes import Json, Limits

FOLDER = Path(__file__).parent


class RowError(Exception):
    """A row is not what the format asks for; says which file, entry and field."""


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """How ARM's form of an object differs from the SDK's."""

    source: list[str]
    """Pages that say so: Microsoft's REST or ARM reference, or the published specification."""
    place: dict[str, list[str]] = field(default_factory=dict)
    """SDK member to its path in ARM's object, where it is not simply its own name."""
    flattened: bool | None = None
    """Members outside the envelope stand in ARM's `properties`. Default: where a resource has no such input."""
    read_only: list[str] = field(default_factory=list)
    """SDK inputs that ARM only reports: never sent."""
    required: list[str] = field(default_factory=list)
    """Members that ARM asks for though the SDK calls them optional."""
    limits: dict[str, Limits] = field(default_factory=dict)
    """Lengths, patterns and ranges that ARM publishes."""


@dataclass(frozen=True, kw_only=True)
class FamilyRow:
    """Classes of one ending that ARM lays out alike: a few common members, all others in one object."""

    source: list[str]
    into: str
    """The object that holds a class's own members."""
    beside: list[str]
    """The members that stand beside it."""

    def home(self, name: str) -> tuple[str, ...]:
        """The place of a member."""
        return (name,) if name in self.beside else (self.into, name)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A `POST` on a resource, under the name of the SDK's function."""

    segment: str
    """Last segment of the request's path."""
    query: dict[str, str] = field(default_factory=dict)
    """SDK argument to query parameter; other arguments outside the path form the body."""


@dataclass(frozen=True, kw_only=True)
class DataPlane:
    """Where a resource is deleted that Resource Manager creates and does not delete."""

    address: str
    """SDK path of the output that holds the address."""
    audience: str
    """Of the token."""
    api_version: str


@dataclass(frozen=True, kw_only=True)
class TypeRow(ClassRow):
    """A resource type."""

    path: str
    """Type and names below the resource provider: `storageAccounts/{accountName}`."""
    id: str | None = None
    """Template of the whole resource id. Default: the path in a resource group."""
    autoname: Literal["random", "copy", "uuid"] | None = None
    """How a missing name comes about. Default: `random` for the only name below the provider, else `copy`."""
    only_name: str | None = None
    """The single name that Azure knows."""
    singleton: bool = False
    """Exists with its parent: never created nor deleted, only changed."""
    default_body: dict[str, Any] | None = None
    """What a singleton is set back to; absent: it is left as it is."""
    query: list[str] = field(default_factory=list)
    """Inputs that are query parameters of `PUT`."""
    containers: list[str] = field(default_factory=list)
    """Objects that ARM wants even when they are empty."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Inputs also managed apart: their value at creation; left out of the program later, they stay as they are."""
    reset: dict[str, Any] = field(default_factory=dict)
    """Inputs that `PUT` leaves alone when absent: what to send once the program drops them."""
    immutable: list[str] = field(default_factory=list)
    """SDK paths fixed at creation, beside the path's own names: a change replaces the resource."""
    secret: list[str] = field(default_factory=list)
    """SDK paths of inputs and outputs that are always secret."""
    conditional_delete: bool = False
    """`DELETE` has to name the ETag that `GET` shows."""
    delete_at: DataPlane | None = None
    """`DELETE` goes to a data plane."""
    actions: dict[str, Action] = field(default_factory=dict)
    """`POST` actions by function name."""


@dataclass(frozen=True, kw_only=True)
class ProviderRows:
    """One file: an ARM resource provider as one SDK namespace shows it."""

    provider: str
    module: str
    types: dict[str, TypeRow]
    classes: dict[str, ClassRow]
    families: dict[str, FamilyRow]
    """By the ending of the class's name."""


Row = TypeVar("Row", ClassRow, TypeRow, FamilyRow, ProviderRows, Action, DataPlane, Limits)


def load(folder: Path | None = None) -> Iterator[ProviderRows]:
    """Yield the files of a folder, by default ours, in the order of their names."""
    for file in sorted((folder or FOLDER).glob("*.yaml")):
        yield _provider(yaml.safe_load(file.read_text()), file.name)


def _provider(form: Json, where: str) -> ProviderRows:
    types = {name: _type(row, f"{where}: {name}") for name, row in form.pop("types").items()}
    classes = {name: _class(ClassRow, row, f"{where}: {name}") for name, row in form.pop("classes", {}).items()}
    families = {name: _family(row, f"{where}: {name}") for name, row in form.pop("families", {}).items()}
    return _fields(ProviderRows, form | {"types": types, "classes": classes, "families": families}, where)


def _type(form: Json, where: str) -> TypeRow:
    actions = {name: _action(action, f"{where}: {name}") for name, action in form.pop("actions", {}).items()}
    if place := form.get("delete_at"):
        form["delete_at"] = _fields(DataPlane, place, f"{where}: delete_at")
    return _class(TypeRow, form | {"actions": actions}, where)


def _action(form: Json, where: str) -> Action:
    return Action(segment=form) if isinstance(form, str) else _fields(Action, form, where)


def _family(form: Json, where: str) -> FamilyRow:
    return _fields(FamilyRow, form | {"source": _source(form, where)}, where)


def _source(form: Json, where: str) -> list[str]:
    """The pages of a row; `RowError` where there is none."""
    pages = [form["source"]] if isinstance(form.get("source"), str) else form.get("source")
    if not pages or not all(re.match(r"https://", page) for page in pages):
        raise RowError(f"{where}: source is missing or not the address of a page")
    return pages


def _class(kind: type[Row], form: Json, where: str) -> Row:
    form["source"] = _source(form, where)
    form["place"] = {
        name: path.split(".") if isinstance(path, str) else path for name, path in form.get("place", {}).items()
    }
    form["limits"] = {name: _limits(limit, f"{where}: {name}") for name, limit in form.get("limits", {}).items()}
    return _fields(kind, form, where)


def _limits(form: Json, where: str) -> Limits:
    """Read `{length: [3, 24], range: [1, 365], pattern: …}`; an open end is null."""
    low, high = form.pop("length", (None, None))
    minimum, maximum = form.pop("range", (None, None))
    ends = {"min_length": low, "max_length": high, "minimum": minimum, "maximum": maximum}
    return _fields(Limits, form | ends, where)


def _fields(kind: type[Row], form: Json, where: str) -> Row:
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(form) - set(known)):
        raise RowError(f"{where}: unknown field {', '.join(unknown)}; known are {', '.join(known)}")
    needed = (name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING)
    if missing := sorted(set(needed) - set(form)):
        raise RowError(f"{where}: {', '.join(missing)} missing")
    return kind(**form)
