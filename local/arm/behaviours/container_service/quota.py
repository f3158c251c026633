"""The cores that node pools take from the subscription's quota of virtual machines.

Source: learn.microsoft.com/azure/quotas/per-vm-quota-requests; spot machines draw on a quota of their own.
"""

from collections.abc import Mapping
from typing import Any

from local.arm import quotas, vm_sizes
from local.arm.behaviours.container_service.states import POOL
from local.arm.cloud import Cloud
from local.arm.errors import bad_request
from local.arm.resource_types import Change


def check_quota(change: Change, pool: Mapping[str, Any], region: str) -> None:
    """Raise ArmError ErrCode_InsufficientVCPUQuota when the pool asks for more cores than are left."""
    family, cores = _drawn(pool)
    if family is None:
        return
    store = change.cloud.store
    left = quotas.limit(store, family, region) - _used(change.cloud, family, region, but_for=_key(change, pool))
    if cores > left:
        message = (
            f"Insufficient vcpu quota requested {cores}, remaining {left} for family {family} for region {region}. "
            "If you want to increase the quota, please follow this instruction: "
            "https://learn.microsoft.com/azure/quotas/view-quotas. Surge nodes would also consume vcpu quota."
        )
        raise bad_request("ErrCode_InsufficientVCPUQuota", message)


def _drawn(pool: Mapping[str, Any]) -> tuple[str | None, int]:
    """The family that a pool draws on, and how many cores."""
    size = vm_sizes.find(str(pool.get("vmSize", "")))
    if size is None:
        return None, 0
    family = quotas.LOW_PRIORITY if pool.get("scaleSetPriority") == "Spot" else size.family
    return family, size.cores * int(pool.get("count", 1))


def _used(cloud: Cloud, family: str, region: str, *, but_for: str) -> int:
    total = 0
    for pool in cloud.store.of_type(POOL):
        cluster = cloud.store.get(pool.id.parent)
        here = cluster is not None and cluster.location.replace(" ", "").casefold() == region
        of_family, cores = _drawn(pool.properties)
        total += cores if here and of_family == family and pool.id.key != but_for else 0
    return total


def _key(change: Change, pool: Mapping[str, Any]) -> str:
    """The key of a pool that is being written, by itself or in its cluster."""
    own = change.id if change.id.parent else change.id.child("agentPools", str(pool.get("name", "")))
    return own.key
