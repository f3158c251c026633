"""The form in which a resource provider says what it knows of its resource types: data and small functions.

The core reads these rows and knows no type by name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from local.arm.cloud import Cloud
from local.arm.documents import Json, nested, overlay, reach, without
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.store import Resource
from local.arm.templates import Plan


class Answer(Enum):
    """How a request that changes something is answered (Azure Resource Manager, asynchronous operations)."""

    AT_ONCE = auto()
    """200 or 201 with the resource; the work is done."""
    ASYNC_OPERATION = auto()
    """201 or 202 with `Azure-AsyncOperation`, which tells the operation's status."""
    LOCATION = auto()
    """202 with `Location`, which answers 202 until the result is there."""


class Scope(Enum):
    """Where a top-level resource of a type may lie."""

    GROUP = auto()
    SUBSCRIPTION = auto()
    CONTAINER = auto()
    """A resource group or a subscription."""
    ANY = auto()
    """An extension resource."""


@dataclass(frozen=True)
class NameRule:
    """What names of a type look like."""

    pattern: str
    """Regular expression for the whole name."""
    text: str
    """The rule for people."""
    code: str = "InvalidResourceName"

    def check(self, name: str, type_name: str) -> None:
        """Raise ArmError for a name against the rule."""
        if not re.fullmatch(self.pattern, name):
            raise bad_request(self.code, f"'{name}' is not a valid name for {type_name}: {self.text}.", target="name")


@dataclass(frozen=True)
class UniqueName:
    """A name that is taken once in all of Azure, as it is part of a host name."""

    code: str
    status: int = 409
    asked: str = "nameAvailable"
    """The member of `checkNameAvailability`'s answer that says whether it is free."""


@dataclass(frozen=True)
class Change:
    """A PUT (or a PATCH, already merged) that is being judged and completed."""

    cloud: Cloud
    id: ResourceId
    sent: Json
    current: Resource | None
    query: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, default: Any = None) -> Any:
        """A member of the body by dotted path; raises ArmError when it has another type than the default.

        The texts `true` and `false` are truth values too, as templates have them.
        """
        value = reach(self.sent, path)
        if value is None:
            return default
        if isinstance(default, bool) and isinstance(value, str) and value.casefold() in _TRUTHS:
            return _TRUTHS[value.casefold()]
        if default is not None and not _is_like(value, default):
            message = f"{path} is {_JSON_TYPES[type(value)]}; it must be {_JSON_TYPES[type(default)]}."
            raise bad_request("InvalidRequestContent", message, target=path)
        return value

    def objects(self, path: str) -> list[Json]:
        """The objects of a list by dotted path; raises ArmError for an entry of another type."""
        return objects(self.get(path, []), path)

    def was(self, path: str) -> Any:
        """The member of the resource as it is now; None for a new resource."""
        return reach(self.current.body, path) if self.current else None

    def keep(self, path: str, new: Callable[[], Any]) -> Any:
        """A value that Azure makes once: the present one, else a new one."""
        present = self.was(path)
        return new() if present is None else present

    @property
    def parent(self) -> Resource:
        """The parent of a child resource, which exists by now."""
        parent = self.cloud.store.get(self.id.above)
        assert parent is not None
        return parent

    @property
    def location(self) -> str:
        """The region in Azure's short form: `West Europe` is `westeurope`."""
        return str(self.get("location", "")).replace(" ", "").casefold()


@dataclass(frozen=True)
class Call:
    """A POST action on a resource."""

    cloud: Cloud
    resource: Resource
    body: Json
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the request, names in lower case."""


@dataclass(frozen=True, kw_only=True)
class SoftDelete:
    """Deletion that keeps the resource for a while and blocks its name."""

    days: Callable[[Resource], int]
    recovers: Callable[[Change], bool]
    """Whether a PUT under the blocked name asks for the old resource."""
    refusal: ArmError | None
    """Answer to a PUT that does not; None: the old resource is recovered without asking."""
    blocks_name: bool = True
    """Whether the name stays taken; if not, a PUT under it makes a new resource."""
    purge_query: str | None = None
    """Query parameter of DELETE that deletes for good."""

    def retention(self, resource: Resource) -> timedelta:
        """How long it is kept."""
        return timedelta(days=self.days(resource))


_TRUTHS = {"true": True, "false": False}
_JSON_TYPES = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}


def objects(value: Any, path: str) -> list[Json]:
    """A list of objects, empty for None; raises ArmError for anything else."""
    entries = [] if value is None else value
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise bad_request("InvalidRequestContent", f"{path} must be a list of objects.", target=path)
    return entries


def _is_like(value: object, default: object) -> bool:
    """Whether two JSON values are of one type."""
    return _JSON_TYPES[type(value)] == _JSON_TYPES[type(default)]


@dataclass(frozen=True)
class InlineChildren:
    """A list in a resource's body that holds child resources, which can also be written one by one.

    A PUT of the resource writes those in the list and deletes those that it lacks; without the list they stay. The
    children need no work of their own behind the endpoint.
    """

    path: str
    """Dotted path of the list in the parent's body."""
    kind: "ResourceType"

    def of(self, cloud: Cloud, parent: Resource) -> list[Resource]:
        """The children that there are."""
        below = cloud.store.below(parent.id)
        return [child for child in below if child.type == self.kind.name and child.id.parent == parent.id]


def _nothing(_: Change) -> Json:
    return {}


