"""The data factory: how it signs in, what starts a copy, and which data counts."""

import json
from types import SimpleNamespace

import pytest

from azure_ml_platform.components.ingestion_pipeline import verdict
from azure_ml_platform.components.ingestion_sources import ChecksArgs
from tests.unit.components.cases.ingestion import SOURCES

FACTORY = "azure-native:datafactory"
TRIGGER = "pulumi-python:dynamic/azure_ml_platform:Trigger"
APPROVAL = "pulumi-python:dynamic/azure_ml_platform:LinkApproval"


@pytest.fixture(scope="module")
def graph(made):
    return made("Ingestion", full=True)


def documents(graph, kind, name):
    """By physical name."""
    return {node.inputs[name]: node for node in graph.all(f"{FACTORY}:{kind}")}


@pytest.fixture
def services(graph):
    found = documents(graph, "LinkedService", "linkedServiceName")
    return {name: node.inputs["properties"] for name, node in found.items()}


@pytest.fixture
def pipelines(graph):
    return {name: node.inputs for name, node in documents(graph, "Pipeline", "pipelineName").items()}


@pytest.fixture
def triggers(graph):
    return {node.inputs["trigger_name"]: node for node in graph.all(TRIGGER)}


def test_whatever_asks_who_is_there_gets_the_factorys_identity(services):
    asked = {name: service for name, service in services.items() if name != "source-prices"}
    assert {service["credential"]["referenceName"] for service in asked.values()} == {"identity"}
    assert services["source-prices"]["authenticationType"] == "Anonymous"
    assert "credential" not in services["source-prices"]


def test_no_key_password_or_connection_string_is_in_the_factory(graph):
    text = json.dumps([dict(node.inputs) for node in graph if node.type.startswith(FACTORY)]).lower()
    for word in ("accountkey", "password", "connectionstring", "sastoken", "sasuri", "securestring"):
        assert word not in text


def test_copies_run_in_the_factorys_own_network(graph, services):
    runtime = graph.one(f"{FACTORY}:IntegrationRuntime")
    assert runtime.inputs["properties"]["managedVirtualNetwork"]["referenceName"] == "default"
    assert {service["connectVia"]["referenceName"] for service in services.values()} == {"managed-network"}


def test_private_endpoints_are_made_one_after_the_other_and_approved_where_the_stack_may(graph):
    images, lake = graph.all(f"{FACTORY}:ManagedPrivateEndpoint")
    assert lake.urn in graph.before(images)
    approval = graph.one(APPROVAL)
    assert approval.inputs["endpoint_name"] == lake.inputs["managedPrivateEndpointName"]
    assert approval.inputs["target_id"] == lake.inputs["properties"]["privateLinkResourceId"]


def test_nothing_starts_before_the_way_is_open(graph, triggers):
    approval = graph.one(APPROVAL)
    assert all(approval.urn in graph.before(trigger) for trigger in triggers.values())


def test_without_a_network_of_its_own_the_factory_has_no_runtime(made):
    graph = made("Ingestion", full=True, managed_network=False)
    assert graph.all(f"{FACTORY}:IntegrationRuntime") == graph.all(f"{FACTORY}:ManagedPrivateEndpoint") == []
    services = documents(graph, "LinkedService", "linkedServiceName").values()
    assert all("connectVia" not in service.inputs["properties"] for service in services)


def test_the_factory_is_encrypted_with_a_key_that_its_own_identities_may_use(graph):
    factory = graph.one(f"{FACTORY}:Factory").inputs
    assert factory["encryption"]["identity"]["userAssignedIdentity"] in factory["identity"]["userAssignedIdentities"]


@pytest.mark.parametrize(
    ("source", "when"),
    [
        (
            "orders",
            {
                "frequency": "Week",
                "interval": 1,
                "startTime": "2026-01-01T00:00:00",
                "timeZone": "W. Europe Standard Time",
                "schedule": {"minutes": [30], "hours": [23], "weekDays": ["Monday"]},
            },
        ),
        (
            "prices",
            {
                "frequency": "Hour",
                "interval": 1,
                "startTime": "2026-01-01T00:00:00Z",
                "timeZone": "UTC",
                "schedule": {"minutes": [0]},
            },
        ),
    ],
)
def test_tables_and_files_on_the_web_are_read_on_a_schedule(triggers, source, when):
    definition = triggers[source].inputs["definition"]
    assert definition["type"] == "ScheduleTrigger"
    assert definition["typeProperties"]["recurrence"] == when


def test_files_of_a_container_are_read_as_soon_as_they_are_there(triggers, pipelines):
    definition = triggers["images"].inputs["definition"]
    assert definition["type"] == "BlobEventsTrigger"
    listens = definition["typeProperties"]
    assert listens["scope"] == SOURCES["images"]["account_id"]
    assert (listens["blobPathBeginsWith"], listens["blobPathEndsWith"]) == ("/exports/blobs/images/daily/", ".parquet")
    passed = definition["pipelines"][0]["parameters"]
    assert passed.keys() == pipelines["images"]["parameters"].keys() == {"folder", "file"}
    assert listens["ignoreEmptyBlobs"]


