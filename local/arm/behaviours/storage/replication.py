"""Object replication between two accounts: made on the destination, then under its id on the source.

Sources: learn.microsoft.com/rest/api/storagerp/object-replication-policies/create-or-update,
.../azure/storage/blobs/object-replication-overview (prerequisites).
"""

import uuid

from local.arm.behaviours.storage.types import ACCOUNT, has_namespace, not_with_namespace
from local.arm.documents import Json, reach
from local.arm.errors import bad_request, not_found
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, NameRule, ResourceType
from local.arm.store import Resource

POLICY = f"{ACCOUNT}/objectReplicationPolicies"
NEW = "default"
"""The name of a policy whose id Azure is to choose."""
SOURCE, DESTINATION, RULES = "properties.sourceAccount", "properties.destinationAccount", "properties.rules"


def _given_name(id: ResourceId) -> str | None:
    return str(uuid.uuid4()) if id.name == NEW else None


def _account(change: Change, path: str) -> Resource:
    """The account that a policy names, by its id or, in the same subscription, by its name."""
    reference = str(change.get(path, ""))
    store = change.cloud.store
    if reference.startswith("/"):
        return change.cloud.find(reference, ACCOUNT, property_path=path)
    found = next(iter(store.of_type(ACCOUNT, name=reference)), None)
    if found is None:
        message = f"The account '{reference}' that {path} names does not exist; give its resource id."
        raise not_found("ObjectReplicationPolicyAccountNotFound", message)
    return found


def _check_accounts(change: Change) -> None:
    """Both need versions, the source its change feed; neither may have a hierarchical namespace."""
    for path, needed in (
        (SOURCE, ("isVersioningEnabled", "changeFeed.enabled")),
        (DESTINATION, ("isVersioningEnabled",)),
    ):
        account = _account(change, path)
        if has_namespace(account):
            raise not_with_namespace(account.name, "Object replication", path)
        service = change.cloud.store.get(account.id.child("blobServices", "default"))
        for member in needed:
            if not reach(service.body if service else {}, f"properties.{member}"):
                message = f"Object replication needs {member} on the blob service of '{account.name}', where it is off."
                raise bad_request("InvalidRequestPropertyValue", message, target=path)


def _check_side(change: Change) -> None:
    """A policy lies on one of its two accounts; on the source under the id that the destination was given."""
    source, destination = _account(change, SOURCE), _account(change, DESTINATION)
    if change.parent.id.key == destination.id.key:
        return
    twin = destination.id.child("objectReplicationPolicies", change.id.name)
    if change.parent.id.key != source.id.key or change.cloud.store.get(twin) is None:
        message = (
            f"There is no object replication policy '{change.id.name}' on the destination '{destination.name}': create "
            f"it there first, as '{NEW}', and use its id and the ids of its rules on the source."
        )
        raise not_found("ObjectReplicationPolicyNotFound", message)


def _check_containers(change: Change) -> None:
    for index, rule in enumerate(change.objects(RULES)):
        for path, member in ((SOURCE, "sourceContainer"), (DESTINATION, "destinationContainer")):
            account, name = _account(change, path), str(rule.get(member))
            if change.cloud.store.get(account.id.child("blobServices", "default").child("containers", name)) is None:
                message = f"The container '{name}' of '{account.name}' ({RULES}[{index}].{member}) does not exist."
                raise not_found("ContainerNotFound", message)


def _complete(change: Change) -> Json:
    now = change.cloud.now()
    rules = [{"ruleId": str(uuid.uuid4()), **rule} for rule in change.objects(RULES)]
    enabled = change.keep("properties.enabledTime", lambda: now)
    return {"properties": {"policyId": change.id.name, "enabledTime": enabled, "rules": rules}}


TYPES = (
    ResourceType(
        name=POLICY,
        names=NameRule(r"default|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", f"'{NEW}', or the GUID of a policy"),
        given_name=_given_name,
        provisioning_state=False,
        created_status=200,
        checks=(_check_accounts, _check_side, _check_containers),
        complete=_complete,
    ),
)
