"""What is inside a Kubernetes cluster: namespaces with quotas and closed networks, priorities, GPUs, identities."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import yaml
from pulumi_azure_native import containerservice, managedidentity
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.node_pools import GPU_TAINT, SPOT_TAINT, WORKLOAD
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs

TOKEN_COMMAND = "azure-ml-platform-cluster-token"  # noqa: S105 - a program
"""Prints a token of whoever is signed in; the project installs it beside its Python."""
AUDIENCE = "api://AzureADTokenExchange"
"""What a service account's token is for when Entra ID takes it for an identity's."""
PRIORITIES = {"serving": 100_000, "training": 10_000}
"""Which pods go first when nodes are short."""
_DEVICE_PLUGIN = "nvcr.io/nvidia/k8s-device-plugin:v0.17.0"
_DEVICE_PLUGIN_FOLDER = "/var/lib/kubelet/device-plugins"


class ServiceAccountArgs(Args):
    """A service account whose pods act as a user-assigned identity."""

    client_id: Input[str]
    """Required. Client id of the identity."""
    identity_name: Input[str]
    """Required. Name of the identity, in the cluster's resource group."""


class NamespaceArgs(Args):
    """A namespace: what may run in it, and as whom."""

    cpu: str = "32"
    """Optional. Processors that all pods may ask for together, in Kubernetes' notation. Default 32."""
    memory: str = "128Gi"
    """Optional. The same for memory. Default 128Gi."""
    gpus: int = Field(default=0, ge=0)
    """Optional. GPUs that all pods may ask for together. Default none."""
    service_accounts: Mapping[str, ServiceAccountArgs] = {}
    """Optional. Service accounts by name. Default none beside that of every namespace."""


class KubernetesWorkloadsArgs(ComponentArgs):
    """Inputs of KubernetesWorkloads."""

    resource_group_name: Input[str]
    """Required. Resource group of the cluster."""
    cluster_name: Input[str]
    """Required. Name of the cluster."""
    cluster_id: Input[str]
    """Required. Resource id of the cluster: what makes it the same one, whatever its certificates and addresses."""
    oidc_issuer_url: Input[str]
    """Required. Issuer of the cluster's service account tokens."""
    namespaces: Mapping[str, NamespaceArgs] = {"azureml-workloads": NamespaceArgs()}
    """Optional. Namespaces by name. Default azureml-workloads."""
    gpu: bool = False
    """Optional. Offer the GPUs of nodes with the taint sku=gpu to pods. Default false."""
    plugin_version: str | None = None
    """Optional. Version of the engine's Kubernetes plugin. Default that of the SDK."""
    server_id: str = "6dae42f8-4368-4678-94ff-3960e28e3630"
    """Optional. Application that stands for every cluster's API server. Default Azure's."""


