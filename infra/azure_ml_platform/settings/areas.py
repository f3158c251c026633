"""The areas of the settings that every stack has: the platform itself, monitoring, vault, registry, blobs, budget.

Ranges are Azure's own, from the reference of the ARM type that an area's docstring names. What differs
between profiles has no default here: it is in the table of `profiles`.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.catalog.tags import Tag
from azure_ml_platform.constraints import Span, whole
from azure_ml_platform.settings.area import Area, Broken, Mend, System
from azure_ml_platform.vocabulary import (
    AzureLocation,
    BudgetStart,
    ContainerName,
    CostCenter,
    DataClass,
    Email,
    IpRange,
    Redundancy,
    RegistrySku,
    Seed,
    TagKey,
    TagValue,
    VaultSku,
    WorkloadName,
)


class PlatformSettings(Area):
    """What the platform is called, where it is and who answers for it."""

    workload: WorkloadName
    """Name of the workload; part of every resource's name. Changing it replaces the platform."""
    location: AzureLocation
    """Azure region of all resources. Changing it replaces the platform."""
    owner: Email
    """Who answers for the platform; the `owner` tag, and the default receiver of alerts."""
    cost_center: CostCenter
    """Cost centre that pays; the `cost-center` tag."""
    data_class: DataClass = DataClass.INTERNAL
    """How confidential the data may be; the `data-class` tag."""
    seed: Seed
    """Random characters, written once per stack, that make its globally unique names its own."""
    generation: Annotated[int, whole(1, 99)] = 1
    """Raised to rebuild a stack whose old names are still held by soft-deleted resources."""
    tags: Mapping[TagKey, TagValue] = {}
    """Further tags for every resource."""
    keep_sdk_aliases: bool = False
    """Keep the SDK's historic aliases of every resource, for a stack that its version 1 or 2 has written."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        own = {str(tag) for tag in Tag}
        for key in self.tags:
            if key.lower() in own:
                yield Broken(("tags", key), "left out: the platform writes this tag itself", Mend.REMOVE)


class MonitoringSettings(System):
    """Logs and alerts: Microsoft.OperationalInsights/workspaces, Microsoft.Insights/components and actionGroups."""

    retention_days: Annotated[int, whole(30, 730, "days")]
    """Days that logs are kept."""
    daily_quota_gb: Annotated[float, Span("a number of GB from 0.023 to 4000", 1, 0.023, 4000)] | None
    """GB of logs taken in per day before the workspace stops until the next; null for no cap."""
    sampling_percent: Annotated[float, Span("a percentage from 1 to 100", 100, 1, 100)] = 100.0
    """Share of the telemetry that Application Insights keeps."""
    public_ingestion: bool = True
    """Whether telemetry is taken from public networks; off needs a private link scope."""
    public_query: bool = True
    """Whether logs can be queried from public networks; off needs a private link scope."""
    alert_emails: tuple[Email, ...] = ()
    """Receivers of alerts; empty for the owner."""


class KeyVaultSettings(System):
    """The key vault: Microsoft.KeyVault/vaults, access by role only."""

    sku: VaultSku
    """Tier of the vault."""
    soft_delete_retention_days: Annotated[int, whole(7, 90, "days")]
    """Days that a deleted vault or secret can be recovered; immutable."""
    purge_protection: bool
    """Whether nothing can be purged earlier. Once on, Azure never switches it off."""
    public_network_access: bool
    """Whether the vault answers from public networks, and there only to `allowed_ip_ranges`."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the vault."""


class RegistrySettings(System):
    """The container registry: Microsoft.ContainerRegistry/registries, no admin user, no anonymous pull."""

    sku: RegistrySku
    """Tier of the registry."""
    zone_redundancy: bool
    """Whether images are kept in several zones. Premium."""
    public_network_access: bool
    """Whether the registry answers from public networks. Closing it needs Premium."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the registry; empty for all. Premium."""
    untagged_retention_days: Annotated[int, whole(0, 365, "days")] | None
    """Days until an untagged manifest is deleted; null keeps them. Premium."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.sku is RegistrySku.PREMIUM:
            return
        wanted = {
            "zone_redundancy": ("false", not self.zone_redundancy),
            "public_network_access": ("true", self.public_network_access),
            "allowed_ip_ranges": ("empty", not self.allowed_ip_ranges),
            "untagged_retention_days": ("null", self.untagged_retention_days is None),
        }
        for path, (value, given) in wanted.items():
            if not given:
                rule = f"{value} while registry.sku is {self.sku}: only Premium has that"
                yield Broken((path,), rule, RegistrySku.PREMIUM, mend_path=("sku",))


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


class BudgetSettings(System):
    """The monthly budget of the stack's resource groups: Microsoft.Consumption/budgets."""

    monthly_amount: Annotated[float, Span("an amount from 1 to 10000000", 500, 1, 10_000_000)]
    """Amount per month in the billing currency."""
    start_date: BudgetStart | None = None
    """First day of the first month, as YYYY-MM-DD; pinned, since Azure refuses to move it."""
    contact_emails: tuple[Email, ...] = ()
    """Receivers of budget mails; empty for the owner."""
    actual_thresholds: tuple[Annotated[float, Span("a percentage from 0.01 to 1000", 80, 0.01, 1000)], ...] = (
        *(50.0, 80.0, 100.0),
    )
    """Percentages of the amount whose spending sends a mail."""
    forecast_thresholds: tuple[Annotated[float, Span("a percentage from 0.01 to 1000", 100, 0.01, 1000)], ...] = (
        100.0,
    )
    """Percentages of the amount whose forecast sends a mail."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if len(self.actual_thresholds) + len(self.forecast_thresholds) > 5:
            yield Broken(("actual_thresholds",), "at most five together with budget.forecast_thresholds", Mend.REMOVE)
