"""Joins what the SDK says of a type with our rows into one JSON document, the form that the cache keeps.

The document has `types` (token to facts, inputs and outputs) and `classes` (every nested class they reach). Each
member knows where it stands in ARM's body, so that nothing else has to know the rules of placement:

- a resource with an input, or output, `properties` has its inputs, or outputs, laid out as in ARM; any other is
  flattened: what is not in the envelope stands in ARM's `properties`;
- a list of strings that ARM answers with an object is a set of keys (`userAssignedIdentities`).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from local.arm.contracts.rows import ClassRow, ProviderRows, RowError, TypeRow
from local.arm.contracts.sdk import ResourceText, Sdk
from local.arm.contracts.shapes import (
    ANY,
    REPORTED,
    Json,
    ListOf,
    MapOf,
    Member,
    Members,
    OneOf,
    Ref,
    Scalar,
    Shape,
    StringSet,
    encode_member,
)

ENVELOPE = frozenset({"extendedLocation", "identity", "kind", "location", "managedBy", "plan", "sku", "tags", "zones"})
"""Members of any resource that stand beside `properties`: the ARM resource model."""

_PARAMETER = re.compile(r"\{(\w+)\}")
_LIST_OF_STRINGS = ListOf(Scalar("string"))


def compile_contracts(sdk: Sdk, files: Iterable[ProviderRows]) -> Json:
    """Return the document for all rows; `RowError` where a row names what the SDK does not know."""
    document: dict[str, Json] = {"types": {}, "classes": {}}
    for file in files:
        _Compiler(sdk, file, document).run()
    return document


class _Compiler:
    """Compiles one file of rows into the shared document."""

    def __init__(self, sdk: Sdk, rows: ProviderRows, document: Json) -> None:
        self._sdk = sdk
        self._rows = rows
        self._document = document
        self._rows_used: set[str] = set()

    def run(self) -> None:
        for name, row in self._rows.types.items():
            token = f"azure-native:{self._rows.module}:{name}"
            self._document["types"][token] = self._type(token, self._sdk.resource(self._rows.module, name), row)
        if unused := sorted(set(self._rows.classes) - self._rows_used):
            raise RowError(f"{self._rows.module}.yaml: no type of this file reaches {', '.join(unused)}")

    def _type(self, token: str, text: ResourceText, row: TypeRow) -> Json:
        template = row.id or (
            "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
            f"{self._rows.provider}/{row.path}"
        )
        names = [name for name in _PARAMETER.findall(template) if name != "subscriptionId"]
        # What the SDK's getter asks for is the path, and now and then a query parameter.
        if not set(names) <= text.path_inputs <= {*names, *row.query}:
            raise RowError(f"{token}: the path has {sorted(names)}, the SDK {sorted(text.path_inputs)}")
        outside = {*names, *row.query, *row.read_only}
        inputs = self._paired(text.inputs, text.outputs)
        outputs = {name: member for name, member in text.outputs.items() if name not in ("id", "azureApiVersion")}
        row = replace(row, required=[*row.required, *names])
        placed_inputs = _placed(inputs, row, home=_home(row, inputs), outside=outside, where=token)
        answered = self._answered(outputs, inputs)
        placed_outputs = _placed(answered, row, home=_home(row, outputs), outside=(), where=token)
        _check_names(row, {**inputs, **outputs}, token)
        self._reach([*placed_inputs.values(), *placed_outputs.values()])
        return {
            "armType": f"{self._rows.provider}/{'/'.join(row.path.split('/')[::2])}",
            "apiVersion": text.api_version,
            "id": template,
            "pathInputs": names,
            "query": row.query,
            "autoname": row.autoname or ("random" if row.path.count("/") == 1 else "copy"),
            "onlyName": row.only_name,
            "singleton": row.singleton,
            "defaultBody": row.default_body,
            "containers": row.containers,
            "kept": row.kept,
            "reset": row.reset,
            "immutable": row.immutable,
            "secret": row.secret,
            "conditionalDelete": row.conditional_delete,
            "deleteAt": vars(row.delete_at) if row.delete_at else None,
            "actions": {
                name: {"segment": action.segment, "query": action.query} for name, action in row.actions.items()
            },
            "inputs": {name: encode_member(member) for name, member in placed_inputs.items()},
            "outputs": {name: encode_member(member) for name, member in placed_outputs.items()},
        }

    def _reach(self, members: Iterable[Member]) -> None:
        """Compile every class that the members lead to."""
        for key in (key for member in members for key in _references(member.shape)):
            if key in self._document["classes"]:
                continue
            placed = self._class(key)
            self._document["classes"][key] = {name: encode_member(member) for name, member in placed.items()}
            self._reach(placed.values())

    def _class(self, key: str) -> Members:
        base = key.removesuffix("Args").removesuffix("Response")
        members, inputs, outputs = (
            self._sdk.members(name) if self._sdk.has(name) else {} for name in (key, f"{base}Args", f"{base}Response")
        )
        members = self._paired(members, outputs) if key.endswith("Args") else self._answered(members, inputs)
        name = base.partition(":")[2]
        family = next((family for end, family in self._rows.families.items() if name.endswith(end)), None)
        row = self._rows.classes.get(name)
        if row is None and family is None:
            return members
        if row is None:
            row = ClassRow(source=[])
        else:
            _check_names(row, {**members, **inputs, **outputs}, key)
            self._rows_used.add(name)
        home = family.home if family else _in_properties if row.flattened else _as_named
        outside = row.read_only if key.endswith("Args") else ()
        return _placed(members, row, home=home, outside=outside, where=key)

    def _paired(self, inputs: Members, outputs: Members) -> Members:
        """Return the inputs, with a list of strings that comes back as an object turned into a set of keys."""
        return {
            name: replace(member, shape=StringSet())
            if member.shape == _LIST_OF_STRINGS and name in outputs and isinstance(outputs[name].shape, MapOf)
            else member
            for name, member in inputs.items()
        }

    def _answered(self, outputs: Members, inputs: Members) -> Members:
        """Return the outputs, with an untyped one given the answer to its input's variants: the SDK types no union."""
        return {
            name: replace(member, shape=self._typed(member.shape, inputs[name].shape)) if name in inputs else member
            for name, member in outputs.items()
        }

    def _typed(self, answered: Shape, sent: Shape) -> Shape:
        match answered, sent:
            case ListOf(item), ListOf(given):
                return ListOf(self._typed(item, given))
        return self._answer(sent) if answered == ANY else answered

    def _answer(self, shape: Shape) -> Shape:
        if not isinstance(shape, OneOf):
            return ANY
        pairs = tuple((value, f"{key.removesuffix('Args')}Response") for value, key in shape.variants)
        return OneOf(shape.discriminator, pairs) if all(self._sdk.has(key) for _, key in pairs) else ANY


