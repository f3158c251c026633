"""The canonical arguments of every component: what is required, everything, and what `secure` starts from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.alerts import Alerts
from azure_ml_platform.components.asset_registry import AssetRegistry
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.budget import Budget
from azure_ml_platform.components.compute import Compute
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.databricks import Databricks
from azure_ml_platform.components.databricks_objects import DatabricksObjects
from azure_ml_platform.components.flow_log import FlowLog
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.kubernetes import Kubernetes
from azure_ml_platform.components.kubernetes_serving import KubernetesServing
from azure_ml_platform.components.kubernetes_workloads import KubernetesWorkloads
from azure_ml_platform.components.lake_datastores import LakeDatastores
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_deployment import ModelDeployment
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.network import Network
from azure_ml_platform.components.pipeline_identities import PipelineIdentities
from azure_ml_platform.components.private_dns import PrivateDns
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.components.sql_jobs import SqlJobs
from azure_ml_platform.components.workbook import Workbook

SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-test/providers"
TAGS = {"owner": "me@example.com"}
PLACE = {"resource_group_name": "rg-test", "location": "westeurope"}
LOGS = {"workspace_id": f"{GROUP}/Microsoft.OperationalInsights/workspaces/log"}
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/mlw"
ACTIONS = f"{GROUP}/Microsoft.Insights/actionGroups"
NETWORK = {"public": True, "allowed_ip_ranges": ["198.51.100.7"]}


def principal(name: str) -> dict[str, str]:
    """A managed identity that roles are assigned to."""
    return {"name": name, "principal_id": f"00000000-0000-4000-8000-{len(name):012}"}


VNET = f"{GROUP}/Microsoft.Network/virtualNetworks/vnet"
SUBNET = f"{VNET}/subnets/links"
ZONES = f"{GROUP}/Microsoft.Network/privateDnsZones"
HUB_SUBSCRIPTION = "00000000-0000-4000-8000-000000000009"
HUB_GROUP = f"/subscriptions/{HUB_SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network"
HUB, HUB_ZONES = f"{HUB_GROUP}/virtualNetworks/vnet-hub", f"{HUB_GROUP}/privateDnsZones"
WATCHER = f"{SUBSCRIPTION}/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/nw"


def endpoints(*groups: str) -> dict[str, Any]:
    """Private endpoints of some groups."""
    zone = "privatelink.example.net"
    shared = {**PLACE, "subnet_id": SUBNET, "zone_ids": {zone: f"{ZONES}/{zone}"}}
    return {group: {**shared, "name": f"pep-{group}"} for group in groups}


GRANT = {"role": Role.STORAGE_BLOB_DATA_READER, "principal": {**principal("team"), "principal_type": "Group"}}
SCOPES = {
    "storage": {"name": "st", "id": f"{GROUP}/Microsoft.Storage/storageAccounts/st"},
    "key_vault": {"name": "kv", "id": f"{GROUP}/Microsoft.KeyVault/vaults/kv"},
    "insights": {"name": "appi", "id": f"{GROUP}/Microsoft.Insights/components/appi"},
}
LAKE = {"name": "stlake", "id": f"{GROUP}/Microsoft.Storage/storageAccounts/stlake"}
REGISTRY = {"name": "cr", "id": f"{GROUP}/Microsoft.ContainerRegistry/registries/cr"}
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities"
UPLOAD = {"endpoint": "https://st.blob.core.windows.net/", "container": "models"}
CUSTOMER_KEY = {
    "vault_uri": "https://kv.vault.azure.net/",
    "key_name": "data",
    "identity_id": f"{IDENTITY}/id-encryption",
    "permission": f"{GROUP}/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Authorization/roleAssignments/1",
}
STORAGE: dict[str, Any] = {
    "redundancy": "GZRS",
    "soft_delete_days": 14,
    "infrastructure_encryption": False,
    "customer_managed_key": CUSTOMER_KEY,
    "network": NETWORK,
    "trusted_resources": [
        {
            "resource_id": f"{GROUP}/Microsoft.Databricks/accessConnectors/dbac",
            "tenant_id": "00000000-0000-4000-8000-000000000002",
        }
    ],
    "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
    "diagnostics": LOGS,
    "protect": False,
}
ALL_MAX: dict[str, Any] = {"tags": TAGS, "keep_sdk_aliases": True}


@dataclass(frozen=True)
class Case:
    """One component with its arguments."""

    component: Callable[..., PlatformComponent]
    required: dict[str, Any]
    more: dict[str, Any]
    """Every other argument."""

    @property
    def name(self) -> str:
        """Name of the component's class."""
        return self.component.__name__  # type: ignore[attr-defined, no-any-return]

    def defaults(self) -> dict[str, Any]:
        """Only what is required."""
        return self.required

    def max(self) -> dict[str, Any]:
        """Everything."""
        return {**self.required, **self.more, **ALL_MAX}


