"""Whether Azure would accept a PUT: surroundings, preconditions, name, region, shape, what may not change."""

from typing import Any

from local.arm import soft_deletion, tagging
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.manager import Manager
from local.arm.regions import GLOBAL, REGIONS
from local.arm.resource_types import Change, ResourceType
from local.arm.store import Resource
from local.arm.wire import Request

READ_ONLY = frozenset(("id", "name", "type", "systemData"))
"""Members of the envelope that clients send back and Azure ignores."""
ENVELOPE = ("properties", "tags", "identity", "sku")
"""Members that are objects whatever the type."""


def judged(manager: Manager, request: Request, id: ResourceId, kind: ResourceType, document: Json) -> Change:
    """The change that a request asks for; raises ArmError with Azure's refusal. Part of the caller's transaction."""
    store = manager.cloud.store
    manager.check_writable(id)
    current = store.get(id)
    check_preconditions(request, kind, current)
    sent = {name: value for name, value in document.items() if name not in READ_ONLY}
    change = Change(manager.cloud, id, sent, current, request.query)
    for member in ENVELOPE:
        change.get(member, {})
    tagging.check(change.get("tags", {}))
    if kind.names:
        kind.names.check(id.name, kind.name)
    if kind.tracked:
        _check_location(change)
    _check_shape(manager, request, kind, sent)
    manager.faults.check_capacity(sent, change.location or _region_around(change))
    change = soft_deletion.revived(kind, change)
    _check_unique(change, kind)
    _check_immutable(change, kind)
    for check in kind.checks:
        check(change)
    return change


def _region_around(change: Change) -> str:
    """The region of what a resource without one lies in."""
    around = (change.cloud.store.get(upper) for upper in change.id.upwards())
    return next((resource.location for resource in around if resource and resource.location), "")


def check_preconditions(request: Request, kind: ResourceType, current: Resource | None) -> None:
    """Raise ArmError PreconditionFailed when If-Match or If-None-Match do not hold.

    `*` stands for any version and is honoured for every type, other values where the type has an ETag.
    """
    wanted, unwanted = request.headers.get("if-match"), request.headers.get("if-none-match")
    if wanted is not None and (current is None or not _matches(wanted, kind, current)):
        raise _precondition("If-Match", wanted)
    if (
        unwanted is not None
        and current is not None
        and (unwanted.strip() == "*" or (kind.etag and _matches(unwanted, kind, current)))
    ):
        raise _precondition("If-None-Match", unwanted)


def _matches(header: str, kind: ResourceType, current: Resource) -> bool:
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}
    return kind.etag is None or bool(tags & {"*", current.etag})


def _precondition(header: str, value: str) -> ArmError:
    return ArmError(
        412,
        "PreconditionFailed",
        f"The condition in the header {header} ({value}) is not met: the resource was changed, created or deleted "
        "meanwhile.",
    )


def _check_location(change: Change) -> None:
    """Of a tracked resource: required, a region of Azure's, never changed."""
    if not change.location:
        raise bad_request(
            "LocationRequired", "The location property is required for this definition.", target="location"
        )
    if change.location not in REGIONS and change.location != GLOBAL:
        message = (
            f"The provided location '{change.sent['location']}' is not available for resource type '{change.id.type}'. "
            f"List of available regions for the resource type is '{','.join(sorted(REGIONS))}'."
        )
        raise bad_request("LocationNotAvailableForResourceType", message, target="location")
    present = change.was("location")
    if present is not None and _plain(present) != _plain(change.sent["location"]):
        message = (
            f"The resource '{change.id.name}' already exists in location '{present}'. A resource with the same name "
            f"cannot be created in location '{change.sent['location']}'. Please select a new resource name."
        )
        raise conflict("InvalidResourceLocation", message)


def _check_shape(manager: Manager, request: Request, kind: ResourceType, sent: Json) -> None:
    contract = manager.contracts.by_arm_type(kind.name)
    if contract is None or contract.api_version.casefold() != request.api_version.casefold():
        return
    problems = [
        bad_request("InvalidProperty", f"{problem.path}: {problem.reason}", target=problem.path)
        for problem in contract.check_body(sent)
    ]
    if problems:
        summary = "; ".join(problem.message for problem in problems)
        message = f"The body of {kind.name} is not valid in api version {contract.api_version}: {summary}"
        raise bad_request("InvalidRequestContent", message, target=problems[0].target, details=problems)


def _check_unique(change: Change, kind: ResourceType) -> None:
    if kind.unique and change.current is None:
        for other in change.cloud.store.of_type(kind.name, name=change.id.name):
            message = (
                f"The name '{change.id.name}' for {kind.name} is already taken by '{other.id}'; such names are unique "
                "in all of Azure."
            )
            raise ArmError(kind.unique.status, kind.unique.code, message)


def _check_immutable(change: Change, kind: ResourceType) -> None:
    if change.current is None:
        return
    for path in kind.immutable:
        wanted = reach(change.sent, path)
        present = reach(change.current.body, path)
        if wanted is not None and not _same(wanted, present):
            message = (
                f"Changing property '{path}' is not allowed: it is {present!r} since the resource was created, "
                f"{wanted!r} was sent."
            )
            raise ArmError(409, "PropertyChangeNotAllowed", message, target=path)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str | bool) and isinstance(other, str | bool):
        return str(one).casefold() == str(other).casefold()
    return bool(one == other)


def _plain(location: str) -> str:
    return location.replace(" ", "").casefold()
