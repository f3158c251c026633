"""Samples of the rules on machine learning: workspaces, datastores, compute, endpoints and deployments."""

from typing import Any

from policies.kit.kinds import (
    BATCH_DEPLOYMENT,
    BATCH_ENDPOINT,
    COMPUTE,
    ML_REGISTRY,
    ML_WORKSPACE,
    ONLINE_DEPLOYMENT,
    ONLINE_ENDPOINT,
    SERVERLESS_ENDPOINT,
    STORAGE_ACCOUNT,
)
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case, private_endpoint_cases

IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ml"
ACCOUNT_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stmlops"
CONFIDENTIAL = Node(
    ML_WORKSPACE,
    {"workspaceName": "mlw", "hbiWorkspace": True, "storageAccount": ACCOUNT_ID},
    name="workspace",
)
NO_CREDENTIALS = {"credentialsType": "None"}
ACCOUNT_KEY = {"credentialsType": "AccountKey", "secrets": {"key": "not shown", "secretsType": "AccountKey"}}
WORKSPACE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/mlw"
OWN_MODEL = f"{WORKSPACE_ID}/models/m/versions/1"
FOREIGN_MODEL = "azureml://registries/elsewhere/models/m/versions/1"


def compute(kind: str, **properties: Any) -> dict[str, Any]:
    """The inputs of a compute of the workspace `mlw`."""
    return {"workspaceName": "mlw", "properties": {"computeType": kind, "properties": properties}}


CLUSTER = compute("AmlCompute", vmSize="Standard_DS3_v2")
GPU_CLUSTER = compute("AmlCompute", vmSize="Standard_NC4as_T4_v3")
INSTANCE = compute("ComputeInstance", vmSize="Standard_DS3_v2")
OPEN_WORKSPACE = Node(ML_WORKSPACE, {"workspaceName": "mlw"}, name="workspace")
MEMBER = Node(COMPUTE, CLUSTER, name="compute")
DEPLOYMENT = Node(ONLINE_DEPLOYMENT, {"workspaceName": "mlw", "properties": {}}, name="blue")
SCALE = "properties.properties.scaleSettings"
STOP = {"action": "Stop", "status": "Enabled"}

