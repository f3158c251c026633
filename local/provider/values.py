"""Pulumi property values: the engine's protobuf form and plain Python.

In Python a value is plain JSON with `UNKNOWN` where only an update will tell; which places are secret is kept beside
it as paths, so that the rest of the provider need not look through wrappers. The marker keys and the sentinels are
those of Pulumi's property value protocol (sdk/proto, `resource.SigKey` and the unknown values).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct, Value

from local.arm.contracts import UNKNOWN, Json

Path: TypeAlias = tuple[str | int, ...]
"""Member names and list indices from the top."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # a marker of the protocol
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"

UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


@dataclass(frozen=True)
class Properties:
    """Named values and the places in them that are secret."""

    values: dict[str, Json]
    secrets: frozenset[Path] = frozenset()


def decode(struct: Struct) -> Properties:
    """Return the values of a protobuf struct: secrets unwrapped and noted, references to resources as their id."""
    secrets: set[Path] = set()
    values = {name: _decode(value, (name,), secrets) for name, value in struct.fields.items()}
    return Properties(values, frozenset(secrets))


def encode(properties: Properties) -> Struct:
    """Return the protobuf struct of values; the inverse of `decode`.

    A secret place that is not there hides nothing; one inside a list that has become an object hides that object.
    """
    return _encode_object(properties.values, properties.secrets)


def dotted(paths: Iterable[str]) -> frozenset[Path]:
    """Return dotted paths as property paths."""
    return frozenset(tuple(path.split(".")) for path in paths)


def _decode(value: Value, path: Path, secrets: set[Path]) -> Json:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decode(item, (*path, index), secrets) for index, item in enumerate(value.list_value.values)]
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE in fields:
                return _decode_special(value.struct_value, path, secrets)
            return {name: _decode(item, (*path, name), secrets) for name, item in fields.items()}
    return None


def _decode_special(struct: Struct, path: Path, secrets: set[Path]) -> Json:
    fields = struct.fields
    signature = fields[SIGNATURE].string_value
    if signature == RESOURCE:
        return _decode(fields["id"] if "id" in fields else fields["urn"], path, secrets)
    if signature == SECRET or (signature == OUTPUT and "secret" in fields and fields["secret"].bool_value):
        secrets.add(path)
    if signature in (SECRET, OUTPUT):
        return _decode(fields["value"], path, secrets) if "value" in fields else UNKNOWN
    return {name: _decode(item, (*path, name), secrets) for name, item in fields.items()}


def _encode_object(values: dict[str, Json], secrets: Collection[Path]) -> Struct:
    struct = Struct()
    for name, value in values.items():
        _encode(value, _below(secrets, name), struct.fields[name])
    return struct


def _encode(value: Json, secrets: Collection[Path], target: Value) -> None:
    if () in secrets or (isinstance(value, dict) and any(isinstance(path[0], int) for path in secrets)):
        wrapper = target.struct_value.fields
        wrapper[SIGNATURE].string_value = SECRET
        _encode(value, (), wrapper["value"])
        return
    match value:
        case None:
            target.null_value = NullValue.NULL_VALUE
        case bool():
            target.bool_value = value
        case int() | float():
            target.number_value = value
        case str():
            target.string_value = value
        case list():
            items = [Value() for _ in value]
            for index, item in enumerate(value):
                _encode(item, _below(secrets, index), items[index])
            target.list_value.CopyFrom(ListValue(values=items))
        case dict():
            target.struct_value.CopyFrom(_encode_object(value, secrets))
        case _ if value is UNKNOWN:
            target.string_value = UNKNOWN_STRING
        case _:
            raise TypeError(f"no property value: {type(value).__name__}")


def _below(secrets: Collection[Path], key: str | int) -> Collection[Path]:
    return {path[1:] for path in secrets if path[0] == key} if secrets else ()
