"""Accepted bodies of Microsoft.Sql and Microsoft.DataFactory, each after those before it."""

from dataclasses import dataclass
from typing import Protocol

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

SERVERS = "Microsoft.Sql/servers"
DATABASES = f"{SERVERS}/databases"
AGENTS = f"{SERVERS}/jobAgents"
FACTORIES = "Microsoft.DataFactory/factories"
SID = "11111111-2222-3333-4444-555555555555"


class Add(Protocol):
    """Records the sample of a type; returns its path."""

    def __call__(self, kind: str, above: str, name: str, body: Json) -> str: ...


def server_body(parts: Platform, *, only: bool = True, **properties: object) -> Json:
    """An Entra-only server."""
    administrator = {
        "administratorType": "ActiveDirectory",
        "principalType": "Group",
        "login": "sql-admins",
        "sid": SID,
        "azureADOnlyAuthentication": only,
    }
    return {
        "location": REGION,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {parts.identity: {}}},
        "properties": {
            "administrators": administrator,
            "primaryUserAssignedIdentityId": parts.identity,
            **properties,
        },
    }


def database_body(sku: str, **properties: object) -> Json:
    """A database of a size."""
    return {"location": REGION, "sku": {"name": sku}, "properties": properties}


@dataclass
class Sql:
    """Ids of servers and of a database that can hold jobs."""

    server: str
    partner: str
    """In another region."""
    jobs: str


def sql(azure: Azure, parts: Platform) -> Sql:
    """Two servers in two regions and a database for jobs."""
    servers = f"{parts.group}/providers/{SERVERS}"
    made = Sql(f"{servers}/sql-test", f"{servers}/sql-partner", f"{servers}/sql-test/databases/jobs")
    azure.put(made.server, server_body(parts, restrictOutboundNetworkAccess="Enabled"))
    azure.put(made.partner, server_body(parts) | {"location": "northeurope"})
    azure.put(made.jobs, database_body("S1"))
    return made


def add_sql(azure: Azure, parts: Platform, add: Add) -> None:
    """A server, databases, jobs."""
    made = sql(azure, parts)
    server = made.server
    add(SERVERS, parts.group, "sql-sample", server_body(parts))
    add(f"{SERVERS}/administrators", server, "ActiveDirectory", {"properties": {"login": "others", "sid": SID}})
    add(f"{SERVERS}/azureADOnlyAuthentications", server, "Default", {"properties": {"azureADOnlyAuthentication": True}})
    add(f"{SERVERS}/firewallRules", server, "office", _rule("203.0.113.1", "203.0.113.9"))
    add(f"{SERVERS}/outboundFirewallRules", server, "sttest.blob.core.windows.net", {})
    uri = "https://kv-test.vault.azure.net/keys/tde/0123456789abcdef"
    key = {"properties": {"serverKeyType": "AzureKeyVault", "uri": uri}}
    add(f"{SERVERS}/keys", server, "kv-test_tde_0123456789abcdef", key)
    protector = {"serverKeyType": "AzureKeyVault", "serverKeyName": "kv-test_tde_0123456789abcdef"}
    add(f"{SERVERS}/encryptionProtector", server, "current", {"properties": protector})
    audited = {"properties": {"state": "Enabled", "isAzureMonitorTargetEnabled": True}}
    add(f"{SERVERS}/extendedAuditingSettings", server, "default", audited)
    alerts = {"properties": {"state": "Enabled", "emailAddresses": ["me@example.com"]}}
    add(f"{SERVERS}/securityAlertPolicies", server, "Default", alerts)
    add(f"{SERVERS}/sqlVulnerabilityAssessments", server, "default", {"properties": {"state": "Enabled"}})
    _add_database(server, add, audited)
    _add_jobs(parts, made, add)
    group = {
        "partnerServers": [{"id": made.partner}],
        "readWriteEndpoint": {"failoverPolicy": "Automatic", "failoverWithDataLossGracePeriodMinutes": 60},
        "databases": [made.jobs],
    }
    add(f"{SERVERS}/failoverGroups", server, "fog-sample", {"properties": group})


def _rule(start: str, end: str) -> Json:
    return {"properties": {"startIpAddress": start, "endIpAddress": end}}