Check = Callable[[Change], None]
Effect = Callable[[Cloud, Resource], None]
Action = Callable[[Call], Json | None]
StateChange = Callable[[Call], Json]


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One resource type. Whatever is left out is as for most of Azure."""

    name: str
    """In the provider's spelling: `Microsoft.Storage/storageAccounts`."""
    scope: Scope = Scope.GROUP
    tracked: bool = False
    """Has a region, which is required and never changes."""
    names: NameRule | None = None
    unique: UniqueName | None = None
    given_name: Callable[[ResourceId], str | None] = lambda _: None
    """The name that Azure gives in place of the one in the path; None keeps that."""
    immutable: tuple[str, ...] = ()
    """Dotted paths that a PUT may not change."""
    write_only: tuple[str, ...] = ()
    """Dotted paths that GET never shows."""
    hides: Callable[[Json], tuple[str, ...]] = lambda _: ()
    """Further such paths, found in the body itself."""
    provisioning_state: bool = True
    """Has `properties.provisioningState`."""
    system_data: bool = False
    etag: str | None = None
    """Member that holds the ETag, where Azure has one."""
    put: Answer = Answer.AT_ONCE
    created_status: int = 201
    """Status of a PUT that makes a resource."""
    updated_status: int = 200
    """Status of a PUT that changes one."""
    delete: Answer = Answer.AT_ONCE
    checks: tuple[Check, ...] = ()
    complete: Callable[[Change], Json] = _nothing
    """Members that Azure adds; laid over the body that was sent."""
    secrets: Callable[[Change], Json] = lambda change: change.current.private if change.current else {}
    """What is kept beside the resource and never shown by GET."""
    provision: Callable[[Cloud, Resource], Json] | None = None
    """The work of a PUT; it may take long and has to bear repetition. Returns members to lay over the body."""
    shows: Callable[[Cloud, Resource], Json] | None = None
    """Members that are computed each time the resource is read."""
    deploys: Callable[[Cloud, Resource], Plan] | None = None
    """The resources that this one stands for; Resource Manager puts them, which is all the work of its own PUT."""
    brings_parent: bool = False
    """A PUT makes the parent too where there is none."""
    inline: tuple[InlineChildren, ...] = ()
    one_operation_at_a_time: bool = False
    """An operation on the resource or on anything in it excludes every other there."""
    default_children: tuple[tuple[str, str], ...] = ()
    """Type and name of sub-resources that come with the resource and cannot be deleted."""
    delete_checks: tuple[Effect, ...] = ()
    unconditional_delete: ArmError | None = None
    """The refusal of a DELETE without If-Match, where Azure wants one."""
    deprovision: Effect | None = None
    """The work of a DELETE; it has to bear repetition."""
    refresh: Callable[[Cloud, Resource], Json] | None = None
    """Members that tell where the endpoint or its data planes answer; asked for again when the endpoint starts."""
    runs: bool = False
    """What `provision` starts is a process, which a new process of the endpoint has to start again."""
    soft_delete: SoftDelete | None = None
    actions: Mapping[str, Action] = field(default_factory=dict)
    """POST actions by name in lower case."""
    rehearsals: Mapping[str, Callable[[Change], Json]] = field(default_factory=dict)
    """POST actions by name in lower case whose body is one to PUT: it is judged, and nothing is changed."""
    changes: Mapping[str, StateChange] = field(default_factory=dict)
    """POST actions, by name in lower case, that return members to lay over the body and leave the rest to `provision`;
    they take as long as a PUT and are followed like one."""
    raises_alerts: bool = False
    """A rule that watches others and tells somebody."""
    lists_below: bool = False
    """An extension whose list at a scope also shows what applies below it."""
    lists_above: bool = False
    """The same for what applies above it."""

    def shown(self, sent: Json) -> Json:
        """A body as it was sent, without what GET never shows."""
        return without(sent, (*self.write_only, *self.hides(sent)))

    def document(self, cloud: Cloud, resource: Resource) -> Json:
        """What GET answers."""
        envelope = {"id": resource.id.text, "name": resource.name, "type": self.name}
        etag = {self.etag: f'"{resource.etag}"'} if self.etag else {}
        shown = self.shows(cloud, resource) if self.shows else {}
        document = envelope | overlay(overlay(resource.body, shown), etag)
        for inline in self.inline:
            listed = [inline.kind.document(cloud, child) for child in inline.of(cloud, resource)]
            document = overlay(document, nested(inline.path, listed))
        return document

    @property
    def is_child(self) -> bool:
        """Whether it lies in another resource."""
        return self.name.count("/") > 1


@dataclass(frozen=True, kw_only=True)
class View:
    """Something that can be read but is no resource of its own: built-in definitions, deleted resources."""

    name: str
    """The type in its path, `Microsoft.KeyVault/locations/deletedVaults`."""
    list: Callable[[Cloud, ResourceId | None, Mapping[str, str]], list[Json]]
    """All that lies under an id."""
    get: Callable[[Cloud, ResourceId], Json | None]
    actions: Mapping[str, Callable[[Cloud, ResourceId], Json | None]] = field(default_factory=dict)
    """POST actions on one of them, by name in lower case."""
    beside: Callable[[Cloud, ResourceId | None, Mapping[str, str]], Json] = lambda _cloud, _id, _query: {}
    """Members of a list's answer beside `value`."""
    shows_alerts: bool = False
    """What it lists are alerts (`properties.essentials`)."""


@dataclass(frozen=True, kw_only=True)
class ResourceProvider:
    """What stands behind one namespace."""

    namespace: str
    types: tuple[ResourceType, ...]
    views: tuple[View, ...] = ()
