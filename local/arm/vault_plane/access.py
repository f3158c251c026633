"""Who may do what in a vault: role assignments, or the vault's access policies.

Sources: learn.microsoft.com/azure/key-vault/general/rbac-guide (roles), .../general/assign-access-policy, and
.../general/rest-error-codes (refusals).
"""

from collections.abc import Iterable

from local.arm.behaviours.authorization.built_in import BUILT_IN
from local.arm.behaviours.authorization.references import ASSIGNMENT
from local.arm.cloud import Cloud
from local.arm.documents import reach
from local.arm.errors import ArmError
from local.arm.identifiers import ResourceId
from local.arm.store import Resource

EVERYTHING = frozenset(("get", "list", "set", "create", "update", "delete", "recover", "purge", "rotate"))
WRAPPING = frozenset(("get", "wrapKey", "unwrapKey"))
ROLES: dict[str, dict[str, frozenset[str]]] = {
    "Key Vault Administrator": {"secrets": EVERYTHING, "keys": EVERYTHING | WRAPPING},
    "Key Vault Secrets Officer": {"secrets": EVERYTHING},
    "Key Vault Secrets User": {"secrets": frozenset(("get", "list"))},
    "Key Vault Crypto Officer": {"keys": EVERYTHING},
    "Key Vault Crypto User": {"keys": WRAPPING | {"list", "update"}},
    "Key Vault Crypto Service Encryption User": {"keys": WRAPPING},
    "Key Vault Reader": {"secrets": frozenset(("list",)), "keys": frozenset(("get", "list"))},
}
"""What a role permits on secrets and on keys."""


def permits(
    cloud: Cloud, vault: Resource, principal: str, collection: str, operations: Iterable[str], id: ResourceId
) -> bool:
    """Whether a principal may do all of some operations on secrets or keys (`collection`) at an id in a vault."""
    if vault.properties.get("enableRbacAuthorization"):
        given = _by_role(cloud, principal, collection, id)
    else:
        given = _by_policy(vault, principal, collection)
    return {operation.casefold() for operation in operations} <= {operation.casefold() for operation in given}


def check(cloud: Cloud, vault: Resource, principal: str, collection: str, operation: str, id: ResourceId) -> None:
    """Raise ArmError 403 in the vault's words unless a principal may do an operation."""
    if permits(cloud, vault, principal, collection, (operation,), id):
        return
    if vault.properties.get("enableRbacAuthorization"):
        message = (
            "Caller is not authorized to perform action on resource. If role assignments, deny assignments or role "
            f"definitions were changed recently, please observe propagation time. Caller: oid={principal}; Action: "
            f"'{operation}' on {collection}; Resource: '{id}'; Assignment: (not found)."
        )
        raise Forbidden("ForbiddenByRbac", message)
    message = (
        f"The user, group or application 'oid={principal}' does not have {collection} {operation} permission on key "
        f"vault '{vault.name};location={vault.location}'."
    )
    raise Forbidden("AccessDenied", message)


class Forbidden(ArmError):
    """403 with the code that says why."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(403, "Forbidden", message)
        self.reason = reason

    def as_json(self) -> dict[str, object]:
        """The error object with its inner error."""
        return {**super().as_json(), "innererror": {"code": self.reason}}


def _by_role(cloud: Cloud, principal: str, collection: str, id: ResourceId) -> set[str]:
    scopes = {upper.key for upper in id.upwards()}
    given: set[str] = set()
    for assignment in cloud.store.of_type(ASSIGNMENT):
        who, where = reach(assignment.body, "properties.principalId"), assignment.id.scope
        if where is not None and where.key in scopes and str(who).casefold() == principal.casefold():
            guid = str(reach(assignment.body, "properties.roleDefinitionId")).rpartition("/")[2]
            given |= ROLES.get(BUILT_IN.get(guid.casefold(), ""), {}).get(collection, frozenset())
    return given


def _by_policy(vault: Resource, principal: str, collection: str) -> set[str]:
    given: set[str] = set()
    for policy in vault.properties.get("accessPolicies") or ():
        if str(policy.get("objectId", "")).casefold() == principal.casefold():
            named = {str(name).casefold() for name in (policy.get("permissions") or {}).get(collection) or ()}
            given |= EVERYTHING | WRAPPING if "all" in named else named
    return given
