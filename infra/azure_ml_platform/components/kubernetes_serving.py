"""A Kubernetes cluster as compute of a machine learning workspace: the extension, and the attachment."""

from collections.abc import Mapping, Sequence
from typing import Self

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_azure_native import authorization, containerservice, kubernetesconfiguration, machinelearningservices
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.node_pools import WORKLOAD
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
)
from azure_ml_platform.components.kubernetes_objects import metadata
from azure_ml_platform.components.workspace_roles import role_word

EXTENSION_TYPE = "Microsoft.AzureML.Kubernetes"
RELEASE_NAMESPACE = "azureml"
"""Where the extension's router and its keeper of identities run: pods of models are called from there, and call it."""
DEPLOYMENT_LABEL = "ml.azure.com/deployment-name"
"""Every pod of an online deployment bears it."""
INSTANCE_TYPE_API = "amlarc.azureml.com/v1alpha1"
"""What the extension adds to the cluster's API (how-to-manage-kubernetes-instance-types)."""
NODES_FOR_HIGH_AVAILABILITY = 3
GPU = "nvidia.com/gpu"
_TRUSTED_ROLE = "Microsoft.MachineLearningServices/workspaces/mlworkload"


WITH_LOCAL_ACCOUNTS = (Role.READER, Role.KUBERNETES_EXTENSION_CONTRIBUTOR, Role.AKS_CLUSTER_ADMIN)
WITH_TRUSTED_ACCESS = (Role.CONTRIBUTOR,)
"""What a workspace's user-assigned identity needs on a cluster to attach it. Source:
learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace."""


class WorkspaceIdentityArgs(Args):
    """The user-assigned identity of a workspace, and the cluster that it gets roles on."""

    principal: PrincipalArgs
    """Required. The identity."""
    cluster: ScopeArgs
    """Required. The cluster."""


class TlsArgs(Args):
    """A certificate that the cluster holds."""

    secret: str
    """Required. Name of the Kubernetes secret with the certificate and its key."""
    host: str
    """Required. Name that clients call, as in the certificate."""


class InstanceTypeArgs(Args):
    """A share of a node that a deployment asks for by name."""

    cpu: str = "1"
    """Optional. Processors, in Kubernetes' notation. Default 1."""
    memory: str = "2Gi"
    """Optional. Memory, in Kubernetes' notation. Default 2Gi."""
    gpus: int = Field(default=0, ge=0)
    """Optional. GPUs. Default none."""
    pool: str | None = None
    """Optional. What the pool is for, as its nodes' label says. Default any node."""


class KubernetesServingArgs(ComponentArgs):
    """Inputs of KubernetesServing."""

    resource_group_name: Input[str]
    """Required. Resource group of cluster and workspace."""
    location: Input[str]
    """Required. Azure region."""
    cluster_id: Input[str]
    """Required. Resource id of the cluster; pass it once its pools are there."""
    cluster_name: Input[str]
    """Required. Name of the cluster."""
    workspace_id: Input[str]
    """Required. Resource id of the workspace."""
    workspace_name: Input[str]
    """Required. Name of the workspace."""
    identity_id: Input[str]
    """Required. Resource id of the user-assigned identity that work runs as."""
    workspace_identity: WorkspaceIdentityArgs | None = None
    """Optional. User-assigned identity of the workspace, which gets the roles to attach the cluster. Default none: one
    that Azure assigned has them by itself."""
    compute_name: str = "kubernetes"
    """Optional. Name of the compute in the workspace. Default kubernetes."""
    namespace: str = "azureml-workloads"
    """Optional. Namespace of the cluster that work runs in; it has to be there. Default azureml-workloads."""
    training: bool = False
    """Optional. Run training jobs too. Default false."""
    tls: TlsArgs | None = None
    """Optional. Certificate for calls. Default none: then calls are unencrypted and stay inside the network."""
    nodes: int = Field(default=1, ge=1)
    """Optional. Nodes that are always there and take any pod: from 3 on the router is highly available. Default 1."""
    trusted_access: bool = True
    """Optional. Let the workspace in by a role of its own, so that no local account is needed. Default true."""
    instance_types: Mapping[str, InstanceTypeArgs] = {"cpu-small": InstanceTypeArgs()}
    """Optional. What deployments ask for by name; the first is the default. Default cpu-small."""
    in_cluster: bool = False
    """Optional. Declare the instance types inside the cluster too, where work is submitted by their names; takes a
    provider for the cluster among the options. Default false."""

    @model_validator(mode="after")
    def _has_instance_types(self) -> Self:
        if not self.instance_types:
            raise ValueError("instance_types is empty: name at least one")
        return self


