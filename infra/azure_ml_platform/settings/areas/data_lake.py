"""The data lake."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated

from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, Mend, System
from azure_ml_platform.vocabulary import ContainerName, InventorySchedule, IpRange, Redundancy

Days = Annotated[int, whole(1, 99999, "days")] | None


class ZoneSettings(Area):
    """A zone of the lake: one container. Days count from the last access to a blob."""

    owner: str | None = None
    """Who answers for the zone's data; null for the platform's owner."""
    cool_after_days: Days = None
    """Days after which a blob moves to the cool tier; null for never."""
    cold_after_days: Days = None
    """Days after which a blob moves to the cold tier; null for never."""
    archive_after_days: Days = None
    """Days after which a blob moves to the archive tier; null for never. Needs a redundancy without zones."""
    delete_after_days: Days = None
    """Days after which a blob is deleted; null for never."""
    immutable_days: Annotated[int, whole(1, 146_000, "days")] | None = None
    """Days that a blob can be neither changed nor deleted, by a policy that is not locked; null for none."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        names = ("cool_after_days", "cold_after_days", "archive_after_days", "delete_after_days")
        given = [(name, getattr(self, name)) for name in names if getattr(self, name) is not None]
        for (first, sooner), (then, later) in pairwise(given):
            if sooner >= later:
                yield Broken((first,), f"less than {then} ({later}), or it never happens", max(1, later // 2))
        if self.immutable_days and self.delete_after_days and self.delete_after_days <= self.immutable_days:
            rule = f"more than immutable_days ({self.immutable_days}): nothing is deleted before"
            yield Broken(("delete_after_days",), rule, self.immutable_days + 1)


class DataLakeSettings(System):
    """The data lake: Microsoft.Storage/storageAccounts with hierarchical namespace, access by identity only.

    Such an account has no versions, change feed or point-in-time restore, so there are no settings for them.
    """

    redundancy: Redundancy
    """How the data is copied."""
    zones: Mapping[ContainerName, ZoneSettings]
    """Zones by the name of their container."""
    soft_delete_days: Annotated[int, whole(1, 365, "days")]
    """Days that a deleted blob or container can be recovered."""
    inventory: InventorySchedule | None
    """How often Azure lists all blobs, into the zone `monitoring`; null for never."""
    malware_scan: bool
    """Whether Defender for Storage scans what is uploaded, and looks for sensitive data."""
    malware_scan_cap_gb: Annotated[int, whole(1, 1_000_000, "GB")] | None = None
    """GB per month after which nothing more is scanned; null for no cap."""
    customer_managed_key: bool
    """Whether the data is encrypted with a key of the stack's own vault."""
    public_network_access: bool
    """Whether the account answers from public networks, and there only to `allowed_ip_ranges`."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the account."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.inventory and INVENTORY_ZONE not in self.zones:
            rule = f"null without a zone {INVENTORY_ZONE}, which the lists are written to"
            yield Broken(("inventory",), rule, None)
        if self.malware_scan_cap_gb and not self.malware_scan:
            yield Broken(("malware_scan_cap_gb",), "null while data_lake.malware_scan is false", Mend.REMOVE)
        for name, zone in self.zones.items():
            if zone.archive_after_days is not None and self.redundancy.zonal:
                rule = f"null while data_lake.redundancy is {self.redundancy}: only LRS, GRS and RAGRS have an archive"
                yield Broken(("zones", name, "archive_after_days"), rule, None)


INVENTORY_ZONE = "monitoring"
"""Zone that lists of blobs are written to."""
