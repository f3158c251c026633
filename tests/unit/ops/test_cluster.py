"""The Kubernetes cluster: signing in to it, stopping and starting it."""

import json
from datetime import datetime

import pytest
from azure.core.credentials import TokenCredential

from ops import cluster_token
from ops.cluster import power
from ops.errors import OpsError
from ops.session import Session
from tests.unit.ops.doubles import AzureDouble, EngineDouble, outputs

CLUSTER = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"


@pytest.fixture
def running(engine: EngineDouble, azure: AzureDouble) -> AzureDouble:
    engine.answers("stack output", outputs(kubernetes_cluster_id=CLUSTER))
    azure.resources[CLUSTER] = {"properties": {"powerState": {"code": "Running"}}}
    return azure


def test_a_cluster_is_stopped_and_started(session: Session, running: AzureDouble) -> None:
    assert power(session, "stop") == 0
    running.resources[CLUSTER] = {"properties": {"powerState": {"code": "Stopped"}}}
    assert power(session, "start") == 0
    assert running.acted == [f"{CLUSTER}/stop", f"{CLUSTER}/start"]


def test_what_is_stopped_already_is_left_alone(
    session: Session, running: AzureDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    running.resources[CLUSTER] = {"properties": {"powerState": {"code": "Stopped"}}}
    assert power(session, "stop") == 0
    assert running.acted == []
    assert "aks is stopped already" in capsys.readouterr().err


def test_a_stack_without_a_cluster_is_told_so(session: Session, engine: EngineDouble) -> None:
    engine.answers("stack output", outputs())
    with pytest.raises(OpsError, match=r"has no Kubernetes cluster: kubernetes\.enabled is false"):
        power(session, "stop")


def test_a_cluster_that_is_gone_is_named(session: Session, engine: EngineDouble) -> None:
    engine.answers("stack output", outputs(kubernetes_cluster_id=CLUSTER))
    with pytest.raises(OpsError, match="does not exist any more"):
        power(session, "start")


def test_a_credential_is_a_token_for_the_server_with_its_end(caller: TokenCredential) -> None:
    document = json.loads(cluster_token.credential("server", caller))
    assert (document["kind"], document["apiVersion"]) == ("ExecCredential", "client.authentication.k8s.io/v1")
    assert document["status"]["token"] == "token-for-server/.default"
    assert datetime.fromisoformat(document["status"]["expirationTimestamp"]).tzinfo is not None


def test_a_client_is_answered_in_the_version_that_it_asks_in(caller: TokenCredential) -> None:
    asked = "client.authentication.k8s.io/v1beta1"
    assert cluster_token.asked_version({"KUBERNETES_EXEC_INFO": json.dumps({"apiVersion": asked})}) == asked
    assert json.loads(cluster_token.credential("server", caller, asked))["apiVersion"] == asked
    assert cluster_token.asked_version({}) == "client.authentication.k8s.io/v1"


def test_the_sign_in_asks_for_one_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert cluster_token.main([]) == 2
    assert "application id" in capsys.readouterr().err
