"""GET and HEAD: one resource, or lists of them page by page."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from local.arm import filters
from local.arm.documents import Json
from local.arm.errors import bad_request, not_found
from local.arm.filters import Filter
from local.arm.identifiers import GROUP, ResourceId, missing
from local.arm.manager import Manager
from local.arm.resource_types import ResourceType, Scope, View
from local.arm.store import Resource
from local.arm.wire import Reply, Request

PAGE = 100
"""Most entries of one page."""
ENVELOPE = (
    "location",
    "tags",
    "kind",
    "sku",
    "identity",
    "managedBy",
    "plan",
    "zones",
    "extendedLocation",
    "systemData",
)
"""Members that a list of all resources shows, beside id, name and type."""
_WHOLE, _POSITIVE = re.compile(r"-?[0-9]{1,9}"), re.compile(r"[1-9][0-9]{0,8}")
_Entry = TypeVar("_Entry")


def get(manager: Manager, request: Request) -> Reply:
    """One resource."""
    id = request.target.id
    view = manager.catalogue.view(id.type) if id else None
    if id and view:
        return _viewed(manager, request, id, view)
    id, kind = manager.locate(request)
    resource = manager.existing(id)
    headers = {"ETag": f'"{resource.etag}"'} if kind.etag else {}
    return Reply(200, kind.document(manager.cloud, resource), headers)


def head(manager: Manager, request: Request) -> Reply:
    """Whether a resource exists: 204 or 404."""
    id, _ = manager.locate(request)
    return Reply(204 if manager.cloud.store.get(id) else 404)


def listed(manager: Manager, request: Request) -> Reply:
    """The resources of a collection: of a type in a group, a subscription, a parent or a scope, or all of a group."""
    target = request.target
    manager.check_subscription(target.id)
    wanted = filters.parse(request.query.get("$filter", ""))
    if target.namespace is None and target.id and target.id.is_container:
        return _everything(manager, request, target.id, wanted)
    view = manager.catalogue.view(target.type)
    if view:
        entries = view.list(manager.cloud, target.id, request.query)
        shown = page(request, enumerate(entries, start=1), lambda entry: entry)
        return replace(shown, body=view.beside(manager.cloud, target.id, request.query) | shown.body)
    kind = manager.catalogue.get(target.type, request.api_version)
    found = filter(wanted.holds, _collection(manager, request, kind, at_scope=wanted.at_scope))
    return page(request, _numbered(request, found), lambda resource: kind.document(manager.cloud, resource))


def page(request: Request, entries: Iterable[tuple[int, _Entry]], render: Callable[[_Entry], Json]) -> Reply:
    """A page of entries with ascending numbers, and `nextLink` if there are more; it goes on after the last number."""
    size = min(_number(request, "$top", _POSITIVE) or PAGE, PAGE)
    after = _after(request)
    shown = list(islice((entry for entry in entries if after is None or entry[0] > after), size + 1))
    document: Json = {"value": []}
    if len(shown) > size:
        shown.pop()
        query = {name: value for name, value in request.query.items() if name not in ("api-version", "$skiptoken")}
        document["nextLink"] = request.link(request.path, **query, **{"$skiptoken": str(shown[-1][0])})
    document["value"] = [render(entry) for _, entry in shown]
    return Reply(200, document)


def _viewed(manager: Manager, request: Request, id: ResourceId, view: View) -> Reply:
    _ = request.api_version
    manager.check_subscription(id)
    document = view.get(manager.cloud, id)
    if document is None:
        raise missing(id)
    return Reply(200, document)


def _everything(manager: Manager, request: Request, place: ResourceId, wanted: Filter) -> Reply:
    """What a group's or a subscription's list of resources shows: all that has a region, and other top-level ones.

    Entries have the envelope alone, and what `$expand` names.
    Source: learn.microsoft.com/rest/api/resources/resources/list.
    """
    if str(request.target.word).casefold() != "resources":
        raise not_found("InvalidResourceType", f"'{place}' has no collection '{request.target.word}'.")
    if place.type == GROUP:
        manager.existing(place)
    kind = manager.catalogue.find(wanted.only("resourcetype") or "")
    expanded = {name.strip().casefold() for name in request.query.get("$expand", "").split(",")}
    return page(
        request,
        _numbered(request, filter(wanted.holds, _listable(manager, _scan(manager, request, kind, place)))),
        lambda resource: _envelope(resource, expanded),
    )


def _listable(manager: Manager, resources: Iterable[Resource]) -> Iterator[Resource]:
    for resource in resources:
        kind = manager.catalogue.find(resource.type)
        if kind is None or resource.id.is_container:
            continue
        if kind.tracked or (kind.scope is Scope.GROUP and not kind.is_child):
            yield resource


def _envelope(resource: Resource, expanded: Collection[str]) -> Json:
    document = {"id": resource.id.text, "name": resource.name, "type": resource.type}
    document |= {name: resource.body[name] for name in ENVELOPE if resource.body.get(name) is not None}
    added = {
        "createdTime": resource.created,
        "changedTime": resource.changed,
        "provisioningState": resource.properties.get("provisioningState", "Succeeded"),
    }
    return document | {name: value for name, value in added.items() if name.casefold() in expanded}


def _collection(manager: Manager, request: Request, kind: ResourceType, *, at_scope: bool) -> Iterator[Resource]:
    base = request.target.id
    if base is None:
        return _scan(manager, request, kind)
    if not base.is_container:
        manager.existing(manager.spelled(base, manager.catalogue.get(base.type, "")))
    elif base.type == GROUP:
        manager.existing(base)
    if kind.is_child:
        return (
            found
            for found in _scan(manager, request, kind, base)
            if found.id.parent and found.id.parent.key == base.key
        )
    if kind.scope is not Scope.ANY:
        return _scan(manager, request, kind, base)
    scopes = {upper.key for upper in base.upwards()} if at_scope or kind.lists_above else {base.key}
    deep = kind.lists_below and not at_scope
    return (
        found
        for found in _scan(manager, request, kind)
        if found.id.scope and (found.id.scope.key in scopes or (deep and found.id.key.startswith(f"{base.key}/")))
    )


def _scan(
    manager: Manager, request: Request, kind: ResourceType | None, below: ResourceId | None = None
) -> Iterator[Resource]:
    """The resources behind the page before, in the order that is asked for."""
    after = _after(request)
    return manager.cloud.store.scan(
        type_name=kind.name if kind else None,
        below=below,
        after=None if after is None else abs(after),
        descending=_descending(request),
    )


def _numbered(request: Request, resources: Iterable[Resource]) -> Iterator[tuple[int, Resource]]:
    sign = -1 if _descending(request) else 1
    return ((sign * resource.sequence, resource) for resource in resources)


def _descending(request: Request) -> bool:
    return request.query.get("$orderby", "").casefold().endswith(" desc")


def _after(request: Request) -> int | None:
    return _number(request, "$skiptoken", _WHOLE)


def _number(request: Request, name: str, form: re.Pattern[str]) -> int | None:
    text = request.query.get(name)
    if text is not None and not form.fullmatch(text):
        sort = "positive" if form is _POSITIVE else "whole"
        raise bad_request(
            "InvalidQueryParameter", f"The query parameter {name} is '{text}'; it must be a {sort} number."
        )
    return None if text is None else int(text)
