"""Resources of this provider that refer to each other by id."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from local.arm.documents import reach
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, NameRule
from local.arm.store import Resource

NAMES = NameRule(
    r"[A-Za-z0-9]([-.\w]{0,78}[A-Za-z0-9_])?",
    "1 to 80 letters, digits, '.', '-' and '_', the first a letter or digit, the last a letter, digit or '_'",
)
LONG_NAMES = NameRule(
    r"[A-Za-z0-9][-.\w]{0,62}[A-Za-z0-9_]",
    "2 to 64 letters, digits, '.', '-' and '_', the first a letter or digit, the last a letter, digit or '_'",
)


def referred(change: Change, path: str, type_name: str, *, location: str | None = None) -> Resource | None:
    """The resource whose id stands at a path, None where there is none.

    Raises ArmError InvalidResourceReference for one that does not exist, or is not in `location` where that is given.
    """
    reference = change.get(path, "")
    return existing(change, reference, type_name, path, location=location) if reference else None


def existing(change: Change, reference: Any, type_name: str, path: str, *, location: str | None = None) -> Resource:
    """The resource of a type with an id; raises ArmError as `referred` does."""
    id = ResourceId.parse(reference)
    found = change.cloud.store.get(id) if id.type.casefold() == type_name.casefold() else None
    if found is None or (location and plain(found.location) != plain(location)):
        raise unresolved(change, reference, path)
    return found


def unresolved(change: Change, reference: Any, path: str) -> ArmError:
    """The refusal of a reference to what does not exist, or lies elsewhere."""
    message = (
        f"Resource {reference} referenced by resource {change.id} ({path}) was not found. Please make sure that the "
        "referenced resource exists, and that both resources are in the same region."
    )
    return bad_request("InvalidResourceReference", message, target=path)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; nothing for what is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def ids_at(document: Any, path: str) -> Iterator[ResourceId]:
    """The ids at a dotted path, what is no id passed over; `[]` in it goes through a list."""
    head, _, rest = path.partition("[].")
    found = reach(document, head) if head else document
    if rest:
        for item in objects(found):
            yield from ids_at(item, rest)
    elif isinstance(found, str):
        with suppress(ArmError):
            yield ResourceId.parse(found)


def plain(location: str) -> str:
    """A region in Azure's short form."""
    return location.replace(" ", "").casefold()
