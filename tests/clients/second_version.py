"""Uploads a second version of a deployed model, registers it and gives it a slot, with Microsoft's clients, unchanged.

Runs in an environment of its own (`.local/clients`). Where the platform is comes from the environment contract alone;
the stack's outputs come in as JSON, the folder of the model is the argument.
"""

import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from azure.ai.ml import MLClient
from azure.ai.ml.entities import Model
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient
from machine_learning import like

ENDPOINT = f"https://{os.environ['ARM_METADATA_HOSTNAME']}"
PREFIX = "models/second"


def upload(client: MLClient, credential: DefaultAzureCredential, account_url: str, folder: Path) -> str:
    """Put the files into the platform's datastore `models`; returns their path in it."""
    store = client.datastores.get("models")
    container = ContainerClient(account_url, store.container_name, credential=credential)
    for file in folder.iterdir():
        container.upload_blob(f"{PREFIX}/{file.name}", file.read_bytes(), overwrite=True)
    return f"azureml://datastores/{store.name}/paths/{PREFIX}/"


def deploy(client: MLClient, name: str, path: str) -> dict[str, Any]:
    """A slot `second` like the slot `blue`, with the new version."""
    blue = client.online_deployments.get("blue", name)
    model = client.models.create_or_update(Model(name="second", version="2", path=path))
    deployment = like(blue, "second", name, model.id)
    created = client.online_deployments.begin_create_or_update(deployment).result()
    return {
        "state": created.provisioning_state,
        "traffic": client.online_endpoints.get(name).traffic,
        "log": client.online_deployments.get_logs("second", name, lines=100),
        "fetched": client.online_deployments.get_logs("second", name, lines=100, container_type="storage-initializer"),
    }


def main() -> None:
    """Print what came of it."""
    outputs = json.loads(sys.stdin.read())
    os.environ["ARM_CLOUD_METADATA_URL"] = f"{ENDPOINT}/metadata/endpoints?api-version=2019-05-01"
    # The client shows its progress on standard output.
    with redirect_stdout(sys.stderr), DefaultAzureCredential() as credential:
        subscription, group = os.environ["ARM_SUBSCRIPTION_ID"], outputs["workspace_resource_group"]
        client = MLClient(credential, subscription, group, outputs["workspace_name"])
        path = upload(client, credential, outputs["blob_endpoint"], Path(sys.argv[1]))
        seen = deploy(client, outputs["models"]["wine"]["endpoint_name"], path)
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
