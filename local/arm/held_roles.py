"""Which roles somebody has."""

from local.arm.identifiers import ResourceId
from local.arm.store import Store

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"


def held_roles(store: Store, principal_id: object, scope: ResourceId) -> set[str]:
    """The GUIDs, in lower case, of the roles that a principal has on a resource or above it."""
    scopes = {id.key for id in scope.upwards()}
    return {
        str(assignment.properties["roleDefinitionId"]).rpartition("/")[2].casefold()
        for assignment in store.of_type(ASSIGNMENT)
        if assignment.id.scope
        and assignment.id.scope.key in scopes
        and assignment.properties["principalId"] == principal_id
    }