def cases(files: Path) -> list[Case]:
    """Every component; `files` holds a model and what serves it."""
    model = {
        "model": str(files / "model"),
        "code": str(files / "code"),
        "scoring_script": "score.py",
        "environment": str(files / "conda.yaml"),
        "upload": UPLOAD,
    }
    return [
        *_databricks(),
        *_kubernetes(),
        Case(ResourceGroups, {"names": {"data": "rg-data"}, "location": "westeurope"}, {"protect": False}),
        Case(Identities, {**PLACE, "names": {"workspace": "id-workspace", "compute": "id-compute"}}, {}),
        Case(
            Monitoring,
            {
                **PLACE,
                "log_analytics_name": "log",
                "application_insights_name": "appi",
                "action_group_name": "ag",
                "action_group_short_name": "short",
                "emails": ["me@example.com"],
            },
            {
                "retention_days": 90,
                "tables": {
                    "AppTraces": {"plan": "Basic"},
                    "AzureDiagnostics": {"retention_days": 90, "total_retention_days": 365},
                },
                "daily_cap_gb": 5,
                "cap_warning_percent": 70,
                "urgent": {
                    "emails": ["pager@example.com"],
                    "webhooks": {"chat": "https://chat.example.com/hook"},
                    "roles": [Role.OWNER],
                },
                "private_link": {"scope_name": "ampls", "private_queries": True},
                "sampling_percentage": 50,
                "public_ingestion": False,
                "public_query": False,
                "protect": True,
            },
        ),
        Case(
            Network,
            {
                **PLACE,
                "virtual_network_name": "vnet",
                "address_space": ["10.0.0.0/16"],
                "subnets": {
                    purpose: {
                        "name": f"snet-{purpose}",
                        "address_range": f"10.0.{number}.0/24",
                        "security_group_name": f"nsg-{purpose}",
                    }
                    for number, purpose in enumerate(SubnetPurpose)
                },
            },
            {
                "nat_gateway": {"name": "ng", "address_name": "pip", "zone": 2},
                "hub": {"virtual_network_id": HUB, "peering_name": "peer", "use_gateways": True},
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            PrivateDns,
            {
                "resource_group_name": "rg-test",
                "link_name": "vnet",
                "virtual_network_id": VNET,
                "zones": ["privatelink.vaultcore.azure.net", "privatelink.blob.core.windows.net"],
            },
            {"hub_zone_ids": [f"{HUB_ZONES}/privatelink.blob.core.windows.net"], "link_hub_zones": True},
        ),
        Case(
            FlowLog,
            {
                **PLACE,
                "flow_log_name": "fl",
                "virtual_network_id": VNET,
                "network_watcher_id": WATCHER,
                "storage": SCOPES["storage"],
                "identity_name": "id-flow-log",
            },
            {"retention_days": 30},
        ),
        Case(
            KeyVault,
            {**PLACE, "vault_name": "kv", "tenant_id": "00000000-0000-4000-8000-000000000002"},
            {
                "sku": "premium",
                "soft_delete_days": 7,
                "purge_protection": False,
                "network": NETWORK,
                "private_endpoints": endpoints("vault"),
                "keys": {},
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        *_lake(),
        Case(
            Registry,
            {**PLACE, "registry_name": "cr"},
            {
                "sku": "Premium",
                "network": NETWORK,
                "private_endpoints": endpoints("registry"),
                "zone_redundancy": False,
                "untagged_retention_days": None,
                "diagnostics": LOGS,
                "protect": True,
            },
        ),
        Case(
            BlobStore,
            {**PLACE, "account_name": "st"},
            {
                **STORAGE,
                "containers": ["models", "logs"],
                "versioning": True,
                "change_feed": True,
                "restore_days": 7,
                "lifecycle": {
                    "ageing": {"cool_after_days": 30, "delete_versions_after_days": 90},
                    "logs": {"prefixes": ["logs/"], "delete_after_days": 365},
                },
                "sas_days": 7,
                "key_days": 90,
                "cors_origins": ["https://ml.azure.com"],
                "private_endpoints": endpoints("blob", "file"),
                "role_assignments": {"team": GRANT},
            },
        ),
        *_sql(),
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
                **PLACE,
                "workspace_name": "mlw",
                "endpoint_name": "wine",
                "asset_name": "wine",
                "identity_id": f"{IDENTITY}/id-endpoint",
                "model": "azureml://registries/shared/models/wine/versions/3",
                "instance_type": "Standard_DS3_v2",
            },
            {
                **model,
                "base_image": "mcr.microsoft.com/azureml/other:1",
                "instance_count": 3,
                "slot": "green",
                "auth_mode": "Key",
                "public_network_access": True,
                "egress_public_network_access": True,
                "application_insights": False,
                "request_timeout_seconds": 60,
                "max_concurrent_requests": 4,
                "liveness_probe": {"failure_threshold": 3},
                "readiness_probe": {"initial_delay_seconds": 1},
                "environment_variables": {"LOG_LEVEL": "debug"},
                "callers": {"team": {**GRANT, "role": Role.AZUREML_DATA_SCIENTIST}},
                "diagnostics": LOGS,
            },
        ),
        Case(
            Budget,
            {
                "subscription_id": "00000000-0000-4000-8000-000000000001",
                "budget_name": "budget",
                "resource_group_names": ["rg-test"],
                "monthly_amount": 500,
                "start_date": date(2026, 11, 1),
                "emails": ["me@example.com"],
            },
            {
                "action_group_ids": [f"{GROUP}/Microsoft.Insights/actionGroups/ag"],
                "actual_thresholds": [50],
                "forecast_thresholds": [99.5],
                "anomaly_alert": {"name": "anomaly", "start_date": date(2026, 11, 1)},
            },
        ),
        Case(
            Alerts,
            {**PLACE, "name_prefix": "alert", "routes": {"urgent": f"{ACTIONS}/urgent", "other": f"{ACTIONS}/other"}},
            {
                "watched": {
                    "vault": {"arm_type": "Microsoft.KeyVault/vaults", "id": SCOPES["key_vault"]["id"]},
                    "storage": {"arm_type": "Microsoft.Storage/storageAccounts", "id": SCOPES["storage"]["id"]},
                },
                "essential_only": False,
                "thresholds": {"vault-saturation": 60, "refused-by-storage": 5},
                "log_analytics_id": LOGS["workspace_id"],
                "activity_scopes": [f"{SUBSCRIPTION}/resourceGroups/rg-test"],
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
            },
        ),
        Case(
            PipelineIdentities,
            {
                **PLACE,
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
                "preview_name": "id-preview",
                "update_name": "id-update",
                "repository": "organisation/platform",
            },
            {
                "branches": ["main", "release/1"],
                "environments": ["prod"],
                "issuer": "https://issuer.example.com",
                "preview_roles": [Role.READER],
                "update_roles": [Role.CONTRIBUTOR],
            },
        ),
        Case(
            Workbook,
            {**PLACE, "display_name": "Operations", "log_analytics_id": LOGS["workspace_id"]},
            {"deployment_ids": {"wine": f"{WORKSPACE}/onlineEndpoints/wine/deployments/blue"}},
        ),
    ]


def _lake() -> list[Case]:
    zones = {
        "raw": {
            "owner": "me@example.com",
            "cool_after_days": 30,
            "cold_after_days": 90,
            "delete_after_days": 400,
            "immutable_days": 7,
        },
        "monitoring": {},
    }
    grants = {
        "team": {"zone": "raw", "role": Role.STORAGE_BLOB_DATA_READER, "principal": GRANT["principal"]},
        "feed": {
            "zone": "raw",
            "path": "sales/orders",
            "role": Role.STORAGE_BLOB_DATA_CONTRIBUTOR,
            "principal": principal("id-feed"),
        },
    }
    return [
        Case(
            DataLake,
            {**PLACE, "account_name": "dls"},
            {
                **STORAGE,
                "private_endpoints": endpoints("dfs", "blob"),
                "zones": zones,
                "inventory": {"container": "monitoring", "schedule": "Daily"},
                "malware_scan": {"cap_gb_per_month": 100, "sensitive_data": False},
                "grants": grants,
            },
        ),
        Case(
            LakeDatastores,
            {
                "resource_group_name": "rg-test",
                "workspace_name": "mlw",
                "account_id": SCOPES["storage"]["id"],
                "account_name": "dls",
                "zones": {"lake_raw": "raw"},
            },
            {"storage_endpoint": "core.usgovcloudapi.net"},
        ),
    ]


def _databricks() -> list[Case]:
    group = f"{SUBSCRIPTION}/resourceGroups/rg-dbw"
    key = {"vault_uri": "https://kv.vault.azure.net/", "name": "databricks", "version": "1"}
    connector = f"{GROUP}/Microsoft.Databricks/accessConnectors/dbac"
    lake = "abfss://curated@lake.dfs.core.windows.net/"
    return [
        Case(
            Databricks,
            {**PLACE, "workspace_name": "dbw", "managed_resource_group_id": group},
            {
                "compute_mode": "Hybrid",
                "connector": {
                    "name": "dbac",
                    "identity_id": f"{IDENTITY}/id-databricks",
                    "principal": principal("id-databricks"),
                    "storage": {"lake": SCOPES["storage"]},
                },
                "injection": {
                    "virtual_network_id": f"{GROUP}/Microsoft.Network/virtualNetworks/vnet",
                    "host_subnet_name": "snet-host",
                    "container_subnet_name": "snet-container",
                },
                "public_network_access": True,
                "private_back_end": True,
                "private_endpoints": endpoints("databricks_ui_api", "browser_authentication"),
                "storage_firewall": True,
                "infrastructure_encryption": True,
                "services_key": key,
                "disks_key": key,
                "enhanced_security": True,
                "machine_learning_workspace_id": f"{GROUP}/Microsoft.MachineLearningServices/workspaces/mlw",
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            DatabricksObjects,
            {
                "workspace_id": f"{GROUP}/Microsoft.Databricks/workspaces/dbw",
                "workspace_url": "adb-1.azuredatabricks.net",
            },
            {
                "declared": True,
                "policies": {
                    "personal": {"use": "personal", "node_types": ["Standard_D4ds_v5"], "max_dbus_per_hour": 4},
                    "jobs": {"use": "jobs", "node_types": ["Standard_D4ds_v5", "Standard_D8ds_v5"], "spot": False},
                },
                "pools": {"warm": {"node_type": "Standard_D4ds_v5", "min_idle": 1}},
                "jobs": {
                    "curate": {
                        "file": "/Volumes/ml/code/curate.py",
                        "parameters": ["--zone", "curated"],
                        "policy": "jobs",
                        "schedule": "0 0 3 * * ?",
                        "emails": ["me@example.com"],
                    }
                },
                "vault_id": SCOPES["key_vault"]["id"],
                "vault_uri": "https://kv.vault.azure.net/",
                "secret_scope": "platform",
                "connector_id": connector,
                "connector_identity_id": f"{IDENTITY}/id-databricks",
                "catalogs": {
                    "ml": {
                        "storage": {"curated": lake, "raw": lake.replace("curated", "raw")},
                        "root": "curated",
                        "schemas": ["features"],
                        "grants": {"scientists": ["USE_CATALOG", "SELECT"]},
                    }
                },
            },
        ),
    ]


def _kubernetes() -> list[Case]:
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
                "namespace": "work",
                "training": True,
                "tls": {"secret": "tls", "host": "models.example.com"},
                "nodes": 3,
                "trusted_access": True,
                "instance_types": {"small": {}, "gpu": {"cpu": "3", "memory": "20Gi", "gpus": 1, "pool": "gpu"}},
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
                        "service_accounts": {"models": {"client_id": "client", "identity_name": "id-endpoint"}},
                    }
                },
                "gpu": True,
                "server_id": "server",
                "plugin_version": "4.34.2",
            },
        ),
    ]


