"""What a cluster's API server is told of people: who they are, and what their Azure roles allow."""

import uuid

import pytest

from local.arm.behaviours.container_service.running import key_of
from local.arm.documents import Json
from local.arm.identifiers import ResourceId
from tests.unit.arm.doubles import Answer, Azure, Platform
from tests.unit.arm.kubernetes_samples import cluster_body

SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"
CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
ADMIN = "3498e952-d568-435e-9b2c-8d77e338d7f7"
WRITER = "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb"
READER = "7f6c6a51-bcf8-42ba-9220-52d62157d7db"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


class Cluster:
    """A cluster that asks."""

    def __init__(self, azure: Azure, platform: Platform) -> None:
        self.azure = azure
        self.path = f"{platform.group}/providers/Microsoft.ContainerService/managedClusters/aks-test"
        azure.put(self.path, cluster_body(platform))
        resource = azure.store.get(ResourceId.parse(self.path))
        assert resource is not None
        self.key = key_of(resource)
        self.person = azure.directory.caller.object_id

    def ask(self, question: str, spec: Json, secret: str | None = None) -> Answer:
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "Review", "spec": spec}
        token = secret or self.azure.directory.secret
        return self.azure("POST", f"/kubernetes/{self.key}/{question}", review, token=token, version=None)

    def allows(self, verb: str, resource: str, namespace: str = "", group: str = "") -> bool:
        asked = {"verb": verb, "resource": resource, "namespace": namespace, "group": group}
        answer = self.ask("access", {"user": self.person, "resourceAttributes": asked})
        allowed: bool = answer.body["status"]["allowed"]
        return allowed

    def assign(self, role: str, scope: str) -> None:
        definition = f"{self.azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        role_of = {"roleDefinitionId": definition, "principalId": self.person, "principalType": "ServicePrincipal"}
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        self.azure.put(path, {"properties": role_of})


@pytest.fixture
def cluster(azure: Azure, platform: Platform) -> Cluster:
    return Cluster(azure, platform)


@pytest.mark.parametrize("audience", [SERVER, f"api://{SERVER}"])
def test_a_token_for_the_server_application_is_its_owners(azure: Azure, cluster: Cluster, audience: str) -> None:
    status = cluster.ask("token", {"token": azure.directory.issue(audience)}).body["status"]
    assert status == {"authenticated": True, "user": {"username": cluster.person, "uid": cluster.person}}


def test_a_token_for_something_else_or_of_somebody_else_lets_nobody_in(azure: Azure, cluster: Cluster) -> None:
    for token in (azure.directory.issue("https://management.azure.com/"), "made.up.token"):
        assert not cluster.ask("token", {"token": token}).body["status"]["authenticated"]


def test_who_manages_the_cluster_may_do_nothing_inside_it(cluster: Cluster) -> None:
    cluster.assign(OWNER, cluster.azure.subscription)
    assert not cluster.allows("list", "pods", "default")


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        (CLUSTER_ADMIN, ("create", "namespaces"), None),
        (ADMIN, ("create", "deployments", "team"), ("create", "namespaces")),
        (ADMIN, ("list", "resourcequotas", "team"), ("update", "resourcequotas", "team")),
        (WRITER, ("create", "secrets", "team"), ("create", "nodes")),
        (WRITER, ("list", "namespaces"), ("create", "rolebindings", "team", "rbac.authorization.k8s.io")),
        (READER, ("get", "pods", "team"), ("get", "secrets", "team")),
        (READER, ("watch", "deployments", "team"), ("delete", "pods", "team")),
    ],
)
def test_each_role_of_a_cluster_allows_what_azure_says(
    cluster: Cluster, role: str, allowed: tuple[str, ...], refused: tuple[str, ...] | None
) -> None:
    assert not cluster.allows(*allowed)
    cluster.assign(role, cluster.path)
    assert cluster.allows(*allowed)
    assert refused is None or not cluster.allows(*refused)


def test_a_role_above_a_cluster_holds_in_it_and_one_beside_it_does_not(cluster: Cluster, platform: Platform) -> None:
    cluster.assign(CLUSTER_ADMIN, platform.vault)
    assert not cluster.allows("list", "nodes")
    cluster.assign(CLUSTER_ADMIN, platform.group)
    assert cluster.allows("list", "nodes")


def test_only_a_cluster_of_this_azure_may_ask(cluster: Cluster) -> None:
    assert cluster.ask("token", {"token": "x"}, secret="made up").status == 401
    assert cluster.ask("other", {}).status == 404
