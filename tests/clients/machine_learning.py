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
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential

ENDPOINT = f"https://{os.environ['ARM_METADATA_HOSTNAME']}"
SUBSCRIPTION = os.environ["ARM_SUBSCRIPTION_ID"]


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


def compute(client: MLClient) -> dict[str, Any]:
    """A cluster, from creation to deletion, the sizes and the quota."""
    cluster = AmlCompute(name="client-cluster", size="Standard_DS3_v2", min_instances=0, max_instances=1)
    created = client.compute.begin_create_or_update(cluster).result()
    created.max_instances = 3
    updated = client.compute.begin_update(created).result()
    listed = [item.name for item in client.compute.list()]
    client.compute.begin_delete("client-cluster").wait()
    return {
        "created": [created.name, created.size, created.provisioning_state],
        "updated": updated.max_instances,
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
        "updated": updated.description,
        "listed": "client_store" in listed,
        "gone": is_gone(lambda: client.datastores.get("client_store")),
        "refused": refusal(lambda: client.datastores.create_or_update(keyed)),
    }


def assets(client: MLClient) -> dict[str, Any]:
    """A model and an environment: two versions, an archived one, a changed path that is refused."""
    path = "azureml://datastores/workspaceblobstore/paths/model/"
    first = client.models.create_or_update(Model(name="client-model", version="1", path=path))
    client.models.create_or_update(Model(name="client-model", version="2", path=path))
    client.models.archive("client-model", version="1")
    other = Model(name="client-model", version="2", path=f"{path}other/")
    conda = {"dependencies": ["python=3.11"]}
    environment = Environment(
        name="client-environment", version="1", image="mcr.microsoft.com/azureml/base:1", conda_file=conda
    )
    made = client.environments.create_or_update(environment)
    made.description = "of the tests"
    return {
        "model": [first.name, first.version],
        "versions": sorted(item.version for item in client.models.list(name="client-model")),
        "latest": client.models.get("client-model", label="latest").version,
        "refused": refusal(lambda: client.models.create_or_update(other)),
        "environment": [made.name, made.version, client.environments.create_or_update(made).description],
    }


def endpoint(client: MLClient, outputs: dict[str, Any]) -> dict[str, Any]:
    """An endpoint with a deployment of what the platform deploys, from creation to deletion."""
    model = next(iter(outputs["models"].values()))
    blue = client.online_deployments.get("blue", model["endpoint_name"])
    name = f"client-{model['endpoint_name']}"[:32].rstrip("-")
    made = client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    deployment = ManagedOnlineDeployment(
        name="first",
        endpoint_name=name,
        model=blue.model,
        environment=blue.environment,
        code_configuration=CodeConfiguration(
            code=blue.code_configuration.code, scoring_script=blue.code_configuration.scoring_script
        ),
        instance_type=blue.instance_type,
        instance_count=1,
    )
    created = client.online_deployments.begin_create_or_update(deployment).result()
    made.traffic = {"first": 100}
    routed = client.online_endpoints.begin_create_or_update(made).result()
    stuck = refusal(lambda: client.online_deployments.begin_delete("first", name).result())
    keys = client.online_endpoints.get_keys(name)
    client.online_endpoints.begin_delete(name).result()
    return {
        "created": [created.name, created.provisioning_state],
        "traffic": routed.traffic,
        "refused": stuck,
        "keys": bool(keys.primary_key and keys.secondary_key),
        "gone": is_gone(lambda: client.online_endpoints.get(name)),
        "platform": client.online_endpoints.get(model["endpoint_name"]).traffic,
    }


def refusal(call: Any) -> str:
    """The code that a call is refused with, empty for one that is accepted."""
    try:
        call()
    except HttpResponseError as error:
        return str(error.error.code if error.error else error.status_code)
    return ""


def is_gone(call: Any) -> bool:
    """Whether a call finds nothing."""
    try:
        call()
    except ResourceNotFoundError:
        return True
    return False


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
            "assets": assets(client),
            "endpoint": endpoint(client, outputs),
        }
    json.dump(seen, sys.stdout, default=str)


if __name__ == "__main__":
    main()
