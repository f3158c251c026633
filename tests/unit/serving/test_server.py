"""Deployments as processes: started, asked, replaced, removed. The inference server is a few lines here."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.arm.data_planes import DeploymentFailed, DeploymentSpec, Limits, NotAnswered, NotRunning, Probe
from local.errors import LocalError
from local.paths import Paths
from local.serving import Server, deployment
from local.serving.environment import EnvironmentBuildError

STUB = '''#!{python}
"""Answers on the socket that gunicorn would get; what it does follows from the scoring script."""
import http.server, json, os, signal, socket, sys, threading

def end_with_input():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGKILL)

threading.Thread(target=end_with_input, daemon=True).start()
behaviour = open(os.path.join(os.environ["AML_APP_ROOT"], os.environ["AZUREML_ENTRY_SCRIPT"])).read()
if behaviour == "crash":
    print("no module named sklearn")
    sys.exit(3)

asked = 0
release = threading.Event()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/release":
            release.set()
        if behaviour == "never ready" or (behaviour == "hang when asked" and asked):
            self.send_error(503)
        else:
            self.answer(b"Healthy")
    def do_POST(self):
        global asked
        asked += 1
        if behaviour == "die when asked":
            os.kill(os.getpid(), signal.SIGKILL)
        if behaviour == "wait when asked":
            release.wait(10)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        seen = dict(pid=os.getpid(), path=self.path, body=body.decode(), headers=dict(self.headers), argv=sys.argv,
                    env=dict(os.environ), behaviour=behaviour)
        self.answer(json.dumps(seen).encode())
    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-ms-run-fn-exec-ms", "1.0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

descriptor = int(sys.argv[sys.argv.index("--bind") + 1].removeprefix("fd://"))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=descriptor)
server.serve_forever()
'''


class Folder:
    """Blobs whose URL is what the downloaded file has to contain; there is none at `nowhere`."""

    def download(self, url: str, target: Path) -> None:
        if url == "nowhere":
            raise LocalError("there is no blob")
        (target / "score.py").write_text(url)


@pytest.fixture
def spec() -> DeploymentSpec:
    return DeploymentSpec(
        endpoint="wine",
        deployment="blue",
        model_url="model",
        code_url="work",
        scoring_script="score.py",
        environment_file="azureml-inference-server-http",
        environment_variables={"THRESHOLD": "0.5"},
    )


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(STUB.replace("{python}", sys.executable))
    python.chmod(0o700)
    monkeypatch.setattr(deployment, "build_environment", lambda text: python)
    server = Server(Paths(tmp_path), Folder())  # type: ignore[arg-type]
    yield server
    server.stop_all()


def ask(server: Server, headers: dict[str, str] | None = None) -> dict[str, object]:
    status, _, body = server.score("wine", "blue", "/score?x=1", "POST", headers or {}, b'{"data": []}')
    assert status == 200, body
    answer: dict[str, object] = json.loads(body)
    return answer


def refusal(server: Server) -> int:
    """The status that a request is refused with."""
    with pytest.raises(NotAnswered) as refused:
        ask(server)
    return refused.value.status


def limited(spec: DeploymentSpec, **limits: Any) -> DeploymentSpec:
    return replace(spec, limits=Limits(**limits))


def gone(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_deployment_answers_when_deploy_returns(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)

    status, headers, body = server.score("wine", "blue", "/score?x=1", "POST", {"a-header": "1"}, b"ping")

    seen = json.loads(body)
    assert (status, seen["path"], seen["body"], seen["headers"]["a-header"]) == (200, "/score?x=1", "ping", "1")
    assert headers["x-ms-run-fn-exec-ms"] == "1.0"
    assert "Connection" not in headers


def test_the_model_never_sees_the_callers_key(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)

    assert "secret" not in json.dumps(ask(server, {"Authorization": "Bearer secret"}))


def test_the_process_sees_its_own_settings_and_nothing_of_the_endpoints(
    server: Server, spec: DeploymentSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_HEADER", "a secret of the endpoint")
    server.deploy(spec)

    environment = ask(server)["env"]

    assert isinstance(environment, dict)
    assert environment["THRESHOLD"] == "0.5"
    assert environment["AZUREML_ENTRY_SCRIPT"] == "score.py"
    assert "IDENTITY_HEADER" not in environment
    assert not {name for name in environment if name.startswith(("PULUMI", "ARM_", "AZURE_", "IDENTITY"))}


def test_values_of_environment_variables_stand_in_no_argument_list(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(replace(spec, environment_variables={"PASSWORD": "a-secret-value"}))

    assert "a-secret-value" not in str(ask(server)["argv"])


def test_a_process_that_ends_fails_the_deployment_with_the_end_of_its_log(
    server: Server, spec: DeploymentSpec, tmp_path: Path
) -> None:
    with pytest.raises(
        DeploymentFailed, match=r'"blue" of endpoint "wine" ended with code 3.*\n.*no module named sklearn'
    ):
        server.deploy(replace(spec, code_url="crash"))

    assert list((tmp_path / ".local" / "serving").iterdir()) == []


def test_the_log_of_an_earlier_failure_is_not_shown_again(server: Server, spec: DeploymentSpec) -> None:
    log = "crash"
    with pytest.raises(DeploymentFailed):
        server.deploy(replace(spec, code_url=log))
    with pytest.raises(DeploymentFailed) as failure:
        server.deploy(replace(spec, code_url=log))

    assert str(failure.value).count("no module named sklearn") == 1


def test_a_process_that_never_gets_ready_is_ended_when_its_probe_has_failed(
    server: Server, spec: DeploymentSpec
) -> None:
    probe = Probe(initial_delay_seconds=0.2, period_seconds=0.1, failure_threshold=3)
    with pytest.raises(DeploymentFailed, match="was not ready after") as failure:
        server.deploy(replace(limited(spec, readiness=probe), code_url="never ready"))

    assert failure.value.code == "ResourceNotReady"
    with pytest.raises(NotRunning):
        ask(server)


def test_what_cannot_be_fetched_or_built_has_its_own_code(
    server: Server, spec: DeploymentSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        DeploymentFailed, match='model of deployment "blue" cannot be downloaded: there is no'
    ) as failure:
        server.deploy(replace(spec, model_url="nowhere"))
    assert failure.value.code == "BadArgument"
    assert "model nowhere: there is no blob" in server.log("wine", "blue", "StorageInitializer", 10)

    def fail(_: str) -> Path:
        raise EnvironmentBuildError("no such package")

    monkeypatch.setattr(deployment, "build_environment", fail)
    with pytest.raises(DeploymentFailed, match="no such package") as failure:
        server.deploy(spec)
    assert failure.value.code == "ImageBuildFailure"


def test_a_missing_scoring_script_is_named_with_what_there_is(server: Server, spec: DeploymentSpec) -> None:
    with pytest.raises(DeploymentFailed, match=r'no scoring script "main\.py"; it has score\.py'):
        server.deploy(replace(spec, scoring_script="main.py"))


def test_an_unchanged_deployment_is_left_alone(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)
    before = ask(server)["pid"]
    server.deploy(replace(spec))

    assert ask(server)["pid"] == before


def test_a_changed_deployment_replaces_the_old_process(server: Server, spec: DeploymentSpec, tmp_path: Path) -> None:
    server.deploy(spec)
    before = ask(server)
    server.deploy(replace(spec, code_url="work better"))

    after = ask(server)
    assert (before["behaviour"], after["behaviour"]) == ("work", "work better")
    assert gone(before["pid"])
    assert len(list((tmp_path / ".local" / "serving").iterdir())) == 1


def test_while_a_deployment_is_replaced_the_old_process_answers(
    server: Server, spec: DeploymentSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deploy(spec)
    before = ask(server)["pid"]
    starting, go_on = threading.Event(), threading.Event()
    original = deployment.Deployment.wait_until_ready

    def wait(self: deployment.Deployment) -> None:
        starting.set()
        go_on.wait(10)
        original(self)

    monkeypatch.setattr(deployment.Deployment, "wait_until_ready", wait)
    deploying = threading.Thread(target=server.deploy, args=[replace(spec, code_url="work better")])
    deploying.start()
    starting.wait(10)
    during = ask(server)["pid"]
    go_on.set()
    deploying.join(10)

    assert during == before
    assert ask(server)["pid"] != before


def test_a_failed_replacement_leaves_the_old_process_answering(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)
    before = ask(server)["pid"]
    with pytest.raises(DeploymentFailed):
        server.deploy(replace(spec, code_url="crash"))

    assert ask(server)["pid"] == before


def test_a_removed_deployment_is_gone_with_its_files(server: Server, spec: DeploymentSpec, tmp_path: Path) -> None:
    server.deploy(spec)
    pid = ask(server)["pid"]
    server.remove("wine", "blue")
    server.remove("wine", "blue")

    assert gone(pid)
    assert list((tmp_path / ".local" / "serving").iterdir()) == []
    assert list(Paths(tmp_path).log.iterdir()) == []
    with pytest.raises(NotRunning):
        ask(server)


@pytest.mark.parametrize("change", ["replaced", "removed"])
def test_a_process_ends_only_when_it_has_answered_what_it_took(
    server: Server, spec: DeploymentSpec, change: str
) -> None:
    server.deploy(replace(spec, code_url="wait when asked"))
    pid = server._running["wine", "blue"].pid
    answers: list[dict[str, object]] = []
    asking = threading.Thread(target=lambda: answers.append(ask(server)))
    asking.start()
    old = server._running["wine", "blue"]
    wait_until(lambda: old._pending._number == 1)
    change_it = (lambda: server.deploy(spec)) if change == "replaced" else (lambda: server.remove("wine", "blue"))
    changing = threading.Thread(target=change_it)
    changing.start()
    wait_until(lambda: old._pending._closed)
    old._request("GET", "/release", {}, b"", 5)
    asking.join(10)
    changing.join(10)

    assert [answer["pid"] for answer in answers] == [pid]
    assert gone(pid)


def test_requests_while_deployments_come_and_go_are_all_answered(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)
    ended = threading.Event()
    answered, refused = [], []

    def keep_asking() -> None:
        while not ended.is_set():
            status, _, body = server.score("wine", "blue", "/score", "POST", {}, b"{}")
            (answered if status == 200 else refused).append(body)

    callers = [threading.Thread(target=keep_asking) for _ in range(2)]
    for caller in callers:
        caller.start()
    for number in range(3):
        server.deploy(replace(spec, code_url=f"work {number}"))
    ended.set()
    for caller in callers:
        caller.join(10)

    assert answered
    assert refused == []


def test_more_requests_than_a_deployment_may_have_are_refused(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(replace(limited(spec, pending_requests=1), code_url="wait when asked"))
    running = server._running["wine", "blue"]
    first = threading.Thread(target=ask, args=[server])
    first.start()
    wait_until(lambda: running._pending._number == 1)

    assert refusal(server) == 429

    running.spec = replace(running.spec, limits=Limits())
    running._request("GET", "/release", {}, b"", 5)
    first.join(10)


def test_an_answer_that_takes_too_long_is_given_up(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(replace(limited(spec, request_seconds=0.1), code_url="wait when asked"))

    assert refusal(server) == 408


def test_other_limits_hold_at_once_and_need_no_new_process(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)
    before = ask(server)["pid"]
    server.deploy(limited(spec, pending_requests=0))
    assert refusal(server) == 429
    server.deploy(spec)

    assert ask(server)["pid"] == before


def test_a_process_that_does_not_answer_its_liveness_probe_is_replaced(server: Server, spec: DeploymentSpec) -> None:
    probe = Probe(initial_delay_seconds=0, period_seconds=0.01, failure_threshold=2)
    server.deploy(replace(limited(spec, liveness=probe), code_url="hang when asked"))
    before = ask(server)["pid"]
    wait_until(lambda: server._running["wine", "blue"].pid != before and gone(before))

    assert ask(server)["pid"] != before


def test_the_log_is_told_by_its_last_lines(server: Server, spec: DeploymentSpec, tmp_path: Path) -> None:
    assert server.log("wine", "blue", "InferenceServer", 10) == ""
    with pytest.raises(DeploymentFailed):
        server.deploy(replace(spec, code_url="crash"))

    assert server.log("wine", "blue", "InferenceServer", 1) == "no module named sklearn\n"
    fetched = server.log("wine", "blue", "StorageInitializer", 10)
    assert fetched == "model model: score.py\ncode crash: score.py\n"


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_killed_process_is_started_again_by_the_next_request(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(spec)
    before = int(str(ask(server)["pid"]))
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)

    assert ask(server)["pid"] != before


def test_a_process_that_breaks_off_an_answer_is_a_bad_gateway(server: Server, spec: DeploymentSpec) -> None:
    server.deploy(replace(spec, code_url="die when asked"))

    assert server.score("wine", "blue", "/score", "POST", {}, b"")[0] == 502


def test_a_process_ends_when_the_endpoint_is_killed(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from local.child import Child\n"
        "program = 'import os; print(os.getpid(), flush=True); os.read(0, 1); print(\"ended\", flush=True)'\n"
        "child = Child([sys.executable, '-c', program], environment={}, cwd=pathlib.Path(sys.argv[1]), "
        "log=pathlib.Path(sys.argv[1]) / 'log')\n"
        "child.wait_until(lambda: bool(child.output_end()), 10)\n"
        "print('started', flush=True); sys.stdin.read()"
    )
    endpoint = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert endpoint.stdout is not None
    assert endpoint.stdout.readline() == b"started\n"
    endpoint.kill()
    endpoint.wait()
    with (tmp_path / "log").open() as log:
        pid = int(log.readline())
    deadline = time.monotonic() + 10
    while not gone(pid):
        assert time.monotonic() < deadline, "the process outlives the endpoint"

    assert (tmp_path / "log").read_text().splitlines() == [str(pid), "ended"]
