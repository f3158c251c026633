"""Drives Resource Manager with azure-mgmt-resource, unchanged, and prints what it saw as JSON.

Runs in an environment of its own (`.local/clients`). Where Resource Manager is comes from the environment contract
alone. Everything that it makes lies in one resource group, which it deletes at the end.
"""

import json
import sys
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from target import REGION, SUBSCRIPTION, WHERE, refusal

GROUP = "rg-resource-client"
IDENTITY, IDENTITY_VERSION = "Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31"
DEPLOYMENT_VERSION, LOCK_VERSION = "2024-03-01", "2020-05-01"

Seen = dict[str, Any]


def identity_id(name: str) -> str:
    """The id of an identity in the group."""
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/{IDENTITY}/{name}"


def group_id() -> str:
    """The id of the group."""
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"


def groups(client: ResourceManagementClient) -> Seen:
    """Resource groups: made, found by tag, changed."""
    before = client.resource_groups.check_existence(GROUP)
    made = client.resource_groups.create_or_update(GROUP, {"location": REGION, "tags": {"made-by": "client"}})
    changed = client.resource_groups.update(GROUP, {"tags": {"made-by": "client", "more": "1"}})
    found = client.resource_groups.list(filter="tagName eq 'made-by' and tagValue eq 'client'")
    return {
        "existed": before,
        "exists": client.resource_groups.check_existence(GROUP),
        "state": made.properties.provisioning_state,
        "tags": changed.tags,
        "found": [group.name for group in found],
    }


def resources(client: ResourceManagementClient) -> Seen:
    """Generic resources: put, patched, listed page by page, looked for."""
    for number in range(3):
        body = {"location": REGION, "tags": {"number": str(number)}}
        client.resources.begin_create_or_update_by_id(
            identity_id(f"id-{number}"), body, api_version=IDENTITY_VERSION
        ).result()
    patch = {"tags": {"number": "patched"}}
    client.resources.begin_update_by_id(identity_id("id-0"), patch, api_version=IDENTITY_VERSION).result()
    listed = client.resources.list_by_resource_group(GROUP, top=2, expand="createdTime,changedTime,provisioningState")
    expanded = [*listed]
    by_type = [*client.resources.list(filter=f"resourceType eq '{IDENTITY}' and resourceGroup eq '{GROUP}'")]
    by_tag = [*client.resources.list(filter="tagName eq 'number' and tagValue eq 'patched'")]
    client.resources.begin_delete_by_id(identity_id("id-2"), api_version=IDENTITY_VERSION).result()
    return {
        "listed": [item.name for item in expanded],
        "times": all(item.created_time <= item.changed_time for item in expanded),
        "by_type": [item.name for item in by_type],
        "by_tag": [item.name for item in by_tag],
        "exists": client.resources.check_existence_by_id(identity_id("id-1"), api_version=IDENTITY_VERSION),
        "deleted": not client.resources.check_existence_by_id(identity_id("id-2"), api_version=IDENTITY_VERSION),
    }


def tags(client: ResourceManagementClient) -> Seen:
    """Tags at a scope, and the names in use."""
    scope = identity_id("id-1")
    merge = {"operation": "Merge", "properties": {"tags": {"owner": "me"}}}
    merged = client.tags.begin_update_at_scope(scope, merge).result()
    away = {"operation": "Delete", "properties": {"tags": {"number": ""}}}
    left = client.tags.begin_update_at_scope(scope, away).result()
    client.tags.begin_create_or_update_at_scope(group_id(), {"properties": {"tags": {"only": "this"}}}).result()
    return {
        "merged": merged.properties.tags,
        "left": left.properties.tags,
        "group": client.tags.get_at_scope(group_id()).properties.tags,
        "names": sorted(entry.tag_name for entry in client.tags.list()),
    }


def providers(client: ResourceManagementClient) -> Seen:
    """Resource providers."""
    provider = client.providers.get("Microsoft.ManagedIdentity")
    return {
        "state": client.providers.register("Microsoft.ManagedIdentity").registration_state,
        "types": [kind.resource_type for kind in provider.resource_types],
        "versions": [version for kind in provider.resource_types for version in kind.api_versions],
        "listed": sorted(entry.namespace for entry in client.providers.list()),
    }


def deployments(client: ResourceManagementClient) -> Seen:
    """A template, deployed and exported."""
    resource = {"type": IDENTITY, "apiVersion": IDENTITY_VERSION, "location": REGION}
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"name": {"type": "string"}},
        "resources": [
            {**resource, "name": "[parameters('name')]", "dependsOn": ["id-first"]},
            {**resource, "name": "id-first"},
        ],
    }
    body = {"mode": "Incremental", "template": template, "parameters": {"name": {"value": "id-second"}}}
    deployment = f"{group_id()}/providers/Microsoft.Resources/deployments/main"
    begun = client.resources.begin_create_or_update_by_id(
        deployment, {"properties": body}, api_version=DEPLOYMENT_VERSION
    )
    done = begun.result()
    exported = client.resource_groups.begin_export_template(GROUP, {"resources": ["*"]}).result()
    return {
        "state": done.properties["provisioningState"],
        "order": [entry["id"].rpartition("/")[2] for entry in done.properties["outputResources"]],
        "exported": sorted(entry["name"] for entry in exported.template["resources"]),
    }


def locks(client: ResourceManagementClient) -> Seen:
    """A lock keeps the group; without it the group goes with all that is in it."""
    lock = f"{group_id()}/providers/Microsoft.Authorization/locks/keep"
    body = {"properties": {"level": "CanNotDelete"}}
    client.resources.begin_create_or_update_by_id(lock, body, api_version=LOCK_VERSION).result()
    kept = refusal(lambda: client.resource_groups.begin_delete(GROUP).result())
    client.resources.begin_delete_by_id(lock, api_version=LOCK_VERSION).result()
    client.resource_groups.begin_delete(GROUP).result()
    return {"refusal": kept, "exists": client.resource_groups.check_existence(GROUP)}


def main() -> None:
    """Print what each part saw."""
    with DefaultAzureCredential() as credential:
        client = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE)
        parts = (groups, resources, tags, providers, deployments, locks)
        json.dump({part.__name__: part(client) for part in parts}, sys.stdout)


if __name__ == "__main__":
    main()