class KubernetesWorkloads(PlatformComponent):
    """Objects of a cluster, declared with the identity of whoever deploys: no credential is kept anywhere.

    Namespaces let nothing in from others until a policy says so, and pods of theirs may always ask the DNS.
    """

    namespaces: list[str]
    """Names of the namespaces."""

    def __init__(self, name: str, args: KubernetesWorkloadsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Sign in, then create the objects."""
        args = KubernetesWorkloadsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._provider = self._signed_in(name, args)
        for priority, value in PRIORITIES.items():
            kubernetes.scheduling.v1.PriorityClass(
                f"{name}-{priority}",
                metadata={"name": priority},
                value=value,
                global_default=False,
                description=f"Pods of {priority}.",
                opts=self._inside(),
            )
        for key, namespace in args.namespaces.items():
            self._namespace(name, args, key, namespace)
        if args.gpu:
            self._device_plugin(name)
        self.namespaces = list(args.namespaces)
        self.finish()

    def _signed_in(self, name: str, args: KubernetesWorkloadsArgs) -> "kubernetes.Provider":
        """The provider for this cluster. Its certificates or address may change, the cluster stays the same one."""
        credentials = containerservice.list_managed_cluster_user_credentials_output(
            resource_group_name=args.resource_group_name,
            resource_name=args.cluster_name,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        plain = credentials.apply(lambda found: kubeconfig_for(found.kubeconfigs[0].value, args.server_id))
        kubeconfig: pulumi.Output[str] = pulumi.Output.secret(plain)
        return kubernetes.Provider(
            f"{name}-provider",
            kubeconfig=kubeconfig,
            cluster_identifier=args.cluster_id,
            opts=self.child(version=args.plugin_version),
        )

    def _inside(self, **options: Any) -> pulumi.ResourceOptions:
        return self.child(provider=self._provider, **options)

    def _namespace(self, name: str, args: KubernetesWorkloadsArgs, key: str, wanted: NamespaceArgs) -> None:
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-{key}",
            metadata={"name": key, "labels": {"pod-security.kubernetes.io/enforce": "baseline"}},
            opts=self._inside(),
        )
        inside = self._inside(depends_on=[namespace])
        kubernetes.core.v1.ResourceQuota(
            f"{name}-{key}-quota",
            metadata={"name": "limits", "namespace": key},
            spec={
                "hard": {
                    "requests.cpu": wanted.cpu,
                    "requests.memory": wanted.memory,
                    "requests.nvidia.com/gpu": str(wanted.gpus),
                }
            },
            opts=inside,
        )
        kubernetes.networking.v1.NetworkPolicy(
            f"{name}-{key}-closed",
            metadata={"name": "closed", "namespace": key},
            spec={
                "pod_selector": {},
                "policy_types": ["Ingress"],
                "ingress": [{"from_": [{"pod_selector": {}}]}],
            },
            opts=inside,
        )
        for account, identity in wanted.service_accounts.items():
            self._service_account(name, args, key, account, identity, inside)

    def _service_account(
        self,
        name: str,
        args: KubernetesWorkloadsArgs,
        namespace: str,
        account: str,
        identity: ServiceAccountArgs,
        inside: pulumi.ResourceOptions,
    ) -> None:
        kubernetes.core.v1.ServiceAccount(
            f"{name}-{namespace}-{account}",
            metadata={
                "name": account,
                "namespace": namespace,
                "annotations": {"azure.workload.identity/client-id": identity.client_id},
            },
            opts=inside,
        )
        managedidentity.FederatedIdentityCredential(
            f"{name}-{namespace}-{account}-trust",
            federated_identity_credential_resource_name=f"{namespace}-{account}",
            resource_group_name=args.resource_group_name,
            resource_name_=identity.identity_name,
            issuer=args.oidc_issuer_url,
            subject=f"system:serviceaccount:{namespace}:{account}",
            audiences=[AUDIENCE],
            opts=self.child(),
        )

    def _device_plugin(self, name: str) -> None:
        """Run NVIDIA's device plugin on every GPU node: without it a pod cannot ask for a GPU."""
        labels = {"app": "nvidia-device-plugin"}
        spec: Any = {
            "selector": {"match_labels": labels},
            "update_strategy": {"type": "RollingUpdate"},
            "template": {"metadata": {"labels": labels}, "spec": _device_plugin_pod()},
        }
        kubernetes.apps.v1.DaemonSet(
            f"{name}-device-plugin",
            metadata={"name": "nvidia-device-plugin", "namespace": "kube-system"},
            spec=spec,
            opts=self._inside(),
        )


def _device_plugin_pod() -> dict[str, Any]:
    taints = (GPU_TAINT, SPOT_TAINT)
    return {
        "priority_class_name": "system-node-critical",
        "node_selector": {WORKLOAD: "gpu"},
        "tolerations": [
            {"key": taint.partition("=")[0], "operator": "Exists", "effect": "NoSchedule"} for taint in taints
        ],
        "containers": [
            {
                "name": "plugin",
                "image": _DEVICE_PLUGIN,
                "security_context": {"allow_privilege_escalation": False, "capabilities": {"drop": ["ALL"]}},
                "volume_mounts": [{"name": "plugins", "mount_path": _DEVICE_PLUGIN_FOLDER}],
            }
        ],
        "volumes": [{"name": "plugins", "host_path": {"path": _DEVICE_PLUGIN_FOLDER}}],
    }


def kubeconfig_for(encoded: str, server_id: str) -> str:
    """Where a cluster's kubeconfig leads, with sign-in as whoever runs the program.

    encoded: the kubeconfig (base64, YAML) that Azure hands out for users.
    """
    given = yaml.safe_load(base64.b64decode(encoded))
    cluster = given["clusters"][0]["cluster"]
    sign_in = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": TOKEN_COMMAND,
        "args": [server_id],
        "interactiveMode": "Never",
        "provideClusterInfo": False,
        "installHint": f"{TOKEN_COMMAND} is in the project's .venv/bin: put that folder on PATH",
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "cluster", "cluster": cluster}],
            "users": [{"name": "deployer", "user": {"exec": sign_in}}],
            "contexts": [{"name": "cluster", "context": {"cluster": "cluster", "user": "deployer"}}],
            "current-context": "cluster",
        }
    )
