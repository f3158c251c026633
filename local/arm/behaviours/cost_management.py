"""Microsoft.CostManagement: scheduled actions, among them the mail about anomalies.

Source: learn.microsoft.com/rest/api/cost-management/scheduled-actions/create-or-update-by-scope.
"""

from datetime import UTC, datetime, timedelta

from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import SUBSCRIPTION
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType, Scope

ANOMALY, ANOMALY_VIEW = "InsightAlert", "ms:DailyAnomalyByResourceGroup"
LONGEST = timedelta(days=366)
LONGEST_SUBJECT = 70


def _check_anomaly(change: Change) -> None:
    """Anomalies are found in a subscription, once a day, and shown in a view of Azure's own."""
    if change.get("kind", "Email") != ANOMALY:
        return
    if change.id.scope is None or change.id.scope.type != SUBSCRIPTION:
        raise _refusal("scope", str(change.id.scope or "/"), f"a subscription where the kind is {ANOMALY}")
    if change.get("properties.schedule.frequency", "") != "Daily":
        path = "properties.schedule.frequency"
        raise _refusal(path, str(change.get(path)), f"Daily where the kind is {ANOMALY}")
    if not change.get("properties.viewId", "").endswith(ANOMALY_VIEW):
        path = "properties.viewId"
        raise _refusal(path, str(change.get(path)), f"the view {ANOMALY_VIEW} where the kind is {ANOMALY}")


def _check_schedule(change: Change) -> None:
    """It ends after it starts, not in the past, within a year."""
    start, end = (_moment(change, f"properties.schedule.{name}") for name in ("startDate", "endDate"))
    if not start < end <= start + LONGEST:
        raise _refusal("properties.schedule.endDate", end.isoformat(), "after startDate, by a year at most")
    if change.current is None and end <= change.cloud.clock.now():
        raise _refusal("properties.schedule.endDate", end.isoformat(), "in the future")


def _check_mail(change: Change) -> None:
    if not change.get("properties.notification.to", []):
        raise _refusal("properties.notification.to", "[]", "a list with a mail address")
    subject = change.get("properties.notification.subject", "")
    if not 1 <= len(subject) <= LONGEST_SUBJECT:
        raise _refusal("properties.notification.subject", subject, f"1 to {LONGEST_SUBJECT} characters")


def _moment(change: Change, path: str) -> datetime:
    text = change.get(path, "")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _refusal(path, text, "a date and time like 2026-11-01T00:00:00Z") from error
    return found.replace(tzinfo=found.tzinfo or UTC)


def _refusal(path: str, found: str, rule: str) -> ArmError:
    return bad_request("BadRequest", f"{path} is '{found}'; it must be {rule}.", target=path)


def _action(change: Change) -> Json:
    return {"kind": change.get("kind", "Email"), "properties": {"scope": str(change.id.scope)}}


PROVIDER = ResourceProvider(
    namespace="Microsoft.CostManagement",
    types=(
        ResourceType(
            name="Microsoft.CostManagement/scheduledActions",
            scope=Scope.ANY,
            provisioning_state=False,
            system_data=True,
            etag="eTag",
            names=NameRule(r"[-\w]{1,64}", "1 to 64 letters, digits, '_' and '-'"),
            checks=(_check_anomaly, _check_schedule, _check_mail),
            complete=_action,
        ),
    ),
)