def test_every_source_has_a_pipeline_and_what_starts_it(triggers, pipelines):
    assert pipelines.keys() == triggers.keys() == SOURCES.keys()


def test_what_lands_from_an_inbox_does_not_start_its_own_pipeline_again(triggers, pipelines):
    (land, *_) = pipelines["surveys"]["activities"]
    written = land["outputs"][0]["parameters"]
    listens = triggers["surveys"].inputs["definition"]["typeProperties"]["blobPathBeginsWith"]
    assert not f"/{written['zone']}/blobs/{written['folder']}/".startswith(listens)


def test_a_tables_name_is_quoted_and_starts_no_expression(made):
    source = {**SOURCES["orders"], "schema_name": "it's", "table": "a]b@{c}"}
    (pipeline,) = made("Ingestion", sources={"odd": source}).all(f"{FACTORY}:Pipeline")
    query = pipeline.inputs["activities"][0]["source"]["sqlReaderQuery"]
    assert query == "SELECT * FROM [it's].[a]]b@@{c}]"


def test_rows_land_before_they_are_judged_and_only_then_move_on(pipelines):
    land, inspect, judge = pipelines["orders"]["activities"]
    assert inspect["dependsOn"][0] == {"activity": land["name"], "dependencyConditions": ["Succeeded"]}
    assert judge["dependsOn"][0]["activity"] == inspect["name"]
    assert land["outputs"][0]["parameters"]["zone"] == "landing"
    (accept,) = judge["ifTrueActivities"]
    assert accept["inputs"][0]["parameters"] == land["outputs"][0]["parameters"]
    assert accept["outputs"][0]["parameters"]["zone"] == "raw"


def test_data_that_fails_goes_into_quarantine_and_the_run_fails_which_alerts(pipelines):
    quarantine, refuse = pipelines["orders"]["activities"][-1]["ifFalseActivities"]
    assert quarantine["outputs"][0]["parameters"]["zone"] == "refused"
    assert refuse["type"] == "Fail"
    assert refuse["dependsOn"][0]["activity"] == quarantine["name"]


def test_rows_that_fit_no_column_are_kept_with_the_reason_of_each(pipelines):
    land = pipelines["orders"]["activities"][0]
    assert land["enableSkipIncompatibleRow"]
    assert land["logSettings"]["logLocationSettings"]["path"] == "refused/orders/rejected"
    assert land["logSettings"]["copyActivityLogSettings"]["logLevel"] == "Warning"


def test_a_whole_table_is_never_read_twice_at_once(pipelines):
    assert pipelines["orders"]["concurrency"] == 1
    assert "concurrency" not in pipelines["surveys"]


CHECKS = ChecksArgs(min_rows=10, max_rejected_rows=2, columns=["id", "day's"])


@pytest.mark.parametrize(
    ("copied", "rejected", "columns", "counts"),
    [
        (10, 2, ["id", "day's", "more"], True),
        (9, 0, ["id", "day's"], False),
        (10, 3, ["id", "day's"], False),
        (10, 0, ["day's"], False),
        (10, 0, ["id", "days"], False),
        (10, 0, ["identity", "day's"], False),
    ],
)
def test_only_data_that_keeps_every_check_counts(copied, rejected, columns, counts):
    outputs = {
        "Land": SimpleNamespace(rowsCopied=copied, rowsSkipped=rejected),
        "Inspect": SimpleNamespace(structure=[{"name": name, "type": "String"} for name in columns]),
    }
    assert evaluated(verdict(CHECKS), outputs) is counts


def evaluated(expression, outputs):
    """The value of an expression of Data Factory, whose calls and texts read as Python's but for `and` and quotes."""
    assert expression.startswith("@")
    functions = {
        "both": lambda one, other: one and other,
        "greaterOrEquals": lambda one, other: one >= other,
        "lessOrEquals": lambda one, other: one <= other,
        "contains": lambda text, part: part in text,
        "string": lambda value: json.dumps(value, separators=(",", ":")),
        "concat": lambda *texts: "".join(texts),
        "activity": lambda name: SimpleNamespace(output=outputs[name]),
    }
    python = expression[1:].replace("and(", "both(").replace("''", "\\'")
    return eval(python, {"__builtins__": {}}, functions)


def test_identities_stand_in_the_form_of_resource_manager_as_the_provider_leaves_them_untyped(graph):
    assigned = graph.one(f"{FACTORY}:Factory").inputs["identity"]["userAssignedIdentities"]
    assert list(assigned.values()) == [{}, {}]
