"""The profile of production."""

from dataclasses import asdict

from azure_ml_platform.catalog.node_pools import PoolPreset
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.cost.assumptions import assumptions
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.budget import BudgetSettings
from azure_ml_platform.settings.areas.compute import ClusterSettings, ComputeSettings, MachineSettings
from azure_ml_platform.settings.areas.cost import CostSettings
from azure_ml_platform.settings.areas.data_lake import DataLakeSettings, ZoneSettings
from azure_ml_platform.settings.areas.databricks import ClusterPolicySettings, DatabricksSettings
from azure_ml_platform.settings.areas.ingestion import IngestionSettings
from azure_ml_platform.settings.areas.key_vault import KeyVaultSettings
from azure_ml_platform.settings.areas.kubernetes import KubernetesSettings, NodePoolSettings
from azure_ml_platform.settings.areas.machine_learning import MachineLearningSettings
from azure_ml_platform.settings.areas.models import ServingSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.areas.network import NetworkSettings
from azure_ml_platform.settings.areas.pipeline import PipelineSettings
from azure_ml_platform.settings.areas.registry import RegistrySettings
from azure_ml_platform.settings.areas.sql import LongTermRetentionSettings, SqlSettings
from azure_ml_platform.settings.profiles.defaults import Defaults
from azure_ml_platform.vocabulary import (
    AlertSet,
    BackupRedundancy,
    DatabricksObjectsMode,
    DatabricksPolicyUse,
    FirewallSku,
    InventorySchedule,
    IsolationMode,
    PrivateSystem,
    Redundancy,
    RegistrySku,
    VaultSku,
)


def prod() -> Defaults:
    """Closed to public networks, in several zones, recoverable for longer."""
    cluster = ClusterSettings(vm_size="Standard_DS3_v2", min_nodes=0, max_nodes=4, idle_minutes=15, low_priority=False)
    return Defaults(
        network=NetworkSettings(
            enabled=True,
            address_space=("10.40.0.0/16",),
            subnets={
                SubnetPurpose.PRIVATE_ENDPOINTS: "10.40.0.0/24",
                SubnetPurpose.TRAINING: "10.40.1.0/24",
                SubnetPurpose.KUBERNETES_API_SERVER: "10.40.2.0/28",
                SubnetPurpose.KUBERNETES_NODES: "10.40.4.0/22",
                SubnetPurpose.DATABRICKS_HOST: "10.40.8.0/23",
                SubnetPurpose.DATABRICKS_CONTAINER: "10.40.10.0/23",
            },
            nat_zone=1,
            private_endpoints=tuple(PrivateSystem),
            flow_logs=True,
        ),
        monitoring=MonitoringSettings(
            retention_days=90,
            daily_quota_gb=10,
            private_link=True,
            basic_tables=("AppTraces",),
            archived_tables=("AmlOnlineEndpointTrafficLog", "AzureDiagnostics"),
            archive_days=365,
            alerts=AlertSet.ALL,
            urgent_owners=True,
        ),
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
            customer_managed_key=True,
            public_network_access=False,
        ),
        data_lake=DataLakeSettings(
            redundancy=Redundancy.GZRS,
            zones={
                "landing": ZoneSettings(delete_after_days=7),
                "quarantine": ZoneSettings(cool_after_days=30, delete_after_days=180),
                # The archive tier, which 180 days would call for, is not to be had in zones.
                "raw": ZoneSettings(cool_after_days=30, cold_after_days=180),
                "enriched": ZoneSettings(cool_after_days=60),
                "curated": ZoneSettings(cool_after_days=90),
                "workspace": ZoneSettings(cool_after_days=30, delete_after_days=180),
                "monitoring": ZoneSettings(cool_after_days=30, delete_after_days=365),
            },
            soft_delete_days=30,
            inventory=InventorySchedule.WEEKLY,
            malware_scan=True,
            malware_scan_cap_gb=5000,
            customer_managed_key=True,
            public_network_access=False,
        ),
        sql=SqlSettings(
            enabled=False,
            sku="GP_Gen5_2",
            auto_pause_minutes=None,
            min_vcores=None,
            zone_redundant=True,
            backup_redundancy=BackupRedundancy.GEO_ZONE,
            retention_days=35,
            differential_hours=12,
            long_term_retention=LongTermRetentionSettings(),
            customer_managed_key=True,
            public_network_access=False,
            outbound_hosts=(),
            check_interval="PT1H",
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
        kubernetes=KubernetesSettings(
            pools={
                "system": NodePoolSettings(preset=PoolPreset.SYSTEM, min_nodes=3, max_nodes=5),
                "serving": NodePoolSettings(preset=PoolPreset.CPU_SERVING),
                "gpu": NodePoolSettings(preset=PoolPreset.GPU_DEDICATED),
            },
            zones=("1", "2", "3"),
            uptime_sla=True,
            private=True,
            local_accounts=False,
            trusted_access=True,
            encryption_at_host=True,
            closed_node_group=True,
            policy=True,
            defender=True,
            prometheus=True,
        ),
        databricks=DatabricksSettings(
            public_network_access=False,
            storage_firewall=True,
            infrastructure_encryption=True,
            enhanced_security=True,
            objects=DatabricksObjectsMode.DESCRIBED,
            policies={
                "jobs": ClusterPolicySettings(
                    use=DatabricksPolicyUse.JOBS,
                    node_types=("Standard_D8ds_v5", "Standard_D16ds_v5", "Standard_NC4as_T4_v3"),
                    max_workers=8,
                    max_dbus_per_hour=40,
                ),
            },
        ),
        ingestion=IngestionSettings(
            enabled=False, public_network_access=False, managed_network=True, customer_managed_key=True
        ),
        budget=BudgetSettings(monthly_amount=5000, anomaly_alert=True),
        cost=CostSettings(**asdict(assumptions("prod"))),
        pipeline=PipelineSettings(environments=("prod",)),
        cluster=cluster,
        instance=MachineSettings(vm_size="Standard_DS3_v2", idle_minutes=60, stops_at="19:00"),
        model=ServingSettings(
            instance_type="Standard_DS3_v2",
            instance_count=2,
            public_network_access=False,
            egress_public_network_access=False,
        ),
    )
