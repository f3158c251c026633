"""Failover groups.

Sources: learn.microsoft.com/rest/api/sql/failover-groups/create-or-update with its error codes,
.../azure/azure-sql/database/failover-group-sql-db.
"""

from dataclasses import replace

from local.arm.behaviours.sql.databases import is_paused_when_idle
from local.arm.behaviours.sql.servers import DATABASE, NAMES, SERVER
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, ResourceType, UniqueName
from local.arm.store import Resource

FAILOVER_GROUP = f"{SERVER}/failoverGroups"
_GRACE = "properties.readWriteEndpoint.failoverWithDataLossGracePeriodMinutes"
_LEAST_GRACE_MINUTES = 60


def _refusal(what: str, message: str, target: str) -> ArmError:
    return bad_request(f"FailoverGroupCreateOrUpdateRequest{what}", message, target=target)


def _partner(change: Change) -> Resource:
    """The one partner: a server that exists, in another region."""
    partners = change.get("properties.partnerServers", [])
    path = "properties.partnerServers"
    if len(partners) != 1:
        raise _refusal("UnsupportedPartnerCount", f"{len(partners)} partner servers; exactly one is supported.", path)
    reference = str(partners[0].get("id", "")) if isinstance(partners[0], dict) else ""
    found = change.cloud.find(reference, SERVER, property_path=f"{path}[0].id")
    if found.id.key == change.parent.id.key:
        raise _refusal("DuplicatePartner", f"'{found.name}' is the primary server; name another one as partner.", path)
    if found.location == change.parent.location:
        message = (
            f"The partner server '{found.name}' is in '{found.location}', as the primary is; choose another region."
        )
        raise _refusal("InvalidPartner", message, path)
    return found


def _check(change: Change) -> None:
    _partner(change)
    policy = change.get("properties.readWriteEndpoint.failoverPolicy", "Manual")
    grace = change.get(_GRACE, 0)
    if policy == "Automatic" and grace < _LEAST_GRACE_MINUTES:
        message = f"The grace period is {grace} minutes; with automatic failover it is {_LEAST_GRACE_MINUTES} at least."
        raise _refusal("LessThanMinimumGracePeriodValues", message, _GRACE)
    if policy == "Manual" and grace:
        message = f"The grace period is {grace} minutes; with manual failover there is none."
        raise _refusal("InvalidReadWriteEndpoint", message, _GRACE)
    for reference in change.get("properties.databases", []):
        _check_database(change, ResourceId.parse(reference))


def _check_database(change: Change, id: ResourceId) -> None:
    path = "properties.databases"
    database = change.cloud.store.get(id)
    if database is None or database.type != DATABASE or database.id.parent != change.parent.id:
        raise _refusal("InvalidDatabaseServer", f"'{id}' is no database of the primary server.", path)
    if is_paused_when_idle(database):
        message = (
            f"'{database.name}' pauses when it is idle, which geo-replication rules out; set its autoPauseDelay to -1."
        )
        raise bad_request("UnsupportedReplicationOperation", message, target=path)


def _complete(change: Change) -> Json:
    partner = _partner(change)
    return {
        "location": change.parent.location,
        "properties": {
            "replicationRole": "Primary",
            "replicationState": "CATCH_UP",
            "databases": change.get("properties.databases", []),
            "partnerServers": [{"id": partner.id.text, "location": partner.location, "replicationRole": "Secondary"}],
            "readOnlyEndpoint": {
                "failoverPolicy": change.get("properties.readOnlyEndpoint.failoverPolicy", "Disabled")
            },
            "secondaryType": change.get("properties.secondaryType", "Geo"),
        },
    }


def _replicate(cloud: Cloud, group: Resource) -> Json:
    """Each database of the group appears on the partner."""
    partner = cloud.store.get(ResourceId.parse(group.properties["partnerServers"][0]["id"]))
    for reference in group.properties["databases"]:
        database = cloud.store.get(ResourceId.parse(reference))
        if partner and database:
            replica = partner.id.child("databases", database.name)
            if cloud.store.get(replica) is None:
                body = overlay(database.body, {"location": partner.location})
                cloud.store.put(replace(database, id=replica, body=body, sent=None))
    return {}


TYPES = (
    ResourceType(
        name=FAILOVER_GROUP,
        names=NAMES,
        unique=UniqueName("FailoverGroupAlreadyExists"),
        provisioning_state=False,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check,),
        complete=_complete,
        provision=_replicate,
    ),
)
