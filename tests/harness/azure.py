"""What the mocked Azure answers: ARM ids and the outputs that programs read, all derived from the inputs."""

import base64
import uuid
from typing import Any

from azure_ml_platform.catalog.resource_types import locate

SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
TENANT = "00000000-0000-4000-8000-000000000002"
KUBECONFIG = """
clusters: [{name: aks, cluster: {server: "https://aks.hcp.westeurope.azmk8s.io:443", certificate-authority-data: Y2E=}}]
users: [{name: user, user: {exec: {command: kubelogin}}}]
"""
DEPLOYER = "00000000-0000-4000-8000-000000000003"


def resource(type_: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Id and state of a created resource."""
    if not type_.startswith("azure-native:"):
        return f"{name}-id", {**inputs, **_dynamic_outputs(type_, inputs)}
    resource_id = arm_id(type_, inputs)
    physical = resource_id.rsplit("/", 1)[-1]
    outputs = _outputs(type_.removeprefix("azure-native:"), physical, resource_id, inputs)
    return resource_id, {**inputs, **_identity(inputs), "name": physical, **outputs}


def arm_id(type_: str, inputs: dict[str, Any]) -> str:
    """The ARM id that follows from a resource's inputs; below an unknown one it is unknown too."""
    place = locate(type_, inputs, SUBSCRIPTION)
    assert place is not None, f"the catalog cannot place {type_}"
    return place.resource_id


def invoke(token: str) -> dict[str, Any]:
    """Answer of a provider function."""
    if token == "azure-native:containerservice:listManagedClusterUserCredentials":
        return {"kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(KUBECONFIG.encode()).decode()}]}
    if token == "azure-native:machinelearningservices:getWorkspace":
        return {"id": f"/subscriptions/{SUBSCRIPTION}/workspace", "name": "mlw", "location": "northeurope"}
    if token != "azure-native:authorization:getClientConfig":
        raise NotImplementedError(token)
    return {"clientId": DEPLOYER, "objectId": DEPLOYER, "subscriptionId": SUBSCRIPTION, "tenantId": TENANT}


def _guid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


def _identity(inputs: dict[str, Any]) -> dict[str, Any]:
    """Identities go in as a list of ids and come out as a map by id."""
    identity = inputs.get("identity", {})
    if "userAssignedIdentities" not in identity:
        return {}
    known = {
        assigned: {"principalId": _guid(assigned, "principal"), "clientId": _guid(assigned, "client")}
        for assigned in identity["userAssignedIdentities"]
    }
    return {"identity": {**identity, "userAssignedIdentities": known}}


def _dynamic_outputs(type_: str, inputs: dict[str, Any]) -> dict[str, Any]:
    if type_.endswith(":Artifact"):
        path = f"{inputs['prefix']}/{inputs['version']}"
        return {"uri": f"{inputs['endpoint']}{inputs['container']}/{path}", "path": path}
    if type_.endswith(":Drain"):
        return {"made": _guid(inputs["deployment_id"], "made")}
    if type_.endswith(":DatabricksObject"):
        return {"object_id": _guid(inputs["kind"], inputs["spec"])}
    return {}


def _outputs(token: str, name: str, resource_id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    match token:
        case "managedidentity:UserAssignedIdentity":
            return {"principalId": _guid(name, "principal"), "clientId": _guid(name, "client"), "tenantId": TENANT}
        case "storage:StorageAccount":
            hosts = {service: f"https://{name}.{service}.core.windows.net/" for service in ("blob", "dfs")}
            return {"primaryEndpoints": hosts}
        case "keyvault:Vault":
            return {"properties": {**inputs["properties"], "vaultUri": f"https://{name}.vault.azure.net/"}}
        case "keyvault:Key":
            return {"keyUriWithVersion": f"https://{inputs['vaultName']}.vault.azure.net/keys/{name}/0a1b2c3d"}
        case "containerservice:ManagedCluster":
            return {
                "nodeResourceGroup": f"MC_{name}",
                "oidcIssuerProfile": {
                    "enabled": True,
                    "issuerURL": f"https://westeurope.oic.prod-aks.azure.com/{TENANT}/{_guid(name)}/",
                },
            }
        case "databricks:Workspace":
            return {"workspaceId": "7", "workspaceUrl": "adb-7.1.azuredatabricks.net"}
        case "containerregistry:Registry":
            return {"loginServer": f"{name}.azurecr.io"}
        case "network:PublicIPAddress":
            return {"ipAddress": "203.0.113.7"}
        case "operationalinsights:Workspace":
            return {"customerId": _guid(name, "customer")}
        case "applicationinsights:Component":
            return {"appId": _guid(name, "app"), "connectionString": f"InstrumentationKey={_guid(name, 'key')}"}
        case "machinelearningservices:Workspace":
            host = f"{inputs.get('location', 'westeurope')}.api.azureml.ms"
            return {
                "workspaceId": _guid(name, "workspace"),
                "discoveryUrl": f"https://{host}/discovery",
                "mlFlowTrackingUri": f"azureml://{host}/mlflow/v1.0{resource_id}",
            }
        case "machinelearningservices:OnlineEndpoint":
            host = f"https://{name}.{inputs.get('location', 'westeurope')}.inference.ml.azure.com"
            uris = {"scoringUri": f"{host}/score", "swaggerUri": f"{host}/swagger.json"}
            return {"properties": {**inputs["properties"], **uris}}
        case _:
            return {}
