"""Role definitions: Azure's own, which can only be read, and custom ones.

Sources: learn.microsoft.com/rest/api/authorization/role-definitions,
.../azure/role-based-access-control/custom-roles, .../role-definitions.
"""

import re
from collections.abc import Mapping

from local.arm.behaviours.authorization.built_in import BUILT_IN
from local.arm.behaviours.authorization.references import ASSIGNMENT, DEFINITION, last
from local.arm.clock import moment
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.faults import propagation
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, NameRule, ResourceType, Scope, View
from local.arm.store import Resource

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NAME, SCOPES, PERMISSIONS = "properties.roleName", "properties.assignableScopes", "properties.permissions"
LISTS = ("actions", "notActions", "dataActions", "notDataActions")
LONGEST_NAME = 128


def role(cloud: Cloud, reference: str) -> Json | None:
    """The definition that an id refers to, None for what is no known one's.

    A custom one that was made just now is not known everywhere yet, for as long as the fault profile says.
    """
    if not reference.rpartition("/")[0].casefold().endswith(f"/providers/{DEFINITION}".casefold()):
        return None
    guid = last(reference)
    if guid in BUILT_IN:
        return _built_in(guid, None)
    found = next(iter(cloud.store.of_type(DEFINITION, name=guid)), None)
    is_new = found is not None and moment(found.created) > cloud.clock.now() - propagation(cloud.store)
    return None if found is None or is_new else found.body


def is_assignable(definition: Json, scope: ResourceId | None) -> bool:
    """Whether a role may be assigned at a scope: at one of its own, or below it."""
    own = {str(one).rstrip("/").casefold() for one in reach(definition, SCOPES, [])}
    return "" in own or (scope is not None and any(upper.key in own for upper in scope.upwards()))


def _check_name(change: Change) -> None:
    """Unique in the tenant, and none of Azure's own."""
    name = change.get(NAME, "")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise bad_request(
            "BadRequest", f"{NAME} is '{name}'; it must have 1 to {LONGEST_NAME} characters.", target=NAME
        )
    if change.id.name.casefold() in BUILT_IN:
        raise bad_request("BadRequest", f"'{change.id.name}' is a role of Azure's own and cannot be changed.")
    others = BUILT_IN | {
        one.name.casefold(): str(reach(one.body, NAME)) for one in change.cloud.store.of_type(DEFINITION)
    }
    others.pop(change.id.name.casefold(), None)
    if name.casefold() in {other.casefold() for other in others.values()}:
        message = (
            f"A custom role with the same name already exists in this directory. Use a different name than '{name}'."
        )
        raise conflict("RoleDefinitionWithSameNameExists", message)


def _check_scopes(change: Change) -> None:
    """Subscriptions and groups that exist, never the root; the definition's own scope is among them or below one."""
    scopes = change.get(SCOPES, [])
    if not scopes or any(not isinstance(scope, str) or scope.strip("/") == "" for scope in scopes):
        message = f"{SCOPES} is {scopes}; a custom role needs at least one scope, and none is the root '/'."
        raise bad_request("BadRequest", message, target=SCOPES)
    for scope in scopes:
        id = ResourceId.parse(scope)
        present = id.subscription and id.subscription.name.casefold() == change.cloud.directory.subscription_id
        if not present or (id.group and change.cloud.store.get(id.group) is None):
            raise bad_request("BadRequest", f"{SCOPES} has '{scope}', which does not exist.", target=SCOPES)


def _check_permissions(change: Change) -> None:
    """Actions are those of a resource provider, with one wildcard at most."""
    if str(change.get("properties.type", "CustomRole")) != "CustomRole":
        raise bad_request("BadRequest", "properties.type must be CustomRole.", target="properties.type")
    for permission in change.objects(PERMISSIONS):
        for kind in LISTS:
            actions = permission.get(kind) or []
            if not isinstance(actions, list):
                raise bad_request("BadRequest", f"{kind} must be a list of actions.", target=PERMISSIONS)
            for action in actions:
                if not _is_action(action):
                    message = (
                        f"'{action}' in {kind} does not match any of the actions supported by the providers: it must "
                        "be '*' or like Microsoft.Compute/*/read, with one wildcard at most."
                    )
                    raise bad_request("InvalidActionOrNotAction", message, target=PERMISSIONS)


def _is_action(action: object) -> bool:
    if not isinstance(action, str) or action.count("*") > 1:
        return False
    return action in ("*", "*/read") or re.fullmatch(r"[A-Za-z][\w.]*(/[\w.*-]+)+", action) is not None


def _check_unused(cloud: Cloud, definition: Resource) -> None:
    users = [
        one
        for one in cloud.store.of_type(ASSIGNMENT)
        if last(reach(one.body, "properties.roleDefinitionId")) == definition.name.casefold()
    ]
    if users:
        message = (
            f"There are existing role assignments referencing role '{definition.name}' "
            f"(code: RoleDefinitionHasAssignments): '{users[0].id}'."
        )
        raise ArmError(400, "RoleDefinitionHasAssignments", message)


def _custom(change: Change) -> Json:
    now, caller = change.cloud.now(), change.cloud.directory.caller.object_id
    return {
        "properties": {
            "type": "CustomRole",
            "createdOn": change.keep("properties.createdOn", lambda: now),
            "createdBy": change.keep("properties.createdBy", lambda: caller),
            "updatedOn": now,
            "updatedBy": caller,
        }
    }


def _built_in(guid: str, scope: ResourceId | None) -> Json:
    subscription = scope.subscription if scope else None
    return {
        "id": f"{subscription or ''}/providers/{DEFINITION}/{guid}",
        "name": guid,
        "type": DEFINITION,
        "properties": {
            "roleName": BUILT_IN[guid],
            "type": "BuiltInRole",
            "description": BUILT_IN[guid],
            "assignableScopes": ["/"],
            "permissions": [],
        },
    }


def _definitions(cloud: Cloud, scope: ResourceId | None, query: Mapping[str, str]) -> list[Json]:
    """Those that may be assigned at a scope, all or one by its name."""
    wanted = re.fullmatch(r"\s*roleName eq '([^']*)'\s*", query.get("$filter", ""), re.IGNORECASE)
    every = [_built_in(guid, scope) for guid in BUILT_IN]
    every += [_CUSTOM.document(cloud, one) for one in cloud.store.of_type(DEFINITION) if is_assignable(one.body, scope)]
    return [one for one in every if not wanted or reach(one, NAME, "").casefold() == wanted[1].casefold()]


def _one(cloud: Cloud, id: ResourceId) -> Json | None:
    guid = id.name.casefold()
    if guid in BUILT_IN:
        return _built_in(guid, id.scope)
    found = next(iter(cloud.store.of_type(DEFINITION, name=guid)), None)
    return _CUSTOM.document(cloud, found) if found else None


_CUSTOM = ResourceType(
    name=DEFINITION,
    scope=Scope.ANY,
    provisioning_state=False,
    updated_status=201,
    names=NameRule(GUID, "the role definition ID must be a GUID", "InvalidRoleDefinitionId"),
    checks=(_check_name, _check_scopes, _check_permissions),
    complete=_custom,
    delete_checks=(_check_unused,),
)
TYPES = (_CUSTOM,)
VIEWS = (View(name=DEFINITION, list=_definitions, get=_one),)
