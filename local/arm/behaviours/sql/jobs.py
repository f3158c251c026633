"""Elastic jobs: agents, target groups, jobs, their steps and executions. T-SQL is recorded, not executed.

Sources: learn.microsoft.com/rest/api/sql/job-agents/create-or-update (with its error codes), /job-target-groups, /jobs,
/job-steps, /job-executions and /job-private-endpoints; .../azure/azure-sql/database/elastic-jobs-overview.
"""

import re
import uuid

from local.arm.behaviours.sql.databases import (
    JOB_AGENT,
    agent_of,
    auto_pause_under_jobs,
    is_master,
    is_paused_when_idle,
)
from local.arm.behaviours.sql.servers import DATABASE, SERVER
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType
from local.arm.store import Resource

TARGET_GROUP, JOB = f"{JOB_AGENT}/targetGroups", f"{JOB_AGENT}/jobs"
STEP, EXECUTION = f"{JOB}/steps", f"{JOB}/executions"
NAMES = NameRule(r"[^<>*%&:\\/?]{0,127}[^<>*%&:\\/?. ]", "1 to 128 characters, none of <>*%&:\\/?, no '.' at the end")
SKUS = ("JA100", "JA200", "JA400", "JA800")
"""Sizes of an agent: how many jobs run at once."""
_TOO_SMALL = frozenset({"Basic", "S0"})
_INTERVAL = re.compile(r"P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?")
_NEEDED = {
    "SqlServer": ("serverName",),
    "SqlDatabase": ("serverName", "databaseName"),
    "SqlElasticPool": ("serverName", "elasticPoolName"),
    "SqlShardMap": ("serverName", "databaseName", "shardMapName"),
}
"""What a member of a target group names, by its type."""


def _check_database(change: Change) -> None:
    """The job database lies on the agent's server, is large enough, stays awake and serves no other agent."""
    path, reference = "properties.databaseId", str(change.get("properties.databaseId", ""))
    id = ResourceId.parse(reference)
    if id.type.casefold() != DATABASE.casefold():
        raise bad_request("InvalidDatabaseResourceId", f"'{reference}' is no id of a database.", target=path)
    if id.parent is None or id.parent.key != change.parent.id.key:
        message = f"The database '{reference}' is not on the agent's server '{change.parent.name}'."
        raise bad_request("MismatchingServerNameWithUrl", message, target=path)
    if is_master(id):
        message = "Cannot use reserved database name 'master' in this operation."
        raise bad_request("CannotUseReservedDatabaseName", message, target=path)
    database = change.cloud.store.get(id)
    if database is None:
        raise bad_request("DatabaseDoesNotExist", f"The requested database '{id.name}' was not found.", target=path)
    objective = str(database.properties.get("currentServiceObjectiveName"))
    if objective in _TOO_SMALL:
        message = (
            f"The specified database's service level objective '{objective}' is not supported for use as a job agent "
            "database; S1 is the least."
        )
        raise bad_request("JobAgentDatabaseEditionUnsupported", message, target=path)
    if is_paused_when_idle(database):
        raise auto_pause_under_jobs(database.id, change.id.name)
    other = agent_of(change.cloud, database.id)
    if other and other.id.key != change.id.key:
        message = f"The database '{id.name}' is already linked to the job agent '{other.name}'."
        raise bad_request("JobAgentDatabaseAlreadyLinked", message, target=path)


def _check_agent(change: Change) -> None:
    sku = change.get("sku.name", SKUS[0])
    if sku not in SKUS:
        raise bad_request("InvalidSkuName", f"sku.name is '{sku}'; it must be one of {', '.join(SKUS)}.", target="sku")
    attached = change.get("identity.userAssignedIdentities", {})
    if len(attached) > 1:
        message = f"A job agent has one user-assigned identity; {len(attached)} were sent."
        raise bad_request("MultipleIdentitiesOnJobAgent", message, target="identity.userAssignedIdentities")
    if "SystemAssigned" in change.get("identity.type", "None"):
        message = f"identity.type is '{change.get('identity.type')}'; a job agent has a user-assigned identity or none."
        raise bad_request("InvalidIdentityType", message, target="identity.type")


