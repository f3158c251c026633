"""Resource groups that a resource provider makes for one of its resources and keeps to itself.

The group bears its owner's id in `managedBy`, goes when the owner goes, and a deny assignment keeps everybody else from
writing into it (learn.microsoft.com/azure/azure-resource-manager/managed-applications/overview, .../azure/
role-based-access-control/deny-assignments).
"""

from local.arm.cloud import Cloud
from local.arm.errors import ArmError
from local.arm.identifiers import GROUP, ResourceId
from local.arm.store import Resource, Store

API_VERSION = "2024-03-01"
"""Of Microsoft.Resources/resourceGroups."""


def owner_of(store: Store, id: ResourceId) -> str | None:
    """The id of the resource that a group is kept for; None for a group of somebody's own, or for none at all."""
    group = store.get(id)
    owner = group.body.get("managedBy") if group else None
    return str(owner) if owner else None


def make(cloud: Cloud, owner: Resource, id: ResourceId, *, closed: bool = True) -> None:
    """Create the group of `owner` unless it is there.

    closed: nobody but the owner's provider writes into it.
    """
    if cloud.store.get(id) is None:
        body = {
            "location": owner.location,
            "managedBy": owner.id.text,
            "tags": owner.body.get("tags") or {},
            "properties": {"provisioningState": "Succeeded"},
        }
        now = cloud.now()
        cloud.store.put(Resource(id, GROUP, API_VERSION, None, body, now, now, private={"closed": closed}))


def remove(cloud: Cloud, owner: Resource, id: ResourceId) -> None:
    """Delete the group of `owner` with all that is in it; nothing happens to a group that is not its own."""
    if (owner_of(cloud.store, id) or "").casefold() != owner.id.key:
        return
    with cloud.store.transaction():
        for resource in [*cloud.store.below(id)]:
            cloud.store.remove(resource.id)
        cloud.store.remove(id)


def check_open(store: Store, id: ResourceId, verb: str) -> None:
    """Raise ArmError DenyAssignmentAuthorizationFailed for a write or delete in a group that its owner keeps closed."""
    group = store.get(id.group) if id.group else None
    if group is None or not group.private.get("closed"):
        return
    owner = group.body["managedBy"]
    message = (
        f"The client has permission to perform action '{id.type}/{verb}' on scope '{id}', however the access is denied "
        f"because of the deny assignment on '{group.id}': the group is managed by '{owner}'. Change or delete that "
        "resource instead."
    )
    raise ArmError(403, "DenyAssignmentAuthorizationFailed", message)
