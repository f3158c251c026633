"""Resource ids and the other paths of Azure Resource Manager.

An id is a chain: a resource lies in its parent (`.../vaults/v/secrets/s`), in a resource group, in a subscription,
or extends another resource (`{scope}/providers/Microsoft.Authorization/locks/l`). Ids are compared without case.
Source: learn.microsoft.com, "Resource ID" in the template functions reference, and ARM's common-api-contracts.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from urllib.parse import unquote

from local.arm.errors import ArmError, bad_request, not_found

RESOURCES = "Microsoft.Resources"
SUBSCRIPTION = f"{RESOURCES}/subscriptions"
GROUP = f"{RESOURCES}/resourceGroups"
SEGMENT_LIMIT = 260
ID_LIMIT = 2048
FORBIDDEN = frozenset('/\\%?#<>"`{}|^')


@dataclass(frozen=True)
class ResourceId:
    """The id of one resource, subscription or resource group."""

    scope: "ResourceId | None"
    """What the provider part stands on: a group, a subscription, an extended resource; None is the tenant."""
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "ResourceId":
        """The id in `text`; raises ArmError LinkedInvalidPropertyId when it is none."""
        id = _parsed_id(text) if isinstance(text, str) and text.startswith("/") else None
        if id is None:
            message = f"Property id '{text}' is invalid. Expect fully qualified resource Id, '/subscriptions/…'."
            raise bad_request("LinkedInvalidPropertyId", message)
        return id

    @cached_property
    def type(self) -> str:
        """The full type, such as `Microsoft.Storage/storageAccounts/blobServices`."""
        return "/".join((self.namespace, *self.types))

    @property
    def name(self) -> str:
        """The last name."""
        return self.names[-1]

    @property
    def full_name(self) -> str:
        """All names of the provider part, as templates write them: `account/default/container`."""
        return "/".join(self.names)

    @property
    def is_container(self) -> bool:
        """Whether this is a subscription or a resource group."""
        return self.namespace == RESOURCES and self.types[-1] in ("subscriptions", "resourceGroups")

    @cached_property
    def text(self) -> str:
        """The id as a path."""
        scope = self.scope.text if self.scope else ""
        pairs = "".join(f"/{kind}/{name}" for kind, name in zip(self.types, self.names, strict=True))
        return f"{scope}{pairs}" if self.is_container else f"{scope}/providers/{self.namespace}{pairs}"

    @cached_property
    def key(self) -> str:
        """What two spellings of one id have in common."""
        return self.text.casefold()

    @property
    def parent(self) -> "ResourceId | None":
        """The resource that this one is a child of, None for a top-level resource."""
        if len(self.names) < 2:
            return None
        return ResourceId(self.scope, self.namespace, self.types[:-1], self.names[:-1])

    @property
    def above(self) -> "ResourceId | None":
        """The next thing upwards: the parent, else the scope."""
        return self.parent or self.scope

    def upwards(self) -> "Iterator[ResourceId]":
        """This id, then everything above it up to the subscription."""
        current: ResourceId | None = self
        while current is not None:
            yield current
            current = current.above

    def with_parents(self) -> "Iterator[ResourceId]":
        """This id, then the resources that it is a child of, the nearest first."""
        current: ResourceId | None = self
        while current is not None:
            yield current
            current = current.parent

    @property
    def subscription(self) -> "ResourceId | None":
        """The subscription, None for what lies in the tenant."""
        return next((id for id in self.upwards() if id.type == SUBSCRIPTION), None)

    @property
    def group(self) -> "ResourceId | None":
        """The resource group, None for what lies outside of one."""
        return next((id for id in self.upwards() if id.type == GROUP), None)

    def child(self, kind: str, name: str) -> "ResourceId":
        """A child resource."""
        return ResourceId(self.scope, self.namespace, (*self.types, kind), (*self.names, name))

    def extension(self, type_name: str, name: str) -> "ResourceId":
        """An extension resource of this one."""
        namespace, _, kind = type_name.partition("/")
        return ResourceId(self, namespace, (kind,), (name,))

    def spelled(self, type_name: str, above: "ResourceId | None") -> "ResourceId":
        """The same id with the type and what lies above as they are spelled elsewhere."""
        namespace, *types = type_name.split("/")
        if above is not None and self.parent is not None:
            return replace(above, namespace=namespace, types=tuple(types), names=(*above.names, self.name))
        return ResourceId(above, namespace, tuple(types), self.names)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Target:
    """What a request's path names: a resource, or a collection, action or provider under one."""

    id: ResourceId | None
    """The resource, or what the rest stands on; None is the tenant or a bare provider."""
    namespace: str | None = None
    """Set where the path ends inside a provider: `{id}/providers/{namespace}[/{word}]`."""
    word: str | None = None
    """The unpaired last segment: a collection's type on GET, an action on POST."""

    @property
    def type(self) -> str:
        """The full type of the collection that the path names."""
        if self.namespace is not None:
            return f"{self.namespace}/{self.word}"
        return f"{self.id.type}/{self.word}" if self.id else str(self.word)


