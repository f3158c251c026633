"""Batch endpoints and their deployments.

Sources: learn.microsoft.com/rest/api/azureml/batch-endpoints and /batch-deployments, .../azure/machine-learning/
reference-yaml-deployment-batch (defaults), .../how-to-manage-quotas (names, numbers).
"""

from dataclasses import replace

from local.arm.behaviours.machine_learning import asset_ids
from local.arm.behaviours.machine_learning.assets import (
    BATCH_DEPLOYMENT,
    CODE,
    COMPONENT,
    ENVIRONMENT,
    MODEL,
)
from local.arm.behaviours.machine_learning.computes import INSTANCE
from local.arm.behaviours.machine_learning.endpoints import ENDPOINT_NAMES, check_free, check_number, deployments_of
from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.behaviours.machine_learning.quota import COMPUTE
from local.arm.cloud import Cloud, dangling
from local.arm.documents import Json, overlay, without
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Call, Change, ResourceType
from local.arm.store import Resource

ENDPOINT = f"{WORKSPACE}/batchEndpoints"
DEFAULT = "properties.defaults.deploymentName"
DEPLOYMENT_DEFAULTS: Json = {
    "errorThreshold": -1,
    "loggingLevel": "Info",
    "maxConcurrencyPerInstance": 1,
    "miniBatchSize": 10,
    "outputAction": "AppendRow",
    "outputFileName": "predictions.csv",
    "resources": {"instanceCount": 1},
    "retrySettings": {"maxRetries": 3, "timeout": "PT30S"},
    "properties": {},
}
"""What Azure fills in."""
PIPELINE = "PipelineComponent"


def _check_endpoint(change: Change) -> None:
    mode = change.get("properties.authMode", "AADToken")
    if mode != "AADToken":
        message = f"authMode is {mode}; a batch endpoint is called with Microsoft Entra tokens only: AADToken."
        raise bad_request("BadRequest", message, target="properties.authMode")
    name = change.get(DEFAULT, "")
    if name and name.casefold() not in {item.name.casefold() for item in deployments_of(change.cloud, change.current)}:
        message = f"{DEFAULT} is '{name}', which the endpoint does not have. Create the deployment first."
        raise bad_request("BadRequest", message, target=DEFAULT)


def _endpoint(change: Change) -> Json:
    return {
        "properties": {
            "scoringUri": f"https://{change.id.name}.{change.location}.inference.ml.azure.com/jobs",
            "defaults": {"deploymentName": change.get(DEFAULT)},
            "properties": change.get("properties.properties", {}),
        }
    }


def _list_keys(call: Call) -> Json:
    raise bad_request("BadRequest", f"Endpoint '{call.resource.name}' has the auth mode AADToken; it has no keys.")


def _check_deployment(change: Change) -> None:
    pipeline = change.get("properties.deploymentConfiguration.deploymentConfigurationType") == PIPELINE
    if pipeline:
        _check_asset(change, "properties.deploymentConfiguration.componentId", COMPONENT, needed=True)
        return
    _check_asset(change, "properties.model", MODEL, needed=True)
    _check_asset(change, "properties.environmentId", ENVIRONMENT, needed=False)
    _check_asset(change, "properties.codeConfiguration.codeId", CODE, needed=False)
    _check_cluster(change)


def _check_cluster(change: Change) -> None:
    """Batch jobs run on a cluster, which has to be there."""
    path = "properties.compute"
    reference = change.get(path, "")
    if not reference:
        message = f"A batch deployment needs {path}: the id of a compute cluster, or of an attached Kubernetes cluster."
        raise bad_request("BadRequest", message, target=path)
    compute = change.cloud.find(reference, COMPUTE, property_path=path)
    if compute.properties.get("computeType") == INSTANCE:
        message = f"{path} is the compute instance '{compute.name}'; a batch deployment runs on a cluster."
        raise bad_request("BadRequest", message, target=path)


def _check_asset(change: Change, path: str, kind: str, *, needed: bool) -> None:
    reference = asset_ids.text_of(change.get(path))
    if not reference:
        if needed:
            raise bad_request("BadRequest", f"A batch deployment needs {path}.", target=path)
        return
    found = asset_ids.find(change.cloud, reference)
    if found is None and asset_ids.in_foreign_registry(change.cloud, reference):
        return
    if found is None or found.type.rpartition("/")[0].rpartition("/")[2] != kind.split("/")[2]:
        raise dangling(reference, path)


def _deployment(change: Change) -> Json:
    return {"properties": overlay(DEPLOYMENT_DEFAULTS, change.get("properties", {}))}


def _forget(cloud: Cloud, deployment: Resource) -> None:
    """An endpoint whose default deployment goes has none."""
    with cloud.store.transaction():
        endpoint = cloud.store.get(deployment.id.parent)
        default = endpoint.properties.get("defaults", {}).get("deploymentName") if endpoint else None
        if endpoint and str(default).casefold() == deployment.name.casefold():
            sent = None if endpoint.sent is None else without(endpoint.sent, (DEFAULT,))
            cloud.store.put(replace(endpoint, body=without(endpoint.body, (DEFAULT,)), sent=sent))


TYPES = (
    ResourceType(
        name=ENDPOINT,
        tracked=True,
        names=ENDPOINT_NAMES,
        system_data=True,
        immutable=("properties.authMode",),
        write_only=("properties.keys",),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(check_free, _check_endpoint),
        complete=_endpoint,
        actions={"listkeys": _list_keys},
    ),
    ResourceType(
        name=BATCH_DEPLOYMENT,
        tracked=True,
        names=ENDPOINT_NAMES,
        system_data=True,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(check_number, _check_deployment),
        complete=_deployment,
        deprovision=_forget,
    ),
)
