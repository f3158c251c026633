"""Models of the stack file as the platform builds them: slots, callers, and what watches them."""

import pytest

from tests.harness.stacks import build_platform, settings_of

ML = "azure-native:machinelearningservices"
REGISTRY = "azureml://registries/shared/models/wine/versions"
CALLER = "00000000-0000-4000-8000-000000000007"


@pytest.fixture(scope="module")
def graph(request):
    """Production with a model of two slots and all that a model may have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ARM_METADATA_HOSTNAME", raising=False)
        wine = {
            "model": f"{REGISTRY}/7",
            "slots": {"blue": {}, "green": {"model": f"{REGISTRY}/8"}},
            "traffic": {"blue": 95, "green": 5},
            "canary": {"slot": "green", "steps": [5]},
            "collection": {},
            "monitor": {"task": "Classification"},
            "autoscale": {"min_instances": 2, "max_instances": 4},
            "callers": {"web-shop": {"object_id": CALLER}},
        }
        return build_platform(settings_of("prod", models={"wine": wine}))


def test_slots_of_the_stack_file_become_deployments_and_their_traffic(graph):
    models = {
        node.inputs["deploymentName"]: node.inputs["properties"]["model"]
        for node in graph.all(f"{ML}:OnlineDeployment")
    }
    assert models == {"blue": f"{REGISTRY}/7", "green": f"{REGISTRY}/8"}
    traffic = graph.one("pulumi-python:dynamic/azure_ml_platform:Traffic").inputs
    assert (traffic["split"], traffic["canary"]["steps"]) == ({"blue": 95, "green": 5}, [5])


def test_production_starts_with_two_machines_for_each_slot_and_has_more_by_demand(graph):
    for node in graph.all(f"{ML}:OnlineDeployment"):
        assert node.inputs["sku"]["capacity"] == 2
    for node in graph.all("azure-native:monitor:AutoscaleSetting"):
        assert node.inputs["profiles"][0]["capacity"] == {"minimum": "2", "default": "2", "maximum": "4"}


def test_each_slot_is_compared_and_watched(graph):
    assert len(graph.all(f"{ML}:Schedule")) == 2
    alerts = {node.name for node in graph.all("azure-native:monitor:MetricAlert")}
    for rule in ("endpoint-failed-requests", "endpoint-slow-requests", "blue-deployment-processor"):
        assert f"mlops-alerts-wine-{rule}" in alerts


def test_a_caller_may_do_nothing_but_call(graph):
    title = next(
        node for node in graph.all("azure-native:authorization:RoleDefinition") if "caller" in node.inputs["roleName"]
    )
    given = [
        node
        for node in graph.all("azure-native:authorization:RoleAssignment")
        if node.inputs["roleDefinitionId"] == title.id
    ]
    assert [node.inputs["principalId"] for node in given] == [CALLER]
    assert given[0].inputs["scope"] == graph.one(f"{ML}:OnlineEndpoint").id


def test_the_stacks_outputs_have_calls_to_copy(graph):
    calls = graph.exports["models"].value["wine"]["sample_calls"]
    assert set(calls) == {"curl", "python"}
