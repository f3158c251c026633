"""A Kubernetes cluster as compute of a machine learning workspace: the extension, and the attachment."""

from collections.abc import Mapping
from typing import Self

import pulumi
from pulumi_azure_native import containerservice, kubernetesconfiguration, machinelearningservices
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.node_pools import WORKLOAD
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs

EXTENSION_TYPE = "Microsoft.AzureML.Kubernetes"
NODES_FOR_HIGH_AVAILABILITY = 3
_TRUSTED_ROLE = "Microsoft.MachineLearningServices/workspaces/mlworkload"


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
    compute_name: str = "kubernetes"
    """Optional. Name of the compute in the workspace. Default kubernetes."""
    namespace: str = "azureml-workloads"
    """Optional. Namespace of the cluster that work runs in. Default azureml-workloads."""
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
        """Create the trusted access, then the extension, then the attachment."""
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
                cluster=kubernetesconfiguration.ScopeClusterArgs(release_namespace="azureml")
            ),
            configuration_settings=_settings(args),
            opts=self.child(depends_on=trusted),
        )
        self.compute = self._attachment(name, args, extension)
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

    def _attachment(
        self, name: str, args: KubernetesServingArgs, extension: "kubernetesconfiguration.Extension"
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
            opts=self.child(
                depends_on=[extension], delete_before_replace=True, replace_on_changes=["properties.resourceId"]
            ),
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
    share = {"cpu": wanted.cpu, "memory": wanted.memory}
    if wanted.gpus:
        share["nvidia.com/gpu"] = str(wanted.gpus)
    return machinelearningservices.InstanceTypeSchemaArgs(
        node_selector={WORKLOAD: wanted.pool} if wanted.pool else None,
        resources=machinelearningservices.InstanceTypeSchemaResourcesArgs(requests=share, limits=share),
    )
