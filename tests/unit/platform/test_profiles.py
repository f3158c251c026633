"""What docs/profiles says of dev and prod, row by row, against what the program asks of the engine."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.harness.graph import Graph
from tests.harness.profiles import FOLDER, STACKS, Row, files, graph_for, rows
from tools import profile_table

ROWS = [(file, row) for file in files() for row in rows(file)]
MOST_EXCEPTIONS = 15


@cache
def graph(file: Path, stack: str) -> Graph:
    return graph_for(file, stack)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize(("file", "row"), ROWS, ids=[f"{row.system}: {row.setting}" for _, row in ROWS])
def test_a_row_says_what_a_stack_has(file: Path, row: Row, stack: str) -> None:
    assert row.seen(graph(file, stack)) == row.values[stack]


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_every_row_is_about_something_that_one_of_the_stacks_has(file: Path) -> None:
    assert [row.setting for row in rows(file) if not any(_says_something(row, stack) for stack in STACKS)] == []


def _says_something(row: Row, stack: str) -> bool:
    """Whether a value is more than that there is nothing; a setting that is off is something."""
    value = row.values[stack]
    return value is not None and not (row.path == "" and value in (0, False))


def test_a_setting_is_named_once() -> None:
    names = [(row.system, row.setting) for _, row in ROWS]
    assert len(set(names)) == len(names)


def test_what_is_left_out_has_a_reason_and_a_source() -> None:
    left_out = yaml.safe_load((FOLDER / "exceptions.yaml").read_text())
    assert len(left_out) <= MOST_EXCEPTIONS
    for each in left_out:
        assert each.keys() == {"what", "reason", "source"}
        assert each["source"].startswith("https://learn.microsoft.com/")


def test_the_page_is_current() -> None:
    assert profile_table.PAGE.read_text() == profile_table.page(), "run make generate"
