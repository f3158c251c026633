"""What endpoints of all kinds share: names, and the number of their deployments.

Source: learn.microsoft.com/azure/machine-learning/how-to-manage-quotas.
"""

from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.cloud import Cloud
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule
from local.arm.store import Resource

ENDPOINT_NAMES = NameRule(
    r"[A-Za-z][-A-Za-z0-9]{1,30}[A-Za-z0-9]", "3 to 32 letters, digits and '-', the first a letter, the last no '-'"
)
MOST_DEPLOYMENTS = 20
"""Of one endpoint."""
ENDPOINTS = tuple(f"{WORKSPACE}/{kind}" for kind in ("onlineEndpoints", "batchEndpoints", "serverlessEndpoints"))


def check_free(change: Change) -> None:
    """Raise ArmError when a new endpoint's name is taken in its region, be it by an endpoint of another kind."""
    if change.current is not None:
        return
    for kind in ENDPOINTS:
        for other in change.cloud.store.of_type(kind, name=change.id.name):
            if other.location.replace(" ", "").casefold() == change.location:
                message = (
                    f"There is already an endpoint with the name '{change.id.name}', '{other.id}'. Endpoint names need "
                    f"to be unique within a region; try some other name."
                )
                raise bad_request("EndpointAlreadyExists", message, target="name")


def deployments_of(cloud: Cloud, endpoint: Resource | None) -> list[Resource]:
    """The deployments of an endpoint, none for an endpoint that is not there yet."""
    below = cloud.store.below(endpoint.id) if endpoint else []
    return [resource for resource in below if endpoint and resource.type == f"{endpoint.type}/deployments"]


def check_number(change: Change) -> None:
    """Raise ArmError for a deployment more than an endpoint can have."""
    others = deployments_of(change.cloud, change.parent)
    if change.current is None and len(others) >= MOST_DEPLOYMENTS:
        has = f"Endpoint '{change.parent.name}' has {len(others)} deployments"
        raise bad_request("QuotaExceeded", f"{has}; at most {MOST_DEPLOYMENTS} are allowed.")
