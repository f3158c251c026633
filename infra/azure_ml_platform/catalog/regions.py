"""Azure regions: programmatic name, the short code that names carry, and whether they have zones.

Source: learn.microsoft.com/azure/reliability/regions-list and .../availability-zones-region-support,
read 2026-11. The short codes are this project's convention in the manner of the Cloud Adoption
Framework: initials of the place and the compass point, at most five characters, unique.
"""

from dataclasses import dataclass
from enum import StrEnum


class CloudName(StrEnum):
    """The Azure clouds that a region can belong to."""

    PUBLIC = "public"
    US_GOVERNMENT = "us_government"
    CHINA = "china"


@dataclass(frozen=True)
class Region:
    """One Azure region."""

    name: str
    """Programmatic name, as ARM's `location`."""
    code: str
    """Short code used in resource names."""
    zones: bool
    """Whether zone-redundant services can be had there."""
    cloud: CloudName = CloudName.PUBLIC


_ZONAL = """
australiaeast ae, austriaeast ate, belgiumcentral bec, brazilsouth brs, canadacentral cac, centralindia inc,
centralus cus, chilecentral clc, eastasia ea, eastus eus, eastus2 eus2, francecentral frc, germanywestcentral gwc,
indonesiacentral idc, israelcentral ilc, italynorth itn, japaneast jpe, japanwest jpw, koreacentral krc,
malaysiawest myw, mexicocentral mxc, newzealandnorth nzn, northeurope neu, norwayeast noe, polandcentral plc,
qatarcentral qac, southafricanorth san, southcentralus scus, southeastasia sea, spaincentral spc, swedencentral swc,
switzerlandnorth szn, uaenorth uan, uksouth uks, westeurope weu, westus2 wus2, westus3 wus3
"""
_ZONELESS = """
australiacentral ac, australiacentral2 ac2, australiasoutheast ase, brazilsoutheast brse, canadaeast cae,
francesouth frs, germanynorth gno, jioindiacentral jic, jioindiawest jiw, koreasouth krs, northcentralus ncus,
norwaywest now, southafricawest saw, southindia ins, switzerlandwest szw, uaecentral uac, ukwest ukw,
westcentralus wcus, westindia inw, westus wus
"""
_GOVERNMENT_ZONAL = "usgovvirginia ugv"
_GOVERNMENT_ZONELESS = "usdodcentral udc, usdodeast ude, usgovarizona uga, usgovtexas ugt"
_CHINA_ZONAL = "chinanorth3 cnn3"
_CHINA_ZONELESS = "chinaeast cne, chinaeast2 cne2, chinaeast3 cne3, chinanorth cnn, chinanorth2 cnn2"


def _regions(rows: str, *, zones: bool, cloud: CloudName = CloudName.PUBLIC) -> dict[str, Region]:
    pairs = (row.split() for row in rows.split(","))
    return {name: Region(name, code, zones, cloud) for name, code in pairs}


REGIONS: dict[str, Region] = {
    **_regions(_ZONAL, zones=True),
    **_regions(_ZONELESS, zones=False),
    **_regions(_GOVERNMENT_ZONAL, zones=True, cloud=CloudName.US_GOVERNMENT),
    **_regions(_GOVERNMENT_ZONELESS, zones=False, cloud=CloudName.US_GOVERNMENT),
    **_regions(_CHINA_ZONAL, zones=True, cloud=CloudName.CHINA),
    **_regions(_CHINA_ZONELESS, zones=False, cloud=CloudName.CHINA),
}
"""Every region by its programmatic name."""
