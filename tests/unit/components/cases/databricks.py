"""The Databricks workspace and what is in it."""

from azure_ml_platform.components.databricks import Databricks
from azure_ml_platform.components.databricks_objects import DatabricksObjects
from tests.unit.components.cases.given import (
    GROUP,
    IDENTITY,
    LOGS,
    PLACE,
    SCOPES,
    SUBSCRIPTION,
    Case,
    endpoints,
    principal,
)


def cases() -> list[Case]:
    """The Databricks workspace and what is in it."""
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
