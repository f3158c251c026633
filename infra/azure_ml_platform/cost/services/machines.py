"""Virtual machines and their disks, wherever they run."""

from azure_ml_platform.catalog import vm_sizes
from azure_ml_platform.cost.assumptions import HOURS_PER_MONTH
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import NotPricedError

# Sizes in GiB of the tiers that disks are billed by (learn.microsoft.com/azure/virtual-machines/disks-types).
_PREMIUM_DISKS = ((32, "P4"), (64, "P6"), (128, "P10"), (256, "P15"), (512, "P20"))

LOW_PRIORITY = 0.2
"""What a low-priority machine of Azure Machine Learning costs of the price of another (Azure's price list, 2026-08)."""


def meter(size: str) -> str:
    """The meter of a machine size, which Azure compares without regard to case."""
    if not size:
        raise NotPricedError("the size of the machines is not said")
    known = vm_sizes.find(size)
    return f"vm/{known.name if known else size}"


def steady(size: str, nodes: float, *, share: float = 1, alike: bool = False) -> Item:
    """Machines that are always there."""
    why = f"{nodes:g} x {size}, {HOURS_PER_MONTH} h"
    return Item(meter(size), nodes * HOURS_PER_MONTH, why, share=share, alike=alike)


def at_times(size: str, nodes: float, hours: float, assumed: str, *, share: float = 1, alike: bool = False) -> Item:
    """Machines that are there for some hours of a month, as an assumption says."""
    why = f"{nodes:g} x {size}, {hours:g} h ({assumed})"
    return Item(meter(size), nodes * hours, why, Basis.ASSUMED, share, alike)


def premium_disks(number: float, size_gb: float) -> Item:
    """Premium disks of a size, rounded up to the tier that holds it."""
    tier = next((tier for limit, tier in _PREMIUM_DISKS if size_gb <= limit), None)
    if tier is None:
        raise NotPricedError(f"a disk of {size_gb:g} GB is larger than the tiers that have a price")
    return Item(f"disk/{tier}", number, f"{number:g} disks of {size_gb:g} GB")


def vcores(size: str) -> float:
    """Processors of a machine size."""
    known = vm_sizes.find(size)
    if known is None:
        raise NotPricedError(f"the size {size} is not in the catalogue")
    return known.vcpus
