"""Settings of a stack: typed, complete, and wrong only with a list of what to mend."""

from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.budget import BudgetSettings
from azure_ml_platform.settings.areas.compute import ClusterSettings, ComputeSettings
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.databricks import DatabricksSettings
from azure_ml_platform.settings.areas.ingestion import IngestionSettings, SourceSettings
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.areas.machine_learning import MachineLearningSettings
from azure_ml_platform.settings.areas.models import ModelSettings, ServingSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.areas.network import HubSettings, NetworkSettings
from azure_ml_platform.settings.areas.platform import PlatformSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.areas.serving import ProbeSettings
from azure_ml_platform.settings.areas.sql import CheckSettings, ColumnSettings, SqlSettings
from azure_ml_platform.settings.errors import Problem, SettingsError
from azure_ml_platform.settings.settings import Settings
from azure_ml_platform.settings.source import NAMESPACE, Source

__all__ = [
    "NAMESPACE",
    "BlobSettings",
    "BudgetSettings",
    "CheckSettings",
    "ClusterSettings",
    "ColumnSettings",
    "ComputeSettings",
    "DataLakeSettings",
    "DatabricksSettings",
    "HubSettings",
    "IngestionSettings",
    "KeyVaultSettings",
    "MachineLearningSettings",
    "ModelSettings",
    "MonitoringSettings",
    "NetworkSettings",
    "PlatformSettings",
    "ProbeSettings",
    "Problem",
    "RegistrySettings",
    "ServingSettings",
    "Settings",
    "SettingsError",
    "Source",
    "SourceSettings",
    "SqlSettings",
]
