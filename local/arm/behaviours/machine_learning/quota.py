"""Azure Machine Learning's own quota of cores: what clusters, instances and deployments take of it.

Cores are counted by family of sizes and region, low-priority ones in one number.
Source: learn.microsoft.com/azure/machine-learning/how-to-manage-quotas; the code of the refusal as in
github.com/ansible-collections/azure/pull/2209.
"""

from collections import Counter
from collections.abc import Mapping
from math import ceil

from local.arm import quotas, vm_sizes
from local.arm.behaviours.machine_learning.kinds import workspace_id
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.inference import DEPLOYMENT
from local.arm.resource_types import Change, View
from local.arm.store import Resource

COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
USAGES = "Microsoft.MachineLearningServices/usages"
VM_SIZE = "properties.properties.vmSize"
UPGRADE_SHARE = 1.2
"""Instances that a deployment reserves for each that it runs: machines are upgraded beside those that serve."""


def sized(name: str, path: str) -> vm_sizes.Size:
    """The size of a name; raises ArmError InvalidPropertyValue for one that is not on offer, or no longer."""
    size = vm_sizes.find(name)
    if size is None:
        offered = ",".join(sorted(known.name.upper() for known in vm_sizes.all_sizes()))
        details = [bad_request("SupportedVMSizes", offered)]
        message = f"The specified value {name} for property {path} is not a supported VM size. See additional details."
        raise bad_request("InvalidPropertyValue", message, target=path, details=details)
    return size


def check_nodes(change: Change, size: vm_sizes.Size, least: int, *, low_priority: bool = False) -> None:
    """Raise ArmError ClusterMinNodesExceedCoreQuota when the quota holds not one node, or fewer than always run."""
    family = quotas.LOW_PRIORITY if low_priority else size.family
    region = region_of(change)
    limit = quotas.limit(change.cloud.store, family, region)
    free = limit - used(change.cloud, region, but=change.id).get(family, 0)
    if size.cores > limit:
        message = (
            f"The specified subscription has a {_shown(family)} vCPU quota of {limit} in {region} and cannot "
            f"accommodate at least 1 requested managed compute node, which maps to {size.cores} vCPUs. Request an "
            "increase of that quota, or choose a size of another family."
        )
    elif least * size.cores > free:
        message = (
            f"The specified subscription has a {_shown(family)} vCPU quota of {limit} in {region}, of which {free} are "
            f"free, and is less than the requested compute's min nodes of {least}, which maps to "
            f"{least * size.cores} vCPUs."
        )
    else:
        return
    raise bad_request("ClusterMinNodesExceedCoreQuota", message, target=VM_SIZE)


def check_instances(change: Change, size: vm_sizes.Size, instances: int) -> None:
    """Raise ArmError OutOfQuota when a deployment's instances, and those reserved for upgrades, do not fit."""
    region = region_of(change)
    limit = quotas.limit(change.cloud.store, size.family, region)
    taken = used(change.cloud, region, but=change.id).get(size.family, 0)
    needed = reserved(instances) * size.cores
    if taken + needed > limit:
        message = (
            f"Not enough quota available for {size.name} in SubscriptionId "
            f"{change.cloud.directory.subscription_id}. Current usage/limit: {taken}/{limit} cores of {size.family} in "
            f"{region}. Additional needed: {needed}, {reserved(instances)} instances for {instances}: a fifth is "
            "reserved for upgrades. See https://aka.ms/oe-tsg#error-outofquota"
        )
        raise bad_request("OutOfQuota", message, target="sku.capacity")


def reserved(instances: int) -> int:
    """The instances that a deployment of so many counts as."""
    return ceil(round(instances * UPGRADE_SHARE, 6))


def region_of(change: Change) -> str:
    """The region that a compute or a deployment draws on: its own, else its workspace's."""
    stated = change.get("properties.computeLocation", "") or change.get("location", "")
    above = change.cloud.store.get(workspace_id(change.id))
    return _plain(stated) or _plain(above.location if above else "")


def used(cloud: Cloud, region: str, *, but: ResourceId | None = None) -> Mapping[str, int]:
    """The cores in use in a region by family, those of one resource apart."""
    cores: Counter[str] = Counter()
    for compute in cloud.store.of_type(COMPUTE):
        if compute.id != but and _plain(compute.properties.get("computeLocation")) == region:
            family, number = _of_compute(compute)
            cores[family] += number
    for deployment in cloud.store.of_type(DEPLOYMENT):
        size = vm_sizes.find(str(deployment.properties.get("instanceType", "")))
        if size and deployment.id != but and _plain(deployment.location) == region:
            cores[size.family] += reserved(int(reach(deployment.body, "sku.capacity", 1))) * size.cores
    return cores


def _of_compute(compute: Resource) -> tuple[str, int]:
    """Family and cores that a compute takes now: a cluster's nodes, an instance that runs."""
    size = vm_sizes.find(str(reach(compute.body, VM_SIZE, "")))
    if size is None:
        return "", 0
    low = reach(compute.body, "properties.properties.vmPriority") == "LowPriority"
    running = reach(compute.body, "properties.properties.state") == "Running"
    nodes = int(reach(compute.body, "properties.properties.currentNodeCount", 1 if running else 0))
    return quotas.LOW_PRIORITY if low else size.family, nodes * size.cores


def _usages(cloud: Cloud, place: ResourceId | None, _: Mapping[str, str]) -> list[Json]:
    """Limit and use of every family in a region."""
    if place is None:
        return []
    region = _plain(place.name)
    taken = used(cloud, region)
    return [
        {
            "id": f"{place}/usages/{family}",
            "type": USAGES,
            "unit": "Count",
            "name": {"value": family, "localizedValue": f"{_shown(family)} Cluster Dedicated vCPUs"},
            "currentValue": taken.get(family, 0),
            "limit": quotas.limit(cloud.store, family, region),
        }
        for family in (*vm_sizes.families(), quotas.LOW_PRIORITY)
    ]


def _sizes(_: Cloud, __: ResourceId | None, ___: Mapping[str, str]) -> list[Json]:
    """The sizes that computes may have."""
    return [
        {
            "name": size.name,
            "family": size.family,
            "vCPUs": size.cores,
            "gpus": size.gpus,
            "lowPriorityCapable": True,
            "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
        }
        for size in vm_sizes.all_sizes()
    ]


def _nothing(_: Cloud, __: ResourceId) -> Json | None:
    """These lists have no entries of their own address."""
    return None


def _shown(family: str) -> str:
    """`standardDSv2Family` as messages have it: `Standard DSv2 Family`."""
    if family == quotas.LOW_PRIORITY:
        return "low priority"
    return f"Standard {family.removeprefix('standard').removesuffix('Family')} Family"


def _plain(region: object) -> str:
    return str(region or "").replace(" ", "").casefold()


VIEWS = (
    View(name="Microsoft.MachineLearningServices/locations/usages", list=_usages, get=_nothing),
    View(name="Microsoft.MachineLearningServices/locations/vmSizes", list=_sizes, get=_nothing),
)
