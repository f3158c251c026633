"""What is inside a Kubernetes cluster: priorities, namespaces, GPUs, and identities of service accounts."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_azure_native import managedidentity

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.node_pools import GPU_TAINT, SPOT_TAINT, WORKLOAD
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.components.kubernetes_namespaces import NamespaceArgs, declare_namespace
from azure_ml_platform.components.kubernetes_objects import metadata
from azure_ml_platform.components.kubernetes_sign_in import SignInArgs, sign_in

AUDIENCE = "api://AzureADTokenExchange"
"""What a service account's token is for when Entra ID takes it for an identity's."""
PRIORITIES = {"serving": 100_000, "training": 10_000}
"""Which pods go first when nodes are short."""
_DEVICE_PLUGIN = "nvcr.io/nvidia/k8s-device-plugin:v0.17.0"
_DEVICE_PLUGIN_FOLDER = "/var/lib/kubelet/device-plugins"


class KubernetesWorkloadsArgs(ComponentArgs, SignInArgs):
    """Inputs of KubernetesWorkloads."""

    oidc_issuer_url: Input[str]
    """Required. Issuer of the cluster's service account tokens."""
    namespaces: Mapping[str, NamespaceArgs] = {"azureml-workloads": NamespaceArgs()}
    """Optional. Namespaces by name. Default azureml-workloads."""
    gpu: bool = False
    """Optional. Offer the GPUs of nodes with the taint sku=gpu to pods. Default false."""


class KubernetesWorkloads(PlatformComponent):
    """Objects of a cluster, declared with the identity of whoever deploys: no credential is kept anywhere.

    The pods of a namespace talk to each other, to the namespaces beside it that are named, to the DNS, and to the
    listed ports outside, but never to the node's own identity.
    """

    namespaces: list[str]
    """Names of the namespaces."""

    def __init__(self, name: str, args: KubernetesWorkloadsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Sign in, then create the objects."""
        args = KubernetesWorkloadsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.provider = sign_in(self, f"{name}-provider", args)
        for priority, value in PRIORITIES.items():
            kubernetes.scheduling.v1.PriorityClass(
                f"{name}-{priority}",
                metadata=metadata(priority),
                value=value,
                global_default=False,
                description=f"Pods of {priority}.",
                opts=self.child(provider=self.provider),
            )
        for key, namespace in args.namespaces.items():
            declare_namespace(self, f"{name}-{key}", key, namespace, self.provider)
        self._trust(name, args)
        if args.gpu:
            self._device_plugin(name)
        self.namespaces = list(args.namespaces)
        self.finish()

    def _trust(self, name: str, args: KubernetesWorkloadsArgs) -> None:
        """Let pods of the service accounts act as their identities.

        One after the other, as Azure refuses a second write to an identity's credentials while one is in progress
        (learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations).
        """
        before: list[pulumi.Resource] = []
        accounts = ((key, *pair) for key, wanted in args.namespaces.items() for pair in wanted.service_accounts.items())
        for namespace, account, identity in accounts:
            trust = managedidentity.FederatedIdentityCredential(
                f"{name}-{namespace}-{account}-trust",
                federated_identity_credential_resource_name=f"{namespace}-{account}",
                resource_group_name=args.resource_group_name,
                resource_name_=identity.identity_name,
                issuer=args.oidc_issuer_url,
                subject=f"system:serviceaccount:{namespace}:{account}",
                audiences=[AUDIENCE],
                opts=self.child(depends_on=before),
            )
            before = [trust]

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
            metadata=metadata("nvidia-device-plugin", "kube-system"),
            spec=spec,
            opts=self.child(provider=self.provider),
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
