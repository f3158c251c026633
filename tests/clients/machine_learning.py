"""Makes, changes and deletes the parts of a workspace with azure-ai-ml, unchanged, and prints what it saw as JSON.

Runs in an environment of its own (`.local/clients`). Where the platform is comes from the environment contract alone;
the stack's outputs come in as JSON. What it makes is gone when it ends, but for assets: the client only archives those.
"""

import json
import os
import sys
from contextlib import redirect_stdout
from typing import Any

from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    Workspace,
)
from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from target import ENDPOINT, REGION, SUBSCRIPTION, WHERE, is_gone, refusal

GROUP = "rg-ml-client"
"""Of the workspace that is made and deleted; all else lies in the platform's own."""


def workspace(client: MLClient, outputs: dict[str, Any]) -> dict[str, Any]:
    """List, get and update the workspace."""
    name = outputs["workspace_name"]
    found = client.workspaces.get(name)
    before = found.description
    found.description = "of the tests"
    updated = client.workspaces.begin_update(found).result()
    found.description = before or ""
    client.workspaces.begin_update(found).result()
    return {"listed": [item.name for item in client.workspaces.list()], "updated": updated.description}


def another_workspace(credential: DefaultAzureCredential) -> dict[str, Any]:
    """A workspace with all that it stands on, as the client's own template makes it, and its end."""
    groups = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE).resource_groups
    groups.create_or_update(GROUP, {"location": REGION})
    workspaces = MLClient(credential, SUBSCRIPTION, GROUP).workspaces
    made = workspaces.begin_create(Workspace(name="client-workspace", location=REGION)).result()
    workspaces.begin_delete("client-workspace", delete_dependent_resources=True, permanently_delete=True).wait()
    seen = {
        "created": [made.name, made.location],
        "stands_on": sorted(
            id.split("/")[-2] for id in (made.storage_account, made.key_vault, made.application_insights)
        ),
        "gone": is_gone(lambda: workspaces.get("client-workspace")),
    }
    groups.begin_delete(GROUP).wait()
    return seen


def compute(client: MLClient) -> dict[str, Any]:
    """A cluster, from creation to deletion, the sizes and the quota."""
    cluster = AmlCompute(name="client-cluster", size="Standard_DS3_v2", min_instances=0, max_instances=1)
    created = client.compute.begin_create_or_update(cluster).result()
    created.max_instances = 3
    updated = client.compute.begin_update(created).result()
    found = client.compute.get("client-cluster")
    listed = [item.name for item in client.compute.list()]
    client.compute.begin_delete("client-cluster").wait()
    return {
        "created": [created.name, created.size, created.provisioning_state],
        "updated": [updated.max_instances, found.max_instances],
        "listed": "client-cluster" in listed,
        "gone": is_gone(lambda: client.compute.get("client-cluster")),
        "gpu_quota": next(
            item.limit for item in client.compute.list_usage() if item.name["value"] == "standardNCADSA100v4Family"
        ),
        "refused": refusal(
            lambda: client.compute.begin_create_or_update(
                AmlCompute(name="client-gpu", size="Standard_NC24ads_A100_v4", max_instances=1)
            ).result()
        ),
    }


def datastore(client: MLClient, outputs: dict[str, Any]) -> dict[str, Any]:
    """A datastore, from creation to deletion; one with a key is refused where keys are."""
    account = outputs["storage_account_name"]
    container = client.datastores.get_default().container_name
    store = AzureBlobDatastore(name="client_store", account_name=account, container_name=container)
    created = client.datastores.create_or_update(store)
    created.description = "of the tests"
    updated = client.datastores.create_or_update(created)
    found = client.datastores.get("client_store")
    listed = [item.name for item in client.datastores.list()]
    client.datastores.delete("client_store")
    keyed = AzureBlobDatastore(
        name="client_keyed",
        account_name=account,
        container_name=container,
        credentials=AccountKeyConfiguration(account_key="a2V5"),
    )
    return {
        "created": created.account_name,
        "updated": [updated.description, found.description],
        "listed": "client_store" in listed,
        "gone": is_gone(lambda: client.datastores.get("client_store")),
        "refused": refusal(lambda: client.datastores.create_or_update(keyed)),
    }


