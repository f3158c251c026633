"""The parts of a managed cluster's body, each from the arguments that decide it.

Source: learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters.
"""

from typing import Any

from pulumi_azure_native import containerservice

from azure_ml_platform.catalog.node_pools import NODE_POOLS
from azure_ml_platform.components.kubernetes_args import KubernetesArgs, NodePoolArgs

IMAGE_CLEANER_HOURS = 48
WINDOW_HOURS = 6
"""Enough for the nodes of several pools, one after the other; Azure wants at least four."""
WINDOW_START = "01:00"


def machines(args: KubernetesArgs, pool: NodePoolArgs) -> dict[str, Any]:
    """What a pool's machines are, in the words that a pool and a cluster share."""
    preset = NODE_POOLS[pool.preset]
    return {
        "mode": preset.mode,
        "vm_size": pool.size,
        "enable_auto_scaling": True,
        "min_count": pool.least,
        "max_count": pool.most,
        # Azure wants a number; the autoscaler changes it from then on.
        "count": pool.least,
        "os_type": "Linux",
        "os_sku": "AzureLinux",
        "type": "VirtualMachineScaleSets",
        "scale_set_priority": "Spot" if preset.spot else "Regular",
        "enable_node_public_ip": False,
        "enable_encryption_at_host": args.encryption_at_host,
        "node_labels": dict(preset.labels) or None,
        "node_taints": list(preset.taints) or None,
        "availability_zones": list(args.zones) or None,
        "vnet_subnet_id": args.nodes_subnet_id,
        "upgrade_settings": None if preset.spot else {"max_surge": "33%"},
    }


def system_pool(args: KubernetesArgs) -> "containerservice.ManagedClusterAgentPoolProfileArgs":
    """The one pool that is part of the cluster."""
    return containerservice.ManagedClusterAgentPoolProfileArgs(name="system", **machines(args, args.system_pool))


def network(args: KubernetesArgs) -> "containerservice.ContainerServiceNetworkProfileArgs":
    """Pods in an address space of their own, policies enforced in the kernel."""
    return containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin="azure",
        network_plugin_mode="overlay",
        network_dataplane="cilium",
        network_policy="cilium",
        load_balancer_sku="standard",
        outbound_type=args.outbound.value,
        pod_cidr="10.244.0.0/16",
        service_cidr="10.245.0.0/16",
        dns_service_ip="10.245.0.10",
    )


def api_server(args: KubernetesArgs) -> "containerservice.ManagedClusterAPIServerAccessProfileArgs":
    """Who reaches the API server."""
    return containerservice.ManagedClusterAPIServerAccessProfileArgs(
        enable_private_cluster=args.private,
        enable_private_cluster_public_fqdn=False if args.private else None,
        private_dns_zone="system" if args.private else None,
        enable_vnet_integration=True if args.api_server_subnet_id is not None else None,
        subnet_id=args.api_server_subnet_id,
        authorized_ip_ranges=list(args.allowed_ip_ranges) or None,
        disable_run_command=True,
    )


def sign_in(args: KubernetesArgs) -> "containerservice.ManagedClusterAADProfileArgs":
    """Entra ID says who somebody is, Azure roles say what they may do."""
    return containerservice.ManagedClusterAADProfileArgs(
        managed=True,
        enable_azure_rbac=True,
        admin_group_object_ids=list(args.admin_group_ids) or None,
    )


def security(args: KubernetesArgs) -> "containerservice.ManagedClusterSecurityProfileArgs":
    """Identities for pods, unused images removed, the store encrypted, Defender."""
    key = args.secrets_key
    return containerservice.ManagedClusterSecurityProfileArgs(
        workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(
            enabled=True, interval_hours=IMAGE_CLEANER_HOURS
        ),
        azure_key_vault_kms=None
        if key is None
        else containerservice.AzureKeyVaultKmsArgs(
            enabled=True,
            key_id=key.key_id,
            key_vault_network_access="Private" if key.private else "Public",
            key_vault_resource_id=key.vault.id if key.private else None,
        ),
        defender=containerservice.ManagedClusterSecurityProfileDefenderArgs(
            log_analytics_workspace_resource_id=args.diagnostics.workspace_id,
            security_monitoring=containerservice.ManagedClusterSecurityProfileDefenderSecurityMonitoringArgs(
                enabled=True
            ),
        )
        if args.defender and args.diagnostics
        else None,
    )


def addons(args: KubernetesArgs) -> "dict[str, containerservice.ManagedClusterAddonProfileArgs]":
    """What AKS runs in the cluster beside Kubernetes."""
    found = {
        "azurepolicy": containerservice.ManagedClusterAddonProfileArgs(enabled=args.policy),
        "azureKeyvaultSecretsProvider": containerservice.ManagedClusterAddonProfileArgs(
            enabled=True, config={"enableSecretRotation": "true"}
        ),
    }
    if args.diagnostics:
        found["omsagent"] = containerservice.ManagedClusterAddonProfileArgs(
            enabled=True,
            config={"logAnalyticsWorkspaceResourceID": args.diagnostics.workspace_id, "useAADAuth": "true"},
        )
    return found


def auto_scaler() -> "containerservice.ManagedClusterPropertiesAutoScalerProfileArgs":
    """Zones evenly filled, the cheapest fitting pool first, idle nodes given back after ten minutes."""
    return containerservice.ManagedClusterPropertiesAutoScalerProfileArgs(
        balance_similar_node_groups="true",
        expander="least-waste",
        scale_down_unneeded_time="10m",
        skip_nodes_with_system_pods="true",
    )


def maintenance_window(day: str) -> "containerservice.MaintenanceWindowArgs":
    """Once a week, by night."""
    return containerservice.MaintenanceWindowArgs(
        duration_hours=WINDOW_HOURS,
        start_time=WINDOW_START,
        utc_offset="+00:00",
        schedule=containerservice.ScheduleArgs(
            weekly=containerservice.WeeklyScheduleArgs(day_of_week=containerservice.WeekDay(day), interval_weeks=1)
        ),
    )
