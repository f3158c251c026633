"""Child resources that a PUT of their parent carries in a list of its body."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from local.arm.documents import Json, nested, overlay, reach
from local.arm.errors import ArmError, bad_request
from local.arm.judgement import READ_ONLY
from local.arm.manager import Manager
from local.arm.resource_types import Change, InlineChildren, ResourceType
from local.arm.store import Resource
from local.arm.wire import Request

Draft = Callable[[Manager, Request, ResourceType, Change], Resource]
"""How a change becomes a resource."""
REPORTED = READ_ONLY | {"etag"}


def put(manager: Manager, request: Request, parent: Resource, kind: ResourceType, draft: Draft) -> None:
    """Write the children that the parent's body lists and delete the others; part of the caller's transaction."""
    for inline in kind.inline:
        listed = Change(manager.cloud, parent.id, parent.sent or {}, None).get(inline.path)
        if listed is not None:
            _put(manager, request, parent, inline, _by_name(inline, parent, listed), draft)


def with_present(manager: Manager, kind: ResourceType, resource: Resource) -> Json:
    """The body that was sent for a resource, with the children that there are now in its lists."""
    sent = resource.sent or {}
    for inline in kind.inline:
        listed = _by_name(inline, resource, reach(sent, inline.path) or [])
        present = inline.of(manager.cloud, resource)
        items = [{"name": child.name, **(child.sent or listed[child.name.casefold()])} for child in present]
        sent = overlay(sent, nested(inline.path, items))
    return sent


def _put(
    manager: Manager,
    request: Request,
    parent: Resource,
    inline: InlineChildren,
    wanted: dict[str, Json],
    draft: Draft,
) -> None:
    kind, store = inline.kind, manager.cloud.store
    for child in inline.of(manager.cloud, parent):
        if child.name.casefold() not in wanted:
            _remove(manager, kind, child)
    changes = []
    for item in wanted.values():
        id = parent.id.child(kind.name.rpartition("/")[2], item["name"])
        current = store.get(id)
        change = Change(manager.cloud, current.id if current else id, _own(item), current)
        changes.append(change)
        child = draft(manager, request, kind, change)
        body = overlay(child.body, {"properties": {"provisioningState": "Succeeded"}})
        store.put(replace(child, sent=None, body=body))
    # Judged when all are written, as they are judged against each other; a refusal takes the transaction back.
    for change in changes:
        for check in kind.checks:
            check(change)


def _remove(manager: Manager, kind: ResourceType, child: Resource) -> None:
    for check in kind.delete_checks:
        check(manager.cloud, child)
    if kind.deprovision:
        kind.deprovision(manager.cloud, child)
    manager.cloud.store.remove(child.id)


def _by_name(inline: InlineChildren, parent: Resource, listed: Any) -> dict[str, Json]:
    """The list's items by name in lower case; raises ArmError for what is no list of named objects."""
    if not isinstance(listed, list):
        raise _unreadable(f"{inline.path} must be a list.")
    items: dict[str, Json] = {}
    for item in listed:
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not isinstance(item.get("properties", {}), dict):
            raise _unreadable(f"each entry of {inline.path} must be an object with a name and properties.")
        if inline.kind.names:
            inline.kind.names.check(name, inline.kind.name)
        if items.setdefault(name.casefold(), item) is not item:
            raise _unreadable(f"Resource {parent.id} has two child resources with the same name ({name}).")
    return items


def _own(body: Json) -> Json:
    return {name: value for name, value in body.items() if name not in REPORTED}


def _unreadable(reason: str) -> ArmError:
    return bad_request("InvalidRequestFormat", f"Cannot parse the request: {reason}")
