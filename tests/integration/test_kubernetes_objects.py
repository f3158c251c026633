"""A platform's Kubernetes, whole: cluster, what is inside, and the workspace's way to it, on a real API server.

The real engine with its real Kubernetes provider; skipped where the two programs were not built (`make kubernetes`).
The tests run in the order of the file, on one deployment: a life has an order.
"""

import json
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.kubernetes import engine
from local.loopback import ADDRESS
from tests.integration.conftest import CLIENTS, ROOT, Checkout
from tests.integration.engine import Project

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        not engine.is_available(), reason="no Kubernetes cluster and provider were built here: run `make kubernetes`"
    ),
]

NAMESPACE = "azureml-workloads"
OFF = ("network", "data_lake", "sql", "compute", "databricks", "budget", "pipeline")
PLATFORM = {
    "workload": "kube",
    "location": "westeurope",
    "owner": "ml-platform@example.com",
    "cost_center": "ml-4711",
    "seed": "k8s4m",
}


@dataclass(frozen=True)
class Stack(Project):
    """A stack of the project's own program that has what Kubernetes needs, and little else."""

    target: Checkout

    def up(self) -> str:
        """Deploy it."""
        return self.run("up", "--yes", "--skip-preview")

    def state(self) -> list[dict[str, Any]]:
        """The resources in the state."""
        deployment = json.loads(self.run("stack", "export"))["deployment"]
        return list(deployment.get("resources", []))

    def inside(self) -> dict[str, Any]:
        """What the Kubernetes client reads inside the cluster."""
        cluster = json.loads(self.run("stack", "output", "--json"))["kubernetes_cluster_id"]
        sign_in = Path(sys.executable).with_name("azure-ml-platform-cluster-token")
        script = ROOT / "tests" / "clients" / "kubernetes_objects.py"
        said = self.target.run(self.target.within(str(CLIENTS), str(script), cluster, NAMESPACE, str(sign_in)))
        return dict(json.loads(said.splitlines()[-1]))


@pytest.fixture(scope="module")
def deployed(local_target: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The stack after its first update."""
    folder, state = tmp_path_factory.mktemp("program"), tmp_path_factory.mktemp("state")
    exported = local_target.run(local_target.within("env", "-0"))
    variables = dict(line.split("=", 1) for line in exported.rpartition("\n")[2].split("\0") if line)
    variables |= {"PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": "a passphrase"}
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    project = {"name": "azure-ml-platform", "main": str(ROOT), "runtime": runtime}
    areas: dict[str, object] = {"profile": "local", "platform": PLATFORM, **{key: {"enabled": False} for key in OFF}}
    areas["kubernetes"] = dict(engine.settings())
    config = {f"azure-ml-platform:{area}": value for area, value in areas.items()}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (folder / "Pulumi.test.yaml").write_text(yaml.safe_dump({"config": config}))
    stack = Stack(folder, variables, local_target)
    stack.run("stack", "init", "test")
    stack.up()
    return stack


@pytest.fixture(scope="module")
def seen(deployed: Stack) -> dict[str, Any]:
    return deployed.inside()


def test_what_was_declared_is_inside_the_cluster(seen: dict[str, Any]) -> None:
    assert seen["version"] == "v1.33.4"
    assert {NAMESPACE, "azureml"} <= set(seen["namespaces"])
    assert seen["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"
    assert seen["quota"] == {"requests.cpu": "32", "requests.memory": "128Gi", "requests.nvidia.com/gpu": "1"}
    assert seen["defaults"] == {"cpu": "100m", "memory": "128Mi"}
    assert seen["policy_types"] == ["Ingress", "Egress"]
    assert seen["budgets"] == [1]
    assert (seen["priorities"]["serving"], seen["priorities"]["training"]) == (100_000, 10_000)
    assert "nvidia-device-plugin" in seen["daemons"]
    assert seen["instance_types"]["gpu"]["resources"]["limits"]["nvidia.com/gpu"] == 1


def test_a_service_account_is_the_identity_that_trusts_it(deployed: Stack, seen: dict[str, Any]) -> None:
    annotations = seen["accounts"]["models"]
    state = deployed.state()
    identity = next(item for item in state if item["urn"].endswith("identities-endpoint"))
    assert annotations["azure.workload.identity/client-id"] == identity["outputs"]["clientId"]
    (trust,) = (item for item in state if item["type"].endswith(":FederatedIdentityCredential"))
    issuer = json.loads(deployed.run("stack", "output", "--json"))["kubernetes_oidc_issuer_url"]
    assert trust["inputs"]["subject"] == f"system:serviceaccount:{NAMESPACE}:models"
    assert trust["inputs"]["issuer"] == issuer


def test_a_pod_that_wants_its_node_is_refused(seen: dict[str, Any]) -> None:
    assert seen["refused"].startswith("403: ")
    assert 'violates PodSecurity "baseline' in seen["refused"]


def test_the_cluster_is_compute_of_the_workspace(deployed: Stack) -> None:
    compute = next(item for item in deployed.state() if item["urn"].endswith("kubernetes-serving-compute"))
    shown = deployed.target.arm("GET", f"{compute['id']}?api-version=2024-10-01")["properties"]
    assert (shown["computeType"], shown["provisioningState"]) == ("Kubernetes", "Succeeded")
    assert shown["properties"]["namespace"] == NAMESPACE


def test_a_second_update_changes_nothing_and_a_refresh_finds_nothing(deployed: Stack) -> None:
    deployed.run("preview", "--expect-no-changes")
    said = deployed.run("refresh", "--yes", "--skip-preview")
    updated = {line.split()[1] for line in said.splitlines() if " updated (" in line}
    # The cluster shows the pools that were added to it.
    assert updated <= {"azure-native:containerservice:ManagedCluster"}


def test_no_credential_is_kept(deployed: Stack) -> None:
    provider = next(item for item in deployed.state() if item["type"] == "pulumi:providers:kubernetes")
    assert "ciphertext" in str(provider["inputs"]["kubeconfig"])
    shown = json.loads(deployed.run("stack", "export", "--show-secrets"))["deployment"]["resources"]
    (plain,) = (item["inputs"]["kubeconfig"] for item in shown if item["urn"] == provider["urn"])
    (user,) = json.loads(json.loads(plain["plaintext"]))["users"]
    assert list(user["user"]) == ["exec"]


def test_an_api_server_with_another_address_is_the_same_cluster(deployed: Stack) -> None:
    before = {item["urn"]: item["id"] for item in deployed.state() if item["type"].startswith("kubernetes:")}
    (port,) = (deployed.target.home / "kubernetes").glob("*/port")
    deployed.target.stop()
    with socket.create_server((ADDRESS, int(port.read_text()))):
        deployed.target.run(deployed.target.within("true"))
        said = deployed.up()
    assert "replaced" not in said
    after = {item["urn"]: item["id"] for item in deployed.state() if item["type"].startswith("kubernetes:")}
    assert before == after
    assert NAMESPACE in deployed.inside()["namespaces"]


def test_destroy_leaves_nothing(deployed: Stack) -> None:
    deployed.run("destroy", "--yes", "--skip-preview")
    assert deployed.state() == []
    assert not list((deployed.target.home / "kubernetes").iterdir())
