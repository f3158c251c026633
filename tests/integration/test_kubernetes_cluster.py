"""A real Kubernetes API server behind a managed cluster; skipped where none was built (`make kubernetes`)."""

import base64
import json
import uuid
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from local import loopback
from local.kubernetes.build import CLUSTER
from tests.integration.conftest import Checkout

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(CLUSTER.built is None, reason="no Kubernetes cluster was built here: run `make kubernetes`"),
]

VERSION = "api-version=2025-09-01"
EXTENSIONS = "api-version=2023-05-01"
SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"
CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
LIMIT_SECONDS = 180.0
POOL = {"name": "system", "mode": "System", "vmSize": "Standard_D4s_v5", "count": 1}
BODY = {
    "location": "westeurope",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "dnsPrefix": "aks-test",
        "agentPoolProfiles": [POOL],
        "aadProfile": {"managed": True, "enableAzureRBAC": True},
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"},
    },
}


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, and fail if it never holds."""
    deadline = monotonic() + LIMIT_SECONDS
    while not condition():
        assert monotonic() < deadline, "the condition never held"
        sleep(0.2)


class Cluster:
    """A managed cluster, and its API server as somebody with a token."""

    def __init__(self, target: Checkout) -> None:
        self.target = target
        target.run(target.within("true"))
        self.subscription = f"/subscriptions/{json.loads(target.paths.arm.read_text())['subscription_id']}"
        group = f"{self.subscription}/resourceGroups/rg-test"
        target.arm("PUT", f"{group}?api-version=2024-03-01", {"location": "westeurope"})
        self.path = f"{group}/providers/Microsoft.ContainerService/managedClusters/aks-test"
        target.arm("PUT", f"{self.path}?{VERSION}", BODY)
        until(lambda: self.shown()["provisioningState"] not in ("Creating", "Updating"))
        answer = target.arm("POST", f"{self.path}/listClusterAdminCredential?{VERSION}")
        kubeconfig = yaml.safe_load(base64.b64decode(answer["kubeconfigs"][0]["value"]))
        self.port = urlsplit(kubeconfig["clusters"][0]["cluster"]["server"]).port or 0
        self.admin: str = kubeconfig["users"][0]["user"]["token"]
        self.ca: Path = target.paths.ca

    def shown(self) -> dict[str, Any]:
        """The cluster's properties."""
        return dict(self.target.arm("GET", f"{self.path}?{VERSION}")["properties"])

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> tuple[int, Any]:
        """One request to the API server."""
        return loopback.request(self.port, self.ca, token or self.admin, method, path, body)


@pytest.fixture(scope="module")
def cluster(local_target: Checkout) -> Cluster:
    return Cluster(local_target)


def test_the_cluster_is_there_with_a_node_of_its_pool(cluster: Cluster) -> None:
    assert cluster.shown()["provisioningState"] == "Succeeded"
    _, nodes = cluster.ask("GET", "/api/v1/nodes")
    assert [node["metadata"]["labels"]["agentpool"] for node in nodes["items"]] == ["system"]


def test_a_deployment_becomes_available(cluster: Cluster) -> None:
    labels = {"app": "web"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web"}]}}
    spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": pod}
    body = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}
    path = "/apis/apps/v1/namespaces/default/deployments"
    until(lambda: cluster.ask("POST", path, body)[0] in (HTTPStatus.CREATED, HTTPStatus.CONFLICT))
    until(lambda: cluster.ask("GET", f"{path}/web")[1]["status"].get("availableReplicas") == 2)


def test_the_machine_learning_extension_brings_instance_types_that_are_held_to_their_rules(cluster: Cluster) -> None:
    settings = {"enableTraining": "true"}
    extension = {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": settings}
    path = f"{cluster.path}/providers/Microsoft.KubernetesConfiguration/extensions/azureml?{EXTENSIONS}"
    cluster.target.arm("PUT", path, {"properties": extension})
    until(lambda: cluster.target.arm("GET", path)["properties"]["provisioningState"] not in ("Creating", "Updating"))
    assert cluster.target.arm("GET", path)["properties"]["provisioningState"] == "Succeeded"
    share = {"cpu": "700m", "memory": "1500Mi"}
    accepted, _ = instance_type(cluster, share, {**share, "nvidia.com/gpu": 1})
    assert accepted == HTTPStatus.CREATED
    for requests, limits, why in (
        ({**share, "nvidia.com/gpu": 1}, share, "can be specified in limits only"),
        ({**share, "cpu": "0"}, share, "must be a quantity above zero"),
        (share, {"cpu": "1"}, "memory: Required value"),
    ):
        status, answer = instance_type(cluster, requests, limits)
        assert (status, why in answer["message"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, True), answer


def instance_type(cluster: Cluster, requests: object, limits: object) -> tuple[int, Any]:
    """The answer to an instance type."""
    spec = {"nodeSelector": {"workload": "gpu"}, "resources": {"requests": requests, "limits": limits}}
    body = {"apiVersion": "amlarc.azureml.com/v1alpha1", "kind": "InstanceType", "metadata": {"name": "gpu"}}
    return cluster.ask("POST", "/apis/amlarc.azureml.com/v1alpha1/instancetypes?dryRun=All", {**body, "spec": spec})


def test_a_person_enters_with_an_azure_role_and_not_without(cluster: Cluster) -> None:
    said = cluster.target.run(cluster.target.within("azure-ml-platform-cluster-token", SERVER))
    token = json.loads(said.splitlines()[-1])["status"]["token"]
    assert cluster.ask("GET", "/api/v1/nodes", token="made up")[0] == HTTPStatus.UNAUTHORIZED
    assert cluster.ask("GET", "/api/v1/nodes", token=token)[0] == HTTPStatus.FORBIDDEN
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    definition = f"{cluster.subscription}/providers/Microsoft.Authorization/roleDefinitions/{CLUSTER_ADMIN}"
    role = {"roleDefinitionId": definition, "principalId": claims["oid"], "principalType": "ServicePrincipal"}
    path = f"{cluster.path}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    cluster.target.arm("PUT", f"{path}?api-version=2022-04-01", {"properties": role})
    until(lambda: cluster.ask("GET", "/api/v1/nodes", token=token)[0] == HTTPStatus.OK)
