"""From a quantity to an amount: region, free band, own prices, discount, currency, and what is not known."""

import pytest

from azure_ml_platform.catalog import prices
from azure_ml_platform.catalog.prices import Grade
from azure_ml_platform.cost.assumptions import DEFAULTS, AssumptionError, assumptions
from tests.unit.cost.given import estimated, price, resource

VAULT = "keyvault:Vault"
REGISTRY = resource("containerregistry:Registry", sku={"name": "Basic"})


def only(*rows, region="eastus", count=1, kind=VAULT, **terms):
    """The lines of some vaults, each with 10 x 10k operations, priced by some rows."""
    vaults = [resource(kind, f"vault-{number}", location=region) for number in range(count)]
    return estimated(*vaults, table=prices.table(rows), **({"key_operations_10k": 10} | terms)).lines


def test_a_price_of_the_region_itself_comes_first():
    rows = [price("key-vault-operations", 1), price("key-vault-operations", 2, "westeurope", grade=Grade.A)]
    [line] = only(*rows, region="West Europe")
    assert (line.unit_price, line.amount, line.grade) == (2, 20, Grade.A)


def test_a_price_that_is_the_same_everywhere_has_no_factor():
    [line] = only(price("key-vault-operations", 1, prices.EVERYWHERE), region="swedencentral")
    assert (line.unit_price, line.grade) == (1, Grade.B)


def test_a_price_of_another_region_is_derived_by_the_factors_of_both():
    [line] = only(price("key-vault-operations", 1, "westeurope"), region="northeurope")
    assert line.unit_price == pytest.approx(1.097 / 1.157)
    assert line.grade is Grade.D


def test_a_region_without_a_factor_leaves_the_price_unknown_and_says_how_to_give_one():
    [line] = only(price("key-vault-operations", 1), region="swedencentral")
    assert line.amount is None
    assert "in swedencentral, nor a factor for it: set azure-ml-platform:cost.region_factor" in line.why
    [line] = only(price("key-vault-operations", 1), region="swedencentral", region_factor=1.3)
    assert line.amount == pytest.approx(13)


def test_a_meter_that_the_table_lacks_is_unknown_and_never_nothing():
    estimate = estimated(resource(VAULT), table=prices.table([price("other", 1)]))
    assert [line.amount for line in estimate.lines] == [None]
    assert [line.meter for line in estimate.unknown] == ["key-vault-operations"]
    assert estimate.total == 0


def test_what_comes_free_is_off_once_for_the_whole_stack():
    amounts = [line.amount for line in only(price("key-vault-operations", 2, free=15), count=3)]
    assert sorted(amounts) == [0, 10, 20]


def test_discount_and_currency_apply_to_list_prices_and_not_to_ones_own():
    terms = {"discount_percent": 10, "exchange_rate": 0.9, "currency": "EUR"}
    [line] = only(price("key-vault-operations", 2), **terms)
    assert line.unit_price == pytest.approx(2 * 0.9 * 0.9)
    [line] = only(price("key-vault-operations", 2), **terms, prices={"key-vault-operations": 3})
    assert (line.unit_price, line.grade, line.unit) == (3, Grade.A, "unit")


def test_ones_own_price_needs_no_row():
    [line] = only(price("other", 1), prices={"key-vault-operations": 0.5})
    assert line.amount == 5


def test_the_oldest_price_that_was_used_counts():
    assert estimated(REGISTRY, registry_gb=0).oldest == prices.load()["acr-basic"]["eastus"].retrieved
    assert estimated(resource("resources:ResourceGroup")).oldest is None


def test_a_resource_that_does_not_say_where_it_is_counts_as_where_most_of_the_stack_is():
    here = [resource(VAULT, name, location="northeurope") for name in ("a", "b")]
    there = resource("containerservice:AgentPool", vmSize="Standard_D4s_v5", count=1, location="global")
    machine = next(line for line in estimated(*here, there).lines if line.meter == "vm/Standard_D4s_v5")
    assert (machine.region, machine.unit_price) == ("northeurope", 0.214)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"log_tb": 1}, "there is no setting azure-ml-platform:cost.log_tb; there are cluster_hours"),
        ({"log_gb": "much"}, "the setting azure-ml-platform:cost.log_gb is 'much', must be a number of 0 or more"),
        ({"log_gb": -1}, "log_gb is -1, must be a number"),
        ({"log_gb": None}, "log_gb is None, must be a number"),
        ({"currency": 7}, "currency is 7, must be a text"),
        ({"prices": {"acr-basic": "free"}}, "prices is {'acr-basic': 'free'}, must be prices of 0 or more by meter"),
    ],
)
def test_an_assumption_that_is_not_understood_is_refused(said, message):
    with pytest.raises(AssumptionError) as refusal:
        assumptions("dev", said)
    assert message in str(refusal.value)


def test_a_stack_of_an_unknown_profile_is_assumed_to_be_used_like_production():
    assert assumptions("staging") == DEFAULTS["prod"]


def test_assumptions_are_printed_with_their_units():
    shown = assumptions("dev", {"log_gb": 7, "prices": {"acr-basic": 0.1}}).text()
    assert {"log_gb: 7 GB", "cluster_hours: 20 h", "currency: USD", "region_factor: none"} < set(shown)
    assert "price of acr-basic: 0.1 USD" in shown
