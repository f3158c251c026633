"""Elastic jobs."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Once, Platform
from tests.unit.arm.samples_sql import Sql, agent_body, database_body, sql


@pytest.fixture
def made(azure: Azure, platform: Platform, once: Once) -> Sql:
    servers: Sql = once("sql", lambda: sql(azure, platform))
    return servers


@pytest.fixture
def agent(azure: Azure, platform: Platform, made: Sql, once: Once) -> str:
    path = f"{made.server}/jobAgents/quality"
    once("job agent", lambda: azure.put(path, agent_body(platform, made)))
    return path


def lasting(**properties: object) -> Json:
    return {"properties": properties}


def target(database: str = "jobs", server: str = "sql-test.database.windows.net") -> Json:
    return {"type": "SqlDatabase", "serverName": server, "databaseName": database}


@pytest.mark.parametrize(
    ("database", "code"),
    [
        ("none", "DatabaseDoesNotExist"),
        ("master", "CannotUseReservedDatabaseName"),
        ("small", "JobAgentDatabaseEditionUnsupported"),
        ("sleepy", "ElasticJobsNotSupportedOnAutoPauseEnabledDatabase"),
    ],
)
def test_a_job_database_exists_is_large_enough_and_stays_awake(
    azure: Azure, platform: Platform, made: Sql, database: str, code: str
) -> None:
    azure.put(f"{made.server}/databases/small", database_body("S0"))
    azure.put(f"{made.server}/databases/sleepy", database_body("GP_S_Gen5_1", autoPauseDelay=60))
    body = agent_body(platform, made)
    body["properties"]["databaseId"] = f"{made.server}/databases/{database}"
    answer = azure("PUT", f"{made.server}/jobAgents/quality", body)
    assert (answer.status, answer.code) == (400, code)


def test_a_serverless_job_database_that_never_pauses_will_do(azure: Azure, platform: Platform, made: Sql) -> None:
    body = agent_body(platform, made)
    body["properties"]["databaseId"] = f"{made.server}/databases/awake"
    azure.put(f"{made.server}/databases/awake", database_body("GP_S_Gen5_1", autoPauseDelay=-1))
    azure.put(f"{made.server}/jobAgents/quality", body)
    answer = azure("PUT", f"{made.server}/databases/awake", database_body("GP_S_Gen5_1", autoPauseDelay=60))
    assert answer.code == "ElasticJobsNotSupportedOnAutoPauseEnabledDatabase"


def test_a_job_database_is_on_the_agents_server_and_serves_one_agent(
    azure: Azure, platform: Platform, made: Sql, agent: str
) -> None:
    second = f"{made.server}/jobAgents/second"
    assert azure("PUT", second, agent_body(platform, made)).code == "JobAgentDatabaseAlreadyLinked"
    far = agent_body(platform, made)
    answer = azure("PUT", f"{made.partner}/jobAgents/quality", far | {"location": "northeurope"})
    assert answer.code == "MismatchingServerNameWithUrl"
    assert azure("DELETE", made.jobs).code == "CannotMoveOrDropJobAccountDatabase"
    azure.delete(agent)
    azure.delete(made.jobs)


def test_an_agent_has_one_user_assigned_identity_at_most(azure: Azure, platform: Platform, made: Sql) -> None:
    path = f"{made.server}/jobAgents/quality"
    body = agent_body(platform, made)
    two = {platform.identity: {}, f"{platform.identity}2": {}}
    several = body | {"identity": {"type": "UserAssigned", "userAssignedIdentities": two}}
    assert azure("PUT", path, several).code == "MultipleIdentitiesOnJobAgent"
    assert azure("PUT", path, body | {"identity": {"type": "SystemAssigned"}}).code == "InvalidIdentityType"


@pytest.mark.parametrize(
    ("member", "named"),
    [
        ({"type": "SqlDatabase", "serverName": "s"}, "databaseName"),
        ({"type": "SqlServer"}, "serverName"),
        ({"type": "Table"}, "Table"),
    ],
)
def test_a_target_names_what_its_type_needs(azure: Azure, agent: str, member: Json, named: str) -> None:
    answer = azure("PUT", f"{agent}/targetGroups/all", lasting(members=[member]))
    assert (answer.code, named in answer.message) == ("InvalidResourceRequestBody", True)


@pytest.mark.parametrize("schedule", [{"type": "Recurring"}, {"type": "Recurring", "interval": "hourly"}])
def test_a_recurring_job_has_an_interval(azure: Azure, agent: str, schedule: Json) -> None:
    answer = azure("PUT", f"{agent}/jobs/checks", lasting(schedule=schedule))
    assert (answer.code, "interval" in answer.message) == ("InvalidResourceRequestBody", True)


def test_a_step_signs_in_with_the_agents_identity_or_a_credential(
    azure: Azure, platform: Platform, made: Sql, agent: str
) -> None:
    group, job = f"{agent}/targetGroups/all", f"{agent}/jobs/checks"
    azure.put(group, lasting(members=[target()]))
    azure.put(job, lasting())
    step = lasting(targetGroup=group, action={"value": "SELECT 1"})
    azure.put(f"{job}/steps/one", step)
    assert azure.put(f"{job}/steps/two", step).properties["stepId"] == 2
    nobody = {name: value for name, value in agent_body(platform, made).items() if name != "identity"}
    azure.put(agent, nobody)
    answer = azure("PUT", f"{job}/steps/three", step)
    assert (answer.code, "credential" in answer.message) == ("InvalidResourceRequestBody", True)
    step["properties"]["credential"] = f"{agent}/credentials/one"
    azure.put(f"{job}/steps/three", step)


def test_a_step_needs_its_target_group_and_its_text(azure: Azure, agent: str) -> None:
    group, job = f"{agent}/targetGroups/all", f"{agent}/jobs/checks"
    azure.put(job, lasting())
    missing = azure("PUT", f"{job}/steps/one", lasting(targetGroup=group, action={"value": "SELECT 1"}))
    assert missing.code == "LinkedResourceNotFound"
    azure.put(group, lasting(members=[target()]))
    empty = azure("PUT", f"{job}/steps/one", lasting(targetGroup=group, action={"value": " "}))
    assert (empty.code, "action.value" in empty.message) == ("InvalidResourceRequestBody", True)


@pytest.mark.parametrize(("database", "lifecycle"), [("jobs", "Skipped"), ("none", "Failed")])
def test_a_job_that_is_started_is_recorded_and_says_what_became_of_it(
    azure: Azure, agent: str, database: str, lifecycle: str
) -> None:
    group, job = f"{agent}/targetGroups/all", f"{agent}/jobs/checks"
    azure.put(group, lasting(members=[target(database)]))
    azure.put(job, lasting())
    assert azure("POST", f"{job}/start").code == "InvalidResourceRequestBody"
    azure.put(f"{job}/steps/one", lasting(targetGroup=group, action={"value": "SELECT 1"}))
    started = azure("POST", f"{job}/start")
    assert started.properties["lifecycle"] == lifecycle
    listed = azure("GET", f"{job}/executions").body["value"]
    assert [execution["name"] for execution in listed] == [started.body["name"]]
    assert ("runs no T-SQL" in started.properties["lastMessage"]) == (lifecycle == "Skipped")


def test_an_agents_private_endpoint_leads_to_a_server(azure: Azure, made: Sql, agent: str) -> None:
    path = f"{agent}/privateEndpoints/pe"
    answer = azure("PUT", path, lasting(targetServerAzureResourceId=f"{made.server}-none"))
    assert answer.code == "LinkedResourceNotFound"
    shown = azure.put(path, lasting(targetServerAzureResourceId=made.server))
    assert shown.properties["privateEndpointId"].startswith("EJ_")
    assert azure("GET", made.server).body["location"] == REGION
