"""Settings of a stack: typed, complete, and wrong only with a list of what to mend."""

from azure_ml_platform.settings.areas import (
    BlobSettings,
    BudgetSettings,
    KeyVaultSettings,
    MonitoringSettings,
    PlatformSettings,
    RegistrySettings,
)
from azure_ml_platform.settings.errors import Problem, SettingsError
from azure_ml_platform.settings.machine_learning import (
    ClusterSettings,
    ComputeSettings,
    MachineLearningSettings,
    ModelSettings,
    ProbeSettings,
    ServingSettings,
)
from azure_ml_platform.settings.settings import Settings
from azure_ml_platform.settings.source import NAMESPACE, Source

__all__ = [
    "NAMESPACE",
    "BlobSettings",
    "BudgetSettings",
    "ClusterSettings",
    "ComputeSettings",
    "KeyVaultSettings",
    "MachineLearningSettings",
    "ModelSettings",
    "MonitoringSettings",
    "PlatformSettings",
    "ProbeSettings",
    "Problem",
    "RegistrySettings",
    "ServingSettings",
    "Settings",
    "SettingsError",
    "Source",
]
