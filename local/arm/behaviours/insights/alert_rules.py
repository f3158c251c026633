"""What alert rules of every kind have in common.

Sources: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights,
.../rest/api/monitor.
"""

from collections.abc import Iterable
from datetime import timedelta

from local.arm.cloud import dangling
from local.arm.durations import duration
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import SUBSCRIPTION, ResourceId
from local.arm.resource_types import Change, NameRule
from local.arm.store import Resource

NAMES = NameRule(r"[^*#&+:<>?@%{}\\/]{0,259}[^*#&+:<>?@%{}\\/ .]", "1 to 260 characters, none of *#&+:<>?@%{}\\/")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def refusal(path: str, found: object, rule: str) -> ArmError:
    """The refusal of a value against a rule."""
    return bad_request("BadRequest", f"{path} is '{found}'; it must be {rule}.", target=path)


def one_of(change: Change, path: str, allowed: Iterable[timedelta]) -> timedelta:
    """A required duration out of a few; raises ArmError for another one."""
    allowed = tuple(allowed)
    found = duration(change.get(path))
    if found not in allowed:
        shown = ", ".join(f"{int(one.total_seconds() // 60)}" for one in allowed)
        raise refusal(path, change.get(path), f"a duration of {shown} minutes")
    assert found is not None
    return found


def within(found: object, path: str, lowest: timedelta, highest: timedelta) -> None:
    """Raise ArmError for what is no duration between two ends."""
    length = duration(found)
    if length is None or not lowest <= length <= highest:
        raise refusal(path, found, f"a duration from {lowest} to {highest}")


def targets(change: Change) -> list[Resource]:
    """The resources that a rule watches, subscriptions apart; raises ArmError for none and for one that is missing."""
    scopes = change.get("properties.scopes", [])
    if not scopes:
        raise refusal("properties.scopes", scopes, "a list with at least one resource id")
    ids = [ResourceId.parse(scope) for scope in scopes]
    found = []
    for id in ids:
        if id.type == SUBSCRIPTION and id.name.casefold() == change.cloud.directory.subscription_id:
            continue
        resource = change.cloud.store.get(id)
        if resource is None:
            raise dangling(id.text, "properties.scopes")
        found.append(resource)
    return found
