"""Tags: the rules for them, `Microsoft.Resources/tags/default` at any scope, and the names that are in use.

Sources: learn.microsoft.com/azure/azure-resource-manager/management/tag-resources, .../rest/api/resources/tags.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import RESOURCES, SUBSCRIPTION, ResourceId
from local.arm.manager import Manager
from local.arm.wire import Reply, Request

TAGS = f"{RESOURCES}/tags"
MOST_TAGS, LONGEST_NAME, LONGEST_VALUE = 50, 512, 256
RESERVED = frozenset("<>%&\\?/")
LINK = "hidden-link:"
"""Start of the tags that tie a resource to another: the rest is that one's id, slashes and all."""
_OF_SUBSCRIPTION = "subscription_tags"


def check(tags: Mapping[str, Any]) -> None:
    """Raise ArmError for tags that Azure refuses."""
    if len(tags) > MOST_TAGS:
        raise bad_request(
            "InvalidTags", f"{len(tags)} tags were given; at most {MOST_TAGS} are allowed.", target="tags"
        )
    for name, value in tags.items():
        if not isinstance(value, str):
            raise bad_request("InvalidRequestContent", f"The value of the tag '{name}' is no string.", target="tags")
        plain = name.replace("/", "") if name.startswith(LINK) else name
        if RESERVED.intersection(plain) or not name.isprintable():
            message = (
                f"The tag names '{name}' have reserved characters '{','.join(sorted(RESERVED))}' or control characters."
            )
            raise bad_request("InvalidTagNameCharacters", message, target="tags")
        if not 0 < len(name) <= LONGEST_NAME or len(value) > LONGEST_VALUE:
            message = (
                f"The tag '{name[:LONGEST_NAME]}' is too long: names have 1 to {LONGEST_NAME} characters, values "
                f"at most {LONGEST_VALUE}."
            )
            raise bad_request("InvalidTags", message, target="tags")


def get(manager: Manager, request: Request) -> Reply:
    """The tags of a scope."""
    scope = _scope(manager, request)
    return _reply(scope, _read(manager, scope))


def put(manager: Manager, request: Request) -> Reply:
    """Replace the tags of a scope."""
    return _change(manager, request, "replace", request.document())


def patch(manager: Manager, request: Request) -> Reply:
    """Replace the tags of a scope, merge others into them, or take some away, as `operation` says."""
    document = request.document()
    return _change(manager, request, str(document.get("operation", "")).casefold(), document)


def delete(manager: Manager, request: Request) -> Reply:
    """Take all tags from a scope."""
    _change(manager, request, "replace", {"properties": {"tags": {}}})
    return Reply(200)


def names(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/tagNames: the names and values that resources and resource groups have."""
    _ = request.api_version
    subscription = request.target.id
    manager.check_subscription(subscription)
    used: dict[str, Counter[str]] = {}
    rows = manager.cloud.store.rows(
        "SELECT tag.key AS name, tag.value AS value FROM resources, json_each(resources.body, '$.tags') AS tag"
    )
    for row in rows:
        used.setdefault(row["name"], Counter())[str(row["value"])] += 1
    entries = [_described(f"{subscription}/tagNames/{name}", name, values) for name, values in sorted(used.items())]
    return Reply(200, {"value": entries})


def _described(id: str, name: str, values: Counter[str]) -> Json:
    found = [
        {"id": f"{id}/tagValues/{value}", "tagValue": value, "count": _count(number)}
        for value, number in sorted(values.items())
    ]
    return {"id": id, "tagName": name, "count": _count(values.total()), "values": found}


def _count(number: int) -> Json:
    return {"type": "Total", "value": number}


def _scope(manager: Manager, request: Request) -> ResourceId:
    """The scope whose tags a request names, as it is on record; raises ArmError when there is no such one."""
    id, _ = request.target.id, request.api_version
    assert id is not None
    manager.check_subscription(id)
    if id.scope is None or id.name.casefold() != "default":
        message = f"'{request.path}' names no tags: they are '{{scope}}/providers/{TAGS}/default'."
        raise bad_request("InvalidResourceName", message)
    if id.scope.type == SUBSCRIPTION:
        return id.scope
    kind = manager.catalogue.get(id.scope.type, request.api_version)
    return manager.existing(manager.spelled(id.scope, kind)).id


def _change(manager: Manager, request: Request, operation: str, document: Json) -> Reply:
    scope = _scope(manager, request)
    properties = document.get("properties")
    tags = properties.get("tags") if isinstance(properties, dict) else None
    if not isinstance(tags, dict):
        raise bad_request(
            "InvalidRequestContent", "properties.tags is missing or is no object.", target="properties.tags"
        )
    with manager.cloud.store.transaction():
        manager.check_writable(scope)
        after = _changed(_read(manager, scope), operation, tags)
        check(after)
        _write(manager, scope, after)
    return _reply(scope, after)


def _changed(present: Json, operation: str, tags: Json) -> Json:
    """The tags after an operation; names are compared without case, and keep the case they had."""
    if operation == "replace":
        return tags
    spelled = {name.casefold(): name for name in present}
    if operation == "merge":
        return present | {spelled.get(name.casefold(), name): value for name, value in tags.items()}
    if operation == "delete":
        going = {name.casefold(): value for name, value in tags.items()}
        return {
            name: value
            for name, value in present.items()
            if name.casefold() not in going or going[name.casefold()] not in ("", None, value)
        }
    raise _unknown(operation)


def _unknown(operation: str) -> ArmError:
    message = f"The tags operation '{operation}' is none of Replace, Merge and Delete."
    return bad_request("InvalidRequestContent", message, target="operation")


def _read(manager: Manager, scope: ResourceId) -> Json:
    if scope.type == SUBSCRIPTION:
        return dict(manager.cloud.store.setting(_OF_SUBSCRIPTION, {}))
    return dict(manager.existing(scope).body.get("tags") or {})


def _write(manager: Manager, scope: ResourceId, tags: Json) -> None:
    if scope.type == SUBSCRIPTION:
        manager.cloud.store.set_setting(_OF_SUBSCRIPTION, tags)
        return
    resource = manager.existing(scope)
    sent = None if resource.sent is None else {**resource.sent, "tags": tags}
    body = {**resource.body, "tags": tags}
    manager.cloud.store.put(replace(resource, sent=sent, body=body, changed=manager.cloud.now()).renewed())


def _reply(scope: ResourceId, tags: Json) -> Reply:
    id = f"{scope}/providers/{TAGS}/default"
    return Reply(200, {"id": id, "name": "default", "type": TAGS, "properties": {"tags": tags}})
