"""How the engine enters a Kubernetes cluster: as whoever runs the program, with no credential kept anywhere."""

import base64
import json

import pulumi
import pulumi_kubernetes as kubernetes
import yaml
from pulumi_azure_native import containerservice

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent

TOKEN_COMMAND = "azure-ml-platform-cluster-token"  # noqa: S105 - a program
"""Prints a token of whoever is signed in; the project installs it beside its Python."""


class SignInArgs(Args):
    """A cluster, and what stands for its API server in Entra ID."""

    resource_group_name: Input[str]
    """Required. Resource group of the cluster."""
    cluster_name: Input[str]
    """Required. Name of the cluster."""
    cluster_id: Input[str]
    """Required. Resource id of the cluster: what makes it the same one, whatever its certificates and addresses."""
    plugin_version: str | None = None
    """Optional. Version of the engine's Kubernetes plugin. Default that of the SDK."""
    server_id: str = "6dae42f8-4368-4678-94ff-3960e28e3630"
    """Optional. Application that stands for every cluster's API server. Default Azure's."""


def sign_in(owner: PlatformComponent, name: str, args: SignInArgs) -> "kubernetes.Provider":
    """The provider for a cluster; it stays the same one when certificates or address of the API server change.

    Azure hands out a kubeconfig for `kubelogin`, which is not asked: the provider runs TOKEN_COMMAND, which signs in
    with azure-identity. That needs no local account, and no other network than that of the API server.
    Source: learn.microsoft.com/azure/aks/kubelogin-authentication.
    """
    credentials = containerservice.list_managed_cluster_user_credentials_output(
        resource_group_name=args.resource_group_name,
        resource_name=args.cluster_name,
        opts=pulumi.InvokeOutputOptions(parent=owner),
    )
    plain = credentials.apply(lambda found: kubeconfig_for(found.kubeconfigs[0].value, args.server_id))
    kubeconfig: pulumi.Output[str] = pulumi.Output.secret(plain)
    return kubernetes.Provider(
        name,
        kubeconfig=kubeconfig,
        cluster_identifier=args.cluster_id,
        opts=owner.child(version=args.plugin_version),
    )


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
