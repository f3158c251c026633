"""Virtual machine sizes that Azure Machine Learning can use: family, vCPUs, memory, GPUs, retirement.

Sources, read 2026-11: learn.microsoft.com/azure/virtual-machines/sizes (shapes, quota families),
.../virtual-machines/sizes/retirement (dates), learn.microsoft.com/azure/machine-learning/
reference-managed-online-endpoints-vm-sku-list (families that serve managed online endpoints).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

AS_OF = date(2026, 11, 1)
"""Day the facts were read. A size whose retirement lies before it is retired, whatever the clock says."""


@dataclass(frozen=True)
class VmSize:
    """One virtual machine size."""

    name: str
    """Name as ARM writes it, `Standard_D4s_v5`."""
    family: str
    """Family that shares a quota, `standardDSv5Family`."""
    vcpus: int
    memory_gib: int
    gpus: Fraction = Fraction(0)
    """GPUs, a fraction where several machines share one."""
    gpu: str | None = None
    """GPU model."""
    retires: date | None = None
    """Day on which Azure stops it, where one is announced."""

    @property
    def retired(self) -> bool:
        """Whether it was stopped before the facts were read."""
        return self.retires is not None and self.retires <= AS_OF

    @property
    def serves_endpoints(self) -> bool:
        """Whether a managed online endpoint may run on it."""
        return self.family in _ENDPOINT_FAMILIES


@dataclass(frozen=True)
class _Family:
    """A quota family and what its sizes share."""

    name: str
    sizes: str
    """Rows of name without `Standard_`, vCPUs, GiB of memory and, where there are any, GPUs."""
    gpu: str | None = None
    retires: date | None = None


_DV2_RETIRES = date(2028, 5, 1)
_BV1_FSV2_RETIRES = date(2028, 11, 15)
_NCV3_NDV2_RETIRED = date(2025, 9, 30)
_NC_RETIRED = date(2023, 9, 6)

_FAMILIES = (
    _Family("standardBSFamily", "B2s 2 4, B2ms 2 8", retires=_BV1_FSV2_RETIRES),
    _Family(
        "standardDSv2Family",
        "DS2_v2 2 7, DS3_v2 4 14, DS4_v2 8 28, DS5_v2 16 56, DS11_v2 2 14, DS12_v2 4 28",
        retires=_DV2_RETIRES,
    ),
    _Family("standardDASv4Family", "D2as_v4 2 8, D4as_v4 4 16, D8as_v4 8 32, D16as_v4 16 64"),
    _Family("standardDSv3Family", "D2s_v3 2 8, D4s_v3 4 16, D8s_v3 8 32, D16s_v3 16 64"),
    _Family("standardDSv5Family", "D2s_v5 2 8, D4s_v5 4 16, D8s_v5 8 32, D16s_v5 16 64, D32s_v5 32 128"),
    _Family("standardDDSv5Family", "D2ds_v5 2 8, D4ds_v5 4 16, D8ds_v5 8 32, D16ds_v5 16 64"),
    _Family("standardDSv6Family", "D4s_v6 4 16, D8s_v6 8 32"),
    _Family("standardESv3Family", "E2s_v3 2 16, E4s_v3 4 32, E8s_v3 8 64"),
    _Family("standardESv5Family", "E2s_v5 2 16, E4s_v5 4 32, E8s_v5 8 64, E16s_v5 16 128"),
    _Family("standardEDSv5Family", "E4ds_v5 4 32, E8ds_v5 8 64"),
    _Family(
        "standardFSv2Family",
        "F2s_v2 2 4, F4s_v2 4 8, F8s_v2 8 16, F16s_v2 16 32, F32s_v2 32 64, F72s_v2 72 144",
        retires=_BV1_FSV2_RETIRES,
    ),
    _Family(
        "standardNCASv3_T4Family",
        "NC4as_T4_v3 4 28 1, NC8as_T4_v3 8 56 1, NC16as_T4_v3 16 110 1, NC64as_T4_v3 64 440 4",
        gpu="NVIDIA T4",
    ),
    _Family(
        "standardNCSv3Family",
        "NC6s_v3 6 112 1, NC12s_v3 12 224 2, NC24s_v3 24 448 4",
        gpu="NVIDIA V100",
        retires=_NCV3_NDV2_RETIRED,
    ),
    _Family(
        "standardNVADSA10v5Family",
        "NV6ads_A10_v5 6 55 1/6, NV12ads_A10_v5 12 110 1/3, NV36ads_A10_v5 36 440 1",
        gpu="NVIDIA A10",
    ),
    _Family(
        "standardNCADSA100v4Family",
        "NC24ads_A100_v4 24 220 1, NC48ads_A100_v4 48 440 2, NC96ads_A100_v4 96 880 4",
        gpu="NVIDIA A100",
    ),
    _Family("standardNCADSH100v5Family", "NC40ads_H100_v5 40 320 1, NC80adis_H100_v5 80 640 2", gpu="NVIDIA H100"),
    _Family("standardNDSv2Family", "ND40rs_v2 40 672 8", gpu="NVIDIA V100", retires=_NCV3_NDV2_RETIRED),
    _Family("standardNDASv4_A100Family", "ND96asr_v4 96 900 8", gpu="NVIDIA A100"),
    _Family("standardNDAMSv4_A100Family", "ND96amsr_A100_v4 96 1900 8", gpu="NVIDIA A100"),
    _Family("standardNDSH100v5Family", "ND96isr_H100_v5 96 1900 8", gpu="NVIDIA H100"),
    _Family("standardNDISRH200v5Family", "ND96isr_H200_v5 96 1850 8", gpu="NVIDIA H200"),
    # Stopped long ago; here so that an old template is told why it is refused.
    _Family("standardNCFamily", "NC6 6 56 1, NC12 12 112 2, NC24 24 224 4", gpu="NVIDIA K80", retires=_NC_RETIRED),
    _Family(
        "standardNCSv2Family",
        "NC6s_v2 6 112 1, NC12s_v2 12 224 2, NC24s_v2 24 448 4",
        gpu="NVIDIA P100",
        retires=_NC_RETIRED,
    ),
)

_ENDPOINT_FAMILIES = frozenset(
    {
        "standardDASv4Family",
        "standardDSv2Family",
        "standardESv3Family",
        "standardFSv2Family",
        "standardNCASv3_T4Family",
        "standardNCADSA100v4Family",
        "standardNCADSH100v5Family",
        "standardNDASv4_A100Family",
        "standardNDAMSv4_A100Family",
        "standardNDSH100v5Family",
        "standardNVADSA10v5Family",
    }
)


def _sizes(family: _Family) -> Iterator[VmSize]:
    for row in family.sizes.split(","):
        name, vcpus, memory, *gpus = row.split()
        shares = Fraction(gpus[0]) if gpus else Fraction(0)
        yield VmSize(f"Standard_{name}", family.name, int(vcpus), int(memory), shares, family.gpu, family.retires)


VM_SIZES: dict[str, VmSize] = {size.name: size for family in _FAMILIES for size in _sizes(family)}
"""Every known size by its ARM name."""


def find(name: str) -> VmSize | None:
    """Return the size of that name, which Azure compares without regard to case, or None."""
    return VM_SIZES.get(name) or next((size for key, size in VM_SIZES.items() if key.lower() == name.lower()), None)
