"""The cluster and what is inside it."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

KubernetesVersion = Annotated[str, Text("a minor version of Kubernetes", "1.33", r"1\.\d\d")]
"""A minor version of Kubernetes; the cluster gets its newest patch."""

PoolName = Annotated[
    str,
    Text("a name of 1 to 12 lower-case letters and digits that starts with a letter", "gpu", r"[a-z][a-z0-9]{0,11}"),
]
"""Name of a node pool (Microsoft.ContainerService/managedClusters/agentPools, pools of Linux)."""

PluginVersion = Annotated[str, Text("a version of three numbers", "4.34.2", r"\d+\.\d+\.\d+")]
"""Version of a plugin of the engine."""


class NodeEgress(StrEnum):
    """How nodes call out; the value is ARM's."""

    LOAD_BALANCER = "loadBalancer"
    """By a load balancer with a public address that AKS makes."""
    NAT_GATEWAY = "userAssignedNATGateway"
    """By the NAT gateway of their subnet."""
    ROUTES = "userDefinedRouting"
    """As the routes of their subnet say."""
