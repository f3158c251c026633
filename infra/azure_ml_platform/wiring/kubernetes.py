"""Arguments of the Kubernetes cluster, of what serves models on it, and of what is inside it."""

from collections.abc import Mapping
from typing import Any

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.kubernetes import Kubernetes
from azure_ml_platform.components.kubernetes_args import (
    ClusterIdentityArgs,
    KubeletIdentityArgs,
    KubernetesArgs,
    NodePoolArgs,
)
from azure_ml_platform.components.kubernetes_monitoring import (
    ContainerLogsArgs,
    KubernetesMonitoringArgs,
    PrometheusArgs,
)
from azure_ml_platform.components.kubernetes_namespaces import NamespaceArgs, ServiceAccountArgs
from azure_ml_platform.components.kubernetes_serving import (
    DEPLOYMENT_LABEL,
    RELEASE_NAMESPACE,
    InstanceTypeArgs,
    KubernetesServingArgs,
    WorkspaceIdentityArgs,
)
from azure_ml_platform.components.kubernetes_workloads import KubernetesWorkloadsArgs
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings.areas.kubernetes import NodePoolSettings
from azure_ml_platform.vocabulary import NodeEgress
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack

CONTROL_PLANE, NODES, WORK, WORKSPACE = "kubernetes", "kubelet", "endpoint", "workspace"
"""Parts that the stack's identities play."""
NAMESPACE, SERVICE_ACCOUNT = "azureml-workloads", "models"


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    registry: Registry | None,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> KubernetesArgs:
    """The cluster; whoever deploys administers it, as objects inside are declared in the same run."""
    wanted = stack.settings.kubernetes
    control, nodes = identities.by_role[CONTROL_PLANE], identities.by_role[NODES]
    return KubernetesArgs(
        **stack.place(groups),
        cluster_name=stack.name(Kind.KUBERNETES_CLUSTER),
        identity=ClusterIdentityArgs(**dict(stack.principal(identities, CONTROL_PLANE)), id=control.id),
        kubelet=KubeletIdentityArgs(**dict(stack.principal(identities, NODES)), id=nodes.id, client_id=nodes.client_id),
        subscription_id=stack.deployer.subscription_id,
        kubernetes_version=wanted.version,
        system_pool=_pool(wanted.active_pools["system"]),
        pools={name: _pool(pool) for name, pool in wanted.further_pools.items()},
        zones=wanted.zones,
        uptime_sla=wanted.uptime_sla,
        private=wanted.private,
        **(_place(stack, links) if links else {}),
        allowed_ip_ranges=wanted.allowed_ip_ranges,
        admin_group_ids=wanted.admin_group_ids,
        local_accounts=wanted.local_accounts,
        encryption_at_host=wanted.encryption_at_host,
        policy=wanted.policy,
        defender=wanted.defender,
        prometheus=wanted.prometheus,
        closed_node_group=wanted.closed_node_group,
        registry=stack.scope(Kind.CONTAINER_REGISTRY, registry.registry_id) if registry else None,
        administrators={"deployer": stack.deployer.principal} if wanted.in_cluster else {},
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )


def watching(stack: Stack, groups: ResourceGroups, cluster: Kubernetes, logs: Monitoring) -> KubernetesMonitoringArgs:
    """What is collected of the cluster, and who is told of what is seen in it."""
    prometheus = PrometheusArgs(
        account_name=stack.name(Kind.MONITOR_WORKSPACE),
        endpoint_name=stack.name(Kind.DATA_COLLECTION_ENDPOINT),
        rule_name=stack.name(Kind.DATA_COLLECTION_RULE, "prometheus"),
        routes=logs.routes,
    )
    return KubernetesMonitoringArgs(
        **stack.place(groups),
        cluster_id=cluster.cluster_id,
        cluster_name=cluster.cluster_name,
        container_logs=ContainerLogsArgs(
            rule_name=stack.name(Kind.DATA_COLLECTION_RULE, "containers"), workspace_id=logs.log_analytics_id
        ),
        prometheus=prometheus if stack.settings.kubernetes.prometheus else None,
    )


def _place(stack: Stack, links: PrivateLinks) -> dict[str, Any]:
    """The cluster's subnets, and how its nodes call out from there: as the network's own way out has it."""
    nodes = links.subnet_ids.get(SubnetPurpose.KUBERNETES_NODES)
    if nodes is None:
        return {}
    network = stack.settings.network
    routed = network.existing is not None or (network.hub is not None and network.hub.firewall_address is not None)
    return {
        "nodes_subnet_id": nodes,
        "api_server_subnet_id": links.subnet_ids.get(SubnetPurpose.KUBERNETES_API_SERVER),
        "outbound": NodeEgress.ROUTES if routed else NodeEgress.NAT_GATEWAY,
    }


def _pool(wanted: NodePoolSettings) -> NodePoolArgs:
    return NodePoolArgs(**wanted.model_dump(exclude={"enabled"}))


def serving(
    stack: Stack, groups: ResourceGroups, identities: Identities, cluster: Kubernetes, workspace: MachineLearning
) -> KubernetesServingArgs:
    """The cluster as compute of the workspace, once its pools are there."""
    wanted = stack.settings.kubernetes
    types: Mapping[str, InstanceTypeArgs] = {"cpu-small": InstanceTypeArgs()}
    if any(pool.gpu for pool in wanted.active_pools.values()):
        types = {**types, "gpu": InstanceTypeArgs(cpu="3", memory="20Gi", gpus=1, pool="gpu")}
    return KubernetesServingArgs(
        **stack.place(groups),
        cluster_id=cluster.cluster_id,
        cluster_name=cluster.cluster_name,
        workspace_id=workspace.workspace_id,
        workspace_name=workspace.workspace_name,
        identity_id=identities.by_role[WORK].id,
        workspace_identity=WorkspaceIdentityArgs(
            principal=stack.principal(identities, WORKSPACE),
            cluster=stack.scope(Kind.KUBERNETES_CLUSTER, cluster.cluster_id),
        ),
        namespace=NAMESPACE,
        training=wanted.training,
        nodes=wanted.steady_nodes,
        trusted_access=wanted.trusted_access,
        instance_types=types,
        in_cluster=wanted.in_cluster,
    )


def workloads(
    stack: Stack, groups: ResourceGroups, identities: Identities, cluster: Kubernetes
) -> KubernetesWorkloadsArgs:
    """What is inside the cluster."""
    pools = stack.settings.kubernetes.active_pools
    account = {}
    if WORK in identities.by_role:
        account[SERVICE_ACCOUNT] = ServiceAccountArgs(
            client_id=identities.by_role[WORK].client_id, identity_name=stack.name(Kind.USER_ASSIGNED_IDENTITY, WORK)
        )
    served = WORK in identities.by_role and stack.settings.kubernetes.serving
    gpus = sum(NodePoolArgs(**pool.model_dump(exclude={"enabled"})).most for pool in pools.values() if pool.gpu)
    place = stack.place(groups)
    return KubernetesWorkloadsArgs(
        resource_group_name=place["resource_group_name"],
        tags=place["tags"],
        cluster_name=cluster.cluster_name,
        cluster_id=cluster.cluster_id,
        oidc_issuer_url=cluster.oidc_issuer_url,
        namespaces={
            NAMESPACE: NamespaceArgs(
                gpus=gpus,
                neighbours=[RELEASE_NAMESPACE] if served else [],
                disruption_label=DEPLOYMENT_LABEL if served else None,
                service_accounts=account,
            )
        },
        gpu=gpus > 0,
        plugin_version=stack.settings.kubernetes.plugin_version,
    )
