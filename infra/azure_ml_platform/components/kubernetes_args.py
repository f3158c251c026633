"""What a Kubernetes cluster is made of: identities, node pools, who reaches it."""

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.node_pools import NODE_POOLS, NodePool, PoolPreset
from azure_ml_platform.components.interfaces import ComponentArgs, DiagnosticsArgs, PrincipalArgs, ScopeArgs
from azure_ml_platform.vocabulary import NodeEgress


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
    outbound: NodeEgress = NodeEgress.LOAD_BALANCER
    """Optional. How nodes call out; another way than the default needs nodes_subnet_id. Default by a load balancer."""
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
        if self.outbound is not NodeEgress.LOAD_BALANCER and self.nodes_subnet_id is None:
            raise ValueError(f"outbound {self.outbound} is the way out of a subnet: give nodes_subnet_id")
        if self.private and self.allowed_ip_ranges:
            raise ValueError("allowed_ip_ranges belong to a public API server: leave them out, or set private to false")
        return self
