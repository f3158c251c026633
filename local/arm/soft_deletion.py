"""Deletion that can be taken back for a while, during which the name stays blocked.

Times are those of the endpoint's clock, so that moving it on ends the retention.
"""

import json
from dataclasses import dataclass, replace

from local.arm.clock import timestamp
from local.arm.cloud import Cloud
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, ResourceType
from local.arm.store import Resource


@dataclass(frozen=True)
class DeletedResource:
    """A resource that can still be recovered."""

    resource: Resource
    """As it was."""
    deleted: str
    purged: str
    """When it goes for good."""
    below: tuple[Resource, ...]
    """What lay in it."""


def keep(cloud: Cloud, kind: ResourceType, resource: Resource, below: list[Resource]) -> None:
    """Record a resource as deleted; part of the transaction that removes it."""
    assert kind.soft_delete is not None
    now = cloud.clock.now()
    purged = now + kind.soft_delete.retention(resource)
    cloud.store.execute(
        "INSERT OR REPLACE INTO deleted VALUES (?, ?, ?, ?, ?, ?, ?)",
        resource.id.key,
        kind.name,
        resource.name.casefold(),
        resource.location,
        timestamp(now),
        timestamp(purged),
        json.dumps([_packed(item) for item in (resource, *below)]),
    )


def all_deleted(cloud: Cloud, type_name: str) -> list[DeletedResource]:
    """What of a type can be recovered now; what is past its time is forgotten first."""
    cloud.store.execute("DELETE FROM deleted WHERE purged <= ?", cloud.now())
    rows = cloud.store.rows("SELECT * FROM deleted WHERE type = ? ORDER BY deleted", type_name)
    result = []
    for row in rows:
        first, *below = (_unpacked(item) for item in json.loads(row["resource"]))
        result.append(DeletedResource(first, row["deleted"], row["purged"], tuple(below)))
    return result


def purge(cloud: Cloud, id: ResourceId) -> bool:
    """Delete for good, with what was deleted in it before; False if nothing of that id was kept.

    Its group may be gone by now.
    """
    below = (f"{id.key}/", f"{id.key}0")
    return cloud.store.execute("DELETE FROM deleted WHERE key = ? OR (key > ? AND key < ?)", id.key, *below) > 0


def forget(cloud: Cloud, id: ResourceId) -> None:
    """Take a resource off the record of what is deleted, as it is back."""
    cloud.store.execute("DELETE FROM deleted WHERE key = ?", id.key)


def revived(kind: ResourceType, change: Change) -> Change:
    """The change, made to a deleted resource of that name once it is recovered.

    Raises the type's refusal when the name is blocked and the change does not ask for the old resource.
    """
    if kind.soft_delete is None or not kind.soft_delete.blocks_name or change.current is not None:
        return change
    for twin in all_deleted(change.cloud, kind.name):
        same = twin.resource.id.key == change.id.key
        if not same and not (kind.unique and twin.resource.name.casefold() == change.id.name.casefold()):
            continue
        asked = kind.soft_delete.refusal is None or kind.soft_delete.recovers(change)
        if kind.soft_delete.refusal and not (asked and same):
            raise kind.soft_delete.refusal
        for resource in (twin.resource, *twin.below):
            change.cloud.store.put(resource)
        forget(change.cloud, twin.resource.id)
        return replace(change, current=twin.resource)
    return change


def _packed(resource: Resource) -> dict[str, object]:
    return {**vars(resource), "id": resource.id.text}


def _unpacked(item: dict[str, object]) -> Resource:
    return Resource(**{**item, "id": ResourceId.parse(str(item["id"]))})  # type: ignore[arg-type]
