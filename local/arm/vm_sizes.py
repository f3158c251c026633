"""Virtual machine sizes as a quota counts them: the family they draw on, and their cores.

Source: learn.microsoft.com/azure/virtual-machines/sizes (cores, GPUs) and .../sizes/retirement/retired-sizes-list.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """One size."""

    name: str
    """As Azure writes it, `Standard_DS3_v2`."""
    family: str
    """The quota family, `standardDSv2Family`."""
    cores: int
    gpus: int = 0
    """Whole or shared GPUs that the machine sees."""


_FAMILIES = """
standardBSFamily            B2s:2 B2ms:2 B4ms:4 B8ms:8
standardDv2Family           D1_v2:1 D2_v2:2 D3_v2:4 D4_v2:8 D5_v2:16 D11_v2:2 D12_v2:4 D13_v2:8 D14_v2:16
standardDSv2Family          DS1_v2:1 DS2_v2:2 DS3_v2:4 DS4_v2:8 DS5_v2:16 DS11_v2:2 DS12_v2:4 DS13_v2:8 DS14_v2:16
standardDv3Family           D2_v3:2 D4_v3:4 D8_v3:8 D16_v3:16 D32_v3:32 D48_v3:48 D64_v3:64
standardDSv3Family          D2s_v3:2 D4s_v3:4 D8s_v3:8 D16s_v3:16 D32s_v3:32 D48s_v3:48 D64s_v3:64
standardDASv4Family         D2as_v4:2 D4as_v4:4 D8as_v4:8 D16as_v4:16 D32as_v4:32 D48as_v4:48 D64as_v4:64
standardDDSv4Family         D2ds_v4:2 D4ds_v4:4 D8ds_v4:8 D16ds_v4:16 D32ds_v4:32 D48ds_v4:48 D64ds_v4:64
standardDSv5Family          D2s_v5:2 D4s_v5:4 D8s_v5:8 D16s_v5:16 D32s_v5:32 D48s_v5:48 D64s_v5:64 D96s_v5:96
standardDDSv5Family         D2ds_v5:2 D4ds_v5:4 D8ds_v5:8 D16ds_v5:16 D32ds_v5:32 D48ds_v5:48 D64ds_v5:64 D96ds_v5:96
standardDADSv5Family        D2ads_v5:2 D4ads_v5:4 D8ads_v5:8 D16ads_v5:16 D32ads_v5:32 D48ads_v5:48 D64ads_v5:64
standardDSv6Family          D2s_v6:2 D4s_v6:4 D8s_v6:8 D16s_v6:16 D32s_v6:32 D48s_v6:48 D64s_v6:64
standardESv3Family          E2s_v3:2 E4s_v3:4 E8s_v3:8 E16s_v3:16 E32s_v3:32 E48s_v3:48 E64s_v3:64
standardEASv4Family         E2as_v4:2 E4as_v4:4 E8as_v4:8 E16as_v4:16 E32as_v4:32
standardEDSv4Family         E2ds_v4:2 E4ds_v4:4 E8ds_v4:8 E16ds_v4:16 E32ds_v4:32
standardESv5Family          E2s_v5:2 E4s_v5:4 E8s_v5:8 E16s_v5:16 E32s_v5:32 E48s_v5:48 E64s_v5:64
standardEDSv5Family         E2ds_v5:2 E4ds_v5:4 E8ds_v5:8 E16ds_v5:16 E32ds_v5:32
standardFSv2Family          F2s_v2:2 F4s_v2:4 F8s_v2:8 F16s_v2:16 F32s_v2:32 F48s_v2:48 F64s_v2:64 F72s_v2:72
standardLSv2Family          L8s_v2:8 L16s_v2:16 L32s_v2:32 L48s_v2:48 L64s_v2:64 L80s_v2:80
standardNCASv3_T4Family     NC4as_T4_v3:4:1 NC8as_T4_v3:8:1 NC16as_T4_v3:16:1 NC64as_T4_v3:64:4
standardNCADSA100v4Family   NC24ads_A100_v4:24:1 NC48ads_A100_v4:48:2 NC96ads_A100_v4:96:4
standardNCADSH100v5Family   NC40ads_H100_v5:40:1 NC80adis_H100_v5:80:2
standardNVADSA10v5Family    NV6ads_A10_v5:6:1 NV12ads_A10_v5:12:1 NV18ads_A10_v5:18:1 NV36ads_A10_v5:36:1
standardNDASv4_A100Family   ND96asr_v4:96:8
standardNDAMSv4_A100Family  ND96amsr_A100_v4:96:8
standardNDSH100v5Family     ND96isr_H100_v5:96:8
standardNDISRH200v5Family   ND96isr_H200_v5:96:8
"""
"""A family, then its sizes without `Standard_`, each with its cores and, where there are any, its GPUs."""


def _parsed() -> dict[str, Size]:
    found = {}
    for line in _FAMILIES.strip().splitlines():
        family, *sizes = line.split()
        for text in sizes:
            name, cores, *gpus = text.split(":")
            size = Size(f"Standard_{name}", family, int(cores), int(gpus[0]) if gpus else 0)
            found[size.name.casefold()] = size
    return found


_SIZES = _parsed()


def find(name: str) -> Size | None:
    """The size of a name, letter case ignored; None for one that Azure does not offer, or no longer."""
    return _SIZES.get(name.casefold())


def all_sizes() -> list[Size]:
    """Every size on offer."""
    return list(_SIZES.values())


def families() -> dict[str, bool]:
    """Every family, and whether its machines have GPUs."""
    return {size.family: size.gpus > 0 for size in _SIZES.values()}
