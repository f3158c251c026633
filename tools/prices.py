"""Reads the price table anew from Azure's retail price list.

    python tools/prices.py                     the regions that the table has
    python tools/prices.py --region uksouth    one more region, for the meters that the list is asked about

Rows that the list does not name, or not without doubt, stay as they are and are listed. Nothing is written when the
list cannot be reached.
"""

import argparse
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from azure_ml_platform.catalog import prices, retail_meters
from azure_ml_platform.catalog.prices import EVERYWHERE, Grade, Price, PriceTableError
from azure_ml_platform.catalog.retail_meters import RetailMeter

LIST = "https://prices.azure.com/api/retail/prices"
VERSION = "2023-01-01-preview"
LIMIT_SECONDS = 60
SOURCE = "retail-api"
_ALIKE = 1e-6
"""Difference, relative to the price, up to which two reads agree."""


class RetailError(Exception):
    """The price list cannot be read; the message says why and what helps."""


@dataclass
class Refreshed:
    """A price table read anew."""

    rows: list[Price] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Prices that are others than before."""
    kept: list[str] = field(default_factory=list)
    """Rows that stay as they were, with the reason."""
    read: int = 0
    """Rows that the list has."""


@dataclass(frozen=True)
class RetailList:
    """Azure's price list behind an address."""

    address: str = LIST

    def items(self, query: str) -> Iterator[Mapping[str, Any]]:
        """All rows that a filter gives, page by page; raises RetailError."""
        parameters = {"api-version": VERSION, "currencyCode": "'USD'", "$filter": query}
        page: str | None = f"{self.address}?{urllib.parse.urlencode(parameters)}"
        while page:
            answer = self._page(page)
            yield from answer["Items"]
            page = answer.get("NextPageLink")

    def _page(self, page: str) -> dict[str, Any]:
        if not page.startswith(f"{self.address}?"):
            raise RetailError(f"the price list at {self.address} goes on at another address, which is not followed")
        try:
            with urllib.request.urlopen(page, timeout=LIMIT_SECONDS) as answer:  # noqa: S310 - the address is checked
                body = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise RetailError(f"the price list at {self.address} refused with {error.code}: try again later") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise RetailError(
                f"the price list at {self.address} cannot be reached ({reason}): the table stays as it is; "
                "go where the internet is reachable, or name a mirror with --list"
            ) from error
        if not isinstance(body, dict) or not isinstance(body.get("Items"), list):
            raise RetailError(f"what answers at {self.address} is no price list: it has no Items")
        return body


def refresh(table: prices.Table, source: RetailList, today: date, more_regions: Sequence[str] = ()) -> Refreshed:
    """Read every meter that the list names; raises RetailError before anything is lost."""
    result = Refreshed()
    for meter, by_region in table.items():
        retail = retail_meters.find(meter)
        found = _usd_by_region(retail, source, [*by_region, *more_regions]) if retail else {}
        for region, row in by_region.items():
            result.rows.append(_renewed(row, found.get(region, ()), today, result, known=retail is not None))
        pattern = next(iter(by_region.values()))
        for region in more_regions:
            if region not in by_region and EVERYWHERE not in by_region and len(found.get(region, ())) == 1:
                row = replace(pattern, region=region, usd=found[region][0], grade=Grade.B)
                result.rows.append(replace(row, retrieved=today, source=SOURCE))
                result.read += 1
    return result


def _usd_by_region(retail: RetailMeter, source: RetailList, regions: Sequence[str]) -> Mapping[str, Sequence[float]]:
    """The different prices of a meter in each region: more than one leave a doubt."""
    places = " or ".join(f"armRegionName eq '{_place(region)}'" for region in dict.fromkeys(regions))
    found: dict[str, list[float]] = {}
    for item in source.items(f"{retail.query} and priceType eq 'Consumption' and ({places})"):
        if _is(item, retail):
            region = str(item.get("armRegionName", "")).casefold() or EVERYWHERE
            price = float(item["retailPrice"])
            if price not in found.setdefault(region, []):
                found[region].append(price)
    return found


def _place(region: str) -> str:
    """A region in the words of the list."""
    return "Global" if region == EVERYWHERE else region


def _is(item: Mapping[str, Any], retail: RetailMeter) -> bool:
    """Whether a row of the list is of a meter."""
    product, sku = str(item.get("productName")), str(item.get("skuName"))
    return (
        isinstance(item.get("retailPrice"), int | float)
        and item.get("type") == "Consumption"
        and item.get("unitOfMeasure") == retail.unit
        and item.get("tierMinimumUnits", 0) == retail.tier_from
        and str(item.get("meterName")).endswith(retail.name_end)
        and not any(part in product for part in retail.not_in_product)
        and not any(part in sku for part in retail.not_in_sku)
    )


def _renewed(row: Price, found: Sequence[float], today: date, result: Refreshed, *, known: bool) -> Price:
    """A row with the price of the list, or as it was."""
    where = f"{row.meter} in {row.region}"
    if len(found) != 1:
        several = f"the list has {len(found)} prices for it: {', '.join(f'{price:g}' for price in sorted(found))}"
        none = "the list has no such meter there" if known else "how the list names it is not known"
        result.kept.append(f"{where}: {several if found else none}")
        return row
    [usd] = found
    agrees = abs(usd - row.usd) <= _ALIKE * row.usd
    if not agrees:
        result.changed.append(f"{where}: {row.usd:g} is now {usd:g}")
    result.read += 1
    return replace(row, usd=usd, grade=Grade.A if agrees else Grade.B, retrieved=today, source=SOURCE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Refresh the table and tell what came of it."""
    parser = argparse.ArgumentParser(description="Reads the price table anew from Azure's retail price list.")
    parser.add_argument("--region", action="append", default=[], help="a region to add; may be given several times")
    parser.add_argument("--list", default=LIST, help=f"address of the price list; default {LIST}")
    parser.add_argument("--table", type=Path, default=prices.FILE, help="the table; default that of the catalogue")
    parsed = parser.parse_args(arguments)
    try:
        table = prices.load(parsed.table)
        result = refresh(table, RetailList(parsed.list), datetime.now(UTC).date(), parsed.region)
    except (PriceTableError, RetailError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    prices.save(result.rows, parsed.table)
    for title, lines in (("changed", result.changed), ("kept as they were", result.kept)):
        if lines:
            sys.stdout.write(f"{len(lines)} prices {title}:\n" + "".join(f"  {line}\n" for line in lines))
    sys.stdout.write(f"{result.read} of {len(result.rows)} prices were read from {parsed.list}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
