"""The profile of development."""

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
from azure_ml_platform.settings.areas.sql import SqlSettings
from azure_ml_platform.settings.profiles.defaults import Defaults
from azure_ml_platform.vocabulary import (
    AlertSet,
    BackupRedundancy,
    DatabricksObjectsMode,
    DatabricksPolicyUse,
    IsolationMode,
    Redundancy,
    RegistrySku,
    VaultSku,
)


def dev() -> Defaults:
    """Small, reachable from listed addresses, gone when nobody uses it."""
    cluster = ClusterSettings(vm_size="Standard_DS3_v2", min_nodes=0, max_nodes=2, idle_minutes=2, low_priority=True)
    return Defaults(
        network=NetworkSettings(
            enabled=False,
            address_space=("10.44.0.0/22",),
            subnets={
                SubnetPurpose.PRIVATE_ENDPOINTS: "10.44.0.0/26",
                SubnetPurpose.TRAINING: "10.44.0.64/26",
                SubnetPurpose.KUBERNETES_API_SERVER: "10.44.0.128/28",
                SubnetPurpose.KUBERNETES_NODES: "10.44.1.0/25",
                SubnetPurpose.DATABRICKS_HOST: "10.44.2.0/25",
                SubnetPurpose.DATABRICKS_CONTAINER: "10.44.2.128/25",
            },
            nat_zone=None,
            private_endpoints=(),
            flow_logs=False,
        ),
        monitoring=MonitoringSettings(
            retention_days=30,
            daily_quota_gb=1,
            private_link=False,
            alerts=AlertSet.ESSENTIAL,
            urgent_owners=False,
        ),
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
            customer_managed_key=False,
            public_network_access=True,
        ),
        data_lake=DataLakeSettings(
            redundancy=Redundancy.LRS,
            zones={
                "landing": ZoneSettings(delete_after_days=7),
                "quarantine": ZoneSettings(delete_after_days=30),
                "raw": ZoneSettings(),
                "enriched": ZoneSettings(),
                "curated": ZoneSettings(),
                "workspace": ZoneSettings(delete_after_days=14),
                "monitoring": ZoneSettings(delete_after_days=30),
            },
            soft_delete_days=7,
            inventory=None,
            malware_scan=False,
            customer_managed_key=False,
            public_network_access=True,
        ),
        sql=SqlSettings(
            enabled=False,
            sku="GP_S_Gen5_1",
            auto_pause_minutes=60,
            min_vcores=0.5,
            zone_redundant=False,
            backup_redundancy=BackupRedundancy.LOCAL,
            retention_days=7,
            differential_hours=24,
            long_term_retention=None,
            customer_managed_key=False,
            public_network_access=True,
            outbound_hosts=None,
            check_interval="P1D",
        ),
        machine_learning=MachineLearningSettings(
            public_network_access=True,
            isolation_mode=IsolationMode.ALLOW_INTERNET_OUTBOUND,
            firewall_sku=None,
            provision_network_now=True,
            high_business_impact=False,
            image_build_cluster="cpu-cluster",
        ),
        compute=ComputeSettings(clusters={"cpu-cluster": cluster}),
        kubernetes=KubernetesSettings(
            pools={
                "system": NodePoolSettings(preset=PoolPreset.SYSTEM, min_nodes=1, max_nodes=2),
                "gpu": NodePoolSettings(preset=PoolPreset.GPU_SPOT),
            },
            zones=(),
            uptime_sla=False,
            private=False,
            local_accounts=True,
            trusted_access=False,
            encryption_at_host=False,
            closed_node_group=False,
            policy=False,
            defender=False,
            prometheus=False,
        ),
        databricks=DatabricksSettings(
            public_network_access=True,
            storage_firewall=False,
            infrastructure_encryption=False,
            enhanced_security=False,
            objects=DatabricksObjectsMode.DECLARED,
            policies={
                "personal": ClusterPolicySettings(
                    use=DatabricksPolicyUse.PERSONAL, node_types=("Standard_D4ds_v5",), max_dbus_per_hour=4
                ),
                "jobs": ClusterPolicySettings(
                    use=DatabricksPolicyUse.JOBS, node_types=("Standard_D4ds_v5", "Standard_D8ds_v5"), max_workers=2
                ),
            },
        ),
        ingestion=IngestionSettings(
            enabled=False, public_network_access=True, managed_network=False, customer_managed_key=False
        ),
        budget=BudgetSettings(monthly_amount=700, anomaly_alert=False),
        cost=CostSettings(**asdict(assumptions("dev"))),
        pipeline=PipelineSettings(branches=("main",)),
        cluster=cluster,
        instance=MachineSettings(vm_size="Standard_DS3_v2", idle_minutes=30, stops_at="19:00"),
        model=ServingSettings(
            instance_type="Standard_DS3_v2",
            instance_count=1,
            public_network_access=True,
            egress_public_network_access=True,
        ),
    )
