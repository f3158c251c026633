"""The type language of contracts: what a value may look like, on the SDK's side and on ARM's.

Shapes are immutable and survive JSON (`encode`, `decode`), because compiled contracts live in a cache file.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
"""A JSON value; in SDK shape it may hold `UNKNOWN` anywhere."""

Kind: TypeAlias = Literal["string", "integer", "number", "boolean", "any"]


class Unknown:
    """The one value that stands for what only an update will tell (Pulumi's computed value)."""

    _instance: "Unknown | None" = None

    def __new__(cls) -> "Unknown":
        """Return the singleton, so that `is UNKNOWN` holds after a copy."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: object) -> "Unknown":
        return self


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Scalar:
    """A JSON scalar, or anything at all (`any`)."""

    kind: Kind


@dataclass(frozen=True)
class Enum:
    """A string out of `values`; an open one takes any string, as ARM's extensible enums do."""

    values: tuple[str, ...]
    open: bool


@dataclass(frozen=True)
class ListOf:
    """A list of one shape."""

    item: "Shape"


@dataclass(frozen=True)
class MapOf:
    """An object with free keys and values of one shape."""

    item: "Shape"


@dataclass(frozen=True)
class StringSet:
    """A list of strings in the SDK that ARM takes as an object with these keys (`userAssignedIdentities`)."""


@dataclass(frozen=True)
class Ref:
    """An object described by the class `key` (`module:Class`)."""

    key: str


@dataclass(frozen=True)
class OneOf:
    """One of several objects, told apart by the SDK member `discriminator`: its value to the class key."""

    discriminator: str
    variants: tuple[tuple[str, str], ...]

    def variant(self, value: object) -> Ref | None:
        """Return the object that a discriminator value stands for, letter case ignored as ARM does."""
        wanted = value.casefold() if isinstance(value, str) else None
        return next((Ref(key) for name, key in self.variants if name.casefold() == wanted), None)


Shape: TypeAlias = Scalar | Enum | ListOf | MapOf | StringSet | Ref | OneOf
ANY = Scalar("any")

REPORTED = frozenset({"eTag", "etag", "id", "name", "systemData", "type"})
"""Members that ARM itself adds to every answer, beside `properties`."""


@dataclass(frozen=True)
class Limits:
    """What a string or number must satisfy: lengths in characters, ends of ranges inclusive."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Member:
    """A member of an object: its shape and where it stands in ARM's body (`at`, keys from the object down)."""

    at: tuple[str, ...]
    shape: Shape
    required: bool = False
    const: str | None = None
    default: Json = None
    limits: Limits | None = None


Members: TypeAlias = dict[str, Member]
"""Members of an object by SDK name."""


def encode(shape: Shape) -> Json:
    """Return the JSON form of a shape."""
    match shape:
        case Scalar(kind):
            return kind
        case Enum(values, is_open):
            return {"enum": list(values), "open": is_open}
        case ListOf(item):
            return {"list": encode(item)}
        case MapOf(item):
            return {"map": encode(item)}
        case StringSet():
            return "stringSet"
        case Ref(key):
            return {"object": key}
        case OneOf(discriminator, variants):
            return {"oneOf": discriminator, "variants": [list(pair) for pair in variants]}


def decode(form: Json) -> Shape:
    """Return the shape of a JSON form; the inverse of `encode`."""
    match form:
        case "stringSet":
            return StringSet()
        case str():
            return Scalar(form)  # type: ignore[arg-type]  # only `encode` writes these files
        case {"enum": values, "open": is_open}:
            return Enum(tuple(values), is_open)
        case {"list": item}:
            return ListOf(decode(item))
        case {"map": item}:
            return MapOf(decode(item))
        case {"object": key}:
            return Ref(key)
        case {"oneOf": discriminator, "variants": variants}:
            return OneOf(discriminator, tuple((name, key) for name, key in variants))
    raise ValueError(f"not a shape: {form!r}")


def encode_member(member: Member) -> Json:
    """Return the JSON form of a member, absent facts left out."""
    form: dict[str, Json] = {"at": list(member.at), "shape": encode(member.shape)}
    if member.required:
        form["required"] = True
    if member.const is not None:
        form["const"] = member.const
    if member.default is not None:
        form["default"] = member.default
    if member.limits is not None:
        form["limits"] = {key: value for key, value in vars(member.limits).items() if value is not None}
    return form


def decode_member(form: Json) -> Member:
    """Return the member of a JSON form; the inverse of `encode_member`."""
    return Member(
        at=tuple(form["at"]),
        shape=decode(form["shape"]),
        required=form.get("required", False),
        const=form.get("const"),
        default=form.get("default"),
        limits=Limits(**form["limits"]) if "limits" in form else None,
    )
