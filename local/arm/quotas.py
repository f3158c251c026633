"""How many cores the subscription may use, by family of sizes and region; set through `/local/quotas`.

Before anything is set, a family has as many cores as a pay-as-you-go subscription may get, and one with GPUs has none,
as on Azure (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas, "Azure Machine Learning Compute").
"""

from local.arm import vm_sizes
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.regions import REGIONS
from local.arm.store import Store

SETTING = "quotas"
DEFAULT_CORES = 100
LOW_PRIORITY = "lowPriority"
"""All sizes' low-priority cores together."""


def limit(store: Store, family: str, region: str) -> int:
    """The cores of a family in a region."""
    limits: dict[str, int] = store.setting(SETTING, {})
    default = 0 if vm_sizes.families().get(family) else DEFAULT_CORES
    return limits.get(f"{region}/{family}", limits.get(family, default))


def limits(store: Store) -> Json:
    """What was set, by `family` or `region/family`."""
    found: Json = store.setting(SETTING, {})
    return found


def change(store: Store, document: Json) -> Json:
    """Lay limits over those on record, an empty object takes all back; raises ArmError InvalidQuota for a wrong one."""
    known = {name.casefold(): name for name in (*vm_sizes.families(), LOW_PRIORITY)}
    read: Json = {}
    for name, cores in document.items():
        region, _, family = name.rpartition("/")
        if family.casefold() not in known or (region and region.casefold() not in REGIONS):
            raise _refusal(name, f"a family of sizes, or region/family; families are {', '.join(known.values())}")
        if isinstance(cores, bool) or not isinstance(cores, int | float) or not 0 <= cores <= 1_000_000:
            raise _refusal(name, f"set to a number of cores from 0 to 1000000, not to {cores!r}")
        read[f"{region.casefold()}/{known[family.casefold()]}".removeprefix("/")] = int(cores)
    store.set_setting(SETTING, {**limits(store), **read} if document else {})
    return limits(store)


def _refusal(name: str, rule: str) -> ArmError:
    return bad_request("InvalidQuota", f"{name!r} must be {rule}.", target=name)
