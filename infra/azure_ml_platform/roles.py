"""Role definitions by name, and role assignment names that a second deployment finds again."""

import uuid

from azure_ml_platform.catalog.roles import Role

_NAMESPACE = uuid.UUID("7b0f2bb6-6d2c-5f0e-9a54-0f5b0a4f5d1e")


def role_definition_id(role: Role, subscription_id: str) -> str:
    """Return the ARM id of a built-in role as an assignment in a subscription refers to it."""
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role.value}"


def role_assignment_name(scope: str, principal: str, role: Role) -> str:
    """Return the GUID that names the assignment of `role` on `scope` to `principal`.

    Both are names that are known before deployment, not ids that Azure gives: the GUID is the same in every
    preview and update, so an assignment is never made twice nor replaced for its name. A tenant has each GUID
    once, so the name of the scope has to be unique in it, as names with the stack's suffix are.
    """
    return str(uuid.uuid5(_NAMESPACE, "\n".join((scope.strip("/").lower(), principal.lower(), role.value))))
