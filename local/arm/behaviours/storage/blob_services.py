"""The blob service of a storage account: versions, change feed, restore.

Sources: learn.microsoft.com/rest/api/storagerp/blob-services/set-service-properties,
.../azure/storage/blobs/point-in-time-restore-overview (what restore stands on),
.../azure/storage/blobs/storage-feature-support-in-storage-accounts (what a hierarchical namespace rules out).
"""

from local.arm.behaviours.storage.types import BLOB_SERVICE, ONLY_DEFAULT, has_namespace, not_with_namespace
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Change, ResourceType

VERSIONS, CHANGES = "properties.isVersioningEnabled", "properties.changeFeed.enabled"
RESTORE, KEPT = "properties.restorePolicy", "properties.deleteRetentionPolicy"


def _check_namespace(change: Change) -> None:
    if not has_namespace(change.parent):
        return
    ruled_out = {
        "Versioning": VERSIONS,
        "The change feed": CHANGES,
        "Point-in-time restore": f"{RESTORE}.enabled",
    }
    for feature, path in ruled_out.items():
        if change.get(path, False):
            raise not_with_namespace(change.parent.name, feature, path)


def _check_restore(change: Change) -> None:
    if not change.get(f"{RESTORE}.enabled", False):
        return
    if not all(change.get(path, False) for path in (VERSIONS, CHANGES, f"{KEPT}.enabled")):
        message = "Point-in-time restore needs versioning, change feed and blob soft delete; turn them on."
        raise bad_request("InvalidRequestPropertyValue", message, target=RESTORE)
    days, kept = change.get(f"{RESTORE}.days", 0), change.get(f"{KEPT}.days", 0)
    if days >= kept:
        message = f"restorePolicy.days is {days}; it must be less than deleteRetentionPolicy.days, which is {kept}."
        raise bad_request("InvalidRequestPropertyValue", message, target=f"{RESTORE}.days")


def _complete(change: Change) -> Json:
    return {
        "sku": change.parent.body.get("sku", {}),
        "properties": {
            "cors": change.get("properties.cors", {"corsRules": []}),
            "deleteRetentionPolicy": change.get(KEPT, {"enabled": False}),
        },
    }


TYPES = (
    ResourceType(
        name=BLOB_SERVICE,
        names=ONLY_DEFAULT,
        provisioning_state=False,
        checks=(_check_namespace, _check_restore),
        complete=_complete,
    ),
)
