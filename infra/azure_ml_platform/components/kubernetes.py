"""A Kubernetes cluster for models: control plane, node pools, who may sign in, and when it is upgraded."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import pulumi
from pulumi_azure_native import authorization, containerservice
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.node_pools import GPU_REASON, NODE_POOLS, NodePool, PoolPreset
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components import kubernetes_profiles as profiles
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
    diagnose,
)

ARM_TYPE = "Microsoft.ContainerService/managedClusters"
UPGRADES = ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
"""The upgrades that keep to a window, by the names that Azure gives them."""


class ClusterIdentityArgs(PrincipalArgs):
    """A user-assigned identity of the cluster."""

    id: Input[str]
    """Required. Resource id of the identity."""


class KubeletIdentityArgs(ClusterIdentityArgs):
    """The identity of the nodes, which pulls images."""

    client_id: Input[str]
    """Required. Client id of the identity."""


class NodePoolArgs(Args):
    """A pool of equal machines that grows and shrinks."""

    preset: PoolPreset
    """Required. What the pool is for; decides what the other fields do not say."""
    vm_size: str | None = None
    """Optional. Size of the machines. A change replaces the pool. Default by preset."""
    min_nodes: int | None = Field(default=None, ge=0, le=1000)
    """Optional. Nodes that are always there. Default by preset."""
    max_nodes: int | None = Field(default=None, ge=1, le=1000)
    """Optional. Most nodes. Default by preset."""

    @property
    def least(self) -> int:
        """Nodes that are always there."""
        return self._preset.min_nodes if self.min_nodes is None else self.min_nodes

    @property
    def most(self) -> int:
        """Most nodes."""
        return max(self._preset.max_nodes, self.least) if self.max_nodes is None else self.max_nodes

    @property
    def size(self) -> str:
        """Size of the machines."""
        return self.vm_size or self._preset.vm_size

    @property
    def _preset(self) -> NodePool:
        return NODE_POOLS[self.preset]


class SecretsKeyArgs(Args):
    """A key of a vault that encrypts the secrets in the cluster's store."""

    key_id: Input[str]
    """Required. Identifier of the key's version."""
    vault: ScopeArgs
    """Required. The vault; the control plane's identity gets the role to use its keys."""
    private: bool = True
    """Optional. Reach the vault over a private link. Default true."""


class KubernetesArgs(ComponentArgs):
    """Inputs of Kubernetes."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the cluster."""
    location: Input[str]
    """Required. Azure region."""
    cluster_name: str = Field(min_length=1, max_length=54)
    """Required. Name of the cluster, also the start of its host name: at most 54 characters."""
    identity: ClusterIdentityArgs
    """Required. Identity of the control plane."""
    kubelet: KubeletIdentityArgs
    """Required. Identity of the nodes; the control plane gets the role that assigns it."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription of the cluster. Default that in its id, which a first preview does not know yet."""
    kubernetes_version: str = "1.33"
    """Optional. Minor version of Kubernetes; patches come by themselves. Default 1.33."""
    system_pool: NodePoolArgs = NodePoolArgs(preset=PoolPreset.SYSTEM)
    """Optional. The pool of the cluster's own pods. Default the system preset."""
    pools: Mapping[str, NodePoolArgs] = {}
    """Optional. Further pools by name, of at most 12 lower-case letters and digits. Default none."""
    zones: Sequence[str] = ("1", "2", "3")
    """Optional. Availability zones that nodes are spread over. A change replaces the cluster. Default all three."""
    uptime_sla: bool = True
    """Optional. Pay for a control plane with a service level. Default true."""
    private: bool = True
    """Optional. Give the API server a private address only. Default true."""
    api_server_subnet_id: Input[str] | None = None
    """Optional. Subnet for the API server, delegated to Microsoft.ContainerService/managedClusters. Default none."""
    nodes_subnet_id: Input[str] | None = None
    """Optional. Subnet of the nodes. Default a network that AKS makes."""
    allowed_ip_ranges: Sequence[str] = ()
    """Optional. Address ranges that may call a public API server. Default none."""
    admin_group_ids: Sequence[str] = ()
    """Optional. Entra groups whose members administer the cluster. Default none."""
    local_accounts: bool = False
    """Optional. Keep the account that needs no Entra sign-in. Default false."""
    secrets_key: SecretsKeyArgs | None = None
    """Optional. Key that encrypts secrets in the cluster's store. Default one of Azure's."""
    encryption_at_host: bool = True
    """Optional. Encrypt the nodes' temporary disks; the subscription needs the feature Microsoft.Compute/
    EncryptionAtHost. Default true."""
    policy: bool = True
    """Optional. Enforce Azure Policy inside the cluster. Default true."""
    defender: bool = True
    """Optional. Watch the cluster with Microsoft Defender; needs diagnostics. Default true."""
    prometheus: bool = True
    """Optional. Collect metrics for Azure Monitor's Prometheus. Default true."""
    upgrade_day: str = "Sunday"
    """Optional. Day of the week on which upgrades may begin. Default Sunday."""
    closed_node_group: bool = True
    """Optional. Let nobody but AKS change the group of the nodes. Default true."""
    registry: ScopeArgs | None = None
    """Optional. Container registry that the nodes pull images from. Default none."""
    administrators: Mapping[str, PrincipalArgs] = {}
    """Optional. Who may do everything inside the cluster. Default nobody."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the logs of control plane and containers go. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the cluster. Default true."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.system_pool.preset is not PoolPreset.SYSTEM:
            raise ValueError(f"system_pool has the preset {self.system_pool.preset.value}: give it system")
        if self.private and self.allowed_ip_ranges:
            raise ValueError("allowed_ip_ranges belong to a public API server: leave them out, or set private to false")
        return self


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
            network_profile=profiles.network(),
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