def _sql() -> list[Case]:
    server = f"{GROUP}/Microsoft.Sql/servers/sql"
    vault = {"vault_name": "kv", "key_name": "tde", "key_version": "0a1b"}
    people = {"table": "people", "schema_name": "hr", "severity": "warn", "interval": "PT1H"}
    return [
        Case(
            SqlDatabase,
            {
                **PLACE,
                "server_name": "sql",
                "database_name": "data",
                "administrator": {"login": "sql-admins", "object_id": "11111111-2222-3333-4444-555555555555"},
                "identity_id": f"{IDENTITY}/id-sql",
            },
            {
                "sku": "BC_Gen5_4",
                "auto_pause_minutes": None,
                "min_vcores": None,
                "zone_redundant": True,
                "read_scale": True,
                "ledger": True,
                "maintenance_configuration_id": f"{SUBSCRIPTION}/providers/Microsoft.Maintenance/public/SQL_DB_1",
                "backup_redundancy": "GeoZone",
                "retention_days": 35,
                "differential_hours": 12,
                "long_term_retention": {"weekly": "P4W", "monthly": "PT0S", "yearly": "P7Y", "week_of_year": 2},
                "encryption_key": {**vault, "uri": "https://kv.vault.azure.net/keys/tde/0a1b"},
                "failover": {
                    "location": "northeurope",
                    "server_name": "sql-partner",
                    "group_name": "sqlfg",
                    "grace_minutes": 90,
                    "standby": True,
                    "private_endpoints": endpoints("sqlServer"),
                },
                "outbound_hosts": ["st.blob.core.windows.net"],
                "network": NETWORK,
                "private_endpoints": endpoints("sqlServer"),
                "alert_emails": ["me@example.com"],
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            SqlJobs,
            {
                **PLACE,
                "server_name": "sql",
                "server_id": server,
                "server_host": "sql.database.windows.net",
                "database_name": "data",
                "agent_name": "sqlja",
                "identity_id": f"{IDENTITY}/id-sql-jobs",
            },
            {
                "job_database_name": "work",
                "users": {"id-compute": {"object_id": "11111111-2222-3333-4444-555555555555", "write": True}},
                "columns": [{"table": "people", "column": "mail", "mask": "email()", "rank": "high"}],
                "checks": {
                    "mails": {**people, "kind": "not-null", "column": "mail"},
                    "ids": {"table": "people", "kind": "unique", "columns": ["id"]},
                    "ages": {"table": "people", "kind": "range", "column": "age", "minimum": 0},
                    "towns": {
                        "table": "people",
                        "kind": "foreign-key",
                        "columns": ["town"],
                        "other_table": "towns",
                        "other_columns": ["id"],
                    },
                    "recent": {"table": "people", "kind": "freshness", "column": "at", "hours": 24},
                    "rows": {"table": "people", "kind": "row-count-delta", "percent": 20},
                    "kinds": {"table": "people", "kind": "accepted-values", "column": "kind", "values": ["a"]},
                    "adults": {"table": "people", "kind": "custom", "query": "SELECT * FROM people WHERE age < 18"},
                },
                "private": True,
            },
        ),
    ]
