"""Two platforms of one stack: nothing of one is the other's."""

import pytest

from azure_ml_platform.platform import Platform
from tests.harness.recorder import build
from tests.harness.stacks import settings_of


@pytest.fixture(scope="module")
def graph(request):
    first = settings_of("prod")
    other = settings_of(
        "prod",
        platform={"workload": "vision", "seed": "v1s2n"},
        network={"address_space": ["10.60.0.0/16"], "subnets": _moved(first.network.subnet_ranges)},
    )

    def program():
        Platform(first.platform.workload, first)
        Platform(other.platform.workload, other)

    return build(program, stack="prod")


def _moved(subnets):
    """The same subnets in another block."""
    return {purpose.value: cidr.replace("10.40.", "10.60.") for purpose, cidr in subnets.items()}


def test_both_are_whole(graph):
    of_each = {name: sum(node.name.split("-")[0] == name for node in graph) for name in ("mlops", "vision")}
    assert of_each["mlops"] == of_each["vision"] > 300


def test_no_resource_of_one_has_the_id_of_one_of_the_other(graph):
    by_id = {}
    for node in graph:
        if node.type.startswith("azure-native:"):
            by_id.setdefault(node.id.casefold(), []).append(node.name)
    assert {id_: names for id_, names in by_id.items() if len(names) > 1} == {}


def test_neither_waits_for_the_other(graph):
    for node in graph:
        mine = node.name.split("-")[0]
        others = {graph.by_urn(urn).name.split("-")[0] for urn in node.dependencies}
        assert others <= {mine}, node.name
