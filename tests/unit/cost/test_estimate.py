"""The estimate as a whole: what is free, what is unknown, and that nothing makes it fail."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from azure_ml_platform.cost import report
from azure_ml_platform.cost.estimate import PRICED
from azure_ml_platform.cost.resource import UNKNOWN
from azure_ml_platform.cost.services.free import FREE
from tests.unit.cost.given import estimated, resource

VALUES = some.one_of(
    some.none(), some.just(UNKNOWN), some.booleans(), some.integers(-9, 9), some.floats(), some.text(max_size=3)
)
NAMES = some.sampled_from(
    [
        *("properties", "sku", "name", "tier", "capacity", "computeType", "vmSize", "scaleSettings", "minNodeCount"),
        *("maxNodeCount", "agentPoolProfiles", "count", "osDiskSizeGB", "databases", "criteria", "allOf", "scopes"),
        *("workspaceCapping", "dailyQuotaGb", "managedNetwork", "isolationMode", "location", "parameters", "value"),
    ]
)
JUNK = some.dictionaries(
    NAMES,
    some.recursive(
        VALUES, lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(NAMES, inner, max_size=4))
    ),
    max_size=6,
)


@settings(max_examples=120, deadline=None)
@given(some.sampled_from(sorted(PRICED)), JUNK)
def test_no_property_whatever_it_is_makes_the_estimate_fail(kind: str, properties: dict[str, Any]) -> None:
    estimate = estimated(resource(kind, **properties))
    assert estimate.total >= 0
    assert report.text(estimate, "dev")


@pytest.mark.parametrize("kind", PRICED)
def test_what_is_not_known_yet_is_listed_and_the_rest_is_priced(kind):
    whole = dict.fromkeys(
        ("properties", "sku", "agentPoolProfiles", "criteria", "databases", "state", "vmSize"), UNKNOWN
    )
    for line in estimated(resource(kind, **whole)).unknown:
        assert line.why


def test_a_kind_that_nobody_knows_is_unknown_and_not_free():
    [unknown] = estimated(resource("cache:Redis")).unknown
    assert unknown.why == "what a cache:Redis is billed for is not known"


def test_a_free_resource_says_why():
    [free] = estimated(resource("network:VirtualNetwork")).free
    assert (free.kind, free.reason) == ("network:VirtualNetwork", "networks cost nothing")


def test_no_kind_is_both_free_and_priced():
    assert PRICED.keys() & FREE.keys() == set()


def test_what_is_no_resource_of_azure_is_left_out():
    component = resource("network:VirtualNetwork").of("urn:pulumi:dev::p::azure-ml-platform:index:Network::n", {})
    estimate = estimated(component)
    assert (estimate.lines, estimate.free) == ([], [])


def test_the_largest_amount_comes_first_and_unknown_ones_last():
    kinds = ["network:NatGateway", "network:PublicIPAddress", "cache:Redis"]
    meters = [line.meter for line in estimated(*(resource(kind, kind) for kind in kinds)).lines]
    assert meters == ["nat-gateway", "public-ip", "nat-gateway-data", ""]


def test_the_table_has_totals_lines_unknowns_and_assumptions():
    before = estimated(resource("network:PublicIPAddress"))
    after = estimated(
        resource("network:PublicIPAddress"), resource("network:NatGateway"), resource("cache:Redis"), nat_gb=0
    )
    text = report.text(after, "dev", before)
    assert "Cost of dev on Azure per month, in USD" in text
    assert "total               36.50   +32.85 (+900.0%) against what is deployed" in text
    assert "1 amounts are unknown, and not in the total:\n  it: what a cache:Redis is billed for is not known" in text
    assert "cluster_hours: 20 h" in text
    assert max(map(len, text.splitlines())) <= report.WIDTH


def test_the_object_for_programs_says_the_same():
    said = report.as_object(estimated(resource("network:PublicIPAddress"), resource("cache:Redis")), "dev")
    assert said["monthly"] == {"fixed": pytest.approx(3.65), "assumed": 0, "total": pytest.approx(3.65)}
    assert [line["meter"] for line in said["lines"]] == ["public-ip"]
    assert [line["resource"] for line in said["unknown"]] == ["it"]
    assert said["before"] is None
