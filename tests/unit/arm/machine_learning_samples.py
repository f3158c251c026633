"""Accepted bodies for the types of Azure Machine Learning."""

from collections.abc import Callable

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Platform, workspace_body

KIND = "Microsoft.MachineLearningServices/workspaces"
REGISTRY = "Microsoft.MachineLearningServices/registries"
ASSETS: dict[str, Json] = {
    "models": {"modelUri": "https://blobs/model", "flavors": {"sklearn": {"data": {"v": "1"}}}},
    "codes": {"codeUri": "azureml://datastores/data/paths/code"},
    "environments": {"image": "mcr/base:1", "condaFile": "dependencies: []"},
    "data": {"dataType": "uri_folder", "dataUri": "azureml://datastores/data/paths/wine/"},
    "components": {"componentSpec": {"type": "command", "command": "python train.py"}},
}
"""Properties of a version by the kind of asset."""
Add = Callable[[str, str, str, Json], str]


def add_all(parts: Platform, features: str, add: Add) -> None:
    """Add them all, each after what it stands on; `features` is a feature store that exists."""
    add(
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        f"{parts.storage}/blobServices/default",
        "data",
        {"properties": {"publicAccess": "None"}},
    )
    network = {"isolationMode": "AllowOnlyApprovedOutbound", "firewallSku": "Basic"}
    body = workspace_body(parts, managedNetwork=network, provisionNetworkNow=True)
    workspace = add(KIND, parts.group, "mlw-sample", body)
    store = {
        "datastoreType": "AzureBlob",
        "accountName": "sttest",
        "containerName": "data",
        "credentials": {"credentialsType": "None"},
    }
    add(f"{KIND}/datastores", workspace, "data", {"properties": store})
    add(
        f"{KIND}/outboundRules",
        workspace,
        "packages",
        {"properties": {"type": "FQDN", "destination": "packages.example.org", "category": "UserDefined"}},
    )
    connection = {"category": "AzureSqlDb", "target": "sql.example.com", "authType": "AAD", "metadata": {"a": "b"}}
    add(f"{KIND}/connections", workspace, "sql", {"properties": connection})
    scale = {"vmSize": "Standard_DS3_v2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2}}
    cluster = {"computeType": "AmlCompute", "properties": scale}
    compute = add(f"{KIND}/computes", workspace, "cpu", {"location": REGION, "properties": cluster})
    region = {"location": REGION, "acrDetails": [{"systemCreatedAcrAccount": {"acrAccountSku": "Premium"}}]}
    shared = {
        "location": REGION,
        "identity": {"type": "SystemAssigned"},
        "properties": {"regionDetails": [region], "publicNetworkAccess": "Enabled"},
    }
    registry = add(REGISTRY, parts.group, "mlr-sample", shared)
    ids = _assets(KIND, workspace, add)
    _assets(REGISTRY, registry, add)
    _online(workspace, ids, add)
    _batch(workspace, ids, compute, add)
    _others(parts, workspace, compute, add)
    _features(features, add)


def _assets(kind: str, place: str, add: Add) -> dict[str, str]:
    ids = {}
    for asset, properties in ASSETS.items():
        add(f"{kind}/{asset}", place, "wine", {"properties": {"description": "of wines"}})
        ids[asset] = add(f"{kind}/{asset}/versions", f"{place}/{asset}/wine", "1", {"properties": properties})
    return ids


def _online(workspace: str, ids: dict[str, str], add: Add) -> None:
    mode = {"authMode": "Key", "traffic": {}, "mirrorTraffic": {}, "keys": {"primaryKey": "mine"}}
    body: Json = {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": mode}
    endpoint = add(f"{KIND}/onlineEndpoints", workspace, "wine", body)
    deployment = {
        "endpointComputeType": "Managed",
        "instanceType": "Standard_DS3_v2",
        "model": ids["models"],
        "environmentId": ids["environments"],
        "codeConfiguration": {"codeId": ids["codes"], "scoringScript": "score.py"},
        "environmentVariables": {"A": "b"},
    }
    sku = {"name": "Default", "capacity": 1}
    body = {"location": REGION, "sku": sku, "properties": deployment}
    add(f"{KIND}/onlineEndpoints/deployments", endpoint, "blue", body)


def _batch(workspace: str, ids: dict[str, str], compute: str, add: Add) -> None:
    defaults: Json = {"authMode": "AADToken", "defaults": {}}
    endpoint = add(f"{KIND}/batchEndpoints", workspace, "wine-batch", {"location": REGION, "properties": defaults})
    deployment = {
        "compute": compute,
        "model": {"referenceType": "Id", "assetId": ids["models"]},
        "environmentId": ids["environments"],
        "codeConfiguration": {"codeId": ids["codes"], "scoringScript": "batch.py"},
        "resources": {"instanceCount": 1},
    }
    body = {"location": REGION, "properties": deployment}
    add(f"{KIND}/batchEndpoints/deployments", endpoint, "nightly", body)


def _others(parts: Platform, workspace: str, compute: str, add: Add) -> None:
    job = {"jobType": "Command", "command": "python train.py", "computeId": compute}
    weekly = {"triggerType": "Recurrence", "frequency": "Week", "interval": 1, "schedule": {"hours": [3]}}
    schedule = {"isEnabled": False, "action": {"actionType": "CreateJob", "jobDefinition": job}, "trigger": weekly}
    add(f"{KIND}/schedules", workspace, "retrain", {"properties": schedule})
    serverless = {"modelSettings": {"modelId": "azureml://registries/azureml/models/phi"}, "authMode": "Key"}
    add(f"{KIND}/serverlessEndpoints", workspace, "phi", {"location": REGION, "properties": serverless})
    add(
        "Microsoft.MachineLearningServices/capacityReservationGroups",
        parts.group,
        "reserved",
        {"location": REGION, "properties": {"reservedCapacity": 1, "offer": {"offerName": "a", "publisher": "b"}}},
    )


def _features(features: str, add: Add) -> None:
    entity = add(f"{KIND}/featurestoreEntities", features, "account", {"properties": {"description": "of customers"}})
    columns = {"indexColumns": [{"columnName": "id", "dataType": "String"}]}
    add(f"{KIND}/featurestoreEntities/versions", entity, "1", {"properties": columns})
    sets = add(f"{KIND}/featuresets", features, "sales", {"properties": {"description": "of sales"}})
    specified = {"specification": {"path": "azureml://datastores/data/paths/spec"}, "entities": ["azureml:account:1"]}
    add(f"{KIND}/featuresets/versions", sets, "1", {"properties": specified})
