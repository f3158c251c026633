"""Management locks: they hold on their scope and everything below it.

Source: learn.microsoft.com/azure/azure-resource-manager/management/lock-resources.
"""

from local.arm.documents import reach
from local.arm.errors import ArmError, conflict
from local.arm.identifiers import ResourceId
from local.arm.store import Resource, Store

LOCKS = "Microsoft.Authorization/locks"


def check_write(store: Store, id: ResourceId) -> None:
    """Raise ArmError ScopeLocked when `id` may not be written: a ReadOnly lock on it or above it."""
    if id.type != LOCKS:
        locks = [lock for lock in _over(store, id) if reach(lock.sent, "properties.level") == "ReadOnly"]
        if locks:
            raise _refusal(id, "write", locks)


def check_delete(store: Store, id: ResourceId) -> None:
    """Raise ArmError ScopeLocked when `id` may not be deleted: any lock on it, above it or below it."""
    if id.type != LOCKS:
        below = [resource for resource in store.below(id) if resource.type == LOCKS]
        locks = _over(store, id) + [lock for lock in below if lock.id.scope != id]
        if locks:
            raise _refusal(id, "delete", locks)


def _over(store: Store, id: ResourceId) -> list[Resource]:
    scopes = {upper.key for upper in id.upwards()}
    return [lock for lock in store.of_type(LOCKS) if lock.id.scope and lock.id.scope.key in scopes]


def _refusal(id: ResourceId, verb: str, locks: list[Resource]) -> ArmError:
    scopes = ", ".join(f"'{lock.id.scope}'" for lock in locks)
    message = (
        f"The scope '{id}' cannot perform {verb} operation because following scope(s) are locked: {scopes}. "
        f"Please remove the lock and try again."
    )
    return conflict("ScopeLocked", message)
