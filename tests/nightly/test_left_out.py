"""Every stack without any two of its systems, built whole: references adapt to what is left."""

import json
from itertools import combinations

import pytest

from tests.harness.left_out import SYSTEMS, without
from tests.harness.stacks import ROOT, build_platform

KINDS = {
    "network": "azure-native:network:VirtualNetwork",
    "monitoring": "azure-native:operationalinsights:Workspace",
    "key_vault": "azure-native:keyvault:Vault",
    "registry": "azure-native:containerregistry:Registry",
    "blob": "azure-ml-platform:index:BlobStore",
    "data_lake": "azure-ml-platform:index:DataLake",
    "sql": "azure-native:sql:Server",
    "machine_learning": "azure-native:machinelearningservices:Workspace",
    "compute": "azure-ml-platform:index:Compute",
    "kubernetes": "azure-native:containerservice:ManagedCluster",
    "databricks": "azure-native:databricks:Workspace",
    "ingestion": "azure-native:datafactory:Factory",
    "budget": "azure-native:consumption:Budget",
}
"""What a stack has of each system."""
PAIRS = [*((system,) for system in SYSTEMS), *combinations(SYSTEMS, 2)]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("ARM_METADATA_HOSTNAME", "ARM_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("systems", PAIRS, ids=" and ".join)
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_what_is_left_builds_and_refers_to_nothing_that_is_left_out(stack: str, systems: tuple[str, ...]) -> None:
    graph = build_platform(without(stack, *systems))
    assert [system for system in systems if graph.all(KINDS[system])] == []
    known = {node.id.casefold() for node in graph}
    own = tuple(node.id.casefold() for node in graph.all("azure-native:resources:ResourceGroup"))
    for node in graph:
        for text in _texts(node.inputs):
            top = "/".join(text.casefold().split("/")[:9])
            assert not top.startswith(own) or top in known or top in own, f"{node.name} refers to {text}"


def _texts(value: object) -> list[str]:
    """Every id among the values of a document."""
    words = json.dumps(value, default=str).split('"')
    found = (word.rstrip("\\") for word in words if word.startswith("/subscriptions/"))
    return [word for word in found if word.count("/") >= 8]
