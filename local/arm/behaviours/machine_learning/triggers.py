"""When something is to happen: cron expressions and recurrences, as jobs and compute instances have them.

Source: learn.microsoft.com/azure/machine-learning/reference-yaml-schedule.
"""

import re
from datetime import datetime

from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request

FREQUENCIES = ("Minute", "Hour", "Day", "Week", "Month")
WEEK_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""Least and most of a cron expression's fields: minutes, hours, days, months, days of the week."""


def check_trigger(trigger: Json, path: str) -> None:
    """Raise ArmError InvalidPropertyValue for a trigger that never fires or that Azure cannot read."""
    kind = trigger.get("triggerType")
    if kind == "Cron":
        _check_cron(str(trigger.get("expression", "")), f"{path}.expression")
    elif kind == "Recurrence":
        _check_recurrence(trigger, path)
    else:
        raise _refusal(f"{path}.triggerType", kind, "Cron or Recurrence")
    start, end = (_moment(trigger.get(name), f"{path}.{name}") for name in ("startTime", "endTime"))
    if start and end and end <= start:
        raise _refusal(f"{path}.endTime", trigger.get("endTime"), f"later than startTime, {trigger.get('startTime')}")


def _check_cron(expression: str, path: str) -> None:
    fields = expression.split()
    fits = len(fields) == len(_FIELDS) and all(map(_is_cron_field, fields, _FIELDS))
    if not fits:
        raise _refusal(path, expression, "five fields, MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK, such as 0 18 * * 1")


def _is_cron_field(field: str, ends: tuple[int, int]) -> bool:
    def is_part(part: str) -> bool:
        match = re.fullmatch(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/[1-9]\d?)?", part)
        return match is not None and all(ends[0] <= int(number) <= ends[1] for number in match.groups() if number)

    return all(is_part(part) for part in field.split(","))


def _check_recurrence(trigger: Json, path: str) -> None:
    frequency, interval = trigger.get("frequency"), trigger.get("interval")
    if frequency not in FREQUENCIES:
        raise _refusal(f"{path}.frequency", frequency, f"one of {', '.join(FREQUENCIES)}")
    if isinstance(interval, bool) or not isinstance(interval, int) or interval < 1:
        raise _refusal(f"{path}.interval", interval, "a whole number from 1")
    days = reach(trigger, "schedule.weekDays") or []
    if not isinstance(days, list) or any(day not in WEEK_DAYS for day in days):
        raise _refusal(f"{path}.schedule.weekDays", days, f"a list of {', '.join(WEEK_DAYS)}")
    if reach(trigger, "schedule.monthDays") and frequency != "Month":
        raise _refusal(f"{path}.schedule.monthDays", frequency, "left out unless the frequency is Month")
    for name, most in (("hours", 23), ("minutes", 59)):
        numbers = reach(trigger, f"schedule.{name}") or []
        if not isinstance(numbers, list) or any(not isinstance(item, int) or not 0 <= item <= most for item in numbers):
            raise _refusal(f"{path}.schedule.{name}", numbers, f"a list of whole numbers from 0 to {most}")


def _moment(text: object, path: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError as error:
        raise _refusal(path, text, "a time in ISO 8601 without an offset, such as 2026-03-01T07:00:00") from error


def _refusal(path: str, value: object, rule: str) -> ArmError:
    return bad_request("InvalidPropertyValue", f"{path} is {value!r}; it must be {rule}.", target=path)
