"""A Kubernetes cluster for models: control plane, node pools, who may sign in, and when it is upgraded."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import authorization, containerservice

from azure_ml_platform.catalog.node_pools import GPU_REASON, NODE_POOLS
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components import kubernetes_profiles as profiles
from azure_ml_platform.components.interfaces import (
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    WatchedArgs,
    assign_role,
    diagnose,
)
from azure_ml_platform.components.kubernetes_args import KubernetesArgs, NodePoolArgs

ARM_TYPE = "Microsoft.ContainerService/managedClusters"
UPGRADES = ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
"""The upgrades that keep to a window, by the names that Azure gives them."""


class Kubernetes(PlatformComponent):
    """A cluster that people enter with Entra ID and Azure roles, and pods leave with identities of their own.

    Only the system pool is part of the cluster; every other one is a resource, as Azure would undo changes of pools
    that both describe. They follow each other, because a cluster does one thing at a time.
    """

    cluster_id: pulumi.Output[str]
    """Resource id of the cluster."""
    cluster_name: pulumi.Output[str]
    """Name of the cluster."""
    oidc_issuer_url: pulumi.Output[str]
    """Issuer of the tokens of service accounts; federated credentials trust it."""
    node_resource_group: pulumi.Output[str]
    """Resource group of the nodes."""

    def __init__(self, name: str, args: KubernetesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create roles, cluster, pools, maintenance windows and diagnostics."""
        args = KubernetesArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        roles = self._roles_before(name, args)
        self.cluster = self._cluster(name, args, roles)
        self.cluster_id = self.cluster.id
        self.cluster_name = self.cluster.name
        self.oidc_issuer_url = self.cluster.oidc_issuer_profile.apply(
            lambda profile: (profile and profile.issuer_url) or ""
        )
        self.node_resource_group = self.cluster.node_resource_group.apply(lambda group: group or "")
        self.steps: list[pulumi.Resource] = [self.cluster]
        """The cluster and what changed it, in order; the last is what a further change waits for."""
        for key, pool in args.pools.items():
            self.steps.append(self._pool(name, args, key, pool))
        for window in UPGRADES:
            self._window(name, args, window)
        self.access = self._administrators(name, args)
        diagnose(self, f"{name}-diagnostics", ARM_TYPE, self.cluster.id, args.diagnostics)
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"kubernetes": WatchedArgs(arm_type=ARM_TYPE, id=self.cluster.id)}

    def _roles_before(self, name: str, args: KubernetesArgs) -> "list[authorization.RoleAssignment]":
        """Create what the control plane needs before it can be made, and the nodes before they pull images."""
        kubelet = ScopeArgs(name=args.kubelet.name, id=args.kubelet.id, subscription_id=args.subscription_id)
        needs = [("kubelet", kubelet, Role.MANAGED_IDENTITY_OPERATOR, args.identity)]
        for key, subnet in (("api-server", args.api_server_subnet_id), ("nodes", args.nodes_subnet_id)):
            if subnet is not None:
                scope = ScopeArgs(name=f"{args.cluster_name}-{key}", id=subnet, subscription_id=args.subscription_id)
                needs.append((f"{key}-subnet", scope, Role.NETWORK_CONTRIBUTOR, args.identity))
        if args.secrets_key:
            needs.append(("secrets-key", args.secrets_key.vault, Role.KEY_VAULT_CRYPTO_USER, args.identity))
        if args.registry:
            needs.append(("registry", args.registry, Role.ACR_PULL, args.kubelet))
        return [
            assign_role(self, f"{name}-{key}-role", scope, RoleAssignmentArgs(role=role, principal=_plain(principal)))
            for key, scope, role, principal in needs
        ]

    def _cluster(
        self, name: str, args: KubernetesArgs, roles: "list[authorization.RoleAssignment]"
    ) -> "containerservice.ManagedCluster":
        return containerservice.ManagedCluster(
            f"{name}-cluster",
            resource_name_=args.cluster_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            dns_prefix=args.cluster_name,
            kubernetes_version=args.kubernetes_version,
            sku=containerservice.ManagedClusterSKUArgs(name="Base", tier="Standard" if args.uptime_sla else "Free"),
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[args.identity.id]
            ),
            identity_profile={
                "kubeletidentity": containerservice.UserAssignedIdentityArgs(
                    resource_id=args.kubelet.id, client_id=args.kubelet.client_id, object_id=args.kubelet.principal_id
                )
            },
            agent_pool_profiles=[profiles.system_pool(args)],
            network_profile=profiles.network(args),
            api_server_access_profile=profiles.api_server(args),
            aad_profile=profiles.sign_in(args),
            disable_local_accounts=not args.local_accounts,
            enable_rbac=True,
            oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            security_profile=profiles.security(args),
            addon_profiles=profiles.addons(args),
            auto_scaler_profile=profiles.auto_scaler(),
            auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
                upgrade_channel="patch", node_os_upgrade_channel="NodeImage"
            ),
            azure_monitor_profile=containerservice.ManagedClusterAzureMonitorProfileArgs(
                metrics=containerservice.ManagedClusterAzureMonitorProfileMetricsArgs(enabled=args.prometheus)
            ),
            metrics_profile=containerservice.ManagedClusterMetricsProfileArgs(
                cost_analysis=containerservice.ManagedClusterCostAnalysisArgs(enabled=args.uptime_sla)
            ),
            node_resource_group_profile=containerservice.ManagedClusterNodeResourceGroupProfileArgs(
                restriction_level="ReadOnly" if args.closed_node_group else "Unrestricted"
            ),
            workload_auto_scaler_profile=containerservice.ManagedClusterWorkloadAutoScalerProfileArgs(
                keda=containerservice.ManagedClusterWorkloadAutoScalerProfileKedaArgs(enabled=True),
                vertical_pod_autoscaler=(
                    containerservice.ManagedClusterWorkloadAutoScalerProfileVerticalPodAutoscalerArgs(enabled=True)
                ),
            ),
            tags=args.tags,
            opts=self.child(
                depends_on=roles,
                protect=args.protect,
                # The autoscaler counts the nodes, and further pools appear in the list once they exist.
                ignore_changes=["agentPoolProfiles[0].count"],
            ),
        )

    def _pool(self, name: str, args: KubernetesArgs, key: str, pool: NodePoolArgs) -> "containerservice.AgentPool":
        """Add a pool after the one before it."""
        preset = NODE_POOLS[pool.preset]
        spot: dict[str, Any] = {"scale_set_eviction_policy": "Delete", "spot_max_price": -1.0} if preset.spot else {}
        return containerservice.AgentPool(
            f"{name}-pool-{key}",
            agent_pool_name=key,
            resource_group_name=args.resource_group_name,
            resource_name_=self.cluster.name,
            **profiles.machines(args, pool),
            **spot,
            tags={**args.tags, **({GPU_REASON: preset.gpu_reason} if preset.gpu_reason else {})},
            opts=self.child(
                depends_on=[self.steps[-1]],
                ignore_changes=["count"],
                # A pool's name is what a person gave it, so that its successor needs it back.
                delete_before_replace=True,
            ),
        )

    def _window(self, name: str, args: KubernetesArgs, window: str) -> None:
        containerservice.MaintenanceConfiguration(
            f"{name}-{window}",
            config_name=window,
            resource_group_name=args.resource_group_name,
            resource_name_=self.cluster.name,
            maintenance_window=profiles.maintenance_window(args.upgrade_day),
            opts=self.child(),
        )

    def _administrators(self, name: str, args: KubernetesArgs) -> "list[authorization.RoleAssignment]":
        scope = ScopeArgs(name=args.cluster_name, id=self.cluster.id, subscription_id=args.subscription_id)
        return [
            assign_role(
                self,
                f"{name}-{key}-administrator",
                scope,
                RoleAssignmentArgs(role=Role.AKS_RBAC_CLUSTER_ADMIN, principal=principal),
            )
            for key, principal in args.administrators.items()
        ]


def _plain(identity: PrincipalArgs) -> PrincipalArgs:
    """The principal of an identity, without what else is said of it."""
    return PrincipalArgs(name=identity.name, principal_id=identity.principal_id)
