"""The platform's whole life on the local target: the real engine, both policy packs, Microsoft's own clients.

The tests run in the order of the file, on one deployment: a life has an order.
"""

import json
import subprocess
from typing import Any

import pytest

from local.paths import Paths
from tests.integration.conftest import ROOT, Checkout

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


def run_client(target: Checkout, script: str) -> dict[str, Any]:
    """What a script of `tests/clients` prints of the deployed platform."""
    outputs = json.dumps(target.outputs())
    command = target.within(str(CLIENTS), str(ROOT / "tests" / "clients" / script))
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
    assert "created" not in said
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
