"""What each profile starts from: one table, one column per profile. Stack files hold only what differs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from azure_ml_platform.settings.areas import (
    BlobSettings,
    BudgetSettings,
    KeyVaultSettings,
    MonitoringSettings,
    RegistrySettings,
)
from azure_ml_platform.settings.machine_learning import (
    ClusterSettings,
    ComputeSettings,
    MachineLearningSettings,
    ServingSettings,
)
from azure_ml_platform.vocabulary import FirewallSku, IsolationMode, Profile, Redundancy, RegistrySku, VaultSku


@dataclass(frozen=True)
class Defaults:
    """The defaults of one profile."""

    monitoring: MonitoringSettings
    key_vault: KeyVaultSettings
    registry: RegistrySettings
    blob: BlobSettings
    machine_learning: MachineLearningSettings
    compute: ComputeSettings
    budget: BudgetSettings
    cluster: ClusterSettings
    """What a cluster of the stack file starts from."""
    model: ServingSettings
    """What a model of the stack file starts from."""


@cache
def profile_defaults() -> Mapping[Profile, Defaults]:
    """The table."""
    dev = _dev()
    return {Profile.LOCAL: _local(dev), Profile.DEV: dev, Profile.PROD: _prod()}


def _local(dev: Defaults) -> Defaults:
    """As dev; there is no network to isolate on loopback."""
    machine_learning = dev.machine_learning.model_copy(update={"isolation_mode": IsolationMode.DISABLED})
    return replace(dev, machine_learning=machine_learning)


def _dev() -> Defaults:
    """Small, reachable from listed addresses, gone when nobody uses it."""
    cluster = ClusterSettings(vm_size="Standard_DS3_v2", min_nodes=0, max_nodes=2, idle_minutes=2, low_priority=True)
    return Defaults(
        monitoring=MonitoringSettings(retention_days=30, daily_quota_gb=1),
        key_vault=KeyVaultSettings(
            sku=VaultSku.STANDARD,
            soft_delete_retention_days=7,
            purge_protection=False,
            public_network_access=True,
        ),
        registry=RegistrySettings(
            sku=RegistrySku.STANDARD,
            zone_redundancy=False,
            public_network_access=True,
            untagged_retention_days=None,
        ),
        blob=BlobSettings(
            redundancy=Redundancy.LRS,
            soft_delete_days=7,
            versioning=False,
            change_feed=False,
            restore_days=None,
            cool_after_days=None,
            delete_after_days=30,
            delete_versions_after_days=None,
            public_network_access=True,
        ),
        machine_learning=MachineLearningSettings(
            public_network_access=True,
            isolation_mode=IsolationMode.ALLOW_INTERNET_OUTBOUND,
            firewall_sku=None,
            provision_network_now=False,
            high_business_impact=False,
            image_build_cluster="cpu-cluster",
        ),
        compute=ComputeSettings(clusters={"cpu-cluster": cluster}),
        budget=BudgetSettings(monthly_amount=500),
        cluster=cluster,
        model=ServingSettings(
            instance_type="Standard_DS3_v2",
            instance_count=1,
            public_network_access=True,
            egress_public_network_access=True,
        ),
    )


def _prod() -> Defaults:
    """Closed to public networks, in several zones, recoverable for longer."""
    cluster = ClusterSettings(vm_size="Standard_DS3_v2", min_nodes=0, max_nodes=4, idle_minutes=15, low_priority=False)
    return Defaults(
        monitoring=MonitoringSettings(retention_days=90, daily_quota_gb=10),
        key_vault=KeyVaultSettings(
            sku=VaultSku.PREMIUM,
            soft_delete_retention_days=90,
            purge_protection=True,
            public_network_access=False,
        ),
        registry=RegistrySettings(
            sku=RegistrySku.PREMIUM,
            zone_redundancy=True,
            public_network_access=False,
            untagged_retention_days=30,
        ),
        blob=BlobSettings(
            redundancy=Redundancy.ZRS,
            soft_delete_days=30,
            versioning=True,
            change_feed=True,
            restore_days=7,
            cool_after_days=30,
            delete_after_days=365,
            delete_versions_after_days=90,
            public_network_access=False,
        ),
        machine_learning=MachineLearningSettings(
            public_network_access=False,
            isolation_mode=IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND,
            firewall_sku=FirewallSku.STANDARD,
            provision_network_now=True,
            high_business_impact=True,
            image_build_cluster="cpu-cluster",
        ),
        compute=ComputeSettings(clusters={"cpu-cluster": cluster}),
        budget=BudgetSettings(monthly_amount=5000),
        cluster=cluster,
        model=ServingSettings(
            instance_type="Standard_DS3_v2",
            instance_count=2,
            public_network_access=False,
            egress_public_network_access=False,
        ),
    )
