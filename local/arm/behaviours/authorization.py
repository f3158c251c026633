"""Microsoft.Authorization: role assignments, role definitions, locks.

Sources: learn.microsoft.com/rest/api/authorization, .../azure/role-based-access-control/troubleshooting.
"""

import re
from collections.abc import Mapping

from local.arm.behaviours.role_definitions import BUILT_IN
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.locks import LOCKS
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType, Scope, View

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
DEFINITION = "Microsoft.Authorization/roleDefinitions"
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
ROLE, PRINCIPAL, PRINCIPAL_TYPE = "properties.roleDefinitionId", "properties.principalId", "properties.principalType"


def _check_role(change: Change) -> None:
    reference = str(change.get(ROLE, ""))
    if _role(reference) is None:
        message = (
            f"The specified role definition with ID '{reference}' does not exist, or is none that this local Azure "
            "knows."
        )
        raise bad_request("RoleDefinitionDoesNotExist", message, target=ROLE)


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
        same = same_scope and all(
            _last(reach(other.body, path)) == _last(change.get(path)) for path in (PRINCIPAL, ROLE)
        )
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
    """The type of a principal that the directory knows: the caller and managed identities, all of them services."""
    known = {cloud.directory.caller.object_id}
    known |= {identity.properties["principalId"] for identity in cloud.store.of_type(USER_ASSIGNED)}
    query = "SELECT 1 FROM resources WHERE json_extract(body, '$.identity.principalId') = ?"
    return "ServicePrincipal" if principal in known or cloud.store.rows(query, principal) else None


def _last(reference: object) -> str:
    return str(reference).rpartition("/")[2].casefold()


def _role(reference: str) -> str | None:
    """The name of the role that an id refers to; None for what is no known role definition's id."""
    prefix, _, guid = reference.rpartition("/")
    is_definition = prefix.casefold().endswith(f"/providers/{DEFINITION}".casefold())
    return BUILT_IN.get(guid.casefold()) if is_definition else None


def _definition(guid: str, name: str, scope: ResourceId | None) -> Json:
    return {
        "id": f"{scope.subscription if scope else ''}/providers/{DEFINITION}/{guid}",
        "name": guid,
        "type": DEFINITION,
        "properties": {
            "roleName": name,
            "type": "BuiltInRole",
            "description": name,
            "assignableScopes": ["/"],
            "permissions": [],
        },
    }


def _definitions(_: Cloud, scope: ResourceId | None, query: Mapping[str, str]) -> list[Json]:
    wanted = re.fullmatch(r"\s*roleName eq '([^']*)'\s*", query.get("$filter", ""), re.IGNORECASE)
    return [
        _definition(guid, name, scope)
        for guid, name in BUILT_IN.items()
        if not wanted or name.casefold() == wanted[1].casefold()
    ]


def _one_definition(_: Cloud, id: ResourceId) -> Json | None:
    name = BUILT_IN.get(id.name.casefold())
    return _definition(id.name.casefold(), name, id.scope) if name else None


PROVIDER = ResourceProvider(
    namespace="Microsoft.Authorization",
    types=(
        ResourceType(
            name=ASSIGNMENT,
            scope=Scope.ANY,
            provisioning_state=False,
            names=NameRule(GUID, "the role assignment ID must be a GUID", "InvalidRoleAssignmentId"),
            checks=(_check_update, _check_role, _check_principal, _check_twin),
            complete=_assignment,
            lists_below=True,
            lists_above=True,
        ),
        ResourceType(
            name=LOCKS,
            scope=Scope.ANY,
            provisioning_state=False,
            names=NameRule(r"[^<>%&:\\?/]{1,260}", "1 to 260 characters, none of <>%&:\\?/"),
            lists_below=True,
        ),
    ),
    views=(View(name=DEFINITION, list=_definitions, get=_one_definition),),
)
