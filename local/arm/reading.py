"""GET and HEAD: one resource, or lists of them page by page."""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TypeVar

from local.arm.documents import Json, reach
from local.arm.errors import bad_request, not_found
from local.arm.identifiers import GROUP, ResourceId, Target, missing
from local.arm.manager import Manager
from local.arm.resource_types import ResourceType, Scope, View
from local.arm.store import Resource
from local.arm.wire import Reply, Request

PAGE = 1000
"""Most entries of one page."""
_CONDITION = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*", re.IGNORECASE)
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
    if target.namespace is None and target.id and target.id.is_container:
        return _page(manager, request, _everything(manager, target.id, str(target.word)))
    view = manager.catalogue.view(target.type)
    if view:
        entries = view.list(manager.cloud, target.id, request.query)
        return page(request, list(enumerate(entries, start=1)), lambda entry: entry)
    kind = manager.catalogue.get(target.type, request.api_version)
    return _page(manager, request, _collection(manager, target, kind))


def page(request: Request, entries: Sequence[tuple[int, _Entry]], render: Callable[[_Entry], Json]) -> Reply:
    """A page of entries with ascending numbers, and `nextLink` if there are more; it goes on after the last number."""
    size = _number(request, "$top", _POSITIVE) or PAGE
    after = _number(request, "$skiptoken", _WHOLE)
    rest = [entry for entry in entries if after is None or entry[0] > after]
    shown = rest[: min(size, PAGE)]
    document: Json = {"value": [render(entry) for _, entry in shown]}
    if len(rest) > len(shown):
        query = {name: value for name, value in request.query.items() if name not in ("api-version", "$skiptoken")}
        document["nextLink"] = request.link(request.path, **query, **{"$skiptoken": str(shown[-1][0])})
    return Reply(200, document)


def _page(manager: Manager, request: Request, resources: Iterable[Resource]) -> Reply:
    conditions = _filter(request.query.get("$filter", ""))
    sign = -1 if request.query.get("$orderby", "").casefold().endswith(" desc") else 1
    numbered = ((sign * resource.sequence, resource) for resource in resources if _fits(resource, conditions))
    chosen = sorted(numbered, key=itemgetter(0))

    def document(resource: Resource) -> Json:
        return manager.catalogue.get(resource.type, request.api_version).document(manager.cloud, resource)

    return page(request, chosen, document)


def _viewed(manager: Manager, request: Request, id: ResourceId, view: View) -> Reply:
    _ = request.api_version
    manager.check_subscription(id)
    document = view.get(manager.cloud, id)
    if document is None:
        raise missing(id)
    return Reply(200, document)


def _everything(manager: Manager, id: ResourceId, word: str) -> list[Resource]:
    """What a group's or a subscription's list of resources shows: top-level resources that are no extensions."""
    if word.casefold() != "resources":
        raise not_found("InvalidResourceType", f"'{id}' has no collection '{word}'.")
    if id.type == GROUP:
        manager.existing(id)
    kinds = ((resource, manager.catalogue.find(resource.type)) for resource in manager.cloud.store.below(id))
    return [
        resource
        for resource, kind in kinds
        if kind and not kind.is_child and kind.scope is not Scope.ANY and not resource.id.is_container
    ]


def _collection(manager: Manager, target: Target, kind: ResourceType) -> list[Resource]:
    store = manager.cloud.store
    everything = store.of_type(kind.name)
    if target.id is None:
        return everything
    base = target.id
    if not base.is_container:
        manager.existing(manager.spelled(base, manager.catalogue.get(base.type, "")))
    elif base.type == GROUP:
        manager.existing(base)
    if kind.is_child:
        return [resource for resource in everything if resource.id.parent and resource.id.parent.key == base.key]
    if kind.scope is Scope.ANY and not kind.lists_below:
        return [resource for resource in everything if resource.id.scope and resource.id.scope.key == base.key]
    return [resource for resource in everything if base.key in {upper.key for upper in resource.id.upwards()}]


def _filter(text: str) -> dict[str, str]:
    """The conditions of an OData filter `a eq 'b' and c eq 'd'`, names in lower case; others are refused."""
    conditions: dict[str, str] = {}
    for part in re.split(r"\s+and\s+", text) if text.strip() else []:
        if part.strip().casefold() == "atscope()":
            continue
        match = _CONDITION.fullmatch(part)
        if not match:
            message = (
                f"Invalid $filter '{text}': this local Azure understands conditions like name eq 'value', joined by "
                "and."
            )
            raise bad_request("InvalidFilterInQueryString", message)
        conditions[match[1].casefold()] = match[2].replace("''", "'")
    return conditions


def _fits(resource: Resource, conditions: dict[str, str]) -> bool:
    tags = resource.body.get("tags") or {}
    for name, value in conditions.items():
        if name == "tagname":
            found = value if value in tags else None
        elif name == "tagvalue":
            found = tags.get(conditions.get("tagname", ""))
        elif name == "resourcetype":
            found = resource.type
        elif name == "name":
            found = resource.name
        else:
            found = reach(resource.body, f"properties.{name}", reach(resource.body, name))
        if not isinstance(found, str) or found.casefold() != value.casefold():
            return False
    return True


def _number(request: Request, name: str, form: re.Pattern[str]) -> int | None:
    text = request.query.get(name)
    if text is not None and not form.fullmatch(text):
        sort = "positive" if form is _POSITIVE else "whole"
        raise bad_request(
            "InvalidQueryParameter", f"The query parameter {name} is '{text}'; it must be a {sort} number."
        )
    return None if text is None else int(text)
