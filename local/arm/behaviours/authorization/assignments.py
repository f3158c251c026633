"""Role assignments.

Sources: learn.microsoft.com/rest/api/authorization/role-assignments,
.../azure/role-based-access-control/troubleshooting, .../conditions-troubleshoot.
"""

import re

from local.arm.behaviours.authorization.definitions import is_assignable, role
from local.arm.behaviours.authorization.references import ASSIGNMENT, last
from local.arm.clock import moment
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request, conflict
from local.arm.faults import propagation
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Change, NameRule, ResourceType, Scope

CONDITION_VERSION = "2.0"
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
ROLE, PRINCIPAL, PRINCIPAL_TYPE = "properties.roleDefinitionId", "properties.principalId", "properties.principalType"


def _check_role(change: Change) -> None:
    """It exists, and may be assigned where the assignment is."""
    reference = str(change.get(ROLE, ""))
    found = role(change.cloud, reference)
    if found is None:
        message = (
            f"The specified role definition with ID '{reference}' does not exist, or is none that this local Azure "
            "knows."
        )
        raise bad_request("RoleDefinitionDoesNotExist", message, target=ROLE)
    if not is_assignable(found, change.id.scope):
        message = f"The scope '{change.id.scope}' is not assignable to the role definition '{reference}'."
        raise bad_request("RoleAssignmentScopeNotAssignableToRoleDefinition", message, target=ROLE)


def _check_condition(change: Change) -> None:
    """A condition is written in version 2.0, and a version alone is none."""
    condition, version = (change.get(f"properties.{name}") for name in ("condition", "conditionVersion"))
    if condition is None and version is None:
        return
    text = condition if isinstance(condition, str) else ""
    if version != CONDITION_VERSION or not text.strip() or text.count("(") != text.count(")"):
        message = (
            "The given role assignment condition is invalid. It needs conditionVersion "
            f"{CONDITION_VERSION}, found '{version}', and an expression with as many '(' as ')', found '{condition}'."
        )
        raise bad_request("BadRequest", message, target="properties.condition")


def _check_principal(change: Change) -> None:
    """A principal without a stated type must be found; a managed identity is a service principal."""
    principal, stated = str(change.get(PRINCIPAL, "")), change.get(PRINCIPAL_TYPE)
    if not re.fullmatch(GUID, principal):
        raise bad_request(
            "InvalidPrincipalId",
            f"A valid principal ID must be provided for role assignment; found '{principal}'.",
            target=PRINCIPAL,
        )
    found = _principal_type(change.cloud, principal)
    if stated is None and found is None:
        message = (
            f"Principal {principal} does not exist in the directory {change.cloud.directory.tenant_id}. Check that "
            "you have "
            f"the correct principal ID. If you are creating this principal and then immediately assigning a role, set "
            f"principalType to ServicePrincipal."
        )
        raise bad_request("PrincipalNotFound", message, target=PRINCIPAL)
    if stated is not None and found is not None and stated != found:
        message = (
            f"The PrincipalId '{principal}' has type '{found}', which is different from specified PrincipalType "
            f"'{stated}'."
        )
        raise bad_request("UnmatchedPrincipalType", message, target=PRINCIPAL_TYPE)


def _check_update(change: Change) -> None:
    """What an assignment is about never changes."""
    for path in (PRINCIPAL, ROLE):
        present = change.was(path)
        if present is not None and str(present).casefold() != str(change.get(path)).casefold():
            message = (
                "Tenant ID, application ID, principal ID, role definition ID and scope are not allowed to be updated."
            )
            raise bad_request("RoleAssignmentUpdateNotPermitted", message, target=path)


def _check_twin(change: Change) -> None:
    """One assignment for each scope, principal and role."""
    for other in change.cloud.store.of_type(ASSIGNMENT):
        same_scope = (
            other.id.scope is not None and change.id.scope is not None and other.id.scope.key == change.id.scope.key
        )
        same = same_scope and all(last(reach(other.body, path)) == last(change.get(path)) for path in (PRINCIPAL, ROLE))
        if same and other.id.key != change.id.key:
            message = (
                "The role assignment already exists. The ID of the existing role assignment is "
                f"{other.name.replace('-', '')}."
            )
            raise conflict("RoleAssignmentExists", message)


def _assignment(change: Change) -> Json:
    now, caller = change.cloud.now(), change.cloud.directory.caller.object_id
    found = _principal_type(change.cloud, str(change.get(PRINCIPAL)))
    return {
        "properties": {
            "principalType": change.get(PRINCIPAL_TYPE, found),
            "scope": str(change.id.scope),
            "createdOn": change.keep("properties.createdOn", lambda: now),
            "updatedOn": now,
            "createdBy": change.keep("properties.createdBy", lambda: caller),
            "updatedBy": caller,
        }
    }


def _principal_type(cloud: Cloud, principal: str) -> str | None:
    """The type of a principal that the directory knows: the caller and managed identities, all of them services.

    An identity that was made just now is not known everywhere yet, for as long as the fault profile says.
    """
    if principal == cloud.directory.caller.object_id:
        return "ServicePrincipal"
    query = (
        "SELECT created FROM resources WHERE json_extract(body, '$.identity.principalId') = ? "
        "OR (type = ? AND json_extract(body, '$.properties.principalId') = ?)"
    )
    earliest = cloud.clock.now() - propagation(cloud.store)
    found = cloud.store.rows(query, principal, USER_ASSIGNED, principal)
    return "ServicePrincipal" if any(moment(row["created"]) <= earliest for row in found) else None


TYPES = (
    ResourceType(
        name=ASSIGNMENT,
        scope=Scope.ANY,
        provisioning_state=False,
        names=NameRule(GUID, "the role assignment ID must be a GUID", "InvalidRoleAssignmentId"),
        checks=(_check_update, _check_role, _check_condition, _check_principal, _check_twin),
        complete=_assignment,
        lists_below=True,
        lists_above=True,
    ),
)
