"""The committed stacks dev and prod cost what a hand-made calculation says, item by item."""

from pathlib import Path

import pytest
import yaml

from azure_ml_platform.catalog import prices
from azure_ml_platform.cost.assumptions import assumptions
from azure_ml_platform.cost.estimate import estimate
from azure_ml_platform.cost.resource import Resource
from tests.harness.stacks import ROOT, graph_of, settings_of

BY_HAND = yaml.safe_load(Path(__file__).with_name("totals.yaml").read_text())


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch):
    """Paths in settings are relative to the project's root."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(params=["dev", "prod"])
def stack(request):
    return request.param


@pytest.fixture
def estimated(stack):
    nodes = [Resource.of(node.urn, node.inputs, node.parent) for node in graph_of(stack)]
    return estimate(nodes, assumptions(stack), prices.load())


def test_every_amount_is_the_one_worked_out_by_hand(stack, estimated):
    by_hand = {
        (resource, meter, basis): price * factor * quantity
        for resource, meter, basis, price, factor, quantity in BY_HAND[stack]["rows"]
    }
    found = {
        (line.resource, line.meter, line.basis): line.amount for line in estimated.lines if line.amount is not None
    }
    assert found.keys() == by_hand.keys()
    assert found == pytest.approx(by_hand, abs=1e-4)


def test_the_totals_are_the_sums_worked_out_by_hand(stack, estimated):
    rows = BY_HAND[stack]["rows"]
    assert estimated.total == pytest.approx(BY_HAND[stack]["total"], abs=0.005)
    assert estimated.fixed == pytest.approx(BY_HAND[stack]["fixed"], abs=0.005)
    assert sum(price * factor * quantity for *_, price, factor, quantity in rows) == pytest.approx(estimated.total)


def test_the_budget_of_the_stack_is_enough_for_it(stack, estimated):
    assert estimated.total <= settings_of(stack).budget.monthly_amount


def test_what_has_no_price_is_what_is_known_to_have_none(stack, estimated):
    assert [[line.resource, line.meter] for line in estimated.unknown] == sorted(BY_HAND[stack]["unknown"])
