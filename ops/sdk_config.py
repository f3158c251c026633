"""`sdk-config`: what the SDKs of Azure Machine Learning and MLflow need to find the workspace.

Sources: learn.microsoft.com/python/api/azure-ai-ml/azure.ai.ml.mlclient (`from_config` looks for `.azureml/config.json`
from a folder upwards), .../azure/machine-learning/how-to-use-mlflow-configure-tracking,
.../cli/azure/azure-cli-configuration (defaults of az).
"""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

from azure_ml_platform.cloud import PUBLIC
from azure_ml_platform.outputs import PlatformOutputs
from ops.console import say, show
from ops.errors import OpsError
from ops.session import Session
from ops.target import ROOT

METADATA = "/metadata/endpoints?api-version=2019-05-01"
"""Where azure-ai-ml reads the endpoints of a cloud other than the public one."""


def sdk_config(session: Session, folder: Path | None) -> int:
    """Write `.azureml/config.json` below `folder`, by default the checkout, and show the lines for a shell."""
    outputs = session.outputs()
    if outputs.sdk_config is None:
        message = f"stack {session.target.stack} has no machine learning workspace"
        raise OpsError(message)
    file = (folder or ROOT) / ".azureml" / "config.json"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(dict(outputs.sdk_config), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        message = f"cannot write {file}: {error.strerror}"
        raise OpsError(message) from error
    say(f"{file}: MLClient.from_config(DefaultAzureCredential()) finds it from there and from every folder below")
    for line in _shell(session, outputs):
        show(line)
    return 0


def _shell(session: Session, outputs: PlatformOutputs) -> Iterator[str]:
    """Lines that set a shell to the workspace."""
    if session.cloud.resource_manager != PUBLIC.resource_manager:
        yield f"export ARM_CLOUD_METADATA_URL={shlex.quote(session.cloud.resource_manager + METADATA)}"
    yield f"export MLFLOW_TRACKING_URI={shlex.quote(str(outputs.mlflow_tracking_uri))}"
    defaults = {"group": outputs.workspace_resource_group, "workspace": outputs.workspace_name}
    words = [f"{name}={value}" for name, value in {**defaults, "location": outputs.location}.items()]
    yield shlex.join(["az", "configure", "--defaults", *words])