def _add_database(server: str, add: Add, audited: Json) -> None:
    database = add(DATABASES, server, "data", database_body("GP_S_Gen5_1", autoPauseDelay=60, minCapacity=0.5))
    short = {"properties": {"retentionDays": 7, "diffBackupIntervalInHours": 24}}
    add(f"{DATABASES}/backupShortTermRetentionPolicies", database, "default", short)
    add(
        f"{DATABASES}/backupLongTermRetentionPolicies",
        database,
        "default",
        {"properties": {"weeklyRetention": "PT0S", "weekOfYear": 1}},
    )
    add(f"{DATABASES}/extendedAuditingSettings", database, "default", audited)
    add(f"{DATABASES}/transparentDataEncryption", database, "current", {"properties": {"state": "Enabled"}})
    masking = add(
        f"{DATABASES}/dataMaskingPolicies", database, "Default", {"properties": {"dataMaskingState": "Enabled"}}
    )
    rule = {"schemaName": "dbo", "tableName": "people", "columnName": "mail", "maskingFunction": "Email"}
    add(f"{DATABASES}/dataMaskingPolicies/rules", masking, "mail", {"properties": rule})
    column = f"{database}/schemas/dbo/tables/people/columns/mail"
    label = {"labelName": "Confidential", "informationType": "Contact Info", "rank": "Medium"}
    add(f"{DATABASES}/schemas/tables/columns/sensitivityLabels", column, "current", {"properties": label})


def agent_body(parts: Platform, made: Sql) -> Json:
    """An agent that signs in with an identity."""
    return {
        "location": REGION,
        "sku": {"name": "JA100"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {parts.identity: {}}},
        "properties": {"databaseId": made.jobs},
    }


def _add_jobs(parts: Platform, made: Sql, add: Add) -> None:
    agent = add(
        AGENTS,
        made.server,
        "quality",
        agent_body(parts, made),
    )
    target = {"type": "SqlDatabase", "serverName": "sql-test.database.windows.net", "databaseName": "data"}
    group = add(f"{AGENTS}/targetGroups", agent, "data", {"properties": {"members": [target]}})
    schedule = {"type": "Recurring", "interval": "P1D", "enabled": True}
    job = add(f"{AGENTS}/jobs", agent, "checks", {"properties": {"description": "daily", "schedule": schedule}})
    step = {"targetGroup": group, "action": {"value": "SELECT 1"}, "executionOptions": {"retryAttempts": 1}}
    add(f"{AGENTS}/jobs/steps", job, "one", {"properties": step})
    add(f"{AGENTS}/jobs/executions", job, "5f1f3c1a-0000-4000-8000-000000000001", {"properties": {}})
    add(f"{AGENTS}/privateEndpoints", agent, "pe", {"properties": {"targetServerAzureResourceId": made.server}})


def add_data_factory(parts: Platform, add: Add) -> None:
    """A factory with a pipeline that copies within a storage account."""
    factory = add(
        FACTORIES,
        parts.group,
        "adf-sample",
        {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {}},
    )
    network = add(f"{FACTORIES}/managedVirtualNetworks", factory, "default", {"properties": {}})
    endpoint = {"privateLinkResourceId": parts.storage, "groupId": "dfs"}
    add(f"{FACTORIES}/managedVirtualNetworks/managedPrivateEndpoints", network, "lake", {"properties": endpoint})
    runtime = {
        "type": "Managed",
        "managedVirtualNetwork": {"referenceName": "default", "type": "ManagedVirtualNetworkReference"},
        "typeProperties": {"computeProperties": {"location": "AutoResolve"}},
    }
    add(f"{FACTORIES}/integrationRuntimes", factory, "managed", {"properties": runtime})
    add(
        f"{FACTORIES}/globalParameters",
        factory,
        "default",
        {"properties": {"region": {"type": "String", "value": "a"}}},
    )
    add(f"{FACTORIES}/credentials", factory, "own", {"properties": {"type": "ManagedIdentity", "typeProperties": {}}})
    lake = {
        "type": "AzureBlobFS",
        "connectVia": {"referenceName": "managed", "type": "IntegrationRuntimeReference"},
        "typeProperties": {"url": "https://sttest.dfs.core.windows.net"},
    }
    add(f"{FACTORIES}/linkedservices", factory, "lake", {"properties": lake})
    add(f"{FACTORIES}/datasets", factory, "files", {"properties": dataset("lake")})
    add(f"{FACTORIES}/pipelines", factory, "copy", {"properties": {"activities": [copy("files")]}})
    started = {"pipelineReference": {"referenceName": "copy", "type": "PipelineReference"}}
    recurrence = {"recurrence": {"frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00Z"}}
    trigger = {"type": "ScheduleTrigger", "pipelines": [started], "typeProperties": recurrence}
    add(f"{FACTORIES}/triggers", factory, "daily", {"properties": trigger})


def dataset(linked_service: str) -> Json:
    """Files of any form."""
    return {
        "type": "Binary",
        "linkedServiceName": {"referenceName": linked_service, "type": "LinkedServiceReference"},
        "typeProperties": {"location": {"type": "AzureBlobFSLocation", "fileSystem": "raw"}},
    }


def copy(files: str) -> Json:
    """A copy of files onto themselves."""
    reference = {"referenceName": files, "type": "DatasetReference"}
    return {
        "name": "copy",
        "type": "Copy",
        "inputs": [reference],
        "outputs": [reference],
        "typeProperties": {"source": {"type": "BinarySource"}, "sink": {"type": "BinarySink"}},
    }