class KubernetesServing(PlatformComponent):
    """The machine learning extension, with a router on an internal load balancer, and the cluster as compute."""

    compute_id: pulumi.Output[str]
    """Resource id of the compute."""
    compute_name: pulumi.Output[str]
    """Name of the compute in the workspace."""

    def __init__(self, name: str, args: KubernetesServingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create roles and trusted access, then the extension and its instance types, then the attachment."""
        args = KubernetesServingArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        trusted = [self._trusted_access(name, args)] if args.trusted_access else []
        extension = kubernetesconfiguration.Extension(
            f"{name}-extension",
            extension_name="azureml",
            resource_group_name=args.resource_group_name,
            cluster_rp="Microsoft.ContainerService",
            cluster_resource_name="managedClusters",
            cluster_name=args.cluster_name,
            extension_type=EXTENSION_TYPE,
            identity=kubernetesconfiguration.IdentityArgs(
                type=kubernetesconfiguration.ResourceIdentityType.SYSTEM_ASSIGNED
            ),
            auto_upgrade_minor_version=True,
            release_train="Stable",
            scope=kubernetesconfiguration.ScopeArgs(
                cluster=kubernetesconfiguration.ScopeClusterArgs(release_namespace=RELEASE_NAMESPACE)
            ),
            configuration_settings=_settings(args),
            opts=self.child(depends_on=trusted),
        )
        declared = args.instance_types if args.in_cluster else {}
        types = [self._declared(name, key, wanted, extension) for key, wanted in declared.items()]
        self.compute = self._attachment(name, args, [extension, *types, *self._roles(name, args)])
        self.compute_id = self.compute.id
        self.compute_name = self.compute.name
        self.finish()

    def _trusted_access(self, name: str, args: KubernetesServingArgs) -> "containerservice.TrustedAccessRoleBinding":
        return containerservice.TrustedAccessRoleBinding(
            f"{name}-trusted-access",
            trusted_access_role_binding_name="azureml",
            resource_group_name=args.resource_group_name,
            resource_name_=args.cluster_name,
            roles=[_TRUSTED_ROLE],
            source_resource_id=args.workspace_id,
            opts=self.child(),
        )

    def _roles(self, name: str, args: KubernetesServingArgs) -> "list[authorization.RoleAssignment]":
        if args.workspace_identity is None:
            return []
        whose = args.workspace_identity
        return [
            assign_role(
                self,
                f"{name}-workspace-{role_word(role)}",
                whose.cluster,
                RoleAssignmentArgs(role=role, principal=whose.principal),
            )
            for role in (WITH_TRUSTED_ACCESS if args.trusted_access else WITH_LOCAL_ACCOUNTS)
        ]

    def _declared(
        self, name: str, key: str, wanted: InstanceTypeArgs, extension: "kubernetesconfiguration.Extension"
    ) -> "kubernetes.apiextensions.CustomResource":
        """An instance type as an object of the kind that the extension brought."""
        selector = {"nodeSelector": {WORKLOAD: wanted.pool}} if wanted.pool else {}
        limits = {**_share(wanted), **({GPU: wanted.gpus} if wanted.gpus else {})}
        return kubernetes.apiextensions.CustomResource(
            f"{name}-type-{key}",
            api_version=INSTANCE_TYPE_API,
            kind="InstanceType",
            metadata=metadata(key),
            spec={**selector, "resources": {"requests": _share(wanted), "limits": limits}},
            opts=self.child(depends_on=[extension]),
        )

    def _attachment(
        self, name: str, args: KubernetesServingArgs, after: Sequence[pulumi.Resource]
    ) -> "machinelearningservices.Compute":
        return machinelearningservices.Compute(
            f"{name}-compute",
            compute_name=args.compute_name,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            location=args.location,
            identity=machinelearningservices.ManagedServiceIdentityArgs(
                type="UserAssigned", user_assigned_identities=[args.identity_id]
            ),
            properties=machinelearningservices.KubernetesArgs(
                compute_type="Kubernetes",
                compute_location=args.location,
                resource_id=args.cluster_id,
                disable_local_auth=True,
                properties=machinelearningservices.KubernetesPropertiesArgs(
                    namespace=args.namespace,
                    default_instance_type=next(iter(args.instance_types)),
                    instance_types={key: _instance_type(one) for key, one in args.instance_types.items()},
                ),
            ),
            tags=args.tags,
            opts=self.child(depends_on=after, delete_before_replace=True, replace_on_changes=["properties.resourceId"]),
        )


def _settings(args: KubernetesServingArgs) -> dict[str, str]:
    """The extension's settings. Source: learn.microsoft.com/azure/machine-learning/
    how-to-deploy-kubernetes-extension."""
    tls = (
        {"sslSecret": args.tls.secret, "sslCname": args.tls.host} if args.tls else {"allowInsecureConnections": "true"}
    )
    return {
        "enableTraining": _word(args.training),
        "enableInference": "true",
        "inferenceRouterServiceType": "loadBalancer",
        "internalLoadBalancerProvider": "azure",
        "inferenceRouterHA": _word(args.nodes >= NODES_FOR_HIGH_AVAILABILITY),
        # The cluster brings both: a second metrics collector or scheduler would get in its way.
        "installPromOp": "false",
        "installVolcano": _word(args.training),
        "installDcgmExporter": "false",
        "installNvidiaDevicePlugin": "false",
        **tls,
    }


def _word(value: bool) -> str:
    return "true" if value else "false"


def _instance_type(wanted: InstanceTypeArgs) -> "machinelearningservices.InstanceTypeSchemaArgs":
    limits = {**_share(wanted), **({GPU: str(wanted.gpus)} if wanted.gpus else {})}
    return machinelearningservices.InstanceTypeSchemaArgs(
        node_selector={WORKLOAD: wanted.pool} if wanted.pool else None,
        resources=machinelearningservices.InstanceTypeSchemaResourcesArgs(requests=_share(wanted), limits=limits),
    )


def _share(wanted: InstanceTypeArgs) -> dict[str, str]:
    """What is asked for and is the limit too; GPUs are a limit only."""
    return {"cpu": wanted.cpu, "memory": wanted.memory}
