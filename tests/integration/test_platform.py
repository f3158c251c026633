"""The platform's whole life on the local target: the real engine, both policy packs, Microsoft's own clients.

The tests run in the order of the file, on one deployment: a life has an order.
"""

import csv
import json
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.paths import Paths
from local.serving import build_environment
from tests.integration.conftest import ROOT, Checkout
from tests.integration.online_endpoints import API_VERSION, Caller, metric_by_slot, set_traffic, slots, states
from tests.integration.test_example_model import MODEL, predictions

pytestmark = pytest.mark.integration

CLIENTS = Paths.of_checkout().home / "clients" / "bin" / "python"
COMMITTED = sorted(ROOT.glob("Pulumi*.yaml"))


@pytest.fixture(scope="module")
def committed() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in COMMITTED}


@pytest.fixture(scope="module")
def deployed(local_target: Checkout, committed: dict[str, bytes]) -> tuple[Checkout, str]:
    return local_target, local_target.ops("up")


@pytest.fixture(scope="module")
def seen(deployed: tuple[Checkout, str]) -> dict[str, Any]:
    """What azure-mgmt-resource and azure-ai-ml read."""
    target, _ = deployed
    return run_client(target, "read_back.py")


def run_client(target: Checkout, script: str, *arguments: str) -> dict[str, Any]:
    """What a script of `tests/clients` prints of the deployed platform."""
    outputs = json.dumps(target.outputs())
    command = target.within(str(CLIENTS), str(ROOT / "tests" / "clients" / script), *arguments)
    done = subprocess.run(command, cwd=ROOT, env=target.variables, input=outputs, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_up_ends_with_a_prediction_and_the_line_that_asks_for_it(deployed: tuple[Checkout, str]) -> None:
    target, said = deployed
    outputs = target.outputs()
    for model in outputs["models"].values():
        assert model["scoring_uri"] in said
    assert "curl" in said
    assert "predictions" in said.splitlines()[-1]


def test_the_printed_curl_line_works_as_it_stands(deployed: tuple[Checkout, str]) -> None:
    target, said = deployed
    lines = said.splitlines()
    command = next(line for line in lines if "| curl " in line)
    answer = subprocess.run(["sh", "-c", command], cwd=ROOT, env=target.variables, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == json.loads(lines[-1])


def test_up_shows_what_the_platform_would_cost(deployed: tuple[Checkout, str]) -> None:
    _, said = deployed
    assert "Cost of local on Azure per month, in USD" in said
    assert float(next(line for line in said.splitlines() if line.startswith("  total")).split()[1]) > 100


def test_the_curl_line_answers_for_every_wine_of_the_test_set_what_the_model_itself_says(
    deployed: tuple[Checkout, str], tmp_path: Path
) -> None:
    target, said = deployed
    (tmp_path / "request.json").write_text(json.dumps({"data": wines()}))
    command = next(line for line in said.splitlines() if "| curl " in line)
    other = command.replace("examples/model/sample.json", str(tmp_path / "request.json"))
    answer = subprocess.run(["sh", "-c", other], cwd=ROOT, env=target.variables, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["predictions"] == predictions(own_python(), MODEL / "model")
    assert len(wines()) == 45


def test_score_tells_prediction_latency_and_slot_and_what_the_model_does_not_take(
    deployed: tuple[Checkout, str], tmp_path: Path
) -> None:
    target, _ = deployed
    said = target.ops("score", "wine", "--data", "examples/model/sample.json", "--slot", "blue")
    assert '{"predictions": [{"cultivar": "Barolo"' in said
    assert re.search(r"^wine: slot blue answered in \d+ ms$", said, re.MULTILINE)
    (tmp_path / "bad.json").write_text('{"data": [{"alcohol": "strong"}]}')
    command = target.command("score", "wine", "--data", str(tmp_path / "bad.json"))
    refused = subprocess.run(command, cwd=ROOT, env=target.variables, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert re.fullmatch(
        r"error: the model at \S+ refused the request \(400\): data\[0\]\.\w+ is missing; .*\n", refused.stderr
    )


@pytest.fixture
def own_config() -> Iterator[None]:
    """What the developer's SDKs find in this checkout stays."""
    file = ROOT / ".azureml" / "config.json"
    before = file.read_bytes() if file.exists() else None
    yield
    if before is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(before)


@pytest.mark.usefixtures("own_config")
def test_the_first_hour_runs_as_it_is_written(deployed: tuple[Checkout, str]) -> None:
    target, _ = deployed
    done = subprocess.run(
        ["sh", "-e"], input=first_hour(), cwd=ROOT, env=target.variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    outputs = target.outputs()
    assert [name for name in outputs["datastore_names"] if f"'{name}'" not in done.stdout] == []
    assert done.stdout.count("predictions") == 2
    assert "azmlinfsrv" in done.stdout
    assert "wine.skops" in done.stdout
    assert "wine: slot blue answered in" in done.stderr


def first_hour() -> str:
    """The blocks of the page as one shell script, but for what only Azure can do; Python's run in one process."""
    page = (ROOT / "docs" / "first-hour.md").read_text()
    lines = {
        language: re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        for language in ("sh", "python")
    }
    python = f"{CLIENTS} - <<'EOF'\n{''.join(lines['python'])}EOF\n"
    return "".join([lines["sh"][0], python, *lines["sh"][1:]])


def test_no_secret_is_printed(deployed: tuple[Checkout, str]) -> None:
    target, said = deployed
    arm = json.loads(target.paths.arm.read_text())
    assert arm["token"] not in said
    assert "Bearer ey" not in said
    assert target.paths.passphrase.read_text() not in said


def test_microsofts_resource_client_reads_the_groups_and_their_resources(
    deployed: tuple[Checkout, str], seen: dict[str, Any]
) -> None:
    target, _ = deployed
    outputs = target.outputs()
    assert sorted(seen["groups"]) == sorted(outputs["resource_groups"])
    # A server brings its database `master`.
    ids = {each.lower() for each in seen["resources"] if not each.endswith("/databases/master")}
    assert ids <= target.state_ids()
    assert {resource["tags"]["stack"] for resource in seen["resources"].values() if resource["tags"]} == {"local"}


def test_microsofts_machine_learning_client_reads_the_workspace_as_it_was_declared(
    deployed: tuple[Checkout, str], seen: dict[str, Any]
) -> None:
    target, _ = deployed
    outputs = target.outputs()
    assert seen["workspace"]["id"].lower() == outputs["workspace_id"].lower()
    assert seen["workspace"]["discovery_url"] == outputs["discovery_url"]
    assert seen["workspace"]["mlflow_tracking_uri"] == outputs["mlflow_tracking_uri"]
    # The Kubernetes cluster is attached beside the workspace's own clusters.
    assert sorted(seen["compute"]) == sorted([*outputs["compute_names"], "kubernetes"])
    for model in outputs["models"].values():
        endpoint = next(item for item in seen["endpoints"].values() if item["scoring_uri"] == model["scoring_uri"])
        assert endpoint["traffic"] == {"blue": 100}
        assert list(endpoint["deployments"]) == ["blue"]


def test_microsofts_machine_learning_client_makes_changes_and_deletes_what_a_workspace_holds(
    deployed: tuple[Checkout, str],
) -> None:
    target, _ = deployed
    made = run_client(target, "machine_learning.py")
    assert made["workspace"] == {"listed": [target.outputs()["workspace_name"]], "updated": "of the tests"}
    assert made["compute"] == {
        "created": ["client-cluster", "Standard_DS3_v2", "Succeeded"],
        "updated": [3, 3],
        "listed": True,
        "gone": True,
        "gpu_quota": 0,
        "refused": "ClusterMinNodesExceedCoreQuota",
    }
    assert made["datastore"] == {
        "created": target.outputs()["storage_account_name"],
        "updated": ["of the tests", "of the tests"],
        "listed": True,
        "gone": True,
        "refused": "KeyBasedAuthenticationNotPermitted",
    }
    assert made["models"] == {
        "created": ["client-model", "1"],
        "updated": "of the tests",
        "containers": True,
        "versions": ["1", "2"],
        "latest": "2",
        "refused": "PropertyChangeNotAllowed",
    }
    assert made["environments"] == {
        "created": ["client-environment", "1"],
        "updated": ["of the tests", "of the tests"],
        "listed": ["1"],
    }
    assert made["another_workspace"] == {
        "created": ["client-workspace", "westeurope"],
        "stands_on": ["components", "storageAccounts", "vaults"],
        "gone": True,
    }
    assert made["endpoint"] == {
        "created": ["first", "Succeeded"],
        "updated": "changed",
        "listed": [True, ["first"], []],
        "traffic": {"first": 100},
        "refused": "BadRequest",
        "keys": True,
        "gone": True,
        "platform": {"blue": 100},
    }


def test_a_second_version_takes_over_and_goes_again_while_a_client_sends_all_the_time(
    deployed: tuple[Checkout, str],
) -> None:
    target, _ = deployed
    model = target.outputs()["models"]["wine"]
    second = predictions(own_python(), MODEL / "model-2")[0]
    name, _, token = target.ops("authorization", "wine").strip().rpartition("\n")[2].partition(": ")
    context = ssl.create_default_context(cafile=json.loads(target.paths.arm.read_text())["ca"])
    sample = (MODEL / "sample.json").read_bytes()
    with Caller(model["scoring_uri"], {name: token}, sample, context) as caller:
        made = run_client(target, "second_version.py", str(MODEL / "model-2"))
        assert (made["state"], made["traffic"]) == ("Succeeded", {"blue": 100, "second": 0})
        assert "Booting worker" in made["log"]
        assert "wine.skops" in made["fetched"]
        for share, number in ((10, 300), (50, 300), (100, 50)):
            set_traffic(target, model["endpoint_id"], {"blue": 100 - share, "second": share})
            answered = slots(caller.next(number))
            assert abs(answered["second"] / number - share / 100) <= 0.01
        (prediction,) = json.loads(caller.next(1)[0].body)["predictions"]
        assert prediction["probabilities"] == pytest.approx(second["probabilities"], abs=1e-9)
        set_traffic(target, model["endpoint_id"], {"blue": 100})
        assert caller.next(1)[0].body == caller.seen[0].body
        target.raw("DELETE", f"{model['endpoint_id']}/deployments/second?api-version={API_VERSION}")
        while "second" in states(target, model["endpoint_id"]):
            caller.next(1)
        caller.next(20)
    assert {one.status for one in caller.seen} == {200}
    assert metric_by_slot(target, model["endpoint_id"])["second"] == slots(caller.seen)["second"]


def own_python() -> Path:
    """The interpreter of the model's own environment."""
    return build_environment((MODEL / "environment.yaml").read_text())


def wines() -> list[dict[str, float]]:
    """The test set as it stands in a request."""
    with (MODEL / "test_set.csv").open() as file:
        rows = csv.DictReader(file)
        return [{name: float(value) for name, value in row.items() if name != "cultivar"} for row in rows]


def test_a_second_preview_expects_no_changes(deployed: tuple[Checkout, str]) -> None:
    target, _ = deployed
    target.pulumi("preview", "--expect-no-changes")


@pytest.mark.avoids("refresh-of-the-missing")
def test_a_refresh_finds_nothing_but_the_pools_that_were_added_to_the_cluster(
    deployed: tuple[Checkout, str],
) -> None:
    target, _ = deployed
    said = target.pulumi("refresh", "--yes", "--skip-preview")
    updated = [line.split()[1] for line in said.splitlines() if " updated (" in line]
    assert set(updated) <= {"azure-native:containerservice:ManagedCluster"}
    target.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")


@pytest.mark.avoids("drift-unseen")
def test_a_change_behind_the_engines_back_is_found_and_mended(deployed: tuple[Checkout, str]) -> None:
    target, _ = deployed
    outputs = target.outputs()
    account = next(
        resource_id
        for resource_id in target.state_ids()
        if resource_id.endswith(f"/storageaccounts/{outputs['storage_account_name']}".lower())
    )
    path = f"{account}?api-version=2024-01-01"
    target.arm("PATCH", path, {"properties": {"minimumTlsVersion": "TLS1_0"}})
    said = target.pulumi("refresh", "--preview-only", "--diff")
    assert "minimumTlsVersion" in said
    target.pulumi("up", "--yes", "--refresh", "--skip-preview")
    assert target.arm("GET", path)["properties"]["minimumTlsVersion"] == "TLS1_2"


@pytest.mark.avoids("traffic-is-lost")
def test_a_second_up_moves_no_traffic_and_changes_nothing(deployed: tuple[Checkout, str]) -> None:
    target, _ = deployed
    said = target.ops("up")
    assert " created (" not in said
    assert "+0.00 (+0.0%) against what is deployed" in said
    assert "predictions" in said.splitlines()[-1]


def test_the_committed_files_are_as_they_were(deployed: tuple[Checkout, str], committed: dict[str, bytes]) -> None:
    assert {file.name: file.read_bytes() for file in COMMITTED} == committed


def test_destroy_leaves_nothing(deployed: tuple[Checkout, str]) -> None:
    target, _ = deployed
    target.ops("down")
    assert target.state_ids() == set()
    subscription = json.loads(target.paths.arm.read_text())["subscription_id"]
    for kind in ("resources", "resourcegroups"):
        listed = target.arm("GET", f"/subscriptions/{subscription}/{kind}?api-version=2021-04-01")
        assert listed["value"] == []
