"""A Kubernetes cluster as compute of a workspace: jobs and endpoints run in one of its namespaces."""

from collections.abc import Mapping

from pulumi_azure_native import machinelearningservices
from pydantic import Field

from azure_ml_platform.args import Args, Input


class InstanceTypeArgs(Args):
    """What a job or a deployment on the cluster may ask for by one name."""

    node_selector: Mapping[str, str] = {}
    """Optional. Labels of the nodes that it runs on. Default any node."""
    cpu: str = "1"
    """Optional. Cores, as Kubernetes writes them. Default 1."""
    memory: str = "2Gi"
    """Optional. Memory, as Kubernetes writes it. Default 2Gi."""
    gpus: int = Field(default=0, ge=0)
    """Optional. GPUs. Default none."""


class AttachedClusterArgs(Args):
    """A Kubernetes cluster with the Azure Machine Learning extension."""

    cluster_id: Input[str]
    """Required. Resource id of the cluster; the extension has to be on it."""
    namespace: str = "azureml"
    """Optional. Namespace that jobs and endpoints run in. A change replaces the compute. Default azureml."""
    identity_id: Input[str] | None = None
    """Optional. Resource id of the identity that jobs run as. Default that of the compute."""
    instance_types: Mapping[str, InstanceTypeArgs] = {"cpu-small": InstanceTypeArgs()}
    """Optional. Instance types by name; the first is the default. Default one small without a GPU."""


def attached_properties(cluster: AttachedClusterArgs) -> "machinelearningservices.KubernetesPropertiesArgs":
    """The cluster's part of the compute."""
    return machinelearningservices.KubernetesPropertiesArgs(
        namespace=cluster.namespace,
        default_instance_type=next(iter(cluster.instance_types), None),
        instance_types={key: _instance_type(kind) for key, kind in cluster.instance_types.items()},
    )


def _instance_type(kind: InstanceTypeArgs) -> "machinelearningservices.InstanceTypeSchemaArgs":
    amounts = {"cpu": kind.cpu, "memory": kind.memory}
    if kind.gpus:
        amounts["nvidia.com/gpu"] = str(kind.gpus)
    return machinelearningservices.InstanceTypeSchemaArgs(
        node_selector=kind.node_selector,
        resources=machinelearningservices.InstanceTypeSchemaResourcesArgs(requests=amounts, limits=amounts),
    )
