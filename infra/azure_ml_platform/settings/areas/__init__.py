"""The areas of the settings, one file per system of the platform.

Ranges are Azure's own, from the reference of the ARM type that an area's docstring names. What differs
between profiles has no default here: it is in the tables of `profiles`.
"""

from collections.abc import Mapping
from typing import Any

from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.budget import BudgetSettings
from azure_ml_platform.settings.areas.compute import ComputeSettings
from azure_ml_platform.settings.areas.cost import CostSettings
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.databricks import DatabricksSettings
from azure_ml_platform.settings.areas.ingestion import IngestionSettings
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.areas.kubernetes import KubernetesSettings
from azure_ml_platform.settings.areas.machine_learning import MachineLearningSettings
from azure_ml_platform.settings.areas.models import ModelSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.areas.network import NetworkSettings
from azure_ml_platform.settings.areas.pipeline import PipelineSettings
from azure_ml_platform.settings.areas.platform import PlatformSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.areas.sql import SqlSettings
from azure_ml_platform.vocabulary import ModelName

AREAS: Mapping[str, Any] = {
    "platform": PlatformSettings,
    "network": NetworkSettings,
    "monitoring": MonitoringSettings,
    "key_vault": KeyVaultSettings,
    "registry": RegistrySettings,
    "blob": BlobSettings,
    "data_lake": DataLakeSettings,
    "sql": SqlSettings,
    "machine_learning": MachineLearningSettings,
    "compute": ComputeSettings,
    "kubernetes": KubernetesSettings,
    "databricks": DatabricksSettings,
    "ingestion": IngestionSettings,
    "models": Mapping[ModelName, ModelSettings],
    "budget": BudgetSettings,
    "cost": CostSettings,
    "pipeline": PipelineSettings,
}
"""Every area of the settings and its type, in the order of a stack file."""
