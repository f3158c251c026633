"""Compute of a workspace: clusters that shrink to nothing, people's own instances, attached Kubernetes clusters."""

from collections.abc import Mapping
from typing import TypeAlias

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.compute_instances import InstanceArgs, instance_properties
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.components.kubernetes_compute import AttachedClusterArgs, attached_properties

_Properties: TypeAlias = (
    "machinelearningservices.AmlComputeArgs"
    " | machinelearningservices.ComputeInstanceArgs"
    " | machinelearningservices.KubernetesArgs"
)

# Azure refuses to change these in place, and the provider does not know that of members this deep.
_IMMUTABLE = tuple(
    f"properties.properties.{member}"
    for member in (
        "vmSize",
        "vmPriority",
        "enableNodePublicIp",
        "subnet",
        "personalComputeInstanceSettings",
        "namespace",
    )
)


class ClusterArgs(Args):
    """A cluster of equal machines."""

    vm_size: str
    """Required. Size of the machines. A change replaces the cluster."""
    max_nodes: int = Field(ge=1)
    """Required. Most nodes at a time."""
    min_nodes: int = Field(default=0, ge=0)
    """Optional. Nodes that stay up, and are paid, without any job. Default 0."""
    idle_minutes: int = Field(default=2, ge=1)
    """Optional. Minutes without a job after which a node is given back. Default 2."""
    low_priority: bool = False
    """Optional. Take cheap spare capacity, withdrawn at any time. A change replaces the cluster. Default false."""


class ComputeArgs(ComponentArgs):
    """Inputs of Compute."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    location: Input[str]
    """Required. Azure region."""
    workspace_name: Input[str]
    """Required. Workspace that the clusters belong to."""
    clusters: Mapping[str, ClusterArgs]
    """Required. Clusters by name."""
    identity_id: Input[str]
    """Required. Resource id of the user-assigned identity that jobs run as."""
    subnet_id: Input[str] | None = None
    """Optional. Subnet that the nodes lie in, of a workspace without a managed network. Default none of one's own."""
    instances: Mapping[str, InstanceArgs] = {}
    """Optional. Compute instances by name, each of one person. Default none."""
    attached: Mapping[str, AttachedClusterArgs] = {}
    """Optional. Kubernetes clusters by the name of the compute. Default none."""
    node_public_ip: bool = False
    """Optional. Give each node a public address. Default false: the workspace's managed network reaches them."""


class Compute(PlatformComponent):
    """Compute without local accounts, without remote login and without public addresses."""

    cluster_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the clusters by name."""
    instance_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the compute instances by name."""
    attached_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the attached Kubernetes clusters' computes by name."""

    def __init__(self, name: str, args: ComputeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create clusters and instances, attach clusters of Kubernetes."""
        args = ComputeArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.clusters = {key: self._cluster(name, args, key, cluster) for key, cluster in args.clusters.items()}
        self.cluster_ids = pulumi.Output.all(**{key: cluster.id for key, cluster in self.clusters.items()})
        self.instances = {key: self._instance(name, args, key, each) for key, each in args.instances.items()}
        self.attached = {key: self._attached(name, args, key, each) for key, each in args.attached.items()}
        self.instance_ids = pulumi.Output.all(**{key: each.id for key, each in self.instances.items()})
        self.attached_ids = pulumi.Output.all(**{key: each.id for key, each in self.attached.items()})
        self.finish()

    def _cluster(
        self, name: str, args: ComputeArgs, key: str, cluster: ClusterArgs
    ) -> "machinelearningservices.Compute":
        properties = machinelearningservices.AmlComputeArgs(
            compute_type="AmlCompute",
            compute_location=args.location,
            disable_local_auth=True,
            properties=_nodes(args, cluster),
        )
        return self._compute(name, args, key, properties, args.identity_id)

    def _instance(
        self, name: str, args: ComputeArgs, key: str, instance: InstanceArgs
    ) -> "machinelearningservices.Compute":
        properties = machinelearningservices.ComputeInstanceArgs(
            compute_type="ComputeInstance",
            compute_location=args.location,
            disable_local_auth=True,
            properties=instance_properties(instance, node_public_ip=args.node_public_ip, subnet_id=args.subnet_id),
        )
        return self._compute(name, args, key, properties, args.identity_id)

    def _attached(
        self, name: str, args: ComputeArgs, key: str, cluster: AttachedClusterArgs
    ) -> "machinelearningservices.Compute":
        properties = machinelearningservices.KubernetesArgs(
            compute_type="Kubernetes",
            compute_location=args.location,
            resource_id=cluster.cluster_id,
            properties=attached_properties(cluster),
        )
        return self._compute(name, args, key, properties, cluster.identity_id or args.identity_id)

    def _compute(
        self, name: str, args: ComputeArgs, key: str, properties: _Properties, identity_id: Input[str]
    ) -> "machinelearningservices.Compute":
        return machinelearningservices.Compute(
            f"{name}-{key}",
            compute_name=key,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            location=args.location,
            identity=machinelearningservices.ManagedServiceIdentityArgs(
                type="UserAssigned", user_assigned_identities=[identity_id]
            ),
            properties=properties,
            tags=args.tags,
            opts=self.child(delete_before_replace=True, replace_on_changes=list(_IMMUTABLE)),
        )


def _nodes(args: ComputeArgs, cluster: ClusterArgs) -> "machinelearningservices.AmlComputePropertiesArgs":
    return machinelearningservices.AmlComputePropertiesArgs(
        os_type="Linux",
        vm_size=cluster.vm_size,
        vm_priority="LowPriority" if cluster.low_priority else "Dedicated",
        scale_settings=machinelearningservices.ScaleSettingsArgs(
            min_node_count=cluster.min_nodes,
            max_node_count=cluster.max_nodes,
            node_idle_time_before_scale_down=f"PT{cluster.idle_minutes * 60}S",
        ),
        subnet=machinelearningservices.ResourceIdArgs(id=args.subnet_id) if args.subnet_id is not None else None,
        enable_node_public_ip=args.node_public_ip,
        remote_login_port_public_access="Disabled",
    )
