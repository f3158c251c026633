"""What a database is made from: another one, or the backups of one that was dropped.

Sources: learn.microsoft.com/rest/api/sql/databases/create-or-update (with its error codes) and
/restorable-dropped-databases, .../azure/azure-sql/database/recovery-using-backups.
"""

from collections.abc import Mapping

from local.arm import soft_deletion
from local.arm.behaviours.sql.servers import DATABASE, SERVER
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, SoftDelete, View
from local.arm.soft_deletion import DeletedResource
from local.arm.store import Resource

DROPPED = f"{SERVER}/restorableDroppedDatabases"
DEFAULT_RETENTION_DAYS = 7
SOURCES = (
    "sourceDatabaseId",
    "sourceResourceId",
    "restorePointInTime",
    "sourceDatabaseDeletionDate",
    "recoverableDatabaseId",
    "restorableDroppedDatabaseId",
    "longTermRetentionBackupResourceId",
    "recoveryServicesRecoveryPointId",
)
"""Properties that are looked at once, when the database is made."""


def check_source(change: Change) -> None:
    """What a copy, a secondary or a restored database is made from."""
    mode = change.get("properties.createMode", "Default")
    if change.current is not None or mode == "Default":
        return
    if mode == "Restore":
        _dropped_source(change)
        return
    if mode not in ("Copy", "Secondary", "OnlineSecondary", "PointInTimeRestore"):
        message = f"createMode '{mode}' needs backups, which this local Azure does not hold."
        raise bad_request("InvalidDatabaseCreateOrUpdateRequest", message, target="properties.createMode")
    source = _source(change)
    if mode == "PointInTimeRestore" and not change.get("properties.restorePointInTime"):
        raise bad_request("MissingRestorePointInTime", "Missing restore point in time.", target="properties")
    if mode.endswith("Secondary") and change.get("properties.secondaryType", "Geo") != "Named":
        _check_replica(change, source)


def _source(change: Change) -> Resource:
    reference = change.get("properties.sourceDatabaseId", "")
    if not reference:
        raise bad_request("MissingSourceDatabaseId", "Missing source database identifier.", target="properties")
    found = change.cloud.store.get(ResourceId.parse(reference))
    if found is None or found.type != DATABASE:
        message = f"The source database '{reference}' does not exist."
        raise bad_request("SourceDatabaseNotFound", message, target="properties.sourceDatabaseId")
    return found


def _check_replica(change: Change, source: Resource) -> None:
    if source.name.casefold() != change.id.name.casefold():
        message = f"The replication source '{source.name}' and target '{change.id.name}' must have the same name."
        raise bad_request("ReplicationSourceAndTargetMustHaveSameName", message)
    if source.id.parent == change.id.parent:
        message = "The replication source and target databases must be in different logical servers."
        raise bad_request("ReplicationSourceAndTargetMustBeInDifferentServers", message)


def _dropped_source(change: Change) -> DeletedResource:
    reference = change.get("properties.restorableDroppedDatabaseId", "")
    if not reference:
        message = "Missing restorableDroppedDatabaseId: GET …/restorableDroppedDatabases lists those of a server."
        raise bad_request("MissingRestorableDroppedDatabaseId", message, target="properties")
    found = _find_dropped(change.cloud, ResourceId.parse(reference))
    if found is None:
        message = f"'{reference}' is no database that was dropped within its retention."
        raise bad_request(
            "InvalidRestorableDroppedDatabaseId", message, target="properties.restorableDroppedDatabaseId"
        )
    return found


def origin_of(change: Change) -> Resource | None:
    """What a new database inherits its properties from."""
    mode = change.get("properties.createMode", "Default")
    if change.current is not None or mode == "Default":
        return change.current
    return _dropped_source(change).resource if mode == "Restore" else _source(change)


def _days(database: Resource) -> int:
    """How long a dropped database can be restored: its point-in-time retention."""
    return int(database.private.get("retentionDays", DEFAULT_RETENTION_DAYS))


def dropped_id(dropped: DeletedResource) -> str:
    """The id of a restorable dropped database: its name and the moment of its deletion."""
    server = dropped.resource.id.parent
    assert server is not None
    return f"{server}/restorableDroppedDatabases/{dropped.resource.name},{dropped.deleted}"


def _all_dropped(cloud: Cloud) -> list[DeletedResource]:
    return soft_deletion.all_deleted(cloud, DATABASE)


def _find_dropped(cloud: Cloud, id: ResourceId) -> DeletedResource | None:
    return next((dropped for dropped in _all_dropped(cloud) if dropped_id(dropped).casefold() == id.key), None)


def _list_dropped(cloud: Cloud, under: ResourceId | None, _: Mapping[str, str]) -> list[Json]:
    return [
        _described(dropped)
        for dropped in _all_dropped(cloud)
        if under is not None and dropped.resource.id.parent and dropped.resource.id.parent.key == under.key
    ]


def _get_dropped(cloud: Cloud, id: ResourceId) -> Json | None:
    found = _find_dropped(cloud, id)
    return _described(found) if found else None


def _described(dropped: DeletedResource) -> Json:
    database = dropped.resource
    id = dropped_id(dropped)
    return {
        "id": id,
        "name": id.rpartition("/")[2],
        "type": DROPPED,
        "location": database.location,
        "sku": database.body["sku"],
        "properties": {
            "databaseName": database.name,
            "creationDate": database.properties["creationDate"],
            "deletionDate": dropped.deleted,
            "earliestRestoreDate": database.properties["earliestRestoreDate"],
            "maxSizeBytes": database.properties["maxSizeBytes"],
            "backupStorageRedundancy": database.properties["currentBackupStorageRedundancy"],
        },
    }


DROPPABLE = SoftDelete(days=_days, recovers=lambda _: False, refusal=None, blocks_name=False)
"""A dropped database can be restored for a while; its name is free at once."""
VIEWS = (View(name=DROPPED, list=_list_dropped, get=_get_dropped),)
