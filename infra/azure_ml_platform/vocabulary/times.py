"""Days, times and spans."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from azure_ml_platform.constraints import Constraint, Text, broken


def _day(value: Any) -> Any:
    # The engine hands an unquoted YAML date over as a moment; only its day counts.
    moment = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]00:00:00.*", value) if isinstance(value, str) else None
    return moment[1] if moment else value


@dataclass(frozen=True)
class _FirstOfMonth(Constraint):
    def check(self, value: date) -> date:
        if value.day != 1:
            raise broken(self.rule, value.replace(day=1).isoformat())
        return value

    def suggestion(self) -> str:
        return date.today().replace(day=1).isoformat()


FIRST_OF_MONTH = _FirstOfMonth("the first day of a month, as YYYY-MM-DD", "2027-01-01")

BudgetStart = Annotated[date, Field(strict=False), FIRST_OF_MONTH, BeforeValidator(_day)]
"""First day of a budget's first month."""

Day = Annotated[date, Field(strict=False), BeforeValidator(_day)]
"""A day."""

TimeOfDay = Annotated[str, Text("a time of day, hours and minutes", "19:00", r"([01][0-9]|2[0-3]):[0-5][0-9]")]
"""A time of day."""

TimeZone = Annotated[
    str, Text("a time zone as Windows names it", "W. Europe Standard Time", r"[A-Za-z][A-Za-z0-9 .+()-]{2,59}")
]
"""A time zone, as schedules of Azure Machine Learning name it."""

Duration = Annotated[
    str,
    Text("an ISO 8601 duration such as PT1H or P1D", "P1D", r"P(?=[0-9T])([0-9]+[YMWD])*(T([0-9]+[HMS])+)?"),
]
"""A span of time."""


class DayOfWeek(StrEnum):
    """A day of the week; the value is ARM's."""

    MONDAY = "Monday"
    """The first one."""
    TUESDAY = "Tuesday"
    """The second one."""
    WEDNESDAY = "Wednesday"
    """The third one."""
    THURSDAY = "Thursday"
    """The fourth one."""
    FRIDAY = "Friday"
    """The fifth one."""
    SATURDAY = "Saturday"
    """The sixth one."""
    SUNDAY = "Sunday"
    """The seventh one."""
