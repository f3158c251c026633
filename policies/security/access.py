"""Security of access: Microsoft.Authorization/roleAssignments and roleDefinitions."""

import re
from typing import Any

from pulumi_policy import Severity

from azure_ml_platform.catalog.roles import Role
from policies.kit.conditions import holds
from policies.kit.properties import Properties, Unknown
from policies.kit.rule import AnyRule, Rule
from policies.kit.verdict import PASSED, Verdict, every, undecided, violation
from policies.kit.wording import show
from policies.security.limits import Limits

# Role Based Access Control Administrator (learn.microsoft.com/azure/role-based-access-control/built-in-roles).
_ACCESS_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
_BROAD = {
    Role.OWNER.value: "Owner",
    Role.USER_ACCESS_ADMINISTRATOR.value: "User Access Administrator",
    _ACCESS_ADMINISTRATOR: "Role Based Access Control Administrator",
}
_SUBSCRIPTION = re.compile(r"/subscriptions/[^/]+/?", re.IGNORECASE)


def rules(_: Limits) -> list[AnyRule]:
    """The rules on role assignments and own roles."""
    assignment = "authorization:RoleAssignment"
    return [
        Rule(
            id="rbac-no-broad-role",
            requires="No identity of the platform can give access to others",
            conditions={assignment: holds("roleDefinitionId", _is_narrow, f"not be {', '.join(_BROAD.values())}")},
            fix="assign the narrowest role that does the work, such as AcrPull or Storage Blob Data Reader",
            severity=Severity.HIGH,
            control="PA-7",
            sources=("Azure.RBAC.LimitOwner",),
        ),
        Rule(
            id="rbac-no-subscription-contributor",
            requires="No identity of the platform can change everything in the subscription",
            conditions={assignment: _not_contributor_of_all},
            fix="assign the role at the resource or the resource group",
            severity=Severity.MEDIUM,
            control="PA-7",
            sources=("Azure.RBAC.LimitOwner",),
        ),
        Rule(
            id="rbac-no-wildcard-role",
            requires="An own role lists what it allows, and cannot widen itself",
            conditions={"authorization:RoleDefinition": _lists_actions},
            fix='replace "*" and Microsoft.Authorization writes in permissions by the actions that are needed',
            severity=Severity.HIGH,
            control="PA-7",
            sources=("CKV_AZURE_39", "AZU-0030", "AZU-0052", "KICS 8fa9ceea", "AP a451c1ef"),
        ),
    ]


def _is_narrow(role: Any) -> bool:
    return isinstance(role, str) and _guid(role) not in _BROAD


def _not_contributor_of_all(properties: Properties) -> Verdict:
    role, scope = properties.get("roleDefinitionId"), properties.get("scope")
    whole = isinstance(scope, str) and _SUBSCRIPTION.fullmatch(scope)
    contributor = isinstance(role, str) and _guid(role) == Role.CONTRIBUTOR
    if (isinstance(scope, str) and not whole) or (isinstance(role, str) and not contributor):
        return PASSED
    unknown = [value.path for value in (role, scope) if isinstance(value, Unknown)]
    if unknown:
        return undecided(*unknown)
    if whole and contributor:
        return violation(f"roleDefinitionId is Contributor at the scope {show(scope)}, must be at a narrower one")
    return violation("roleDefinitionId and scope must be set")


def _lists_actions(properties: Properties) -> Verdict:
    permissions = properties.objects("permissions")
    if isinstance(permissions, Unknown):
        return undecided(permissions.path)
    if not permissions:
        return violation("permissions is absent, must list actions")
    return every(
        undecided(permission.path) if isinstance(permission, Unknown) else _permission(permission)
        for permission in permissions
    )


def _permission(permission: Properties) -> Verdict:
    actions = permission.entries("actions")
    if isinstance(actions, Unknown):
        return undecided(actions.path)
    return every(_action(path, action) for path, action in actions)


def _action(path: str, action: Any) -> Verdict:
    if isinstance(action, Unknown):
        return undecided(path)
    folded = str(action).casefold()
    broad = folded in ("*", "*/write") or (
        folded.startswith("microsoft.authorization/") and folded.endswith(("*", "/write"))
    )
    return violation(f"{path} is {show(action)}, must name what it allows, and no access rights") if broad else PASSED


def _guid(role_definition_id: str) -> str:
    return role_definition_id.rstrip("/").rpartition("/")[2].casefold()