def parse_path(raw: str) -> Target:
    """The target of a percent-encoded path; empty segments are dropped, as Azure forgives doubled slashes."""
    if len(raw) > ID_LIMIT:
        raise bad_request("InvalidResourceId", f"The path has {len(raw)} characters; at most {ID_LIMIT} are allowed.")
    return _parse([_segment(part) for part in raw.split("/") if part], raw)


@lru_cache(maxsize=16_384)
def _parsed_id(text: str) -> ResourceId | None:
    """The id that a path is; None if it names anything else. Kept, as every row of a list is read through here."""
    with suppress(ArmError):
        target = parse_path(text)
        return target.id if target.word is None and target.namespace is None else None
    return None


def _segment(part: str) -> str:
    try:
        text = unquote(part, errors="strict")
    except UnicodeDecodeError as error:
        raise bad_request("InvalidResourceName", f"The path segment '{part}' is not valid UTF-8.") from error
    harmful = FORBIDDEN.intersection(text) or not text.isprintable() or text in (".", "..")
    if harmful or len(text) > SEGMENT_LIMIT or not text.strip():
        shown = text[:SEGMENT_LIMIT].encode("unicode_escape").decode()
        message = (
            f"Resource name '{shown}' is invalid: at most {SEGMENT_LIMIT} printable characters, no path or URL syntax."
        )
        raise bad_request("InvalidResourceName", message)
    return text


def _parse(segments: list[str], raw: str) -> Target:
    id: ResourceId | None = None
    rest = segments
    if rest and _is(rest[0], "subscriptions"):
        if len(rest) == 1:
            return Target(None, RESOURCES, "subscriptions")
        id, rest = ResourceId(None, RESOURCES, ("subscriptions",), (rest[1],)), rest[2:]
        if rest and _is(rest[0], "resourceGroups"):
            if len(rest) == 1:
                return Target(id, RESOURCES, "resourceGroups")
            id, rest = ResourceId(id, RESOURCES, ("resourceGroups",), (rest[1],)), rest[2:]
    if rest and id is not None and _is(rest[0], "deployments"):
        # Clients ask for a deployment's operations without naming the provider.
        rest = ["providers", RESOURCES, *rest]
    while rest and _is(rest[0], "providers"):
        if len(rest) < 3:
            return Target(id, rest[1], None) if len(rest) == 2 else Target(id, None, "providers")
        namespace, rest = rest[1], rest[2:]
        types: list[str] = []
        names: list[str] = []
        while len(rest) > 1 and not _is(rest[0], "providers"):
            types.append(rest[0])
            names.append(rest[1])
            rest = rest[2:]
        if not types:
            return _only(Target(id, namespace, rest[0]), rest[1:], raw)
        id = ResourceId(id, namespace, tuple(types), tuple(names))
    if not rest:
        return Target(id)
    return _only(Target(id, None, rest[0]), rest[1:], raw)


def _only(target: Target, rest: list[str], raw: str) -> Target:
    if rest:
        raise not_found(
            "InvalidResourceId", f"No resource, collection or action of Azure Resource Manager has the path '{raw}'."
        )
    return target


def _is(segment: str, word: str) -> bool:
    return segment.casefold() == word.casefold()


def missing(id: ResourceId) -> ArmError:
    """The 404 that Azure answers for a resource, group or subscription that is not there."""
    if id.type == SUBSCRIPTION:
        return not_found("SubscriptionNotFound", f"The subscription '{id.name}' could not be found.")
    if id.type == GROUP:
        return not_found("ResourceGroupNotFound", f"Resource group '{id.name}' could not be found.")
    where = f" under resource group '{id.group.name}'" if id.group else ""
    message = f"The Resource '{id.type}/{id.full_name}'{where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    return not_found("ResourceNotFound", message)
