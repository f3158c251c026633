"""How data comes into the lake of the committed stacks."""

import pytest

from tests.harness.stacks import STACKS, build_platform, graph_of, settings_of

FACTORY = "azure-native:datafactory"
ROLE = "azure-native:authorization:RoleAssignment"
APPROVAL = "pulumi-python:dynamic/azure_ml_platform:LinkApproval"
TRIGGER = "pulumi-python:dynamic/azure_ml_platform:Trigger"
LOCK = "azure-native:authorization:ManagementLockByScope"
INGESTION = "mlops-ingestion"


@pytest.fixture(params=STACKS)
def graph(request):
    return graph_of(request.param)


@pytest.fixture
def dev():
    return graph_of("dev")


@pytest.fixture
def prod():
    return graph_of("prod")


def test_what_was_predicted_comes_into_the_lake_every_night(graph):
    pipeline = graph.one(f"{FACTORY}:Pipeline").inputs
    assert "[predictions]" in pipeline["activities"][0]["source"]["sqlReaderQuery"]
    trigger = graph.one(TRIGGER).inputs
    assert trigger["definition"]["typeProperties"]["recurrence"]["frequency"] == "Day"


def test_the_factory_acts_as_an_identity_of_its_own_that_writes_three_zones_and_no_other(graph):
    identity = graph.one("azure-native:managedidentity:UserAssignedIdentity", "mlops-identities-ingestion")
    assert identity.id in graph.one(f"{FACTORY}:Factory").inputs["identity"]["userAssignedIdentities"]
    mine = [role for role in graph.all(ROLE) if role.inputs["principalId"] == identity.state["principalId"]]
    zones = {role.inputs["scope"].rpartition("/")[2] for role in mine}
    assert zones == {"landing", "raw", "quarantine"}


def test_that_identity_is_a_user_of_the_database_who_reads_only(graph):
    (step,) = [node for node in graph.all("azure-native:sql:JobStep") if "ingestion" in str(node.inputs["action"])]
    script = step.inputs["action"]["value"]
    name = graph.one("azure-native:managedidentity:UserAssignedIdentity", "mlops-identities-ingestion").id
    own = [line for line in script.splitlines() if name.rpartition("/")[2] in line]
    assert any("db_datareader" in line for line in own)
    assert not any("db_datawriter" in line for line in own)


def test_copies_run_anywhere_in_development_and_in_a_closed_network_in_production(dev, prod):
    assert dev.all(f"{FACTORY}:IntegrationRuntime") == dev.all(f"{FACTORY}:ManagedPrivateEndpoint") == []
    groups = {node.inputs["properties"]["groupId"] for node in prod.all(f"{FACTORY}:ManagedPrivateEndpoint")}
    assert groups == {"dfs", "sqlServer"}
    assert len(prod.all(APPROVAL)) == 2


def test_production_locks_its_data_after_the_factorys_way_to_it(prod):
    before = prod.before(prod.one(LOCK, "mlops-data-lock"))
    assert all(approval.urn in before for approval in prod.all(APPROVAL))


def test_only_production_closes_the_factory_and_encrypts_it_with_a_key_of_its_own(dev, prod):
    assert dev.one(f"{FACTORY}:Factory").inputs["publicNetworkAccess"] == "Enabled"
    closed = prod.one(f"{FACTORY}:Factory").inputs
    assert closed["publicNetworkAccess"] == "Disabled"
    assert closed["encryption"]["keyName"] == "ingestion"
    names = {node.name for node in prod.all("azure-native:network:PrivateEndpoint")}
    assert {f"{INGESTION}-datafactory-endpoint", f"{INGESTION}-portal-endpoint"} <= names


def test_somebody_is_told_when_a_copy_fails_or_its_data_fails_its_checks(graph):
    watched = graph.one(f"{FACTORY}:Factory").id
    alerts = [node for node in graph.all("azure-native:monitor:MetricAlert") if watched in node.inputs["scopes"]]
    metrics = {alert.inputs["criteria"]["allOf"][0]["metricName"] for alert in alerts}
    assert "PipelineFailedRuns" in metrics


def test_runs_are_logged(graph):
    setting = graph.one("azure-native:monitor:DiagnosticSetting", f"{INGESTION}-diagnostics")
    assert {log["category"] for log in setting.inputs["logs"]} == {"ActivityRuns", "PipelineRuns", "TriggerRuns"}


def test_the_stack_tells_its_factory_and_what_it_reads(graph):
    assert graph.exports["data_factory_name"].value == graph.one(f"{FACTORY}:Factory").inputs["factoryName"]
    assert graph.exports["ingestion_sources"].value == ["predictions"]


def test_ingestion_can_be_left_out_with_its_identity():
    graph = build_platform(settings_of("prod", ingestion={"enabled": False}))
    assert not any(node.type.startswith(FACTORY) for node in graph)
    assert not any("ingestion" in node.name for node in graph)


def test_any_kind_of_source_can_be_named_in_a_stack_file():
    sources = {
        "prices": {"kind": "https", "url": "https://data.example.com/prices.csv", "frequency": "Hour"},
        "surveys": {"kind": "inbox", "file_format": "parquet"},
        "images": {
            "kind": "blob",
            "account_id": "/subscriptions/00000000-0000-4000-8000-000000000007/resourceGroups/rg/providers/"
            "Microsoft.Storage/storageAccounts/stimages",
            "container": "images",
        },
        "orders": {
            "kind": "sql",
            "server": "shop.database.windows.net",
            "server_id": "/subscriptions/00000000-0000-4000-8000-000000000007/resourceGroups/rg/providers/"
            "Microsoft.Sql/servers/shop",
            "database": "shop",
            "table": "orders",
            "at": "04:30",
        },
    }
    graph = build_platform(settings_of("prod", ingestion={"sources": sources}))
    assert {node.inputs["pipelineName"] for node in graph.all(f"{FACTORY}:Pipeline")} == sources.keys()
    approved = {node.inputs["target_id"] for node in graph.all(APPROVAL)}
    asked = {
        node.inputs["properties"]["privateLinkResourceId"] for node in graph.all(f"{FACTORY}:ManagedPrivateEndpoint")
    }
    assert asked - approved == {sources["images"]["account_id"], sources["orders"]["server_id"]}
