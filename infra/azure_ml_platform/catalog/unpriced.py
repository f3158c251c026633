"""Meters that Azure bills and that the price table cannot have, or does not have yet, with the reason.

Meters are globs. Who knows a price states it in the setting `cost.prices`, or has `make prices` read it.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase

_NOT_READ = "the table does not have it yet"

UNPRICED: Mapping[str, str] = {
    "blob-*": _NOT_READ,
    "databricks-enhanced-security": "it is a part of what the clusters use, which the price list does not say",
    "firewall-basic": _NOT_READ,
    "lake-*": _NOT_READ,
    "ml-registry-storage": _NOT_READ,
    "prometheus-samples": "how many samples a cluster sends is known once it runs",
    "spot-vm/*": "the price of spare machines moves from month to month",
    "sql-*": _NOT_READ,
    "vm/*": _NOT_READ,
}
"""Reasons by glob."""


def reason(meter: str) -> str:
    """Why a meter has no price; empty when it should have one."""
    return next((text for glob, text in UNPRICED.items() if fnmatchcase(meter, glob)), "")
