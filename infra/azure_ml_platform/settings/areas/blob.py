"""The blob store of artefacts."""

from collections.abc import Iterable
from typing import Annotated

from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Broken, Mend, System
from azure_ml_platform.vocabulary import (
    ContainerName,
    IpRange,
    Redundancy,
)


class BlobSettings(System):
    """The blob store of artefacts: Microsoft.Storage/storageAccounts without hierarchical namespace.

    Access is by identity only: account keys are refused.
    """

    redundancy: Redundancy
    """How the data is copied."""
    containers: tuple[ContainerName, ...] = ("models", "features", "monitoring", "logs", "exports")
    """Containers, one datastore of the workspace each."""
    soft_delete_days: Annotated[int, whole(1, 365, "days")]
    """Days that a deleted blob or container can be recovered."""
    versioning: bool
    """Whether overwritten blobs are kept as versions."""
    change_feed: bool
    """Whether every change of a blob is logged."""
    restore_days: Annotated[int, whole(1, 364, "days")] | None
    """Days back to which all blobs can be restored at once; null for none."""
    cool_after_days: Annotated[int, whole(1, 99999, "days")] | None
    """Days without a change after which a blob moves to the cool tier; null for never."""
    delete_after_days: Annotated[int, whole(1, 99999, "days")] | None
    """Days without a change after which run artefacts (containers `logs` and `exports`) are deleted; null for never."""
    delete_versions_after_days: Annotated[int, whole(1, 99999, "days")] | None
    """Days after which old versions are deleted; null for never."""
    sas_expiration_days: Annotated[int, whole(1, 365, "days")] = 1
    """Longest life of a shared access signature that the account's policy allows."""
    key_expiration_days: Annotated[int, whole(1, 365, "days")] = 60
    """Days after which an account key counts as too old, should keys ever be let in."""
    studio: bool = True
    """Whether the pages of machine learning studio may read and write blobs, as whoever looks at them."""
    customer_managed_key: bool
    """Whether the data is encrypted with a key of the stack's own vault."""
    public_network_access: bool
    """Whether the account answers from public networks, and there only to `allowed_ip_ranges`."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the account."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if len(set(self.containers)) < len(self.containers):
            yield Broken(("containers",), "a list without a name twice", Mend.REMOVE)
        if self.cool_after_days and self.delete_after_days and self.cool_after_days >= self.delete_after_days:
            rule = f"less than blob.delete_after_days ({self.delete_after_days}), or a blob is gone before it is cool"
            yield Broken(("cool_after_days",), rule, max(1, self.delete_after_days // 2))
        if self.delete_versions_after_days and not self.versioning:
            rule = "null while blob.versioning is false"
            yield Broken(("delete_versions_after_days",), rule, True, mend_path=("versioning",))
        if self.restore_days is None:
            return
        # Point-in-time restore: .../storage/blobs/point-in-time-restore-overview, prerequisites.
        if self.restore_days >= self.soft_delete_days:
            rule = f"less than blob.soft_delete_days ({self.soft_delete_days})"
            yield Broken(("restore_days",), rule, max(1, self.soft_delete_days - 1))
        for name, value in (("versioning", self.versioning), ("change_feed", self.change_feed)):
            if not value:
                yield Broken((name,), "true while blob.restore_days is set: a restore reads it", True)
