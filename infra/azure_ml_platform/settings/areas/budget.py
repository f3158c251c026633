"""The budget."""

from collections.abc import Iterable
from typing import Annotated

from azure_ml_platform.constraints import Span
from azure_ml_platform.settings.area import Broken, Mend, System
from azure_ml_platform.vocabulary import (
    BudgetStart,
    Email,
)


class BudgetSettings(System):
    """The monthly budget of the stack's resource groups: Microsoft.Consumption/budgets."""

    monthly_amount: Annotated[float, Span("an amount from 1 to 10000000", 500, 1, 10_000_000)]
    """Amount per month in the billing currency."""
    start_date: BudgetStart | None = None
    """First day of the first month, as YYYY-MM-DD; pinned, since Azure refuses to move it."""
    contact_emails: tuple[Email, ...] = ()
    """Receivers of budget mails; empty for the owner."""
    actual_thresholds: tuple[Annotated[float, Span("a percentage from 0.01 to 1000", 80, 0.01, 1000)], ...] = (
        *(50.0, 80.0, 100.0),
    )
    """Percentages of the amount whose spending sends a mail."""
    forecast_thresholds: tuple[Annotated[float, Span("a percentage from 0.01 to 1000", 100, 0.01, 1000)], ...] = (
        100.0,
    )
    """Percentages of the amount whose forecast sends a mail."""

    anomaly_alert: bool
    """Whether a mail tells of days whose cost is out of the ordinary, in the whole subscription."""
    anomaly_start_date: BudgetStart | None = None
    """First day of that alert, the first of a month; null for the budget's. Moved on each year: Azure ends it then."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if len(self.actual_thresholds) + len(self.forecast_thresholds) > 5:
            yield Broken(("actual_thresholds",), "at most five together with budget.forecast_thresholds", Mend.REMOVE)
