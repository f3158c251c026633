"""The SQL database and its jobs: what their arguments change."""

from itertools import combinations

import pytest
from pydantic import ValidationError

from azure_ml_platform.components.sql_jobs import SqlJobsArgs

SQL = "azure-native:sql"
PEOPLE = {"table": "people", "kind": "not-null", "column": "mail"}


@pytest.mark.avoids("sql-logins")
def test_a_server_knows_no_password_and_answers_nobody(made):
    server = made("SqlDatabase").one(f"{SQL}:Server").inputs
    assert server["administrators"]["azureADOnlyAuthentication"] is True
    assert not {"administratorLogin", "administratorLoginPassword"} & set(server)
    assert (server["publicNetworkAccess"], server["minimalTlsVersion"]) == ("Disabled", "1.2")
    assert server["primaryUserAssignedIdentityId"] in server["identity"]["userAssignedIdentities"]


def test_the_default_is_serverless_and_sleeps(made):
    database = made("SqlDatabase").one(f"{SQL}:Database").inputs
    assert (database["sku"], database["autoPauseDelay"], database["minCapacity"]) == ({"name": "GP_S_Gen5_1"}, 60, 0.5)
    assert database["requestedBackupStorageRedundancy"] == "Local"


def test_a_serverless_database_can_stay_awake(made):
    assert made("SqlDatabase", auto_pause_minutes=None).one(f"{SQL}:Database").inputs["autoPauseDelay"] == -1


def test_a_fixed_size_says_nothing_that_only_serverless_has(made):
    database = made("SqlDatabase", sku="GP_Gen5_2").one(f"{SQL}:Database").inputs
    assert not {"autoPauseDelay", "minCapacity"} & set(database)


@pytest.mark.avoids("one-operation-at-a-time")
def test_every_part_of_the_server_waits_for_the_one_before(made):
    graph = made("SqlDatabase", full=True)
    parts = [node for node in graph if node.type.startswith(SQL)]
    for one, other in combinations(parts, 2):
        assert one.urn in graph.before(other) or other.urn in graph.before(one), (one.name, other.name)


def test_the_audit_goes_to_log_analytics_through_master(made):
    graph = made("SqlDatabase", diagnostics={"workspace_id": "/logs"})
    audit = graph.one(f"{SQL}:ExtendedServerBlobAuditingPolicy").inputs
    assert (audit["isAzureMonitorTargetEnabled"], audit["isDevopsAuditEnabled"]) == (True, True)
    settings = {node.inputs["name"]: node.inputs for node in graph.all("azure-native:monitor:DiagnosticSetting")}
    assert settings["audit-to-log-analytics"]["resourceUri"].endswith("/databases/master")
    assert not made("SqlDatabase").all(f"{SQL}:ExtendedServerBlobAuditingPolicy")


def test_a_closed_server_has_no_rules_inwards_and_an_open_one_has_those_given(made):
    assert not made("SqlDatabase", network={"allowed_ip_ranges": ["198.51.100.7"]}).all(f"{SQL}:FirewallRule")
    network = {"public": True, "allowed_ip_ranges": ["198.51.100.8/30"]}
    rule = made("SqlDatabase", network=network).one(f"{SQL}:FirewallRule").inputs
    assert (rule["startIpAddress"], rule["endIpAddress"]) == ("198.51.100.8", "198.51.100.11")


def test_hosts_that_may_be_called_close_all_others(made):
    graph = made("SqlDatabase", outbound_hosts=["st.blob.core.windows.net"])
    assert graph.one(f"{SQL}:Server").inputs["restrictOutboundNetworkAccess"] == "Enabled"
    assert graph.one(f"{SQL}:OutboundFirewallRule").inputs["outboundRuleFqdn"] == "st.blob.core.windows.net"


def test_a_key_is_named_on_the_server_as_azure_wants(made):
    keys = made("SqlDatabase", full=True).all("azure-native:sql:ServerKey")
    assert {node.inputs["keyName"] for node in keys} == {"kv_tde_0a1b"}
    assert {node.inputs["serverName"] for node in keys} == {"sql", "sql-partner"}


def test_clients_connect_to_the_failover_group_where_there_is_one(made):
    graph = made("SqlDatabase", full=True)
    group = graph.one(f"{SQL}:FailoverGroup").inputs
    assert group["readWriteEndpoint"]["failoverWithDataLossGracePeriodMinutes"] == 90
    assert group["secondaryType"] == "Standby"
    assert graph.one("azure-ml-platform:index:SqlDatabase").outputs["host"].startswith("sqlfg.")


def test_jobs_sign_in_with_an_identity_and_keep_no_credential(made):
    graph = made("SqlJobs", full=True)
    assert graph.one(f"{SQL}:JobAgent").inputs["identity"]["type"] == "UserAssigned"
    assert not graph.all(f"{SQL}:JobCredential")
    assert all("credential" not in step.inputs for step in graph.all(f"{SQL}:JobStep"))


def test_the_job_database_has_a_fixed_size_for_it_may_not_pause(made):
    assert made("SqlJobs").one(f"{SQL}:Database").inputs["sku"] == {"name": "S1"}


def test_each_check_is_a_job_of_its_own_with_its_own_interval(made):
    graph = made("SqlJobs", checks={"mails": PEOPLE, "hourly": {**PEOPLE, "interval": "PT1H"}})
    intervals = {job.inputs["jobName"]: job.inputs["schedule"]["interval"] for job in graph.all(f"{SQL}:Job")}
    assert intervals == {"check-mails": "P1D", "check-hourly": "PT1H"}


@pytest.mark.parametrize(("severity", "raises"), [("fail", True), ("warn", False)])
def test_a_violation_raises_where_it_is_severe(made, severity, raises):
    step = made("SqlJobs", checks={"mails": {**PEOPLE, "severity": severity}}).one(f"{SQL}:JobStep").inputs
    assert ("IF @violations > 0 RAISERROR" in step["action"]["value"]) == raises


def test_users_and_columns_are_kept_by_one_job(made):
    text = made("SqlJobs", full=True, checks={}).one(f"{SQL}:JobStep").inputs["action"]["value"]
    assert "CREATE USER [id-compute]" in text
    assert "ALTER ROLE [db_datawriter] ADD MEMBER [id-compute]" in text
    assert "ADD SENSITIVITY CLASSIFICATION TO [dbo].[people].[mail]" in text
    assert "ADD MASKED WITH" in text


@pytest.mark.parametrize("check", [{**PEOPLE, "kind": "none"}, {"table": "people", "kind": "unique", "columns": []}])
def test_a_check_is_one_of_those_there_are(made, check):
    with pytest.raises(ValidationError):
        made("SqlJobs", checks={"odd": check})


def test_the_checks_arguments_are_told_apart_by_their_kind():
    args = SqlJobsArgs.model_validate(
        {
            "resource_group_name": "rg",
            "location": "westeurope",
            "server_name": "sql",
            "server_id": "/sql",
            "server_host": "sql",
            "database_name": "data",
            "agent_name": "agent",
            "identity_id": "/id",
            "checks": {"mails": PEOPLE},
        }
    )
    assert type(args.checks["mails"]).__name__ == "NotNullCheck"
