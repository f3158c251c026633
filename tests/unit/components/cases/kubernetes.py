"""The cluster, what is in it, and the workspace's way to it."""

from azure_ml_platform.components.kubernetes import Kubernetes
from azure_ml_platform.components.kubernetes_monitoring import KubernetesMonitoring
from azure_ml_platform.components.kubernetes_serving import KubernetesServing
from azure_ml_platform.components.kubernetes_workloads import KubernetesWorkloads
from tests.unit.components.cases.given import (
    ACTIONS,
    GROUP,
    IDENTITY,
    LOGS,
    PLACE,
    REGISTRY,
    SCOPES,
    SUBSCRIPTION,
    Case,
    principal,
)


def cases() -> list[Case]:
    """The cluster, what is in it, and the workspace's way to it."""
    cluster = f"{GROUP}/Microsoft.ContainerService/managedClusters/aks"
    network = f"{GROUP}/Microsoft.Network/virtualNetworks/vnet/subnets"
    issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/"
    control = {**principal("id-kubernetes"), "id": f"{IDENTITY}/id-kubernetes"}
    nodes = {**principal("id-nodes"), "id": f"{IDENTITY}/id-nodes", "client_id": "client"}
    workspace = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/mlw"
    return [
        Case(
            Kubernetes,
            {**PLACE, "cluster_name": "aks", "identity": control, "kubelet": nodes},
            {
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
                "kubernetes_version": "1.34",
                "system_pool": {"preset": "system", "min_nodes": 3, "max_nodes": 6},
                "pools": {
                    "serving": {"preset": "cpu_serving"},
                    "spot": {"preset": "gpu_spot"},
                    "gpu": {"preset": "gpu_dedicated", "vm_size": "Standard_NC24ads_A100_v4", "max_nodes": 2},
                },
                "zones": ["1", "2"],
                "uptime_sla": True,
                "private": True,
                "api_server_subnet_id": f"{network}/api",
                "nodes_subnet_id": f"{network}/nodes",
                "outbound": "userAssignedNATGateway",
                "allowed_ip_ranges": [],
                "admin_group_ids": ["00000000-0000-4000-8000-000000000009"],
                "local_accounts": False,
                "secrets_key": {"key_id": "https://kv.vault.azure.net/keys/k/1", "vault": SCOPES["key_vault"]},
                "encryption_at_host": True,
                "policy": True,
                "defender": True,
                "prometheus": True,
                "upgrade_day": "Saturday",
                "closed_node_group": True,
                "registry": REGISTRY,
                "administrators": {"team": {**principal("team"), "principal_type": "Group"}},
                "diagnostics": LOGS,
                "protect": True,
            },
        ),
        Case(
            KubernetesMonitoring,
            {**PLACE, "cluster_id": cluster, "cluster_name": "aks"},
            {
                "container_logs": {
                    "rule_name": "dcr-containers",
                    **LOGS,
                    "quiet_namespaces": ["kube-system"],
                    "interval_minutes": 1,
                },
                "prometheus": {
                    "account_name": "amw",
                    "endpoint_name": "dce",
                    "rule_name": "dcr-prometheus",
                    "routes": {"urgent": f"{ACTIONS}/urgent", "other": f"{ACTIONS}/other"},
                },
            },
        ),
        Case(
            KubernetesServing,
            {
                **PLACE,
                "cluster_id": cluster,
                "cluster_name": "aks",
                "workspace_id": workspace,
                "workspace_name": "mlw",
                "identity_id": f"{IDENTITY}/id-endpoint",
            },
            {
                "compute_name": "k8s",
                "workspace_identity": {
                    "principal": principal("id-workspace"),
                    "cluster": {"name": "aks", "id": cluster},
                },
                "namespace": "work",
                "training": True,
                "tls": {"secret": "tls", "host": "models.example.com"},
                "nodes": 3,
                "trusted_access": True,
                "instance_types": {"small": {}, "gpu": {"cpu": "3", "memory": "20Gi", "gpus": 1, "pool": "gpu"}},
                "in_cluster": True,
            },
        ),
        Case(
            KubernetesWorkloads,
            {
                "resource_group_name": "rg-test",
                "cluster_name": "aks",
                "cluster_id": cluster,
                "oidc_issuer_url": issuer,
            },
            {
                "namespaces": {
                    "team": {
                        "cpu": "8",
                        "memory": "32Gi",
                        "gpus": 2,
                        "neighbours": ["azureml"],
                        "ports_out": [443, 1433],
                        "disruption_label": "ml.azure.com/deployment-name",
                        "service_accounts": {
                            name: {"client_id": "client", "identity_name": "id-endpoint"} for name in ("models", "jobs")
                        },
                    }
                },
                "gpu": True,
                "server_id": "server",
                "plugin_version": "4.34.2",
            },
        ),
    ]
