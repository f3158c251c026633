"""The rules on the estimate, on whole stacks: joined resources, the stack's own terms, and broken tables."""

import json
from datetime import date
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from azure_ml_platform.catalog import prices
from azure_ml_platform.catalog.prices import PriceTableError
from policies.cost import PACK, estimate
from policies.kit.bench import Bench
from policies.kit.kinds import ONLINE_DEPLOYMENT
from policies.kit.waivers import Waivers
from tests.unit.policies.analyzer import UNKNOWN, Analyzer, Node, Report, secret

AT = {"location": "eastus"}


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the stack's settings as a language host does."""
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)

    def set_to(**said: Any) -> None:
        config = {
            f"azure-ml-platform:{area}": value if isinstance(value, str) else json.dumps(value)
            for area, value in said.items()
        }
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))

    return set_to


def judged(rule_id: str, *nodes: Node, profile: str = "dev") -> list[Report]:
    rule = next(rule for rule in PACK.rules(PACK.profile(profile).limits) if rule.id == rule_id)
    return Analyzer(Bench("framework", Waivers()).policies([(rule, EnforcementLevel.MANDATORY)])).run(nodes)


def deployment(name: str, instances: Any, size: Any = "Standard_DS3_v2") -> Node:
    return Node(ONLINE_DEPLOYMENT, AT | {"sku": {"capacity": instances}, "properties": {"instanceType": size}}, name)


def test_the_ceiling_is_of_all_resources_together_and_names_the_five_largest() -> None:
    fleet = [deployment(f"d{number}", number) for number in range(1, 7)]
    assert judged("estimate-ceiling", fleet[0], fleet[1]) == []
    [report] = judged("estimate-ceiling", *fleet)
    assert (
        "the stack costs 4,491.69 USD per month (4,491.69 fixed, 0.00 for assumed use), must be at most 800.00"
        in report.message
    )
    assert "the largest: d6 vm/Standard_DS3_v2 1,283.34; d5 vm/Standard_DS3_v2 1,069.45; d4" in report.message
    assert "d2 vm" in report.message
    assert "d1 vm" not in report.message


def test_a_secret_number_counts_and_an_unknown_one_is_undecided() -> None:
    [report] = judged("estimate-ceiling", deployment("hidden", secret(20)))
    assert report.policy == "estimate-ceiling"
    [report] = judged("estimate-ceiling", deployment("later", UNKNOWN))
    assert "undecided at preview: later.sku.capacity (estimate-ceiling)" in report.message


def test_a_stack_that_is_too_dear_already_is_refused_whatever_is_still_unknown() -> None:
    reports = judged("estimate-ceiling", deployment("known", 20), deployment("later", UNKNOWN))
    assert [report.policy for report in reports] == ["estimate-ceiling"]


def test_the_terms_of_the_stack_count(setting: Any) -> None:
    vault = Node("keyvault:Vault", AT)
    setting(profile="dev", cost={"key_operations_10k": 1_000_000})
    [report] = judged("estimate-ceiling", vault)
    assert "30,000.00 for assumed use" in report.message
    setting(profile="dev", cost={"key_operations_10k": 1_000_000, "discount_percent": 99})
    assert judged("estimate-ceiling", vault) == []


def test_a_setting_that_is_not_understood_is_one_violation_and_no_crash(setting: Any) -> None:
    setting(cost={"key_operations_10k": "many"})
    [report] = judged("estimate-ceiling", Node("keyvault:Vault", AT))
    assert "the setting azure-ml-platform:cost.key_operations_10k is 'many', must be a number" in report.message
    for rule in ("estimate-coverage", "estimate-price-age"):
        assert judged(rule, Node("keyvault:Vault", AT)) == []


def test_a_price_table_that_is_broken_is_one_violation_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise PriceTableError("prices.csv, line 7: usd is empty")

    monkeypatch.setattr(prices, "load", broken)
    [report] = judged("estimate-ceiling", Node("keyvault:Vault", AT))
    assert "prices.csv, line 7: usd is empty" in report.message


def test_every_resource_without_an_amount_is_named_unless_the_profile_accepts_its_meter() -> None:
    agent = Node("sql:JobAgent", AT | {"sku": {"name": "JA100"}}, "agent")
    cache = Node("cache:Redis", AT, "cache")
    [report] = judged("estimate-coverage", agent, cache, Node("network:VirtualNetwork", AT, "net"))
    assert "what a cache:Redis is billed for is not known" in report.message
    assert report.urn == cache.urn


def test_ones_own_price_covers_a_meter(setting: Any) -> None:
    machine = deployment("d", 1, "Standard_D4_v99")
    assert len(judged("estimate-coverage", machine)) == 1
    setting(cost={"prices": {"vm/Standard_D4_v99": 0.5}})
    assert judged("estimate-coverage", machine) == []


def test_a_price_is_too_old_after_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Node("containerregistry:Registry", AT | {"sku": {"name": "Basic"}}, "registry")
    monkeypatch.setattr(estimate, "_today", lambda: date(2024, 12, 1))
    assert judged("estimate-price-age", registry) == []
    monkeypatch.setattr(estimate, "_today", lambda: date(2025, 1, 15))
    [report] = judged("estimate-price-age", registry)
    assert "the oldest price in use was read on 2024-07-01, must be within 180 days" in report.message