def _agent(change: Change) -> Json:
    name = change.get("sku.name", SKUS[0])
    return {
        "sku": {"name": name, "capacity": int(name.removeprefix("JA"))},
        "properties": {"state": "Ready"},
    }


def _check_members(change: Change) -> None:
    for number, target in enumerate(change.get("properties.members", [])):
        path = f"properties.members[{number}]"
        kind = str(target.get("type", "")) if isinstance(target, dict) else ""
        if kind not in _NEEDED:
            message = f"{path}.type is '{kind}'; it must be one of {', '.join(_NEEDED)}."
            raise bad_request("InvalidResourceRequestBody", message, target=f"{path}.type")
        missing = [name for name in _NEEDED[kind] if not target.get(name)]
        if missing:
            message = f"{path} is a {kind}; it has to name {', '.join(missing)}."
            raise bad_request("InvalidResourceRequestBody", message, target=path)
        if kind in ("SqlServer", "SqlElasticPool") and not (target.get("refreshCredential") or _has_identity(change)):
            message = f"{path} is a {kind}; it needs refreshCredential, as the job agent has no identity."
            raise bad_request("InvalidResourceRequestBody", message, target=f"{path}.refreshCredential")


def _has_identity(change: Change) -> bool:
    agent = change.cloud.store.get(_agent_id(change.id))
    return agent is not None and agent.body.get("identity", {}).get("type", "None") != "None"


def _agent_id(id: ResourceId) -> ResourceId:
    return next(upper for upper in id.upwards() if upper.type == JOB_AGENT)


def _check_schedule(change: Change) -> None:
    path = "properties.schedule"
    interval = change.get(f"{path}.interval")
    if change.get(f"{path}.type", "Once") == "Recurring" and interval is None:
        message = "schedule.type is 'Recurring'; interval is missing."
        raise bad_request("InvalidResourceRequestBody", message, target=f"{path}.interval")
    if interval is not None and not _INTERVAL.fullmatch(str(interval)):
        message = f"schedule.interval is '{interval}'; it must be an ISO 8601 duration such as PT1H."
        raise bad_request("InvalidResourceRequestBody", message, target=f"{path}.interval")


def _job(change: Change) -> Json:
    defaults = {
        "enabled": False,
        "startTime": "0001-01-01T00:00:00Z",
        "endTime": "9999-12-31T11:59:59Z",
        "type": "Once",
    }
    return {
        "properties": {
            "description": change.get("properties.description", ""),
            "version": change.keep("properties.version", lambda: 0),
            "schedule": {**defaults, **change.get("properties.schedule", {})},
        }
    }


def _check_step(change: Change) -> None:
    group = str(change.get("properties.targetGroup", ""))
    change.cloud.find(group, TARGET_GROUP, property_path="properties.targetGroup")
    if not str(change.get("properties.action.value", "")).strip():
        message = "action.value is empty; it must be the T-SQL of the step."
        raise bad_request("InvalidResourceRequestBody", message, target="properties.action.value")
    signed_in = ("properties", "properties.output") if change.get("properties.output") else ("properties",)
    for above in signed_in:
        if not change.get(f"{above}.credential") and not _has_identity(change):
            message = (
                f"{above}.credential is missing, and the job agent has no identity to sign in with; give the agent a "
                "user-assigned identity."
            )
            raise bad_request("InvalidResourceRequestBody", message, target=f"{above}.credential")


