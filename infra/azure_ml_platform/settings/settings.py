"""The settings of a stack as the program sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pulumi

from azure_ml_platform.naming import Names
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
from azure_ml_platform.settings.load import understand
from azure_ml_platform.settings.rules.names import platform_names
from azure_ml_platform.settings.source import Source, read
from azure_ml_platform.tags import platform_tags
from azure_ml_platform.vocabulary import Profile


@dataclass(frozen=True)
class Settings:
    """Everything that a stack's file decides: plain values, complete and checked."""

    stack: str
    """Name of the stack."""
    profile: Profile
    platform: PlatformSettings
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
    models: Mapping[str, ModelSettings]
    """Deployed models by name."""
    budget: BudgetSettings
    cost: CostSettings
    """What the estimate takes for granted; no resource depends on it."""
    pipeline: PipelineSettings
    secrets: Mapping[str, pulumi.Output[str]] = field(repr=False, compare=False)
    """The stack's secrets by name, read when asked for; the only settings that are no plain values."""

    @classmethod
    def load(cls, config: pulumi.Config, root: Path | None = None) -> "Settings":
        """Read the current stack's settings.

        `root` is the project's folder: with it, files that settings name have to exist. Raises
        SettingsError with everything that is wrong; the engine prints its text without a traceback.
        """
        return cls.of(read(config), root)

    @classmethod
    def of(cls, source: Source, root: Path | None = None) -> "Settings":
        """Understand a configuration that was read already."""
        return cls(stack=source.stack, secrets=source.secrets, **understand(source, root))

    @property
    def names(self) -> Names:
        """Names of the stack's resources."""
        return platform_names(self.platform, self.stack)

    @property
    def tags(self) -> dict[str, str]:
        """Tags of the stack's resources."""
        platform = self.platform
        return platform_tags(
            owner=platform.owner,
            cost_center=platform.cost_center,
            environment=self.profile,
            workload=platform.workload,
            data_class=platform.data_class,
            stack=self.stack,
            expires_on=platform.expires_on,
            further=platform.tags,
        )

    @property
    def active_models(self) -> Mapping[str, ModelSettings]:
        """The models that the stack serves."""
        return {name: model for name, model in self.models.items() if model.enabled}
