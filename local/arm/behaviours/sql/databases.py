"""Databases: their sizes, and what keeps them awake.

Sources: learn.microsoft.com/rest/api/sql/databases/create-or-update (with its error codes),
.../azure/azure-sql/database/serverless-tier-overview.
"""

import uuid

from local.arm.behaviours.sql.servers import DATABASE, SERVER
from local.arm.behaviours.sql.skus import sku_of
from local.arm.behaviours.sql.sources import DROPPABLE, SOURCES, check_source, origin_of
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

JOB_AGENT = f"{SERVER}/jobAgents"
NEVER = -1
"""The `autoPauseDelay` of a database that does not pause."""
SHORTEST_PAUSE, LONGEST_PAUSE = 15, 10080
"""Minutes."""
DEFAULT_PAUSE = 60
DEFAULT_COLLATION = "SQL_Latin1_General_CP1_CI_AS"
REDUNDANCY = "properties.requestedBackupStorageRedundancy"
NO_RETENTION = "PT0S"
_READ_SCALE = frozenset({"Premium", "BusinessCritical", "Hyperscale"})
_ZONES = frozenset({"Premium", "GeneralPurpose", "BusinessCritical", "Hyperscale"})


def is_master(id: ResourceId) -> bool:
    """Whether this is the system database that comes with the server."""
    return id.name.casefold() == "master"


def is_paused_when_idle(database: Resource) -> bool:
    """Whether the database is serverless and pauses."""
    return int(database.properties.get("autoPauseDelay", NEVER)) != NEVER


def _check_name(change: Change) -> None:
    if is_master(change.id) and (change.current is None or change.sent.get("sku") or change.get("properties", {})):
        message = "Cannot use reserved database name 'master' in this operation."
        raise bad_request("CannotUseReservedDatabaseName", message)


def _check_serverless(change: Change) -> None:
    """What only a serverless database has, and how low and how soon it may go."""
    sku = sku_of(change, change.was("sku"))
    least, delay = change.get("properties.minCapacity", 0.0), change.get("properties.autoPauseDelay", 0)
    if not sku.is_serverless:
        for name, value, none in (("minCapacity", least, 0.0), ("autoPauseDelay", delay, NEVER)):
            if value not in (0, none):
                message = (
                    f"{name} is {value}; '{sku.objective}' is no serverless size (GP_S_…, HS_S_…); they alone have it."
                )
                raise bad_request("InvalidDatabaseCreateOrUpdateRequest", message, target=f"properties.{name}")
        return
    if least and not sku.least_vcores <= least <= sku.capacity:
        message = (
            f"minCapacity is {least}; '{sku.objective}' can go down to {sku.least_vcores:g} vCores and up to "
            f"{sku.capacity}."
        )
        raise bad_request("UnsupportedCapacity", message, target="properties.minCapacity")
    if delay not in (0, NEVER) and not SHORTEST_PAUSE <= delay <= LONGEST_PAUSE:
        message = f"autoPauseDelay is {delay}; it must be {NEVER}, or {SHORTEST_PAUSE} to {LONGEST_PAUSE} minutes."
        raise bad_request("InvalidDatabaseCreateOrUpdateRequest", message, target="properties.autoPauseDelay")
    if change.get("properties.licenseType") == "BasePrice":
        message = f"licenseType is 'BasePrice'; '{sku.objective}' is serverless, which includes the license."
        raise bad_request("InvalidLicenseType", message, target="properties.licenseType")
    if delay != NEVER:
        _check_nothing_keeps_awake(change)


def _check_nothing_keeps_awake(change: Change) -> None:
    """Long-term retention and elastic jobs keep a database from pausing."""
    policy = change.cloud.store.get(change.id.child("backupLongTermRetentionPolicies", "default"))
    kept = policy and [
        name
        for name in ("weeklyRetention", "monthlyRetention", "yearlyRetention")
        if policy.properties.get(name, NO_RETENTION) != NO_RETENTION
    ]
    if kept:
        message = (
            f"Auto-pause cannot be enabled on '{change.id.name}': it has long-term backup retention "
            f"({', '.join(kept)}). Set autoPauseDelay to {NEVER}."
        )
        raise bad_request("LtrConfigPolicyUnsupportedIfAutoPauseEnabled", message, target="properties.autoPauseDelay")
    if agent := agent_of(change.cloud, change.id):
        raise auto_pause_under_jobs(change.id, agent.name)


def auto_pause_under_jobs(database: ResourceId, agent: str) -> ArmError:
    """The refusal of a job database that pauses."""
    message = (
        f"Serverless database with auto-pause is not supported by Elastic jobs because job agent would stop database "
        f"from pausing: '{database.name}' is the database of job agent '{agent}'. Set its autoPauseDelay to {NEVER}."
    )
    return bad_request("ElasticJobsNotSupportedOnAutoPauseEnabledDatabase", message)


