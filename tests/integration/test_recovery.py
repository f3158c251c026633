"""A run that is cut short anywhere is brought to its end by the next: nothing is lost, nothing is there twice."""

import random
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration import processes
from tests.integration.conftest import ROOT, Checkout, checkout

pytestmark = pytest.mark.integration

RESOURCES = 160
"""About as many lines as an update prints of resources that it creates."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kills = metafunc.config.getoption("--kills")
    metafunc.parametrize("victim", [kind for kind in processes.MARKS for _ in range(kills)])


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Checkout]:
    made = checkout(tmp_path / "home")
    try:
        yield made
    finally:
        made.stop()


def existing(target: Checkout) -> set[str]:
    """The ids of all resources that somebody wrote: those that come with another one are not the program's."""
    with sqlite3.connect(f"{target.paths.store.as_uri()}?mode=ro", uri=True) as store:
        return {str(row[0]).lower() for row in store.execute("SELECT id FROM resources WHERE sent IS NOT NULL")}


def endpoint_of(target: Checkout) -> int:
    return int(target.paths.endpoint_lock.read_text().split()[0])


@pytest.mark.avoids("half-made-resources")
def test_a_killed_process_costs_nothing_but_the_next_up(target: Checkout, victim: str) -> None:
    moment = random.randint(1, RESOURCES)
    run = subprocess.Popen(
        target.command("up"),
        cwd=ROOT,
        env=target.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout is not None
    seen = 0
    for line in run.stdout:
        seen += " created " in line or " creating " in line
        if seen == moment:
            process = endpoint_of(target) if victim == "endpoint" else processes.find(victim, run.pid)
            if process is not None:
                processes.kill(process)
            break
    rest = run.stdout.read()
    run.wait()
    assert "Traceback" not in rest, f"{victim} killed after {moment} lines"

    said = target.ops("up")

    assert "predictions" in said.splitlines()[-1], f"{victim} killed after {moment} lines"
    assert existing(target) == target.state_ids(), f"{victim} killed after {moment} lines"
