"""The workspace, its compute and its models."""

from pathlib import Path

from azure_ml_platform.components.asset_registry import AssetRegistry
from azure_ml_platform.components.compute import Compute
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_deployment import ModelDeployment
from azure_ml_platform.components.workspace_links import WorkspaceLinks
from tests.unit.components.cases.given import (
    GROUP,
    IDENTITY,
    LAKE,
    LOGS,
    PLACE,
    REGISTRY,
    SCOPES,
    SUBNET,
    SUBSCRIPTION,
    UPLOAD,
    WORKSPACE,
    Case,
    endpoints,
    principal,
)


def cases(files: Path) -> list[Case]:
    """`files` holds a model and what serves it."""
    model = {
        "model": str(files / "model"),
        "code": str(files / "code"),
        "scoring_script": "score.py",
        "environment": str(files / "conda.yaml"),
        "upload": UPLOAD,
    }
    return [
        Case(
            MachineLearning,
            {
                **PLACE,
                **SCOPES,
                "workspace_name": "mlw",
                "identity": {**principal("id-workspace"), "id": f"{IDENTITY}/id-workspace"},
            },
            {
                "registry": REGISTRY,
                "compute_identity": principal("id-compute"),
                "endpoint_identity": principal("id-endpoint"),
                "containers": {"models": "models", "run_logs": "run-logs"},
                "storage_endpoint": "core.usgovcloudapi.net",
                "network": {
                    "isolation_mode": "AllowOnlyApprovedOutbound",
                    "firewall_sku": "Basic",
                    "provision_now": True,
                    "purposes": ["conda"],
                    "endpoints": {"lake": {"target": LAKE, "subresource": "dfs", "spark": True}},
                },
                "encryption": {
                    "key_vault": {**SCOPES["key_vault"], "name": "kv-keys"},
                    "key_id": "https://kv-keys.vault.azure.net/keys/k/1",
                    "service_side": False,
                },
                "serverless": {
                    "subnet_id": f"{GROUP}/Microsoft.Network/virtualNetworks/v/subnets/s",
                    "public_ip": True,
                },
                "connections": {
                    "sql": {
                        "category": "AzureSqlDb",
                        "target": "sql.example.com",
                        "metadata": {"database": "features"},
                    },
                    "images": {
                        "category": "ContainerRegistry",
                        "target": "cr.azurecr.io",
                        "managed_identity": {
                            "client_id": SUBSCRIPTION.rsplit("/", 1)[1],
                            "id": f"{IDENTITY}/id-compute",
                        },
                    },
                },
                "personas": {
                    "data-scientist": {**principal("scientists-team"), "principal_type": "Group"},
                    "labeler": {**principal("labelers"), "principal_type": "Group"},
                },
                "public_network_access": True,
                "high_business_impact": False,
                "image_build_cluster": "cpu-cluster",
                "private_endpoints": endpoints("amlworkspace"),
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            WorkspaceLinks,
            {"resource_group_name": "rg-test", "workspace_name": "mlw", "identity": principal("id-workspace")},
            {
                "connections": {
                    "databricks": {"category": "Databricks", "target": "https://adb-1.azuredatabricks.net"},
                    "lake": {"category": "ADLSGen2", "target": "https://dls.dfs.core.windows.net/"},
                },
                "endpoints": {
                    "lake-dfs": {"target": LAKE, "subresource": "dfs", "spark": True},
                    "lake-blob": {"target": LAKE, "subresource": "blob"},
                },
                "storage_endpoints": {"blob": {"name": "pep-blob", "id": f"{GROUP}/Microsoft.Network/pep-blob"}},
            },
        ),
        Case(
            AssetRegistry,
            {**PLACE, "registry_name": "mlr", "regions": ["westeurope"]},
            {
                "regions": ["westeurope", "northeurope"],
                "redundancy": "GRS",
                "public_network_access": True,
                "readers": {"workspace": principal("id-workspace")},
                "publishers": {"pipeline": principal("sp-pipeline")},
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
                "protect": False,
            },
        ),
        Case(
            Compute,
            {
                **PLACE,
                "workspace_name": "mlw",
                "clusters": {"cpu": {"vm_size": "Standard_DS3_v2", "max_nodes": 2}},
                "identity_id": f"{IDENTITY}/id-compute",
            },
            {
                "clusters": {
                    "gpu": {
                        "vm_size": "Standard_NC4as_T4_v3",
                        "max_nodes": 4,
                        "min_nodes": 1,
                        "idle_minutes": 15,
                        "low_priority": True,
                    }
                },
                "subnet_id": SUBNET,
                "instances": {
                    "ci-jane": {
                        "user_object_id": "00000000-0000-4000-8000-000000000007",
                        "user_tenant_id": "00000000-0000-4000-8000-000000000008",
                        "vm_size": "Standard_DS3_v2",
                        "idle_minutes": 60,
                        "stops_at": "18:30",
                        "time_zone": "W. Europe Standard Time",
                    }
                },
                "attached": {
                    "aks": {
                        "cluster_id": f"{GROUP}/Microsoft.ContainerService/managedClusters/aks",
                        "namespace": "ml",
                        "identity_id": f"{IDENTITY}/id-jobs",
                        "instance_types": {
                            "cpu-small": {},
                            "gpu-t4": {"node_selector": {"pool": "gpu"}, "cpu": "4", "memory": "16Gi", "gpus": 1},
                        },
                    }
                },
                "node_public_ip": True,
            },
        ),
        Case(
            ModelDeployment,
            {
                "workspace_id": WORKSPACE,
                "endpoint_name": "wine",
                "model": "azureml://registries/shared/models/wine/versions/3",
                "instance_type": "Standard_DS3_v2",
            },
            {
                **model,
                "location": "westeurope",
                "asset_name": "wines",
                "identity_id": f"{IDENTITY}/id-endpoint",
                # A cluster takes the place of Azure's machines, which the rest is about.
                "compute_id": None,
                "base_image": "mcr.microsoft.com/azureml/other:1",
                "instance_count": 3,
                "slots": {"blue": {}, "green": {"instance_count": 2, "request_timeout_seconds": 90}},
                "traffic": {"blue": 90, "green": 10},
                "mirror": {},
                "canary": {"slot": "green", "steps": [5, 10]},
                "auth_mode": "Key",
                "public_network_access": True,
                "egress_public_network_access": True,
                "application_insights": False,
                "request_timeout_seconds": 60,
                "max_concurrent_requests": 4,
                "liveness_probe": {"failure_threshold": 3},
                "readiness_probe": {"initial_delay_seconds": 1},
                "startup_probe": {"failure_threshold": 60},
                "environment_variables": {"LOG_LEVEL": "debug"},
                "collection": {"sampling_percent": 50},
                "monitor": {
                    "task": "Classification",
                    "attribution": True,
                    "reference": {
                        "data_id": "azureml:wine-training:1",
                        "target_column": "cultivar",
                        "prediction_column": "prediction",
                    },
                    "emails": ["me@example.com"],
                },
                "callers": {"team": {**principal("team"), "principal_type": "Group"}},
                "token_scope": "https://ml.azure.us/.default",
                "sample_request": "sample.json",
                "autoscale": {
                    "min_instances": 2,
                    "max_instances": 6,
                    "latency_above_milliseconds": 500,
                    "busy_hours": {"start": "07:00", "end": "19:30", "min_instances": 4},
                },
                "diagnostics": LOGS,
            },
        ),
    ]
