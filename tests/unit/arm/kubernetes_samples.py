"""An accepted body for every type of a Kubernetes cluster."""

from collections.abc import Callable

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Platform


def cluster_body(parts: Platform, **properties: object) -> Json:
    """A managed cluster's body: one system pool, Entra ID, workload identity."""
    system = {
        "name": "system",
        "mode": "System",
        "vmSize": "Standard_D2s_v5",
        "count": 1,
        "enableAutoScaling": True,
        "minCount": 1,
        "maxCount": 2,
        "availabilityZones": ["1"],
    }
    body: Json = {
        "dnsPrefix": "aks-test",
        "kubernetesVersion": "1.33",
        "agentPoolProfiles": [system],
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"},
        "aadProfile": {"managed": True, "enableAzureRBAC": True},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "addonProfiles": {"omsagent": {"enabled": True, "config": {"logAnalyticsWorkspaceResourceID": parts.logs}}},
        "apiServerAccessProfile": {"authorizedIPRanges": ["192.0.2.0/24"]},
    }
    identity = {"type": "UserAssigned", "userAssignedIdentities": {parts.identity: {}}}
    return {"location": REGION, "identity": identity, "properties": {**body, **properties}}


def add_all(parts: Platform, add: Callable[[str, str, str, Json], str]) -> None:
    """Add a cluster with all that belongs to it."""
    kind = "Microsoft.ContainerService/managedClusters"
    cluster = add(kind, parts.group, "aks-sample", cluster_body(parts))
    gpu = {"vmSize": "Standard_NC4as_T4_v3", "count": 0, "mode": "User", "nodeTaints": ["sku=gpu:NoSchedule"]}
    add(f"{kind}/agentPools", cluster, "gpu", {"properties": {**gpu, "nodeLabels": {"use": "training"}}})
    weekly = {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}}
    window = {"maintenanceWindow": {"schedule": weekly, "durationHours": 4, "startTime": "02:00"}}
    add(f"{kind}/maintenanceConfigurations", cluster, "aksManagedAutoUpgradeSchedule", {"properties": window})
    roles = ["Microsoft.MachineLearningServices/workspaces/mlworkload"]
    binding = {"sourceResourceId": parts.workspace, "roles": roles}
    add(f"{kind}/trustedAccessRoleBindings", cluster, "workspace", {"properties": binding})
    settings = {"enableTraining": "true", "allowInsecureConnections": "true"}
    extension = {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": settings}
    kind = "Microsoft.KubernetesConfiguration/extensions"
    add(kind, cluster, "azureml", {"properties": {**extension, "configurationProtectedSettings": {"key": "secret"}}})
