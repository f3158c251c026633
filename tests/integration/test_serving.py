"""Microsoft's inference server with the example model, in an environment built from the model's own dependency file."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.arm.data_planes import DeploymentFailed, DeploymentSpec, Limits, NotAnswered
from local.paths import Paths
from local.serving import Server

pytestmark = pytest.mark.integration

MODEL = Path(__file__).parents[2] / "examples" / "model"
MODELS = Path(__file__).parents[1] / "models"
"""Models that misbehave, each in one way."""


class Folders:
    """Blobs whose URLs are folders of this machine."""

    def download(self, url: str, target: Path) -> None:
        shutil.copytree(url, target, dirs_exist_ok=True)


def spec_of(code: Path = MODEL / "scoring") -> DeploymentSpec:
    return DeploymentSpec(
        endpoint="wine",
        deployment="blue",
        model_url=str(MODEL / "model"),
        code_url=str(code),
        scoring_script="score.py",
        environment_file=(MODEL / "environment.yaml").read_text(),
        environment_variables={},
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(Paths(tmp_path), Folders())  # type: ignore[arg-type]
    yield server
    server.stop_all()


def post(server: Server, body: bytes) -> tuple[int, dict[str, str], Any]:
    headers = {"Content-Type": "application/json", "x-ms-client-request-id": "request-1"}
    status, answered, text = server.score("wine", "blue", "/score", "POST", headers, body)
    return status, answered, json.loads(text)


def test_the_example_model_answers_its_sample_request(server: Server) -> None:
    server.deploy(spec_of())

    status, headers, answer = post(server, (MODEL / "sample.json").read_bytes())

    assert status == 200
    assert headers["x-ms-client-request-id"] == "request-1"
    predictions = answer["predictions"]
    assert isinstance(predictions, list)
    assert predictions[0]["cultivar"] == "Barolo"
    assert sum(predictions[0]["probabilities"].values()) == pytest.approx(1)


def test_a_bad_request_is_answered_with_what_to_mend(server: Server) -> None:
    server.deploy(spec_of())

    status, _, answer = post(server, b'{"data": [{"alcohol": "strong"}]}')

    assert status == 400
    assert "data[0].ash is missing" in str(answer)


def test_swagger_is_served_beside_the_score(server: Server) -> None:
    server.deploy(spec_of())

    status, _, body = server.score("wine", "blue", "/swagger.json", "GET", {}, b"")

    assert (status, json.loads(body)["swagger"]) == (200, "2.0")


def test_an_init_that_fails_fails_the_deployment_with_its_traceback(server: Server) -> None:
    with pytest.raises(DeploymentFailed, match="RuntimeError: no licence in") as failure:
        server.deploy(spec_of(MODELS / "crashing"))

    assert failure.value.code == "ResourceNotReady"
    assert "RuntimeError: no licence in" in server.log("wine", "blue", "InferenceServer", 100)


def test_a_slow_model_is_given_up_at_its_limit_and_answers_again_after_that(server: Server) -> None:
    server.deploy(replace(spec_of(MODELS / "slow"), limits=Limits(request_seconds=0.5)))

    with pytest.raises(NotAnswered) as refusal:
        post(server, b'{"seconds": 1}')
    assert refusal.value.status == 408
    server.deploy(replace(spec_of(MODELS / "slow"), limits=Limits(request_seconds=10)))
    assert post(server, b'{"seconds": 0}')[2] == {"seconds": 0}


def test_an_answer_of_another_shape_is_passed_on_as_the_model_gave_it(server: Server) -> None:
    server.deploy(spec_of(MODELS / "wrong-shape"))

    status, _, answer = post(server, (MODEL / "sample.json").read_bytes())

    assert (status, answer) == (200, ["Barolo"])


def test_a_package_that_does_not_exist_fails_the_deployment_with_pips_sentence(server: Server) -> None:
    with pytest.raises(DeploymentFailed, match=r"environment of the deployment cannot be built(.*\n)*.*no/such/folder"):
        server.deploy(replace(spec_of(), environment_file="./no/such/folder"))


def test_the_server_listens_on_loopback_only(server: Server) -> None:
    server.deploy(spec_of())

    deployment = server._running["wine", "blue"]

    assert deployment._pool.host == "127.0.0.1"
    listening = Path("/proc/net/tcp").read_text() if Path("/proc/net/tcp").exists() else ""
    port = f":{deployment._pool.port:04X}"
    assert all("0100007F" + port in line for line in listening.splitlines() if f"{port} 00000000:0000 0A" in line)


def test_the_server_and_its_workers_end_when_the_endpoint_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from local.paths import Paths; from tests.integration.test_serving import *\n"
        "server = Server(Paths(pathlib.Path(sys.argv[1])), Folders()); server.deploy(spec_of())\n"
        "print(server._running['wine', 'blue'].pid, flush=True); sys.stdin.read()"
    )
    endpoint = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert endpoint.stdout is not None
    group = int(endpoint.stdout.readline())
    os.kill(endpoint.pid, signal.SIGKILL)
    endpoint.wait()

    deadline = time.monotonic() + 10
    while _lives(group):
        assert time.monotonic() < deadline, "the inference server outlives the endpoint"


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
