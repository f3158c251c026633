"""Microsoft.Sql: logical servers, databases, their policies, elastic jobs, failover groups."""

from local.arm.behaviours.sql import databases, encryption, failover, jobs, policies, servers, sources
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.Sql",
    types=(*servers.TYPES, *databases.TYPES, *policies.TYPES, *encryption.TYPES, *jobs.TYPES, *failover.TYPES),
    views=sources.VIEWS,
)
