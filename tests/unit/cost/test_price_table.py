"""The price table: every row sourced and dated, every mistake in it named."""

import re
from datetime import date
from pathlib import Path

import pytest

from azure_ml_platform.catalog import databricks_units, prices, unpriced, vm_sizes
from azure_ml_platform.catalog.prices import Grade, PriceTableError
from azure_ml_platform.catalog.regions import REGIONS
from azure_ml_platform.settings.profiles import profile_defaults

HEADER = "meter,region,usd,unit,free,grade,retrieved,source\n"
ROW = "acr-basic,eastus,0.1666,day,,A,2026-09-29,blueprint\n"


def refused(folder: Path, text: str) -> str:
    file = folder / "prices.csv"
    file.write_text(text)
    with pytest.raises(PriceTableError) as refusal:
        prices.load(file)
    return str(refusal.value)


def test_every_row_has_a_source_that_is_explained_a_day_and_a_region_that_there_is():
    explained = {name.partition("/")[0] for name in re.findall(r"^- `([^`]+)`", prices.__doc__, re.MULTILINE)}
    for by_region in prices.load().values():
        for row in by_region.values():
            assert row.source.partition("/")[0] in explained, row
            assert date(2024, 1, 1) < row.retrieved, row
            assert row.region in REGIONS or row.region == prices.EVERYWHERE, row


def test_every_machine_size_has_a_price_or_is_said_to_have_none():
    table = prices.load()
    without = {size for size in vm_sizes.VM_SIZES if f"vm/{size}" not in table}
    assert all(unpriced.reason(f"vm/{size}") for size in without)
    assert {"Standard_DS3_v2", "Standard_D8s_v5", "Standard_NC4as_T4_v3"} & without == set()


def test_a_size_that_no_source_gives_without_its_windows_price_is_left_out():
    assert [meter for meter in prices.load() if re.search(r"as_v5|ads_v5", meter)] == []


def test_every_size_that_a_profile_uses_has_a_price_in_its_region():
    table = prices.load()
    for defaults in profile_defaults().values():
        sizes = [cluster.vm_size for cluster in defaults.compute.clusters.values()]
        sizes += [defaults.instance.vm_size, defaults.model.instance_type, defaults.cost.databricks_node_type]
        assert [size for size in sizes if "westeurope" not in table[f"vm/{size}"]] == []
        assert defaults.cost.databricks_node_type in databricks_units.DBUS_PER_HOUR


def test_the_table_is_written_as_it_was_read(tmp_path):
    file = tmp_path / "prices.csv"
    prices.save((row for by_region in prices.load().values() for row in by_region.values()), file)
    assert file.read_text() == prices.FILE.read_text()


def test_a_row_is_understood(tmp_path):
    (tmp_path / "prices.csv").write_text(HEADER + ROW)
    row = prices.load(tmp_path / "prices.csv")["acr-basic"]["eastus"]
    assert (row.usd, row.unit, row.free, row.grade, row.retrieved) == (0.1666, "day", 0, Grade.A, date(2026, 9, 29))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("0.1666", "cheap", 'prices.csv, line 2: usd is "cheap", must be a number of 0 or more'),
        ("0.1666", "-1", 'usd is "-1", must be a number of 0 or more'),
        ("0.1666", "nan", 'usd is "nan", must be a number of 0 or more'),
        (",A,", ",E,", 'prices.csv, line 2: grade is "E", must be one of A, B, C, D'),
        ("2026-09-29", "September", 'retrieved is "September", must be a day such as 2026-11-25'),
        (",blueprint", ",", "prices.csv, line 2: source is empty, must be a text"),
        (",blueprint", "", "prices.csv, line 2: must have the columns meter, region, usd"),
        (",blueprint", ",blueprint,more", "prices.csv, line 2: must have the columns meter, region, usd"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(tmp_path, before, after, message):
    assert message in refused(tmp_path, HEADER + ROW.replace(before, after))


def test_a_meter_with_two_prices_in_a_region_is_refused(tmp_path):
    assert "acr-basic has two prices in eastus: remove one" in refused(tmp_path, HEADER + ROW + ROW)


@pytest.mark.parametrize("text", ["", HEADER])
def test_a_table_without_rows_is_refused(tmp_path, text):
    assert "has no rows: restore it" in refused(tmp_path, text)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(PriceTableError, match=r"none.csv cannot be read \(FileNotFoundError\)"):
        prices.load(tmp_path / "none.csv")


def test_a_table_that_is_no_text_is_named(tmp_path):
    (tmp_path / "prices.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PriceTableError, match="cannot be read"):
        prices.load(tmp_path / "prices.csv")
