"""What an estimate consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from azure_ml_platform.catalog.prices import Grade


class Basis(StrEnum):
    """What a quantity rests on."""

    FIXED = "fixed"
    """The resource costs it by being there."""
    ASSUMED = "assumed"
    """It comes with use, which the assumptions state."""


@dataclass(frozen=True)
class Item:
    """A quantity of something that Azure meters, before it has a price."""

    meter: str
    """Name of the meter in the price table."""
    quantity: float
    """Units per month."""
    why: str
    """What the quantity is made of."""
    basis: Basis = Basis.FIXED
    share: float = 1.0
    """Part of the meter's price that is charged."""
    alike: bool = False
    """Whether the meter is another product's, whose price this one is taken to have."""
    region: str = ""
    """Region whose price counts; empty for the resource's own."""


@dataclass(frozen=True)
class Line:
    """One amount per month, or the reason why there is none."""

    resource: str
    """Name within the program."""
    urn: str
    meter: str
    """Name of the meter; empty when not even that is known."""
    basis: Basis
    why: str
    """What the quantity is made of, or what is not known."""
    quantity: float | None = None
    """Units per month that are billed: what comes free is off."""
    unit: str = ""
    unit_price: float | None = None
    """Per unit, in the currency of the estimate, with region factor and discount; None when it is not known."""
    grade: Grade | None = None
    region: str = ""
    waits_for: str = ""
    """Path of the value that only an update knows, where that is why there is no amount."""

    @property
    def amount(self) -> float | None:
        """Per month, in the currency of the estimate; None when it is not known."""
        return None if self.quantity is None or self.unit_price is None else self.quantity * self.unit_price


@dataclass(frozen=True)
class Free:
    """A resource that costs nothing by itself."""

    resource: str
    kind: str
    reason: str


def total(lines: Sequence[Line], basis: Basis | None = None) -> float:
    """The sum of the amounts that are known, of one basis or of all."""
    return sum(line.amount or 0 for line in lines if basis in (None, line.basis))
