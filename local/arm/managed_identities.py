"""The `identity` member of a resource: principals that Azure makes for it or that the program attaches to it.

Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources.
"""

import uuid

from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change

USER_ASSIGNED = "Microsoft.ManagedIdentity/userAssignedIdentities"


def completed(change: Change) -> Json:
    """The `identity` that Azure answers with: principals added, attached identities looked up.

    Raises ArmError FailedIdentityOperation for an identity that does not exist, InvalidIdentityType for a kind that
    does not fit its members.
    """
    kind = change.get("identity.type", "None")
    kinds = {part.strip().casefold() for part in kind.split(",")} - {""}
    attached = change.get("identity.userAssignedIdentities", {})
    if unknown := kinds - {"none", "systemassigned", "userassigned"}:
        raise bad_request(
            "InvalidIdentityType", f"'{unknown.pop()}' is not a kind of identity.", target="identity.type"
        )
    if ("userassigned" in kinds) != bool(attached):
        message = (
            "identity.userAssignedIdentities must name at least one identity exactly when identity.type has "
            "UserAssigned."
        )
        raise bad_request("InvalidIdentityValues", message, target="identity.userAssignedIdentities")
    result: Json = {"type": kind}
    if "systemassigned" in kinds:
        result["principalId"] = change.keep("identity.principalId", lambda: str(uuid.uuid4()))
        result["tenantId"] = change.cloud.directory.tenant_id
    if attached:
        result["userAssignedIdentities"] = {reference: _attached(change, reference) for reference in attached}
    return result


def _attached(change: Change, reference: str) -> Json:
    identity = change.cloud.store.get(ResourceId.parse(reference))
    if identity is None or identity.type != USER_ASSIGNED:
        message = (
            f"Identity operation for resource '{change.id}' failed: the user assigned identity '{reference}' could "
            "not be "
            f"found. Create it first, or correct the id."
        )
        raise bad_request("FailedIdentityOperation", message, target="identity.userAssignedIdentities")
    return {member: identity.properties[member] for member in ("principalId", "clientId")}
