"""The SQL database of the committed stacks: each row of what it has to be, in dev and in prod."""

import pytest

from azure_ml_platform.outputs import PlatformOutputs
from tests.harness.stacks import build_platform, graph_of, settings_of

SQL = "azure-native:sql"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"


@pytest.fixture(params=["dev", "prod"])
def stack(request):
    return request.param


@pytest.fixture
def graph(stack):
    return graph_of(stack)


def database(graph):
    return next(node for node in graph.all(f"{SQL}:Database") if node.name.endswith("sql-database"))


def server(graph):
    return next(node for node in graph.all(f"{SQL}:Server") if node.name.endswith("sql-server"))


def test_a_group_administers_the_server_and_nobody_has_a_password(graph):
    inputs = server(graph).inputs
    assert inputs["administrators"]["principalType"] == "Group"
    assert inputs["administrators"]["azureADOnlyAuthentication"] is True
    assert not {"administratorLogin", "administratorLoginPassword"} & set(inputs)


def test_the_server_has_an_identity_of_its_own_and_speaks_tls_12(graph):
    inputs = server(graph).inputs
    assert inputs["primaryUserAssignedIdentityId"].endswith("-sql")
    assert inputs["minimalTlsVersion"] == "1.2"


def test_prod_is_closed_both_ways_and_dev_answers_listed_addresses_only():
    dev, prod = server(graph_of("dev")).inputs, server(graph_of("prod")).inputs
    assert (dev["publicNetworkAccess"], prod["publicNetworkAccess"]) == ("Enabled", "Disabled")
    assert prod["restrictOutboundNetworkAccess"] == "Enabled"
    assert not graph_of("dev").all(f"{SQL}:FirewallRule")


def test_dev_is_serverless_and_sleeps_and_prod_is_spread_over_zones():
    dev, prod = database(graph_of("dev")).inputs, database(graph_of("prod")).inputs
    assert (dev["sku"]["name"], dev["minCapacity"], dev["autoPauseDelay"]) == ("GP_S_Gen5_1", 0.5, 60)
    assert (prod["sku"]["name"], prod["zoneRedundant"]) == ("GP_Gen5_2", True)
    redundancies = [inputs["requestedBackupStorageRedundancy"] for inputs in (dev, prod)]
    assert redundancies == ["Local", "GeoZone"]


def test_dev_keeps_backups_a_week_and_prod_for_years():
    dev = graph_of("dev").one(f"{SQL}:BackupShortTermRetentionPolicy").inputs
    prod = graph_of("prod").one(f"{SQL}:BackupShortTermRetentionPolicy").inputs
    assert (dev["retentionDays"], prod["retentionDays"], prod["diffBackupIntervalInHours"]) == (7, 35, 12)
    assert not graph_of("dev").all(f"{SQL}:LongTermRetentionPolicy")
    kept = graph_of("prod").one(f"{SQL}:LongTermRetentionPolicy").inputs
    assert [kept[f"{each}Retention"] for each in ("weekly", "monthly", "yearly")] == ["P4W", "P12M", "P5Y"]


def test_prod_fails_over_to_another_region():
    group = graph_of("prod").one(f"{SQL}:FailoverGroup").inputs
    assert group["readWriteEndpoint"]["failoverWithDataLossGracePeriodMinutes"] == 60
    partner = next(node for node in graph_of("prod").all(f"{SQL}:Server") if node.name.endswith("partner"))
    assert partner.inputs["location"] != server(graph_of("prod")).inputs["location"]
    assert not graph_of("dev").all(f"{SQL}:FailoverGroup")


def test_everything_is_audited_into_log_analytics(graph):
    servers = {node.id for node in graph.all(f"{SQL}:Server")}
    policies = graph.all(f"{SQL}:ExtendedServerBlobAuditingPolicy")
    assert len(policies) == len(servers)
    assert all(policy.inputs["isAzureMonitorTargetEnabled"] is True for policy in policies)
    audits = [node for node in graph.all(DIAGNOSTICS) if node.inputs["name"] == "audit-to-log-analytics"]
    assert {audit.inputs["resourceUri"] for audit in audits} == {f"{server}/databases/master" for server in servers}


def test_threats_and_vulnerabilities_are_watched_without_a_storage_account(graph):
    servers = graph.all(f"{SQL}:Server")
    policies = [policy.inputs for policy in graph.all(f"{SQL}:ServerSecurityAlertPolicy")]
    assert len(policies) == len(servers)
    for alerts in policies:
        assert (alerts["state"], alerts["emailAddresses"]) == ("Enabled", ["ml-platform@example.com"])
        assert "storageEndpoint" not in alerts
    assessments = [setting.inputs["state"] for setting in graph.all(f"{SQL}:SqlVulnerabilityAssessmentsSetting")]
    assert assessments == ["Enabled"] * len(servers)


