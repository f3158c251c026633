"""The budget."""

from collections.abc import Iterator

from azure_ml_platform.settings.area import Broken
from azure_ml_platform.settings.areas.budget import BudgetSettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import FIRST_OF_MONTH


def _budget_starts(budget: BudgetSettings) -> Iterator[Broken]:
    if budget.enabled and budget.start_date is None:
        rule = "given while budget.enabled is true: the first day of the current month, as YYYY-MM-DD"
        yield Broken(("budget", "start_date"), rule, FIRST_OF_MONTH.suggestion())


RULES: tuple[Rule, ...] = (_budget_starts,)
