"""Immutability policies of containers, and what they and legal holds keep from being deleted.

Sources: learn.microsoft.com/rest/api/storagerp/blob-containers/create-or-update-immutability-policy,
.../lock-immutability-policy, .../extend-immutability-policy, .../delete-immutability-policy;
.../azure/storage/blobs/immutable-container-level-worm-policies (what blocks deletion).
"""

from dataclasses import replace

from local.arm.behaviours.storage.types import ACCOUNT, IMMUTABILITY, ONLY_DEFAULT
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.resource_types import Call, Change, ResourceType
from local.arm.store import Resource

FAILURE = "ContainerImmutabilityPolicyFailure"
STATE, DAYS = "properties.state", "properties.immutabilityPeriodSinceCreationInDays"
APPENDS = ("properties.allowProtectedAppendWrites", "properties.allowProtectedAppendWritesAll")
WRONG_ETAG = ArmError(412, FAILURE, "Operation not allowed on immutability policy with incorrect etag.")


def policy_of(cloud: Cloud, container: Resource) -> Resource | None:
    """The immutability policy of a container."""
    return cloud.store.get(container.id.child("immutabilityPolicies", "default"))


def check_deletable(cloud: Cloud, resource: Resource) -> None:
    """Raise ArmError for a container, or an account with one, that a legal hold or a policy keeps.

    A legal hold always does, and a policy for as long as the container holds a blob. An account is kept by locked
    policies only.
    """
    account = resource.type == ACCOUNT
    containers = cloud.store.below(resource.id) if account else [resource]
    for container in containers:
        reason = _keeps(cloud, container, locked_only=account)
        if reason and account:
            message = (
                f"The account {resource.name} is protected from deletion: the container {container.name} {reason}."
            )
            raise conflict("AccountProtectedFromDeletion", message)
        if reason:
            message = (
                f"The container {container.name} of {container.id.names[0]} is protected from deletion: it {reason}."
            )
            raise conflict("ContainerProtectedFromDeletion", message)


def _keeps(cloud: Cloud, container: Resource, *, locked_only: bool) -> str | None:
    """What keeps a container: the end of a sentence about it."""
    if container.private.get("legal_hold"):
        return f"has a legal hold ({', '.join(container.private['legal_hold'])})"
    policy = policy_of(cloud, container)
    if policy is None:
        return None
    state = str(policy.properties["state"])
    if (state == "Locked" or not locked_only) and cloud.blobs.holds_blobs(container.id.names[0], container.name):
        return f"has an immutability policy ({state}) and is not empty"
    return None


def _check_state(change: Change) -> None:
    if change.was(STATE) == "Locked":
        raise _locked("it can only be extended")


def _check_appends(change: Change) -> None:
    if all(change.get(path, False) for path in APPENDS):
        message = "allowProtectedAppendWrites and allowProtectedAppendWritesAll exclude each other; set one of them."
        raise bad_request("InvalidRequestPropertyValue", message, target=APPENDS[1])


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "state": "Unlocked",
            "immutabilityPeriodSinceCreationInDays": change.get(DAYS, 0),
            "allowProtectedAppendWrites": change.get(APPENDS[0], False),
            "allowProtectedAppendWritesAll": change.get(APPENDS[1], False),
        }
    }


def _check_unlocked(_: Cloud, policy: Resource) -> None:
    if policy.properties["state"] == "Locked":
        raise _locked("it cannot be deleted")


def _lock(call: Call) -> Json:
    _check_etag(call)
    return _changed(call, state="Locked")


def _extend(call: Call) -> Json:
    """The one change that a locked policy takes: a longer period."""
    _check_etag(call)
    present = call.resource.properties["immutabilityPeriodSinceCreationInDays"]
    wanted = (call.body.get("properties") or {}).get("immutabilityPeriodSinceCreationInDays")
    if call.resource.properties["state"] != "Locked":
        raise conflict(FAILURE, "Operation not allowed on immutability policy with current state: it is not locked.")
    if not isinstance(wanted, int) or wanted <= present:
        message = f"immutabilityPeriodSinceCreationInDays is {wanted}; a locked policy of {present} days takes more."
        raise bad_request(FAILURE, message, target=DAYS)
    return _changed(call, immutabilityPeriodSinceCreationInDays=wanted)


def _check_etag(call: Call) -> None:
    if call.headers.get("if-match", "").strip().strip('"') != call.resource.etag:
        raise WRONG_ETAG


def _changed(call: Call, **properties: object) -> Json:
    changed = replace(call.resource, body=overlay(call.resource.body, {"properties": properties})).renewed()
    call.cloud.store.put(changed)
    return {
        "id": changed.id.text,
        "name": changed.name,
        "type": IMMUTABILITY,
        "etag": f'"{changed.etag}"',
        **changed.body,
    }


def _locked(what: str) -> ArmError:
    return conflict(FAILURE, f"Operation not allowed on immutability policy with current state: it is locked, {what}.")


TYPES = (
    ResourceType(
        name=IMMUTABILITY,
        names=ONLY_DEFAULT,
        provisioning_state=False,
        etag="etag",
        created_status=200,
        checks=(_check_state, _check_appends),
        complete=_complete,
        delete_checks=(_check_unlocked,),
        unconditional_delete=WRONG_ETAG,
        actions={"lock": _lock, "extend": _extend},
    ),
)