def models(client: MLClient) -> dict[str, Any]:
    """A model: two versions, a changed description, a changed path that is refused, and an archived version."""
    path = "azureml://datastores/workspaceblobstore/paths/model/"
    first = client.models.create_or_update(Model(name="client-model", version="1", path=path))
    client.models.create_or_update(Model(name="client-model", version="2", path=path))
    first.description = "of the tests"
    client.models.create_or_update(first)
    client.models.archive("client-model", version="1")
    other = Model(name="client-model", version="2", path=f"{path}other/")
    return {
        "created": [first.name, first.version],
        "updated": client.models.get("client-model", version="1").description,
        "containers": "client-model" in [item.name for item in client.models.list()],
        "versions": sorted(item.version for item in client.models.list(name="client-model")),
        "latest": client.models.get("client-model", label="latest").version,
        "refused": refusal(lambda: client.models.create_or_update(other)),
    }


def environments(client: MLClient) -> dict[str, Any]:
    """An environment: made, changed, read, listed, archived."""
    conda = {"dependencies": ["python=3.11"]}
    environment = Environment(
        name="client-environment", version="1", image="mcr.microsoft.com/azureml/base:1", conda_file=conda
    )
    made = client.environments.create_or_update(environment)
    made.description = "of the tests"
    updated = client.environments.create_or_update(made)
    seen = {
        "created": [made.name, made.version],
        "updated": [updated.description, client.environments.get("client-environment", version="1").description],
        "listed": [item.version for item in client.environments.list(name="client-environment")],
    }
    client.environments.archive("client-environment", version="1")
    return seen


def like(other: ManagedOnlineDeployment, name: str, endpoint_name: str, model: str) -> ManagedOnlineDeployment:
    """A deployment with another one's code, environment and size."""
    return ManagedOnlineDeployment(
        name=name,
        endpoint_name=endpoint_name,
        model=model,
        environment=other.environment,
        code_configuration=CodeConfiguration(
            code=other.code_configuration.code, scoring_script=other.code_configuration.scoring_script
        ),
        instance_type=other.instance_type,
        instance_count=1,
    )


def endpoint(client: MLClient, outputs: dict[str, Any]) -> dict[str, Any]:
    """An endpoint with a deployment of what the platform deploys, from creation to deletion."""
    model = next(iter(outputs["models"].values()))
    blue = client.online_deployments.get("blue", model["endpoint_name"])
    name = f"client-{model['endpoint_name']}"[:32].rstrip("-")
    made = client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    deployment = like(blue, "first", name, blue.model)
    created = client.online_deployments.begin_create_or_update(deployment).result()
    made.traffic = {"first": 100}
    routed = client.online_endpoints.begin_create_or_update(made).result()
    stuck = refusal(lambda: client.online_deployments.begin_delete("first", name).result())
    created.tags = {"state": "changed"}
    client.online_deployments.begin_create_or_update(created).result()
    found = client.online_deployments.get("first", name)
    listed = [item.name for item in client.online_deployments.list(name)]
    endpoints = [item.name for item in client.online_endpoints.list()]
    keys = client.online_endpoints.get_keys(name)
    made.traffic = {"first": 0}
    client.online_endpoints.begin_create_or_update(made).result()
    client.online_deployments.begin_delete("first", name).result()
    left = [item.name for item in client.online_deployments.list(name)]
    client.online_endpoints.begin_delete(name).result()
    return {
        "created": [created.name, created.provisioning_state],
        "updated": found.tags.get("state"),
        "listed": [name in endpoints, listed, left],
        "traffic": routed.traffic,
        "refused": stuck,
        "keys": bool(keys.primary_key and keys.secondary_key),
        "gone": is_gone(lambda: client.online_endpoints.get(name)),
        "platform": client.online_endpoints.get(model["endpoint_name"]).traffic,
    }


def main() -> None:
    """Print what the client saw of each part."""
    outputs = json.loads(sys.stdin.read())
    os.environ["ARM_CLOUD_METADATA_URL"] = f"{ENDPOINT}/metadata/endpoints?api-version=2019-05-01"
    # The client shows its progress on standard output.
    with redirect_stdout(sys.stderr), DefaultAzureCredential() as credential:
        client = MLClient(credential, SUBSCRIPTION, outputs["workspace_resource_group"], outputs["workspace_name"])
        seen = {
            "workspace": workspace(client, outputs),
            "compute": compute(client),
            "datastore": datastore(client, outputs),
            "another_workspace": another_workspace(credential),
            "models": models(client),
            "environments": environments(client),
            "endpoint": endpoint(client, outputs),
        }
    json.dump(seen, sys.stdout, default=str)


if __name__ == "__main__":
    main()