def test_the_database_is_encrypted_and_logs_what_goes_wrong(graph):
    assert graph.one(f"{SQL}:TransparentDataEncryption").inputs["state"] == "Enabled"
    logged = [node for node in graph.all(DIAGNOSTICS) if node.name.endswith(("sql-diagnostics", "jobs-diagnostics"))]
    assert len(logged) == len(graph.all(f"{SQL}:Database"))
    for logs in logged:
        categories = {each["category"] for each in logs.inputs["logs"]}
        assert {"SQLInsights", "Errors", "Timeouts", "Deadlocks"} <= categories


def test_prod_is_encrypted_with_its_own_key_here_and_where_it_fails_over_to():
    assert graph_of("dev").all(f"{SQL}:EncryptionProtector") == []
    prod = graph_of("prod")
    key = prod.one("azure-native:keyvault:Key", "mlops-key-vault-sql-key")
    for server_key in prod.all(f"{SQL}:ServerKey"):
        assert server_key.inputs["uri"] == key.state["keyUriWithVersion"]
        # Rotation makes versions that no update is to undo.
        assert set(server_key.ignore_changes) == {"keyName", "uri"}
    protected = {node.inputs["serverName"] for node in prod.all(f"{SQL}:EncryptionProtector")}
    assert protected == {node.inputs["serverName"] for node in prod.all(f"{SQL}:Server")}
    group = prod.one(f"{SQL}:FailoverGroup")
    assert all(node.urn in prod.before(group) for node in prod.all(f"{SQL}:EncryptionProtector"))


def test_the_server_may_use_its_key_before_it_is_told_of_it():
    prod = graph_of("prod")
    identity = prod.one("azure-native:managedidentity:UserAssignedIdentity", "mlops-identities-sql")
    permission = prod.one("azure-native:authorization:RoleAssignment", "mlops-key-vault-sql-reader-role")
    assert permission.inputs["principalId"] == identity.state["principalId"]
    assert all(permission.urn in prod.before(node) for node in prod.all(f"{SQL}:ServerKey"))


def test_data_is_protected_in_prod_alone():
    assert [database(graph_of(stack)).protect for stack in ("dev", "prod")] == [False, True]
    assert [server(graph_of(stack)).protect for stack in ("dev", "prod")] == [False, True]


def test_checks_run_daily_in_dev_and_hourly_in_prod_and_a_failure_calls_somebody(stack, graph):
    jobs = [job.inputs for job in graph.all(f"{SQL}:Job") if job.inputs["jobName"].startswith("check-")]
    assert {job["schedule"]["interval"] for job in jobs} == {"PT1H" if stack == "prod" else "P1D"}
    assert all(job["schedule"]["enabled"] for job in jobs)
    agent = graph.one(f"{SQL}:JobAgent").id
    (alert,) = [
        node.inputs for node in graph.all("azure-native:monitor:MetricAlert") if node.inputs["scopes"] == [agent]
    ]
    assert alert["criteria"]["allOf"][0]["metricName"] == "elastic_jobs_failed"
    assert alert["actions"]


def test_jobs_sign_in_with_an_identity_of_their_own_on_a_database_that_never_pauses(graph):
    agent = graph.one(f"{SQL}:JobAgent").inputs
    assert [id_.endswith("-sql-jobs") for id_ in agent["identity"]["userAssignedIdentities"]] == [True]
    (jobs,) = [node for node in graph.all(f"{SQL}:Database") if node.name.endswith("jobs-database")]
    assert jobs.inputs["sku"] == {"name": "S1"}
    assert not graph.all(f"{SQL}:JobCredential")


def test_the_platforms_identities_read_and_the_compute_writes(graph):
    (step,) = [node for node in graph.all(f"{SQL}:JobStep") if node.name.endswith("access-step")]
    text = step.inputs["action"]["value"]
    assert text.count("ALTER ROLE [db_datawriter]") == 1
    assert text.count("ALTER ROLE [db_datareader]") >= 3


def test_a_closed_server_is_reached_by_its_jobs_through_a_private_endpoint():
    assert graph_of("prod").one(f"{SQL}:JobPrivateEndpoint")
    assert not graph_of("dev").all(f"{SQL}:JobPrivateEndpoint")


def test_readers_of_the_outputs_find_the_database(graph):
    outputs = PlatformOutputs.read({name: export.value for name, export in graph.exports.items()})
    assert outputs.sql_database_name == "data"
    assert "sql_host" in graph.exports


def test_a_stack_can_do_without():
    off = {"enabled": False}
    graph = build_platform(settings_of("dev", sql=off, ingestion=off))
    assert [node.type for node in graph if ":sql:" in node.type] == []
    assert [node.name for node in graph if node.name.endswith(("-sql", "-sql-jobs"))] == []
