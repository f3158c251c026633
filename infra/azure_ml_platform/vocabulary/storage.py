"""Blobs and files."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

ContainerName = Annotated[
    str,
    Text(
        "a name of 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends",
        "models",
        r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*",
    ),
]
"""Name of a blob container."""


class InventorySchedule(StrEnum):
    """How often Azure lists the blobs of an account; the value is ARM's."""

    DAILY = "Daily"
    """Every day."""
    WEEKLY = "Weekly"
    """Every week."""


class Redundancy(StrEnum):
    """How a storage account copies its data; the SKU is `Standard_<value>`."""

    LRS = "LRS"
    """Three copies in one datacenter."""
    ZRS = "ZRS"
    """Three zones of the region."""
    GRS = "GRS"
    """LRS, and a second region."""
    RAGRS = "RAGRS"
    """GRS, the second region readable."""
    GZRS = "GZRS"
    """ZRS, and a second region."""
    RAGZRS = "RAGZRS"
    """GZRS, the second region readable."""

    @property
    def zonal(self) -> bool:
        """Whether it needs a region with availability zones."""
        return self.value.endswith("ZRS")