def _step(change: Change) -> Json:
    others = [step for step in _steps(change.cloud, change.parent.id) if step.id.key != change.id.key]
    options = {
        "timeoutSeconds": 43200,
        "retryAttempts": 10,
        "initialRetryIntervalSeconds": 1,
        "maximumRetryIntervalSeconds": 120,
        "retryIntervalBackoffMultiplier": 2,
    }
    return {
        "properties": {
            "stepId": change.get("properties.stepId", 0) or change.was("properties.stepId") or len(others) + 1,
            "action": {"type": "TSql", "source": "Inline", **change.get("properties.action", {})},
            "executionOptions": {**options, **change.get("properties.executionOptions", {})},
        }
    }


def _steps(cloud: Cloud, job: ResourceId) -> list[Resource]:
    found = [item for item in cloud.store.below(job) if item.type == STEP]
    return sorted(found, key=lambda step: int(step.properties["stepId"]))


def _start(call: Call) -> Json:
    """A run of the job as a resource: nothing is executed, and it says so."""
    cloud, job = call.cloud, call.resource
    steps = _steps(cloud, job.id)
    if not steps:
        raise bad_request("InvalidResourceRequestBody", f"The job '{job.name}' has no steps to run.")
    name, now = str(uuid.uuid4()), cloud.now()
    absent = [text for step in steps for text in _absent_targets(cloud, step)]
    message = (
        f"Not found: {', '.join(absent)}."
        if absent
        else f"Recorded, not executed: this local Azure runs no T-SQL ({', '.join(step.name for step in steps)})."
    )
    properties = {
        "jobVersion": job.properties["version"],
        "jobExecutionId": name,
        "lifecycle": "Failed" if absent else "Skipped",
        "provisioningState": "Failed" if absent else "Succeeded",
        "createTime": now,
        "startTime": now,
        "endTime": now,
        "currentAttempts": 1,
        "lastMessage": message,
    }
    execution = Resource(
        job.id.child("executions", name),
        EXECUTION,
        job.api_version,
        sent=None,
        body={"properties": properties},
        created=now,
        changed=now,
    )
    cloud.store.put(execution)
    return {"id": execution.id.text, "name": name, "type": EXECUTION, **execution.body}


def _absent_targets(cloud: Cloud, step: Resource) -> list[str]:
    """The servers and databases of a step's target group that this Azure does not have."""
    group = cloud.store.get(ResourceId.parse(str(step.properties["targetGroup"])))
    absent = []
    for target in group.properties.get("members", []) if group else []:
        host, database = str(target["serverName"]), target.get("databaseName")
        server = next(iter(cloud.store.of_type(SERVER, name=host.partition(".")[0])), None)
        if server is None:
            absent.append(host)
        elif database and cloud.store.get(server.id.child("databases", database)) is None:
            absent.append(f"{host}/{database}")
    return absent


def _check_target_server(change: Change) -> None:
    path = "properties.targetServerAzureResourceId"
    change.cloud.find(str(change.get(path, "")), SERVER, property_path=path)


def _private_endpoint(change: Change) -> Json:
    name = change.keep("properties.privateEndpointId", lambda: f"EJ_{uuid.uuid4()}_{change.id.name}")
    return {"properties": {"privateEndpointId": name}}


TYPES = (
    ResourceType(
        name=JOB_AGENT,
        tracked=True,
        names=NAMES,
        provisioning_state=False,
        immutable=("properties.databaseId",),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_database, _check_agent),
        complete=_agent,
    ),
    ResourceType(
        name=TARGET_GROUP,
        names=NAMES,
        provisioning_state=False,
        checks=(_check_members,),
    ),
    ResourceType(
        name=JOB,
        names=NAMES,
        provisioning_state=False,
        checks=(_check_schedule,),
        complete=_job,
        actions={"start": _start},
    ),
    ResourceType(
        name=STEP,
        names=NAMES,
        provisioning_state=False,
        checks=(_check_step,),
        complete=_step,
    ),
    ResourceType(name=EXECUTION, provisioning_state=False),
    ResourceType(
        name=f"{JOB_AGENT}/privateEndpoints",
        names=NAMES,
        provisioning_state=False,
        immutable=("properties.targetServerAzureResourceId",),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_target_server,),
        complete=_private_endpoint,
    ),
)
