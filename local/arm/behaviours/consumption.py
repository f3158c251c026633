"""Microsoft.Consumption: budgets. Source: learn.microsoft.com/rest/api/consumption/budgets/create-or-update."""

from datetime import UTC, datetime

from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType, Scope

MOST_NOTIFICATIONS = 5
MONTHS_AHEAD = 12
START = "properties.timePeriod.startDate"


def _check_start(change: Change) -> None:
    """The first day of a month: of the present one at creation, or of one of the next twelve."""
    text = str(change.get(START, ""))
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise _refusal(START, text, "a date like 2026-11-01") from error
    start = start.replace(tzinfo=start.tzinfo or UTC)
    if start.day != 1:
        raise _refusal(START, text, "the first day of a month")
    now = change.cloud.clock.now()
    ahead = (start.year - now.year) * 12 + start.month - now.month
    if change.current is None and not 0 <= ahead <= MONTHS_AHEAD:
        raise _refusal(START, text, f"in the present month or in one of the next {MONTHS_AHEAD}")


def _check_notifications(change: Change) -> None:
    notifications = change.get("properties.notifications", {})
    if len(notifications) > MOST_NOTIFICATIONS:
        raise _refusal("properties.notifications", f"{len(notifications)} entries", f"at most {MOST_NOTIFICATIONS}")


def _check_version(change: Change) -> None:
    """An eTag in the body says which version the writer has seen."""
    seen = change.sent.get("eTag")
    if seen and change.current and str(seen).strip('"') != change.current.etag:
        message = (
            f"The budget was changed meanwhile: eTag {seen} is not the present one. Read it again, then repeat the "
            "change."
        )
        raise ArmError(412, "PreconditionFailed", message, target="eTag")


def _spend(change: Change) -> Json:
    return {
        "properties": {"currentSpend": change.keep("properties.currentSpend", lambda: {"amount": 0, "unit": "USD"})}
    }


def _refusal(path: str, found: str, rule: str) -> ArmError:
    return bad_request("InvalidBudget", f"{path} is '{found}'; it must be {rule}.", target=path)


PROVIDER = ResourceProvider(
    namespace="Microsoft.Consumption",
    types=(
        ResourceType(
            name="Microsoft.Consumption/budgets",
            raises_alerts=True,
            scope=Scope.ANY,
            provisioning_state=False,
            names=NameRule(r"[-\w]{1,63}", "1 to 63 letters, digits, '_' and '-'"),
            etag="eTag",
            checks=(_check_start, _check_notifications, _check_version),
            complete=_spend,
        ),
    ),
)
