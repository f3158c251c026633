"""Servers and databases with azure-mgmt-sql, unchanged, and what it saw as JSON on standard output.

Runs in an environment of its own (`.local/clients`). Where the target is comes from the environment contract alone.
Everything that it makes lies in one resource group, which it deletes at the end.
"""

import json
import sys
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.sql import SqlManagementClient
from target import REGION, SUBSCRIPTION, WHERE, is_gone, refusal

GROUP, SERVER = "rg-sql-client", "sql-client"
ADMINISTRATOR = {
    "administratorType": "ActiveDirectory",
    "principalType": "Group",
    "login": "database-owners",
    "sid": "11111111-2222-3333-4444-555555555555",
    "azureADOnlyAuthentication": True,
}


def servers(client: SqlManagementClient) -> dict[str, Any]:
    """A server with an Entra administrator alone: made, read, listed, changed."""
    made = client.servers.begin_create_or_update(
        GROUP, SERVER, {"location": REGION, "properties": {"administrators": ADMINISTRATOR}}
    ).result()
    client.servers.begin_update(GROUP, SERVER, {"tags": {"state": "changed"}}).result()
    found = client.servers.get(GROUP, SERVER)
    return {
        "host": made.fully_qualified_domain_name,
        "administrator": found.administrators.login,
        "entra_only": client.server_azure_ad_only_authentications.get(
            GROUP, SERVER, "Default"
        ).azure_ad_only_authentication,
        "tags": found.tags,
        "tls": found.minimal_tls_version,
        "in_group": [item.name for item in client.servers.list_by_resource_group(GROUP)],
        "in_subscription": [item.name for item in client.servers.list()],
        "without_a_login": refusal(
            lambda: client.servers.begin_create_or_update(
                GROUP, f"{SERVER}-two", {"location": REGION, "properties": {}}
            )
        ),
        "name": client.servers.check_name_availability({"name": SERVER, "type": "Microsoft.Sql/servers"}).reason,
    }


def firewall(client: SqlManagementClient) -> dict[str, Any]:
    """A rule of the public endpoint, from creation to deletion; none where the endpoint is closed."""
    rules = client.firewall_rules
    body = {"properties": {"startIpAddress": "203.0.113.1", "endIpAddress": "203.0.113.9"}}
    rules.create_or_update(GROUP, SERVER, "office", body)
    body["properties"]["endIpAddress"] = "203.0.113.5"
    rules.create_or_update(GROUP, SERVER, "office", body)
    found = rules.get(GROUP, SERVER, "office")
    listed = [item.name for item in rules.list_by_server(GROUP, SERVER)]
    rules.delete(GROUP, SERVER, "office")
    client.servers.begin_update(GROUP, SERVER, {"properties": {"publicNetworkAccess": "Disabled"}}).result()
    return {
        "range": [found.start_ip_address, found.end_ip_address],
        "listed": listed,
        "gone": is_gone(lambda: rules.get(GROUP, SERVER, "office")),
        "closed": refusal(lambda: rules.create_or_update(GROUP, SERVER, "office", body)),
    }


def databases(client: SqlManagementClient) -> dict[str, Any]:
    """A serverless database: made, listed, kept for long only once it stays awake, deleted."""
    databases = client.databases
    body = {
        "location": REGION,
        "sku": {"name": "GP_S_Gen5_1"},
        "properties": {"autoPauseDelay": 60, "minCapacity": 0.5},
    }
    made = databases.begin_create_or_update(GROUP, SERVER, "data", body).result()
    yearly = {"properties": {"yearlyRetention": "P1Y", "weekOfYear": 1}}

    def keep() -> Any:
        policies = client.long_term_retention_policies
        return policies.begin_create_or_update(GROUP, SERVER, "data", "default", yearly).result()

    asleep = refusal(keep)
    awake = databases.begin_update(GROUP, SERVER, "data", {"properties": {"autoPauseDelay": -1}}).result()
    kept = keep()
    listed = sorted(item.name for item in databases.list_by_server(GROUP, SERVER))
    audits = _audits(client)
    databases.begin_delete(GROUP, SERVER, "data").wait()
    return {
        "size": [made.sku.name, made.current_service_objective_name, made.min_capacity],
        "kept_while_it_pauses": asleep,
        "kept": [awake.auto_pause_delay, kept.yearly_retention],
        "listed": listed,
        "audits": audits,
        "gone": is_gone(lambda: databases.get(GROUP, SERVER, "data")),
        "restorable": [
            item.database_name for item in client.restorable_dropped_databases.list_by_server(GROUP, SERVER)
        ],
    }


def _audits(client: SqlManagementClient) -> dict[str, Any]:
    """Audits of the server and of its database."""
    of_server = client.extended_server_blob_auditing_policies
    of_database = client.extended_database_blob_auditing_policies
    monitored = {"properties": {"state": "Enabled", "isAzureMonitorTargetEnabled": True}}
    changed = of_server.begin_create_or_update(GROUP, SERVER, monitored).result()
    of_database.create_or_update(GROUP, SERVER, "data", monitored)
    nowhere = {"properties": {"state": "Enabled"}}
    return {
        "server": [changed.state, of_server.get(GROUP, SERVER).is_azure_monitor_target_enabled],
        "database": of_database.get(GROUP, SERVER, "data").state,
        "listed": [item.name.lower() for item in of_server.list_by_server(GROUP, SERVER)],
        "without_a_target": refusal(lambda: of_database.create_or_update(GROUP, SERVER, "data", nowhere)),
    }


def end(client: SqlManagementClient) -> dict[str, Any]:
    """The server goes, and its name is free."""
    client.servers.begin_delete(GROUP, SERVER).wait()
    return {
        "gone": is_gone(lambda: client.servers.get(GROUP, SERVER)),
        "free": client.servers.check_name_availability({"name": SERVER, "type": "Microsoft.Sql/servers"}).available,
    }


def main() -> None:
    """Print what the client saw at each step."""
    with DefaultAzureCredential() as credential:
        groups = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE).resource_groups
        groups.create_or_update(GROUP, {"location": REGION})
        client = SqlManagementClient(credential, SUBSCRIPTION, **WHERE)
        seen = {
            "servers": servers(client),
            "firewall": firewall(client),
            "databases": databases(client),
            "end": end(client),
        }
        groups.begin_delete(GROUP).wait()
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