def _check_size(change: Change) -> None:
    sku = sku_of(change, change.was("sku"))
    if change.get("properties.zoneRedundant", False) and sku.tier not in _ZONES:
        message = (
            "Provisioning of zone redundant database/pool is not supported for your current request: "
            f"tier '{sku.tier}' has none."
        )
        raise bad_request("ProvisioningDisabled", message, target="properties.zoneRedundant")
    if change.get("properties.readScale", "Disabled") == "Enabled" and sku.tier not in _READ_SCALE:
        message = f"readScale is 'Enabled'; tier '{sku.tier}' has no readable replica."
        raise bad_request("InvalidReadScaleEdition", message, target="properties.readScale")
    asked = change.get("properties.maxSizeBytes", 0)
    if asked > sku.most_bytes:
        message = f"maxSizeBytes is {asked}; tier '{sku.tier}' supports at most {sku.most_bytes}."
        raise bad_request("InvalidMaxSizeTierCombination", message, target="properties.maxSizeBytes")
    redundancy = change.get(REDUNDANCY, "")
    if sku.tier == "Hyperscale" and change.was(REDUNDANCY) not in (None, redundancy) and redundancy:
        message = (
            f"The backup storage redundancy of a Hyperscale database stays as it was made: '{change.was(REDUNDANCY)}'."
        )
        raise bad_request("ChangeUnsupportedOnEntity", message, target=REDUNDANCY)


def _check_pool(change: Change) -> None:
    if pool := change.get("properties.elasticPoolId", ""):
        message = f"The elastic pool '{pool}' does not exist; this local Azure covers none."
        raise bad_request("TargetElasticPoolDoesNotExist", message, target="properties.elasticPoolId")


def _database(change: Change) -> Json:
    if is_master(change.id):
        return _master(change)
    origin = origin_of(change)
    inherited = origin.body if origin else {}
    sku = sku_of(change, inherited.get("sku"))
    now = change.cloud.now()
    redundancy = change.get(REDUNDANCY, reach(inherited, REDUNDANCY, "Geo"))
    pause = {
        "autoPauseDelay": change.get(
            "properties.autoPauseDelay", reach(inherited, "properties.autoPauseDelay", DEFAULT_PAUSE)
        ),
        "minCapacity": change.get("properties.minCapacity", 0.0) or sku.least_vcores,
    }
    return {
        "kind": f"v12.0,user{',vcore' if sku.is_vcore else ''}{',serverless' if sku.is_serverless else ''}",
        "sku": sku.document(),
        "location": change.get("location", change.parent.location),
        "properties": {
            "status": "Online",
            "databaseId": change.keep("properties.databaseId", lambda: str(uuid.uuid4())),
            "creationDate": change.keep("properties.creationDate", lambda: now),
            "earliestRestoreDate": change.keep("properties.earliestRestoreDate", lambda: now),
            "collation": change.get(
                "properties.collation", reach(inherited, "properties.collation", DEFAULT_COLLATION)
            ),
            "catalogCollation": change.get("properties.catalogCollation", DEFAULT_COLLATION),
            "maxSizeBytes": change.get("properties.maxSizeBytes", min(32 * 1024**3, sku.most_bytes)),
            "currentServiceObjectiveName": sku.objective,
            "requestedServiceObjectiveName": sku.objective,
            "currentSku": sku.document(),
            "zoneRedundant": change.get("properties.zoneRedundant", False),
            "readScale": change.get("properties.readScale", "Enabled" if sku.tier in _READ_SCALE else "Disabled"),
            "isLedgerOn": change.get("properties.isLedgerOn", False),
            "requestedBackupStorageRedundancy": redundancy,
            "currentBackupStorageRedundancy": redundancy,
            "isInfraEncryptionEnabled": False,
            "availabilityZone": change.get("properties.availabilityZone", "NoPreference"),
            **(pause if sku.is_serverless else {}),
        },
    }


def _master(change: Change) -> Json:
    now = change.cloud.now()
    return {
        "kind": "v12.0,system",
        "sku": {"name": "System", "tier": "System", "capacity": 0},
        "location": change.parent.location,
        "properties": {
            "status": "Online",
            "databaseId": change.keep("properties.databaseId", lambda: str(uuid.uuid4())),
            "creationDate": change.keep("properties.creationDate", lambda: now),
            "collation": DEFAULT_COLLATION,
            "currentServiceObjectiveName": "System",
            "requestedServiceObjectiveName": "System",
        },
    }


def agent_of(cloud: Cloud, database: ResourceId) -> Resource | None:
    """The job agent that keeps its jobs in a database."""
    agents = cloud.store.of_type(JOB_AGENT)
    return next((a for a in agents if str(a.properties.get("databaseId", "")).casefold() == database.key), None)


def _check_no_agent(cloud: Cloud, database: Resource) -> None:
    if agent := agent_of(cloud, database.id):
        message = (
            f"Cannot drop database associated with job account: '{database.name}' holds the jobs of '{agent.name}'."
        )
        raise bad_request("CannotMoveOrDropJobAccountDatabase", message)


TYPES = (
    ResourceType(
        name=DATABASE,
        names=NameRule(
            r"[^<>*%&:\\/?]{0,127}[^<>*%&:\\/?. ]",
            "1 to 128 characters, none of <>*%&:\\/?, no '.' or space at the end",
        ),
        tracked=True,
        provisioning_state=False,
        immutable=("properties.collation", "properties.catalogCollation", "properties.isLedgerOn"),
        write_only=("properties.createMode", *(f"properties.{name}" for name in SOURCES)),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_name, check_source, _check_serverless, _check_size, _check_pool),
        complete=_database,
        default_children=(
            (f"{DATABASE}/backupLongTermRetentionPolicies", "default"),
            (f"{DATABASE}/backupShortTermRetentionPolicies", "default"),
            (f"{DATABASE}/dataMaskingPolicies", "Default"),
            (f"{DATABASE}/extendedAuditingSettings", "default"),
            (f"{DATABASE}/transparentDataEncryption", "current"),
        ),
        delete_checks=(_check_no_agent,),
        soft_delete=DROPPABLE,
    ),
)
