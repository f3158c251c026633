"""Assignments of Azure Policy, recorded; what they say is not enforced here.

Source: learn.microsoft.com/rest/api/policy/policy-assignments.
"""

from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceType, Scope

DEFINITION_MARK = "/providers/microsoft.authorization/policy"
"""In the ids of policy definitions and of sets of them."""


def _check_definition(change: Change) -> None:
    definition = change.get("properties.policyDefinitionId", "")
    if DEFINITION_MARK not in definition.casefold():
        message = f"policyDefinitionId is '{definition}'; it must be the id of a policy definition or a set of them."
        raise bad_request("InvalidPolicyDefinitionId", message, target="properties.policyDefinitionId")
    if change.get("identity.type", "None") != "None" and not change.location:
        raise bad_request("LocationRequired", "An assignment with an identity needs a location.", target="location")


def _assignment(change: Change) -> Json:
    return {
        "properties": {
            "scope": str(change.id.scope),
            "enforcementMode": change.get("properties.enforcementMode", "Default"),
        }
    }


TYPES = (
    ResourceType(
        name="Microsoft.Authorization/policyAssignments",
        scope=Scope.ANY,
        provisioning_state=False,
        system_data=True,
        names=NameRule(r"[^%&\\?/<>:#]{1,128}", "1 to 128 characters, none of %&\\?/<>:#"),
        immutable=("properties.policyDefinitionId",),
        checks=(_check_definition,),
        complete=_assignment,
        lists_below=True,
    ),
)
