"""Blob containers and the legal holds on them.

Sources: learn.microsoft.com/rest/api/storagerp/blob-containers/create, .../set-legal-hold, .../clear-legal-hold,
.../azure/storage/blobs/immutable-storage-overview.
"""

import re
from dataclasses import replace

from local.arm.behaviours.storage.immutability import check_deletable, policy_of
from local.arm.behaviours.storage.types import CONTAINER, account_of, has_namespace, not_with_namespace
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request, conflict
from local.arm.resource_types import Call, Change, NameRule, ResourceType
from local.arm.store import Resource

TAG = r"[a-z0-9]{3,23}"
TAG_LIMIT = 10
"""Legal hold tags of one container."""
VERSIONED = "properties.immutableStorageWithVersioning"


def _check_public_access(change: Change) -> None:
    wanted = change.get("properties.publicAccess", "None")
    account = account_of(change.cloud, change.id)
    if wanted != "None" and not account.properties.get("allowBlobPublicAccess"):
        message = (
            f"Public access is not permitted on the storage account '{account.name}': publicAccess is '{wanted}', "
            "allowBlobPublicAccess is false."
        )
        raise conflict("PublicAccessNotPermitted", message)


def _check_versioned_immutability(change: Change) -> None:
    """Immutability of single versions stands on versions, which a hierarchical namespace does not have."""
    if not change.get(f"{VERSIONED}.enabled", False):
        return
    account = account_of(change.cloud, change.id)
    if has_namespace(account):
        raise not_with_namespace(account.name, "Immutable storage with versioning", VERSIONED)
    if not change.parent.properties.get("isVersioningEnabled"):
        message = (
            f"Immutable storage with versioning needs versions: isVersioningEnabled of the blob service of "
            f"'{account.name}' is false."
        )
        raise bad_request("InvalidRequestPropertyValue", message, target=VERSIONED)


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "publicAccess": change.get("properties.publicAccess", "None"),
            "defaultEncryptionScope": change.get("properties.defaultEncryptionScope", "$account-encryption-key"),
            "denyEncryptionScopeOverride": change.get("properties.denyEncryptionScopeOverride", False),
            "deleted": False,
            "remainingRetentionDays": 0,
            "leaseStatus": "Unlocked",
            "leaseState": "Available",
            "lastModifiedTime": change.cloud.now(),
        }
    }


def _shows(cloud: Cloud, container: Resource) -> Json:
    policy, hold = policy_of(cloud, container), container.private.get("legal_hold")
    shown: Json = {"hasImmutabilityPolicy": policy is not None, "hasLegalHold": bool(hold)}
    if policy is not None:
        shown["immutabilityPolicy"] = {"etag": f'"{policy.etag}"', "properties": policy.properties}
    if hold:
        shown["legalHold"] = {"hasLegalHold": True, "tags": [{"tag": tag} for tag in hold]}
    return {"properties": shown}


def _set_hold(call: Call) -> Json:
    tags = _tags(call)
    kept = call.resource.private.get("legal_hold", [])
    held = [*kept, *(tag for tag in tags if tag not in kept)]
    if len(held) > TAG_LIMIT:
        message = f"A container can have {TAG_LIMIT} legal hold tags; '{call.resource.name}' would have {len(held)}."
        raise bad_request("ContainerLegalHoldFailure", message, target="tags")
    return _hold(call, held)


def _clear_hold(call: Call) -> Json:
    gone = _tags(call)
    return _hold(call, [tag for tag in call.resource.private.get("legal_hold", []) if tag not in gone])


def _hold(call: Call, tags: list[str]) -> Json:
    call.cloud.store.put(replace(call.resource, private={**call.resource.private, "legal_hold": tags}).renewed())
    return {"hasLegalHold": bool(tags), "tags": tags}


def _tags(call: Call) -> list[str]:
    tags = call.body.get("tags")
    if not isinstance(tags, list) or not tags or not all(re.fullmatch(TAG, str(tag).casefold()) for tag in tags):
        message = f"tags is {tags!r}; it must list at least one tag of 3 to 23 letters and digits."
        raise bad_request("ContainerLegalHoldFailure", message, target="tags")
    return [str(tag).casefold() for tag in tags]


def _provision(cloud: Cloud, container: Resource) -> Json:
    cloud.blobs.put_container(container.id.names[0], container.name)
    return {}


def _remove(cloud: Cloud, container: Resource) -> None:
    cloud.blobs.delete_container(container.id.names[0], container.name)


TYPES = (
    ResourceType(
        name=CONTAINER,
        names=NameRule(
            r"\$root|\$web|\$logs|(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]",
            "3 to 63 digits, lower-case letters and single '-', none at the ends",
            "InvalidResourceName",
        ),
        provisioning_state=False,
        etag="etag",
        immutable=(
            "properties.defaultEncryptionScope",
            "properties.denyEncryptionScopeOverride",
            f"{VERSIONED}.enabled",
        ),
        checks=(_check_public_access, _check_versioned_immutability),
        complete=_complete,
        shows=_shows,
        provision=_provision,
        delete_checks=(check_deletable,),
        deprovision=_remove,
        actions={"setlegalhold": _set_hold, "clearlegalhold": _clear_hold},
    ),
)
