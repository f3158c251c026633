"""Quota: what Azure has granted, and what the stack can come to use of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil

from azure_ml_platform.catalog.vm_sizes import VM_SIZES
from azure_ml_platform.settings.area import Broken
from azure_ml_platform.settings.areas.compute import ComputeSettings
from azure_ml_platform.settings.areas.models import ModelSettings
from azure_ml_platform.settings.rules.rule import Rule

_UPGRADE_SHARE = 1.2
"""Azure reserves a fifth of a deployment's instances more, for upgrades (how-to-manage-quotas)."""


def _quota_is_enough(compute: ComputeSettings, models: Mapping[str, ModelSettings]) -> Iterator[Broken]:
    gpus = {size.family for size in VM_SIZES.values() if size.gpus}
    for family, needed in sorted(_needed(compute, models).items()):
        granted = compute.quota.get(family, 0 if family in gpus else needed)
        if needed > granted:
            rule = (
                f"at least {needed}: clusters, instances and models can come to so many vCPUs of the family, a fifth "
                "more than they run for models. Have Azure grant them first, or make max_nodes smaller"
            )
            yield Broken(("compute", "quota", family), rule, needed)


def _needed(compute: ComputeSettings, models: Mapping[str, ModelSettings]) -> Counter[str]:
    """Most vCPUs of each family that the stack uses; spare capacity has a quota of its own."""
    sizes = [
        (cluster.vm_size, cluster.max_nodes) for cluster in compute.active_clusters.values() if not cluster.low_priority
    ]
    sizes += [(instance.vm_size, 1) for instance in compute.active_instances.values()]
    sizes += [
        (slot.instance_type, ceil(round(slot.most_instances * _UPGRADE_SHARE, 6)))
        for model in models.values()
        if model.enabled
        for slot in model.by_slot.values()
    ]
    needed: Counter[str] = Counter()
    for name, number in sizes:
        needed[VM_SIZES[name].family] += number * VM_SIZES[name].vcpus
    return needed


RULES: tuple[Rule, ...] = (_quota_is_enough,)
