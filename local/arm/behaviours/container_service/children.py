"""Maintenance windows of a managed cluster, and services that it lets in with roles of their own.

Sources: learn.microsoft.com/azure/aks/planned-maintenance, .../azure/aks/trusted-access-feature.
"""

from local.arm.behaviours.container_service.pools import invalid
from local.arm.behaviours.container_service.states import CLUSTER
from local.arm.cloud import dangling
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, NameRule, ResourceType

MAINTENANCE = f"{CLUSTER}/maintenanceConfigurations"
TRUSTED_ACCESS = f"{CLUSTER}/trustedAccessRoleBindings"
WEEKLY_RELEASES, UPGRADES = "default", ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
SHORTEST_HOURS, LONGEST_HOURS = 4, 24


def _check_window(change: Change) -> None:
    names = (WEEKLY_RELEASES, *UPGRADES)
    if change.id.name not in names:
        message = f"'{change.id.name}' is not a name of a maintenance configuration; there are {', '.join(names)}."
        raise bad_request("BadRequest", message, target="name")
    window = change.get("properties.maintenanceWindow", {})
    if change.id.name == WEEKLY_RELEASES:
        if window:
            raise invalid("maintenanceWindow", f"The configuration '{WEEKLY_RELEASES}' has timeInWeek instead.")
        return
    if not window.get("schedule"):
        raise invalid("maintenanceWindow.schedule", f"The configuration '{change.id.name}' needs one.")
    hours = change.get("properties.maintenanceWindow.durationHours", 0)
    if not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        why = f"It is {hours}; it must be from {SHORTEST_HOURS} to {LONGEST_HOURS}."
        raise invalid("maintenanceWindow.durationHours", why)


def _check_binding(change: Change) -> None:
    source = str(change.get("properties.sourceResourceId", ""))
    resource = change.cloud.store.get(ResourceId.parse(source))
    if resource is None:
        raise dangling(source, "properties.sourceResourceId")
    for role in change.get("properties.roles", []):
        if str(role).rpartition("/")[0].casefold() != resource.type.casefold():
            message = f"The trusted access role '{role}' is none of {resource.type}, the type of sourceResourceId."
            raise bad_request("BadRequest", message, target="properties.roles")


TYPES = (
    ResourceType(name=MAINTENANCE, provisioning_state=False, system_data=True, checks=(_check_window,)),
    ResourceType(
        name=TRUSTED_ACCESS,
        names=NameRule(r"[-A-Za-z0-9]{1,36}", "1 to 36 letters, digits and '-'"),
        system_data=True,
        immutable=("properties.sourceResourceId",),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_binding,),
    ),
)
