"""What a profile consists of."""

from dataclasses import dataclass

from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.budget import BudgetSettings
from azure_ml_platform.settings.areas.compute import ClusterSettings, ComputeSettings, MachineSettings
from azure_ml_platform.settings.areas.cost import CostSettings
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings
from azure_ml_platform.settings.areas.databricks import DatabricksSettings
from azure_ml_platform.settings.areas.ingestion import IngestionSettings
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.areas.kubernetes import KubernetesSettings
from azure_ml_platform.settings.areas.machine_learning import MachineLearningSettings
from azure_ml_platform.settings.areas.models import ServingSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.areas.network import NetworkSettings
from azure_ml_platform.settings.areas.pipeline import PipelineSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.areas.sql import SqlSettings


@dataclass(frozen=True)
class Defaults:
    """The defaults of one profile."""

    network: NetworkSettings
    monitoring: MonitoringSettings
    key_vault: KeyVaultSettings
    registry: RegistrySettings
    blob: BlobSettings
    data_lake: DataLakeSettings
    sql: SqlSettings
    machine_learning: MachineLearningSettings
    compute: ComputeSettings
    kubernetes: KubernetesSettings
    databricks: DatabricksSettings
    ingestion: IngestionSettings
    budget: BudgetSettings
    cost: CostSettings
    pipeline: PipelineSettings
    cluster: ClusterSettings
    """What a cluster of the stack file starts from."""
    instance: MachineSettings
    """What a compute instance of the stack file starts from."""
    model: ServingSettings
    """What a model of the stack file starts from."""
