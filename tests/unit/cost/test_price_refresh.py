"""`make prices`: the table read anew from a price list on loopback that answers in the shape of Azure's own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from azure_ml_platform.catalog import prices, retail_meters
from azure_ml_platform.catalog.prices import Grade
from tools import prices as tool

HEADER = "meter,region,usd,unit,free,grade,retrieved,source\n"
TODAY = date(2026, 11, 25)


def item(price: float, **fields: object) -> dict[str, object]:
    """A row of the list: a machine in West Europe unless said otherwise, with the fields that Azure gives each."""
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": price,
        "unitPrice": price,
        "armRegionName": "westeurope",
        "location": "EU West",
        "effectiveStartDate": "2026-01-01T00:00:00Z",
        "meterId": "00000000-0000-0000-0000-000000000001",
        "meterName": "D4s v5",
        "productName": "Virtual Machines Dsv5 Series",
        "skuName": "Standard_D4s_v5",
        "serviceName": "Virtual Machines",
        "serviceFamily": "Compute",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": "Standard_D4s_v5",
    } | fields


class PriceList:
    """A price list that knows some rows, in pages of two."""

    def __init__(self) -> None:
        self.items: list[dict[str, object]] = []
        self.queries: list[str] = []
        self.status = 200
        self.body: object = None
        self.next_page: str | None = None

    def answer(self, path: str, port: int) -> tuple[int, object]:
        query = parse_qs(urlsplit(path).query)
        skip = int(query.get("$skip", ["0"])[0])
        self.queries += query.get("$filter", [])
        service = query["$filter"][0].split("'")[1]
        rows = [row for row in self.items if row["serviceName"] == service]
        following = f"http://127.0.0.1:{port}{path}&$skip={skip + 2}" if len(rows) > skip + 2 else None
        page = {"BillingCurrency": "USD", "Items": rows[skip : skip + 2], "NextPageLink": self.next_page or following}
        return self.status, page if self.body is None else self.body


@contextmanager
def serving(known: PriceList) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = known.answer(self.path, self.server.server_address[1])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/retail/prices"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def known() -> PriceList:
    return PriceList()


@pytest.fixture
def address(known: PriceList) -> Iterator[str]:
    with serving(known) as address:
        yield address


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "prices.csv"
    file.write_text(
        HEADER
        + "nat-gateway,eastus,0.045,hour,,C,2024-07-01,infracost/nat_gateway_test\n"
        + "vm/Standard_D4s_v5,northeurope,0.214,hour,,B,2026-06-18,karpenter\n"
        + "vm/Standard_D4s_v5,westeurope,0.23,hour,,B,2026-06-18,karpenter\n"
    )
    return file


def refreshed(address: str, table: Path, *arguments: str) -> dict[tuple[str, str], prices.Price]:
    assert tool.main(["--list", address, "--table", str(table), *arguments]) == 0
    return {(row.meter, row.region): row for by_region in prices.load(table).values() for row in by_region.values()}


def test_a_price_that_the_list_has_is_written_with_day_and_source(address, known, table, capsys):
    known.items = [item(0.25)]
    row = refreshed(address, table)["vm/Standard_D4s_v5", "westeurope"]
    assert (row.usd, row.grade, row.source) == (0.25, Grade.B, "retail-api")
    assert row.retrieved >= TODAY
    assert "vm/Standard_D4s_v5 in westeurope: 0.23 is now 0.25" in capsys.readouterr().out


def test_a_price_that_both_reads_agree_on_is_of_grade_a(address, known, table):
    known.items = [item(0.23)]
    assert refreshed(address, table)["vm/Standard_D4s_v5", "westeurope"].grade is Grade.A


def test_rows_that_the_list_does_not_have_stay_and_are_listed(address, known, table, capsys):
    known.items = [item(0.25)]
    rows = refreshed(address, table)
    assert rows["nat-gateway", "eastus"].retrieved == date(2024, 7, 1)
    assert rows["vm/Standard_D4s_v5", "northeurope"].usd == 0.214
    said = capsys.readouterr().out
    assert "nat-gateway in eastus: how the list names it is not known" in said
    assert "vm/Standard_D4s_v5 in northeurope: the list has no such meter there" in said
    assert f"1 of 3 prices were read from {address}" in said


@pytest.mark.parametrize(
    "other",
    [
        item(9, productName="Virtual Machines Dsv5 Series Windows"),
        item(9, skuName="D4s v5 Spot"),
        item(9, skuName="D4s v5 Low Priority"),
        item(9, type="Reservation"),
        item(9, unitOfMeasure="1/Month"),
        item(9, tierMinimumUnits=5.0),
        item("free"),
    ],
)
def test_rows_of_other_offers_are_left_alone(address, known, table, other):
    known.items = [other, item(0.25)]
    assert refreshed(address, table)["vm/Standard_D4s_v5", "westeurope"].usd == 0.25


def test_two_prices_leave_a_doubt_and_the_row_as_it_was(address, known, table, capsys):
    known.items = [item(0.25), item(0.26)]
    assert refreshed(address, table)["vm/Standard_D4s_v5", "westeurope"].usd == 0.23
    assert "westeurope: the list has 2 prices for it: 0.25, 0.26" in capsys.readouterr().out


def test_every_page_is_read(address, known, table):
    known.items = [item(1, type="Reservation"), item(2, type="Reservation"), item(0.25)]
    assert refreshed(address, table)["vm/Standard_D4s_v5", "westeurope"].usd == 0.25


def test_a_region_can_be_added(address, known, table):
    known.items = [item(0.24, armRegionName="uksouth")]
    added = refreshed(address, table, "--region", "uksouth")["vm/Standard_D4s_v5", "uksouth"]
    assert (added.usd, added.unit, added.source) == (0.24, "hour", "retail-api")


def test_the_list_is_asked_for_the_meter_in_the_regions_of_the_table(address, known, table):
    refreshed(address, table)
    [query] = known.queries
    assert query.startswith("serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_D4s_v5'")
    assert query.endswith("(armRegionName eq 'northeurope' or armRegionName eq 'westeurope')")


def refused(capsys: pytest.CaptureFixture[str], table: Path, address: str) -> str:
    before = table.read_text()
    assert tool.main(["--list", address, "--table", str(table)]) == 1
    assert table.read_text() == before
    return capsys.readouterr().err


def test_a_list_that_cannot_be_reached_is_one_sentence_and_changes_nothing(table, capsys):
    with serving(PriceList()) as gone:
        pass
    said = refused(capsys, table, gone)
    assert said.startswith(f"error: the price list at {gone} cannot be reached (")
    assert "the table stays as it is" in said
    assert said.count("\n") == 1


def test_a_list_that_refuses_is_named_with_its_code(address, known, table, capsys):
    known.status = 429
    assert f"the price list at {address} refused with 429: try again later" in refused(capsys, table, address)


def test_an_answer_that_is_no_list_is_refused(address, known, table, capsys):
    known.body = {"message": "welcome"}
    assert "is no price list: it has no Items" in refused(capsys, table, address)


def test_a_list_that_leads_elsewhere_is_not_followed(address, known, table, capsys):
    known.next_page = "http://127.0.0.1:1/elsewhere"
    assert "goes on at another address, which is not followed" in refused(capsys, table, address)


def test_a_malformed_table_is_named(tmp_path, capsys):
    (tmp_path / "prices.csv").write_text(HEADER + "a,b\n")
    assert tool.main(["--table", str(tmp_path / "prices.csv")]) == 1
    assert "prices.csv, line 2: must have the columns" in capsys.readouterr().err


def test_units_of_the_list_are_those_of_the_table():
    words = {"1 Hour": ("hour", "DBU-hour"), "1/Day": ("day",), "1 GB": ("GB",), "1 GB/Month": ("GB-month",)}
    words["1"] = ("time series-month",)
    for meter, by_region in prices.load().items():
        retail = retail_meters.find(meter)
        for row in by_region.values() if retail else ():
            assert row.unit in words[retail.unit], meter
            assert row.free == retail.tier_from, meter
