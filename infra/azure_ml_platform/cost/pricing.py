"""From quantities to money: the price of a meter in a region, on the stack's terms."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from azure_ml_platform.catalog.prices import EVERYWHERE, REGION_FACTORS, Grade, Price, Table
from azure_ml_platform.catalog.unpriced import reason
from azure_ml_platform.cost.assumptions import Assumptions
from azure_ml_platform.cost.line import Item, Line
from azure_ml_platform.cost.resource import Resource


@dataclass
class Pricing:
    """Prices items one after the other, and remembers how much of what comes free is used up."""

    table: Table
    terms: Assumptions
    used: list[Price] = field(default_factory=list)
    """Rows of the table that a price was taken from."""
    _spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def line(self, item: Item, resource: Resource, region: str) -> Line:
        """The item with its price; without one where none is known, which `why` then tells."""
        line = Line(resource.name, resource.urn, item.meter, item.basis, item.why, region=region)
        found = self.table.get(item.meter)
        if item.meter in self.terms.prices:
            unit = next(iter(found.values())).unit if found else "unit"
            price = self.terms.prices[item.meter] * item.share
            return replace(line, quantity=item.quantity, unit=unit, unit_price=price, grade=Grade.A)
        if found is None:
            because = reason(item.meter) or "the table has no such meter"
            return replace(line, why=f"no price of {item.meter} is known: {because} ({item.why})")
        row, factor, grade = _row(found, region, self.terms.region_factor)
        if row is None:
            return replace(line, why=f"{_unknown_region(item.meter, region)} ({item.why})")
        if item.share != 1:
            grade = max(grade, Grade.B)
        if item.alike:
            grade = Grade.D
        self.used.append(row)
        return replace(
            line,
            quantity=self._billed(row, item.quantity),
            unit=row.unit,
            unit_price=row.usd * factor * item.share * self.terms.rate,
            grade=grade,
        )

    @property
    def oldest(self) -> date | None:
        """The day on which the oldest price used was read; None when the table gave none."""
        return min((price.retrieved for price in self.used), default=None)

    def _billed(self, row: Price, quantity: float) -> float:
        """What is left of a quantity after what comes free, once for the whole stack."""
        left = max(0.0, row.free - self._spent[row.meter])
        self._spent[row.meter] += quantity
        return max(0.0, quantity - left)


def _row(prices: Mapping[str, Price], region: str, factor: float | None) -> tuple[Price | None, float, Grade]:
    """The row to use in a region, what its price is multiplied by, and its grade then."""
    own = prices.get(region) or prices.get(EVERYWHERE)
    if own:
        return own, 1.0, own.grade
    base = prices.get("eastus") or next(iter(prices.values()))
    if factor is None:
        if region not in REGION_FACTORS or base.region not in REGION_FACTORS:
            return None, 1.0, Grade.D
        factor = REGION_FACTORS[region] / REGION_FACTORS[base.region]
    return base, factor, Grade.D


def _unknown_region(meter: str, region: str) -> str:
    where = region or "a region that nothing names"
    return f"no price of {meter} is known in {where}, nor a factor for it: set azure-ml-platform:cost.region_factor"
