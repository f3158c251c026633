"""Action groups: who is told when an alert fires. Source: learn.microsoft.com/rest/api/monitor/action-groups."""

from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceType

ACTION_GROUP = "Microsoft.Insights/actionGroups"
LONGEST_SHORT_NAME = 12
MOST_RECEIVERS = {"armRoleReceivers": 10, "emailReceivers": 1000, "webhookReceivers": 10}
"""Receivers of a kind in one group (Azure Monitor service limits)."""


def _check_short_name(change: Change) -> None:
    name = change.get("properties.groupShortName", "")
    if not 1 <= len(name) <= LONGEST_SHORT_NAME:
        message = f"groupShortName is '{name}'; it must have 1 to {LONGEST_SHORT_NAME} characters."
        raise bad_request("BadRequest", message, target="properties.groupShortName")


def _check_receivers(change: Change) -> None:
    """Names are unique in the group; a kind has at most so many; webhooks are called over HTTPS or HTTP."""
    names: set[str] = set()
    members = change.get("properties", {})
    for kind in (member for member in members if member.endswith("Receivers")):
        receivers = change.objects(f"properties.{kind}")
        if len(receivers) > MOST_RECEIVERS.get(kind, len(receivers)):
            message = f"{kind} has {len(receivers)} entries; at most {MOST_RECEIVERS[kind]} are allowed."
            raise bad_request("BadRequest", message, target=f"properties.{kind}")
        for receiver in receivers:
            name = str(receiver.get("name", "")).casefold()
            if not name or name in names:
                message = f"'{receiver.get('name')}' in {kind}: each receiver needs a name that is unique in the group."
                raise bad_request("BadRequest", message, target=f"properties.{kind}")
            names.add(name)


def check_named(change: Change, references: list[object], path: str) -> None:
    """Raise ArmError when one of the action groups that a rule calls does not exist."""
    for reference in references:
        change.cloud.find(reference, ACTION_GROUP, property_path=path)  # type: ignore[arg-type]


TYPES = (
    ResourceType(
        name=ACTION_GROUP,
        tracked=True,
        provisioning_state=False,
        names=NameRule(r"[^:<>+/&%\\?|]{1,260}", "1 to 260 characters, none of :<>+/&%\\?|"),
        checks=(_check_short_name, _check_receivers),
    ),
)
