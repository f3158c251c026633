"""Roles of one's own, where Azure has no built-in one that is narrow enough."""

from collections.abc import Sequence

from pulumi_azure_native import authorization

from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import PrincipalArgs, ScopeArgs
from azure_ml_platform.roles import role_assignment_name, role_definition_name


def custom_role(
    owner: PlatformComponent,
    name: str,
    title: str,
    description: str,
    actions: Sequence[str],
    *,
    scope: ScopeArgs,
) -> "authorization.RoleDefinition":
    """A role that allows some actions, to be assigned in `scope`; a tenant has each title once."""
    return authorization.RoleDefinition(
        name,
        role_definition_id=role_definition_name(scope.name, title),
        scope=scope.id,
        role_name=title,
        role_type="CustomRole",
        description=description,
        assignable_scopes=[scope.id],
        permissions=[authorization.PermissionArgs(actions=list(actions))],
        opts=owner.child(),
    )


def assign_custom_role(
    owner: PlatformComponent,
    name: str,
    title: str,
    definition: "authorization.RoleDefinition",
    principal: PrincipalArgs,
    *,
    scope: ScopeArgs,
) -> "authorization.RoleAssignment":
    """Assign a role of one's own, under a GUID that a second run finds again."""
    return authorization.RoleAssignment(
        name,
        role_assignment_name=role_assignment_name(scope.name, principal.name, title),
        scope=scope.id,
        role_definition_id=definition.id,
        principal_id=principal.principal_id,
        principal_type=principal.principal_type,
        opts=owner.child(delete_before_replace=True),
    )