def _home(row: TypeRow, members: Members) -> Callable[[str], tuple[str, ...]]:
    """The rule of placement for a resource's inputs or outputs: one that has `properties` among them is as in ARM."""
    flattened = row.flattened if row.flattened is not None else "properties" not in members
    return _in_properties if flattened else _as_named


def _in_properties(name: str) -> tuple[str, ...]:
    """The place of a member of a flattened object."""
    return (name,) if name in ENVELOPE | REPORTED else ("properties", name)


def _as_named(name: str) -> tuple[str, ...]:
    return (name,)


def _placed(
    members: Members,
    row: ClassRow,
    *,
    home: Callable[[str], tuple[str, ...]],
    outside: Iterable[str],
    where: str,
) -> Members:
    """Return the members with their place in ARM's object; those `outside` of it have none (`at` is empty)."""

    def place(name: str) -> tuple[str, ...]:
        if name in outside:
            return ()
        return tuple(row.place[name]) if name in row.place else home(name)

    placed = {
        name: replace(
            member,
            at=place(name),
            required=member.required or name in row.required,
            limits=row.limits.get(name),
        )
        for name, member in members.items()
    }
    seen: dict[tuple[str, ...], str] = {}
    for name, member in placed.items():
        if member.at and seen.setdefault(member.at, name) != name:
            raise RowError(f"{where}: {name} and {seen[member.at]} both stand at {'.'.join(member.at)}")
    return placed


def _check_names(row: ClassRow, members: Members, where: str) -> None:
    named = {*row.place, *row.limits, *row.read_only, *row.required}
    if isinstance(row, TypeRow):
        named |= {path.partition(".")[0] for path in (*row.immutable, *row.secret, *row.kept, *row.reset, *row.query)}
    if unknown := sorted(named - set(members)):
        raise RowError(f"{where}: the SDK has no {', '.join(unknown)}")


def _references(shape: Shape) -> list[str]:
    match shape:
        case Ref(key):
            return [key]
        case OneOf(_, variants):
            return [key for _, key in variants]
        case ListOf(item) | MapOf(item):
            return _references(item)
    return []
