"""Network security perimeters: profiles, their access rules, and the resources inside.

Source: learn.microsoft.com/azure/private-link/network-security-perimeter-concepts, and its REST reference.
"""

import uuid

from local.arm.behaviours.network.references import NAMES, existing
from local.arm.documents import Json
from local.arm.errors import bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, ResourceType

PERIMETER = "Microsoft.Network/networkSecurityPerimeters"
PROFILE = f"{PERIMETER}/profiles"
RULE = f"{PROFILE}/accessRules"
ASSOCIATION = f"{PERIMETER}/resourceAssociations"
INSIDE, BY = "properties.privateLinkResource.id", "properties.profile.id"
MODES = ("Learning", "Enforced", "Audit")
INBOUND, OUTBOUND = ("addressPrefixes", "subscriptions"), ("fullyQualifiedDomainNames",)


def _check_rule(change: Change) -> None:
    direction = change.get("properties.direction", "")
    if direction not in ("Inbound", "Outbound"):
        message = f"properties.direction of {change.id} is '{direction}'; it must be Inbound or Outbound."
        raise bad_request("BadRequest", message, target="properties.direction")
    allowed = INBOUND if direction == "Inbound" else OUTBOUND
    given = [name for name in (*INBOUND, *OUTBOUND) if change.get(f"properties.{name}", [])]
    if len(given) != 1 or given[0] not in allowed:
        message = (
            f"{direction} access rule {change.id} has {given or 'nothing'}; it must have one of {', '.join(allowed)}."
        )
        raise bad_request("BadRequest", message)


def _check_association(change: Change) -> None:
    inside = ResourceId.parse(change.get(INSIDE, ""))
    existing(change, inside.text, inside.type, INSIDE)
    profile = existing(change, change.get(BY, ""), PROFILE, BY)
    if profile.id.parent != change.id.parent:
        message = f"Profile {profile.id} belongs to another perimeter than association {change.id}."
        raise bad_request("BadRequest", message, target=BY)
    mode = change.get("properties.accessMode", MODES[0])
    if mode not in MODES:
        message = f"properties.accessMode is '{mode}'; it must be one of {', '.join(MODES)}."
        raise bad_request("BadRequest", message, target="properties.accessMode")
    for other in change.cloud.store.of_type(ASSOCIATION):
        taken = str(other.properties.get("privateLinkResource", {}).get("id", "")).casefold()
        if taken == inside.key and other.id.key != change.id.key:
            raise conflict("Conflict", f"Resource {inside} is in a network security perimeter already: {other.id}.")


def _perimeter(change: Change) -> Json:
    return {"properties": {"perimeterGuid": change.keep("properties.perimeterGuid", lambda: str(uuid.uuid4()))}}


def _association(change: Change) -> Json:
    return {
        "properties": {
            "accessMode": change.get("properties.accessMode", MODES[0]),
            "hasProvisioningIssues": "no",
        }
    }


TYPES = (
    ResourceType(name=PERIMETER, tracked=True, names=NAMES, complete=_perimeter, delete=Answer.LOCATION),
    ResourceType(name=PROFILE, names=NAMES, provisioning_state=False),
    ResourceType(name=RULE, names=NAMES, checks=(_check_rule,)),
    ResourceType(
        name=ASSOCIATION,
        names=NAMES,
        immutable=(INSIDE,),
        delete=Answer.LOCATION,
        checks=(_check_association,),
        complete=_association,
    ),
)
