"""Reads a deployed platform back with Microsoft's own clients, unchanged, and prints what they saw as JSON.

Runs in an environment of its own (`.local/clients`). Where the platform is comes from the environment contract alone;
the argument is the stack's outputs as JSON.
"""

import json
import os
import sys
from typing import Any

from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from target import ENDPOINT, SUBSCRIPTION, WHERE


def resources(credential: DefaultAzureCredential) -> dict[str, Any]:
    """Resource groups and their resources, as azure-mgmt-resource lists them."""
    client = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE)
    groups = {group.name: group.tags for group in client.resource_groups.list() if not group.managed_by}
    return {
        "groups": groups,
        "resources": {
            item.id: {"type": item.type, "location": item.location, "tags": item.tags}
            for group in groups
            for item in client.resources.list_by_resource_group(group)
        },
    }


def machine_learning(credential: DefaultAzureCredential, outputs: dict[str, Any]) -> dict[str, Any]:
    """The workspace and what is in it, as azure-ai-ml reads them."""
    os.environ["ARM_CLOUD_METADATA_URL"] = f"{ENDPOINT}/metadata/endpoints?api-version=2019-05-01"
    client = MLClient(credential, SUBSCRIPTION, outputs["workspace_resource_group"], outputs["workspace_name"])
    workspace = client.workspaces.get(outputs["workspace_name"])
    endpoints = {}
    for name, model in outputs["models"].items():
        endpoint = client.online_endpoints.get(model["endpoint_name"])
        deployments = list(client.online_deployments.list(endpoint.name))
        endpoints[name] = {
            "scoring_uri": endpoint.scoring_uri,
            "auth_mode": endpoint.auth_mode,
            "traffic": endpoint.traffic,
            "deployments": {item.name: {"type": item.instance_type, "model": item.model} for item in deployments},
        }
    return {
        "workspace": {
            "id": workspace.id,
            "discovery_url": workspace.discovery_url,
            "mlflow_tracking_uri": workspace.mlflow_tracking_uri,
            "location": workspace.location,
            "tags": workspace.tags,
        },
        "compute": {
            item.name: {"type": item.type, "size": getattr(item, "size", None)} for item in client.compute.list()
        },
        "datastores": {item.name: item.type for item in client.datastores.list()},
        "models": [item.name for item in client.models.list()],
        "environments": [item.name for item in client.environments.list()],
        "endpoints": endpoints,
    }


def main() -> None:
    """Print what both clients saw."""
    outputs = json.loads(sys.stdin.read())
    with DefaultAzureCredential() as credential:
        seen = {**resources(credential), **machine_learning(credential, outputs)}
    json.dump(seen, sys.stdout, default=str)


if __name__ == "__main__":
    main()
