"""SQL databases, their copies, their backups and the agent of their jobs.

Source: learn.microsoft.com/azure/azure-sql/database/service-tiers-sql-database-vcore (data and log storage are charged
as reserved), .../serverless-tier-overview, .../automated-backups-overview, .../auto-failover-group-sql-db.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from azure_ml_platform.cost.assumptions import HOURS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import NotPricedError, Resource, Resources
from azure_ml_platform.cost.services import Parts

_VCORES = re.compile(r"(?P<tier>gp|bc|hs)(?P<serverless>_s)?_gen5(?:_(?P<vcores>\d+))?")
_GIB = 1024**3
_DEFAULT_GB = 32
_LOG_SHARE = 0.3
"""Space for the log beside the data, in parts of the largest size of the data (the tier's limits say as much)."""
_DATABASE = "sql:Database"


@dataclass(frozen=True)
class _Size:
    """What a database of the vCore model is."""

    tier: str
    """`gp`, `bc` or `hs`."""
    serverless: bool
    vcores: float


def _size(database: Resource) -> _Size | None:
    """The size of a database of the vCore model, None for one that is billed otherwise."""
    name = database.text("sku.name", "GP_Gen5_2").casefold()
    match = _VCORES.fullmatch(name)
    if match is None:
        if re.fullmatch(r"basic|s\d+|p\d+", name):
            return None
        raise NotPricedError(f"no price of databases of the size {name} is known")
    vcores = float(match["vcores"]) if match["vcores"] else database.number("sku.capacity", 2)
    return _Size(match["tier"], match["serverless"] is not None, vcores)


def _compute(database: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    if database.given("elasticPoolId"):
        return
    size = _size(database)
    if size is None:
        name = database.text("sku.name").casefold()
        yield Item(f"sql-dtu/{name}", 1, f"1 database of the size {name.title()}, storage included")
    elif size.serverless:
        yield from _awake(database, terms)
    else:
        yield from _provisioned(database, size, licensed=True)


def _provisioned(database: Resource, size: _Size, *, licensed: bool) -> Iterator[Item]:
    quantity, why = size.vcores * HOURS_PER_MONTH, f"{size.vcores:g} vCores, {HOURS_PER_MONTH} h"
    yield Item(f"sql-{size.tier}-compute", quantity, why)
    if licensed and database.text("licenseType", "LicenseIncluded").casefold() == "licenseincluded":
        yield Item(f"sql-{size.tier}-licence", quantity, why)
    if size.tier == "gp" and database.true("zoneRedundant"):
        yield Item("sql-gp-zone-redundancy", quantity, why)


def _awake(database: Resource, terms: Assumptions) -> Iterator[Item]:
    """A database that never pauses is billed for its least size all the time; each uses no less while it is awake."""
    least = database.number("minCapacity", 0.5)
    pauses = database.get("autoPauseDelay") != -1
    meters = ["sql-gp-serverless"] + ["sql-gp-serverless-zone-redundancy"] * database.true("zoneRedundant")
    busy = max(least, terms.sql_active_vcores) - (0 if pauses else least)
    why = f"{busy:g} vCores, {terms.sql_active_hours:g} h (sql_active_hours, sql_active_vcores)"
    for meter in meters:
        if not pauses:
            yield Item(meter, least * HOURS_PER_MONTH, f"{least:g} vCores that never pause, {HOURS_PER_MONTH} h")
        if busy:
            yield Item(meter, busy * terms.sql_active_hours, why, Basis.ASSUMED)


def _storage(database: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    size = None if database.given("elasticPoolId") else _size(database)
    if size is None:
        return
    data = database.number("maxSizeBytes", _DEFAULT_GB * _GIB) / _GIB
    zones = "-zrs" if size.tier == "gp" and database.true("zoneRedundant") else ""
    reserved = data * (1 + _LOG_SHARE)
    yield Item(f"sql-{size.tier}-storage{zones}", reserved, f"{data:g} GB of data and {data * _LOG_SHARE:g} GB of log")


def _backups(database: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    if _size(database) and terms.sql_backup_gb:
        why = f"{terms.sql_backup_gb:g} GB (sql_backup_gb)"
        yield Item(f"sql-backup-{_backup_redundancy(database)}", terms.sql_backup_gb, why, Basis.ASSUMED)


def _backup_redundancy(database: Resource) -> str:
    """The meters' word for where backups are kept; Geo is the service's default."""
    kept = database.text("requestedBackupStorageRedundancy", "Geo").casefold()
    words = {"local": "lrs", "zone": "zrs", "geo": "ragrs", "geozone": "ragzrs"}
    if kept not in words:
        raise NotPricedError(f"backups of the redundancy {kept} are not known")
    return words[kept]


def _long_term(policy: Resource, stack: Resources, terms: Assumptions) -> Iterator[Item]:
    kept = [policy.text(f"{span}Retention", "PT0S") for span in ("weekly", "monthly", "yearly")]
    if all(each.upper() in ("PT0S", "P0D") for each in kept):
        return
    databases = list(stack.siblings(policy, _DATABASE))
    redundancy = _backup_redundancy(databases[0]) if len(databases) == 1 else "ragrs"
    why = f"{terms.sql_long_term_gb:g} GB (sql_long_term_gb)"
    yield Item(f"sql-ltr-{redundancy}", terms.sql_long_term_gb, why, Basis.ASSUMED)


def _copies(group: Resource, stack: Resources, terms: Assumptions) -> Iterator[Item]:
    """A failover group keeps a copy of each of its databases on the other server; one that stands by has no licence."""
    number = len(group.elements("databases"))
    databases = list(stack.siblings(group, _DATABASE))
    if number != len(databases):
        raise NotPricedError(f"which {number} databases have a copy is not said here")
    licensed = group.text("secondaryType", "Geo").casefold() != "standby"
    for database in databases:
        size = _size(database)
        if size is None or size.serverless:
            raise NotPricedError("the copy of a database that is not provisioned in vCores has no price here")
        items = (*_provisioned(database, size, licensed=licensed), *_storage(database, stack, terms))
        region = _other_region(database, stack)
        yield from (replace(item, region=region) for item in items)


def _other_region(database: Resource, stack: Resources) -> str:
    """Where the servers are that are not where the database is; its own region when all are there."""
    home = stack.region_of(database)
    servers = (stack.region_of(server) for server in stack.siblings(database, "sql:Server"))
    return next((region for region in servers if region != home), home)


def _agent(agent: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    tier = agent.text("sku.name", "JA100").casefold()
    yield Item(f"sql-job-agent-{tier}", HOURS_PER_MONTH, f"1 agent, {HOURS_PER_MONTH} h")


def _defender(policy: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    if policy.text("state").casefold() == "enabled":
        yield Item("defender-sql", 1, "1 server")


PARTS: Parts = {
    "sql:Database": (_compute, _storage, _backups),
    "sql:FailoverGroup": (_copies,),
    "sql:JobAgent": (_agent,),
    "sql:LongTermRetentionPolicy": (_long_term,),
    "sql:ServerSecurityAlertPolicy": (_defender,),
}