SECURITY = (
    Case("aml-workspace-public-access", ML_WORKSPACE, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case(
        *("aml-workspace-public-access", ML_WORKSPACE, "allowPublicAccessWhenBehindVnet", False, True, "passes"),
        rest={"publicNetworkAccess": "Disabled"},
    ),
    *private_endpoint_cases("aml-workspace-private-endpoint", "amlworkspace", WORKSPACE_ID, OPEN_WORKSPACE),
    Case("aml-registry-public-access", ML_REGISTRY, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case(
        *("aml-managed-network", ML_WORKSPACE, "managedNetwork.isolationMode"),
        *("AllowOnlyApprovedOutbound", "Disabled", "violates"),
    ),
    Case(
        *("aml-user-assigned-identity", ML_WORKSPACE, "identity.type", "UserAssigned", "SystemAssigned", "violates"),
        rest={"identity": {"userAssignedIdentities": [IDENTITY]}, "primaryUserAssignedIdentity": IDENTITY},
    ),
    Case(
        *("aml-user-assigned-identity", ML_WORKSPACE, "primaryUserAssignedIdentity", IDENTITY, "", "violates"),
        rest={"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": [IDENTITY]}},
    ),
    Case("aml-datastore-identity-auth", ML_WORKSPACE, "systemDatastoresAuthMode", "identity", "AccessKey", "violates"),
    Case(
        *("aml-datastore-no-credentials", "machinelearningservices:Datastore", "properties.credentials"),
        *(NO_CREDENTIALS, ACCOUNT_KEY, "violates"),
    ),
    Case(
        *("aml-workspace-cmk", ML_WORKSPACE, "encryption.status", "Enabled", "Disabled", "violates"),
        rest={"encryption": {"keyVaultProperties": {"keyIdentifier": "https://kv/keys/ml/1"}}},
    ),
    Case(
        *("aml-hbi-storage-private", STORAGE_ACCOUNT, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
        rest={"accountName": "stmlops", "allowBlobPublicAccess": False},
        others=[CONFIDENTIAL],
    ),
    Case("aml-compute-local-auth", COMPUTE, "properties.disableLocalAuth", True, False, "violates", rest=CLUSTER),
    Case("aml-compute-local-auth", COMPUTE, "properties.disableLocalAuth", True, False, "violates", rest=INSTANCE),
    Case(
        *("aml-compute-no-public-ip", COMPUTE, "properties.properties.enableNodePublicIp", False, True, "violates"),
        rest=CLUSTER,
    ),
    Case(
        *("aml-compute-ssh-closed", COMPUTE, "properties.properties.remoteLoginPortPublicAccess"),
        *("Disabled", "NotSpecified", "violates"),
        rest=CLUSTER,
    ),
    Case(
        *("aml-compute-ssh-closed", COMPUTE, "properties.properties.sshSettings.sshPublicAccess"),
        *("Disabled", "Enabled", "violates"),
        rest=INSTANCE,
    ),
    Case("aml-compute-vnet", COMPUTE, "properties.properties.subnet.id", "/subnets/ml", "", "violates", rest=CLUSTER),
    Case(
        *("aml-compute-vnet", ML_WORKSPACE, "managedNetwork.isolationMode"),
        *("AllowInternetOutbound", "Disabled", "violates"),
        rest={"workspaceName": "mlw"},
        others=[MEMBER],
    ),
    Case("aml-endpoint-auth-mode", ONLINE_ENDPOINT, "properties.authMode", "aadtoken", "Key", "violates"),
    Case("aml-endpoint-auth-mode", BATCH_ENDPOINT, "properties.authMode", "AADToken", "Key", "violates"),
    Case(
        *("aml-endpoint-auth-mode", ONLINE_ENDPOINT, "properties.keys", {}, {"primaryKey": "not shown"}, "passes"),
        rest={"properties": {"authMode": "AMLToken"}},
    ),
    Case(
        *("aml-endpoint-public-access", ONLINE_ENDPOINT, "properties.publicNetworkAccess"),
        *("Disabled", "Enabled", "violates"),
    ),
    Case(
        *("aml-deployment-egress", ONLINE_DEPLOYMENT, "properties.egressPublicNetworkAccess"),
        *("Disabled", "Enabled", "violates"),
        rest={"workspaceName": "mlw"},
        others=[OPEN_WORKSPACE],
    ),
    Case(
        *("aml-deployment-egress", ML_WORKSPACE, "managedNetwork.isolationMode"),
        *("AllowOnlyApprovedOutbound", "Disabled", "violates"),
        rest={"workspaceName": "mlw"},
        others=[DEPLOYMENT],
    ),
    Case("aml-approved-registry", ONLINE_DEPLOYMENT, "properties.model", OWN_MODEL, FOREIGN_MODEL, "passes"),
    Case("aml-approved-registry", BATCH_DEPLOYMENT, "properties.model.assetId", OWN_MODEL, FOREIGN_MODEL, "passes"),
    Case(
        *("aml-approved-registry", SERVERLESS_ENDPOINT, "properties.modelSettings.modelId"),
        *(OWN_MODEL, FOREIGN_MODEL, "passes"),
    ),
)

COST = (
    Case(
        *("vm-size-allow-list", COMPUTE, "properties.properties.vmSize"),
        *("standard_ds3_v2", "Standard_D48s_v5", "violates"),
        rest=compute("AmlCompute"),
    ),
    Case(
        *("vm-size-allow-list", ONLINE_DEPLOYMENT, "properties.instanceType"),
        *("Standard_DS3_v2", "Standard_F72s_v2", "violates"),
    ),
    Case(
        *("gpu-opt-in", COMPUTE, "properties.properties.vmSize"),
        *("Standard_DS3_v2", "Standard_NC4as_T4_v3", "passes"),
        rest=compute("ComputeInstance"),
    ),
    Case("gpu-opt-in", ONLINE_DEPLOYMENT, "properties.instanceType", "Standard_DS3_v2", "Standard_ND40rs_v2", "passes"),
    Case("aml-min-nodes-zero", COMPUTE, f"{SCALE}.minNodeCount", 0, 1, "passes", rest=CLUSTER),
    Case("aml-gpu-min-nodes-zero", COMPUTE, f"{SCALE}.minNodeCount", 0, 1, "passes", rest=GPU_CLUSTER),
    Case("aml-max-nodes", COMPUTE, f"{SCALE}.maxNodeCount", 4, 5, "violates", rest=CLUSTER),
    Case("aml-max-nodes", COMPUTE, f"{SCALE}.maxNodeCount", 1, 2, "violates", rest=GPU_CLUSTER),
    Case(
        *("aml-idle-scale-down", COMPUTE, f"{SCALE}.nodeIdleTimeBeforeScaleDown", "PT120S", "PT15M", "violates"),
        rest=CLUSTER,
    ),
    Case(
        *("aml-low-priority", COMPUTE, "properties.properties.vmPriority", "LowPriority", "Dedicated", "violates"),
        rest=CLUSTER,
    ),
    Case(
        *("ci-idle-shutdown", COMPUTE, "properties.properties.idleTimeBeforeShutdown", "PT30M", "PT14M", "violates"),
        rest=INSTANCE,
    ),
    Case(
        *("ci-stop-schedule", COMPUTE, "properties.properties.schedules.computeStartStop"),
        *([STOP], [{**STOP, "status": "Disabled"}], "violates"),
        rest=INSTANCE,
    ),
    Case("endpoint-capacity", ONLINE_DEPLOYMENT, "sku.capacity", 2, 3, "violates"),
    Case(
        *("endpoint-capacity", ONLINE_DEPLOYMENT, "properties.scaleSettings.maxInstances", 2, 20, "passes"),
        rest={"sku": {"capacity": 1}},
    ),
    Case(
        *("aml-firewall-cost", ML_WORKSPACE, "managedNetwork.firewallSku", "Basic", "Standard", "violates"),
        rest={"managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"}},
    ),
)
