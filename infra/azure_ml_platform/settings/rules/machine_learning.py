"""A workspace, what it needs and what needs it."""

from collections.abc import Iterator, Mapping

from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.compute import ComputeSettings
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.areas.machine_learning import MachineLearningSettings
from azure_ml_platform.settings.areas.models import ModelSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.rules.rule import Rule

Models = Mapping[str, ModelSettings]


def _workspace_has_its_parts(
    machine_learning: MachineLearningSettings,
    key_vault: KeyVaultSettings,
    blob: BlobSettings,
    registry: RegistrySettings,
    monitoring: MonitoringSettings,
) -> Iterator[Broken]:
    parts = {"key_vault": key_vault, "blob": blob, "registry": registry, "monitoring": monitoring}
    for name, part in parts.items():
        if machine_learning.enabled and not part.enabled:
            yield Broken((name, "enabled"), "true while machine_learning.enabled is: the workspace uses it", True)


def _work_has_a_workspace(
    machine_learning: MachineLearningSettings, compute: ComputeSettings, models: Models
) -> Iterator[Broken]:
    if machine_learning.enabled:
        return
    off = "false while machine_learning.enabled is: it lives in the workspace"
    if compute.enabled:
        yield Broken(("compute", "enabled"), off, False)
    for name, model in models.items():
        if model.enabled:
            yield Broken(("models", name, "enabled"), off, False)


def _images_build_on_cpu(machine_learning: MachineLearningSettings, compute: ComputeSettings) -> Iterator[Broken]:
    name = machine_learning.image_build_cluster if compute.enabled else None
    cpu = [name for name, cluster in compute.active_clusters.items() if not cluster.gpu]
    if machine_learning.enabled and name is not None and name not in cpu:
        rule = f"a CPU cluster of the stack ({', '.join(cpu) or 'it has none'}), or null"
        yield Broken(("machine_learning", "image_build_cluster"), rule, cpu[0] if cpu else Mend.EDIT)


RULES: tuple[Rule, ...] = (
    _workspace_has_its_parts,
    _work_has_a_workspace,
    _images_build_on_cpu,
)
