"""Rules between areas. Each takes the areas that it speaks of and runs when all of them could be read."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from azure_ml_platform.catalog.name_rules import NAME_RULES, Kind
from azure_ml_platform.catalog.regions import REGIONS
from azure_ml_platform.naming import NameRefused, Names
from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas import (
    BlobSettings,
    BudgetSettings,
    KeyVaultSettings,
    MonitoringSettings,
    PlatformSettings,
    RegistrySettings,
)
from azure_ml_platform.settings.machine_learning import ComputeSettings, MachineLearningSettings, ModelSettings
from azure_ml_platform.vocabulary import FIRST_OF_MONTH, Profile, Redundancy, is_registry_asset

Models = Mapping[str, ModelSettings]


def broken_rules(known: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield what is broken among the areas that could be read, by name."""
    for rule in _RULES:
        wanted = inspect.signature(rule).parameters
        if wanted.keys() <= known.keys():
            yield from rule(**{name: known[name] for name in wanted})


def platform_names(platform: PlatformSettings, stack: str) -> Names:
    """Return the names of a stack's resources."""
    return Names(platform.workload, stack, platform.location, platform.seed, platform.generation)


def _stack_name(stack: str) -> Iterator[Broken]:
    if not re.fullmatch(r"[a-z](-?[a-z0-9])*", stack):
        rule = "a name of lower-case letters, digits and single hyphens, a letter first: it is part of every name"
        yield Broken(("stack",), rule, Mend.RENAME_STACK)


def _names_fit(stack: str, platform: PlatformSettings) -> Iterator[Broken]:
    names = platform_names(platform, stack)
    refusals = [refusal for kind in Kind if NAME_RULES[kind].regional for refusal in _refusals(names, kind)]
    worst = max(refusals, key=lambda refusal: refusal.excess, default=None)
    if worst is None:
        return
    room = len(platform.workload) - worst.excess
    if room >= 2:
        yield Broken(("platform", "workload"), f"at most {room} characters: the {worst}", platform.workload[:room])
    else:
        rule = f"a name with {worst.excess} letters or digits less: the {worst}"
        yield Broken(("stack",), rule, Mend.RENAME_STACK)


def _endpoint_names_fit(stack: str, platform: PlatformSettings, models: Models) -> Iterator[Broken]:
    names = platform_names(platform, stack)
    for model in models:
        for refusal in _refusals(names, Kind.ONLINE_ENDPOINT, model):
            room = len(model) - refusal.excess
            yield Broken(("models", model), f"named with at most {room} characters: the {refusal}", Mend.EDIT)


def _refusals(names: Names, kind: Kind, role: str = "") -> Iterator[NameRefused]:
    try:
        names.of(kind, role)
    except NameRefused as refusal:
        if refusal.excess > 0:
            yield refusal


def _zones_exist(platform: PlatformSettings, blob: BlobSettings, registry: RegistrySettings) -> Iterator[Broken]:
    if REGIONS[platform.location].zones:
        return
    if blob.enabled and blob.redundancy.zonal:
        rule = f"LRS, GRS or RAGRS: {platform.location} has no availability zones"
        yield Broken(("blob", "redundancy"), rule, Redundancy.LRS)
    if registry.enabled and registry.zone_redundancy:
        rule = f"false: {platform.location} has no availability zones"
        yield Broken(("registry", "zone_redundancy"), rule, False)


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


def _closed_stores_get_no_uploads(blob: BlobSettings, models: Models) -> Iterator[Broken]:
    if blob.public_network_access:
        return
    rule = "the id of a version in a registry while blob.public_network_access is false: nothing can be uploaded"
    for name, model in models.items():
        sources = {"model": model.model, "code": model.code, "environment": model.environment}
        for field, source in sources.items():
            if model.enabled and source and not is_registry_asset(source):
                collection = "models" if field == "model" else f"{field}s"
                example = f"azureml://registries/ml-registry/{collection}/{name}/versions/1"
                yield Broken(("models", name, field), rule, example)


def _files_exist(root: Path, models: Models) -> Iterator[Broken]:
    for name, model in models.items():
        script = f"{model.code}/{model.scoring_script}" if model.code and model.scoring_script else None
        files = {
            "model": model.model,
            "code": model.code,
            "scoring_script": script,
            "environment": model.environment,
            "sample_request": model.sample_request,
        }
        for field, path in files.items():
            if model.enabled and path and not is_registry_asset(path) and not (root / path).exists():
                yield Broken(("models", name, field), f"a path that exists in the project; {path} does not", Mend.EDIT)


def _vault_stays_protected(profile: Profile, key_vault: KeyVaultSettings) -> Iterator[Broken]:
    if profile is Profile.PROD and key_vault.enabled and not key_vault.purge_protection:
        rule = "true in prod: Azure refuses to switch it off once it was on"
        yield Broken(("key_vault", "purge_protection"), rule, True)


def _budget_starts(budget: BudgetSettings) -> Iterator[Broken]:
    if budget.enabled and budget.start_date is None:
        rule = "given while budget.enabled is true: the first day of the current month, as YYYY-MM-DD"
        yield Broken(("budget", "start_date"), rule, FIRST_OF_MONTH.suggestion())


_RULES: tuple[Callable[..., Iterator[Broken]], ...] = (
    _stack_name,
    _names_fit,
    _endpoint_names_fit,
    _zones_exist,
    _workspace_has_its_parts,
    _work_has_a_workspace,
    _images_build_on_cpu,
    _closed_stores_get_no_uploads,
    _files_exist,
    _vault_stays_protected,
    _budget_starts,
)
