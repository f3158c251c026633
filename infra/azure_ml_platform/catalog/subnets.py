"""Subnets by what they are for: the smallest that works, whom they are delegated to, whose rules they have.

Sources, read 2026-11: learn.microsoft.com/azure/virtual-network/virtual-networks-faq (five addresses of each subnet
are Azure's own), .../azure/databricks/security/network/classic/vnet-inject (at least /26 each, delegated, rules kept by
the service), .../azure/aks/api-server-vnet-integration (at least /28, delegated), .../azure/aks/azure-cni-overlay (an
address for each node).
"""

from dataclasses import dataclass
from enum import StrEnum

RESERVED_ADDRESSES = 5
"""Addresses of each subnet that Azure keeps."""


class SubnetPurpose(StrEnum):
    """What a subnet of the platform is for."""

    PRIVATE_ENDPOINTS = "private_endpoints"
    """Private endpoints of all services."""
    TRAINING = "training"
    """Nodes of training clusters that are in no managed network."""
    KUBERNETES_NODES = "kubernetes_nodes"
    """Nodes of the Kubernetes cluster."""
    KUBERNETES_API_SERVER = "kubernetes_api_server"
    """The API server of the Kubernetes cluster."""
    DATABRICKS_HOST = "databricks_host"
    """Hosts of Databricks clusters: the public subnet in Databricks' words."""
    DATABRICKS_CONTAINER = "databricks_container"
    """Containers of Databricks clusters: the private subnet."""


@dataclass(frozen=True)
class SubnetRule:
    """What holds for the subnets of one purpose."""

    longest_prefix: int
    """Longest prefix, that is the smallest subnet, that works."""
    delegated_to: str | None = None
    """Service that the subnet is handed to."""
    egress: bool = False
    """Whether what lies in it calls out."""
    managed_rules: bool = False
    """Whether the service writes the rules of the security group itself."""


SUBNET_RULES: dict[SubnetPurpose, SubnetRule] = {
    SubnetPurpose.PRIVATE_ENDPOINTS: SubnetRule(27),
    SubnetPurpose.TRAINING: SubnetRule(28, egress=True),
    SubnetPurpose.KUBERNETES_NODES: SubnetRule(27, egress=True),
    SubnetPurpose.KUBERNETES_API_SERVER: SubnetRule(28, "Microsoft.ContainerService/managedClusters"),
    SubnetPurpose.DATABRICKS_HOST: SubnetRule(26, "Microsoft.Databricks/workspaces", egress=True, managed_rules=True),
    SubnetPurpose.DATABRICKS_CONTAINER: SubnetRule(
        26, "Microsoft.Databricks/workspaces", egress=True, managed_rules=True
    ),
}
"""By purpose."""
