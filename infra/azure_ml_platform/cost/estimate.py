"""The estimate: every resource of a stack as lines of money, as free, or as unknown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from azure_ml_platform.catalog.prices import Table
from azure_ml_platform.cost.assumptions import Assumptions
from azure_ml_platform.cost.line import Basis, Free, Item, Line, total
from azure_ml_platform.cost.pricing import Pricing
from azure_ml_platform.cost.resource import NotKnownError, NotPricedError, Resource, Resources
from azure_ml_platform.cost.services import (
    Parts,
    databricks,
    kubernetes,
    machine_learning,
    monitoring,
    network,
    sql,
    storage,
    vaults_and_registries,
)
from azure_ml_platform.cost.services.free import FREE

_SERVICES = (databricks, kubernetes, machine_learning, monitoring, network, sql, storage, vaults_and_registries)
PRICED: Parts = {kind: parts for service in _SERVICES for kind, parts in service.PARTS.items()}
"""The parts of the bill of every kind that is billed."""


@dataclass(frozen=True)
class Estimate:
    """What a stack costs per month."""

    lines: Sequence[Line]
    """Amounts, the largest first; the unknown ones come last."""
    free: Sequence[Free]
    """Resources that cost nothing by themselves."""
    terms: Assumptions
    oldest: date | None
    """The day on which the oldest price used was read; None when no price of the table was used."""

    @property
    def fixed(self) -> float:
        """What the resources cost by being there."""
        return total(self.lines, Basis.FIXED)

    @property
    def assumed(self) -> float:
        """What the assumed use of them costs."""
        return total(self.lines, Basis.ASSUMED)

    @property
    def total(self) -> float:
        """Both; what is unknown is not in it."""
        return self.fixed + self.assumed

    @property
    def top(self) -> Sequence[Line]:
        """The lines that have an amount above zero, the largest first."""
        return [line for line in self.lines if line.amount]

    @property
    def unknown(self) -> Sequence[Line]:
        """The lines that have no amount."""
        return [line for line in self.lines if line.amount is None]


def estimate(resources: Iterable[Resource], terms: Assumptions, table: Table) -> Estimate:
    """Estimate what a stack's resources cost per month; those that are not Azure's are left out."""
    stack = Resources.of(resources)
    pricing = Pricing(table, terms)
    lines = [line for resource in stack.all for line in _lines(resource, stack, pricing)]
    lines.sort(key=lambda line: (line.amount is None, -(line.amount or 0), line.resource, line.meter))
    free = [Free(each.name, each.kind, FREE[each.kind]) for each in stack.all if each.kind in FREE]
    return Estimate(lines, free, terms, pricing.oldest)


def _lines(resource: Resource, stack: Resources, pricing: Pricing) -> Iterator[Line]:
    if resource.kind in FREE:
        return
    if resource.kind not in PRICED:
        yield _unknown(resource, f"what a {resource.kind} is billed for is not known")
    for part in PRICED.get(resource.kind, ()):
        try:
            items: Sequence[Item] = list(part(resource, stack, pricing.terms))
        except NotKnownError as error:
            yield replace(_unknown(resource, str(error)), waits_for=error.path)
        except NotPricedError as error:
            yield _unknown(resource, str(error))
        else:
            region = stack.region_of(resource)
            yield from (pricing.line(item, resource, item.region or region) for item in items if item.quantity)


def _unknown(resource: Resource, why: str) -> Line:
    return Line(resource.name, resource.urn, "", Basis.FIXED, why)
