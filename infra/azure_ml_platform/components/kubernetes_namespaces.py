"""A namespace of a Kubernetes cluster: what may run in it and as whom, who talks to it, and what is kept running."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.kubernetes_objects import metadata

HTTPS = 443
DNS = 53
METADATA_ADDRESS = "169.254.169.254/32"
"""Where a node's own identity could be had (learn.microsoft.com/azure/virtual-machines/instance-metadata-service)."""
SMALLEST_SHARE = {"cpu": "100m", "memory": "128Mi"}
"""What a container asks for that says nothing: a quota would refuse it (kubernetes.io/docs/concepts/policy/
resource-quotas)."""


class ServiceAccountArgs(Args):
    """A service account whose pods act as a user-assigned identity."""

    client_id: Input[str]
    """Required. Client id of the identity."""
    identity_name: Input[str]
    """Required. Name of the identity, in the cluster's resource group."""


class NamespaceArgs(Args):
    """A namespace: what may run in it and as whom, and who talks to whom."""

    cpu: str = "32"
    """Optional. Processors that all pods may ask for together, in Kubernetes' notation. Default 32."""
    memory: str = "128Gi"
    """Optional. The same for memory. Default 128Gi."""
    gpus: int = Field(default=0, ge=0)
    """Optional. GPUs that all pods may ask for together. Default none."""
    neighbours: Sequence[str] = ()
    """Optional. Namespaces whose pods may call those of this one, and be called by them. Default none."""
    ports_out: Sequence[int] = (HTTPS,)
    """Optional. TCP ports outside the cluster that pods may call. Default 443."""
    disruption_label: str | None = None
    """Optional. Label of pods of which one at a time may be taken from its node. Default none: no budget."""
    service_accounts: Mapping[str, ServiceAccountArgs] = {}
    """Optional. Service accounts by name. Default none beside that of every namespace."""


def declare_namespace(
    owner: PlatformComponent, name: str, key: str, wanted: NamespaceArgs, provider: "kubernetes.Provider"
) -> None:
    """Declare a namespace and what is in it, but for the trust in its service accounts.

    name: what the logical names begin with.
    key: the namespace's name.
    """
    namespace = kubernetes.core.v1.Namespace(
        name,
        metadata={"name": key, "labels": {"pod-security.kubernetes.io/enforce": "baseline"}},
        opts=owner.child(provider=provider),
    )
    inside = owner.child(provider=provider, depends_on=[namespace])
    _limit(name, key, wanted, inside)
    _close(name, key, wanted, inside)
    if wanted.disruption_label:
        kubernetes.policy.v1.PodDisruptionBudget(
            f"{name}-budget",
            metadata=metadata("one-at-a-time", key),
            spec={
                "max_unavailable": 1,
                "selector": {"match_expressions": [{"key": wanted.disruption_label, "operator": "Exists"}]},
                # A pod that is not healthy anyway must not keep its node from being upgraded.
                "unhealthy_pod_eviction_policy": "AlwaysAllow",
            },
            opts=inside,
        )
    for account, identity in wanted.service_accounts.items():
        kubernetes.core.v1.ServiceAccount(
            f"{name}-{account}",
            metadata=metadata(account, key, {"azure.workload.identity/client-id": identity.client_id}),
            opts=inside,
        )


def _limit(name: str, key: str, wanted: NamespaceArgs, inside: pulumi.ResourceOptions) -> None:
    kubernetes.core.v1.ResourceQuota(
        f"{name}-quota",
        metadata=metadata("limits", key),
        spec={
            "hard": {
                "requests.cpu": wanted.cpu,
                "requests.memory": wanted.memory,
                "requests.nvidia.com/gpu": str(wanted.gpus),
            }
        },
        opts=inside,
    )
    kubernetes.core.v1.LimitRange(
        f"{name}-defaults",
        metadata=metadata("defaults", key),
        spec={"limits": [{"type": "Container", "default_request": SMALLEST_SHARE}]},
        opts=inside,
    )


def _close(name: str, key: str, wanted: NamespaceArgs, inside: pulumi.ResourceOptions) -> None:
    """Let in and out what is listed, and nothing else."""
    peers: list[Any] = [{"pod_selector": {}}, *({"namespace_selector": _named(each)} for each in wanted.neighbours)]
    names = {"to": [{"namespace_selector": _named("kube-system")}], "ports": _ports(("UDP", DNS), ("TCP", DNS))}
    outside = {
        "to": [{"ip_block": {"cidr": "0.0.0.0/0", "except_": [METADATA_ADDRESS]}}],
        "ports": _ports(*(("TCP", port) for port in wanted.ports_out)),
    }
    egress: list[Any] = [{"to": peers}, names, *([outside] if wanted.ports_out else [])]
    kubernetes.networking.v1.NetworkPolicy(
        f"{name}-closed",
        metadata=metadata("closed", key),
        spec={
            "pod_selector": {},
            "policy_types": ["Ingress", "Egress"],
            "ingress": [{"from_": peers}],
            "egress": egress,
        },
        opts=inside,
    )


def _named(namespace: str) -> dict[str, Any]:
    return {"match_labels": {"kubernetes.io/metadata.name": namespace}}


def _ports(*ports: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"protocol": protocol, "port": port} for protocol, port in ports]
