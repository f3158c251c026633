"""Slots of an endpoint over their life: the real engine, the example model, a workspace that others made.

The program knows the workspace by its id alone. The tests run in the order of the file: a rollout has an order.
"""

import json
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import ROOT, Checkout
from tests.integration.engine import Project, small_project

pytestmark = pytest.mark.integration

PROGRAM = """
import json, pathlib
import pulumi
from pulumi_azure_native import applicationinsights, keyvault, machinelearningservices, operationalinsights, resources
from pulumi_azure_native import storage
from azure_ml_platform.components.model_deployment import ModelDeployment

group = resources.ResourceGroup("rg", resource_group_name="rg-slots", location="westeurope")
place = {"resource_group_name": group.name, "location": "westeurope"}
store = storage.StorageAccount(
    "store", account_name="stslots", kind="StorageV2", sku={"name": "Standard_LRS"}, **place
)
container = storage.BlobContainer(
    "models", account_name=store.name, container_name="models", resource_group_name=group.name
)
vault = keyvault.Vault(
    "vault", vault_name="kv-slots",
    properties={"tenant_id": "00000000-0000-4000-8000-000000000002", "sku": {"family": "A", "name": "standard"},
                "enable_rbac_authorization": True}, **place
)
logs = operationalinsights.Workspace("logs", workspace_name="log-slots", **place)
insights = applicationinsights.Component(
    "insights", resource_name_="appi-slots", kind="web", application_type="web", workspace_resource_id=logs.id, **place
)
workspace = machinelearningservices.Workspace(
    "workspace", workspace_name="mlw-slots", identity={"type": "SystemAssigned"}, storage_account=store.id,
    key_vault=vault.id, application_insights=insights.id, **place
)
datastore = machinelearningservices.Datastore(
    "datastore", name="models", resource_group_name=group.name, workspace_name=workspace.name,
    properties=machinelearningservices.AzureBlobDatastoreArgs(
        datastore_type="AzureBlob", account_name=store.name, container_name=container.name,
        credentials=machinelearningservices.NoneDatastoreCredentialsArgs(credentials_type="None"),
    ),
)
wine = ModelDeployment("wine", {
    "workspace_id": workspace.id,
    "endpoint_name": "wine-slots",
    "instance_type": "Standard_DS3_v2",
    "auth_mode": "Key",
    "callers": {"workspace": {"name": "mlw-slots", "principal_id": workspace.identity.principal_id}},
    "upload": {"endpoint": store.primary_endpoints.blob, "container": container.name, "datastore": datastore.name},
    **json.loads(pathlib.Path("wine.json").read_text()),
})
pulumi.export("scoring_uri", wine.scoring_uri)
"""
EXAMPLE = ROOT / "examples" / "model"
SAMPLE = (EXAMPLE / "sample.json").read_bytes()
BROKEN = "def init():\n    raise RuntimeError('the weights are of another wine')\n\ndef run(data): ...\n"
CANARY = {"slot": "green", "steps": [50], "hold_minutes": 60, "error_rate_percent": 10}
WATCHED = {
    "collection": {},
    "monitor": {"task": "Classification"},
    "autoscale": {"min_instances": 1, "max_instances": 2, "latency_above_milliseconds": 500},
}
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Slots(Project):
    """A program with an endpoint whose slots the tests say."""

    target: Checkout

    def say(self, **served: Any) -> None:
        """Serve the example model, with what is given here."""
        example = {
            "model": str(EXAMPLE / "model"),
            "code": str(EXAMPLE / "scoring"),
            "scoring_script": "score.py",
            "environment": str(EXAMPLE / "environment.yaml"),
        }
        (self.folder / "wine.json").write_text(json.dumps(example | served))

    def up(self, *arguments: str, fails: bool = False) -> str:
        """Deploy the program."""
        return self.run("up", "--yes", "--skip-preview", *arguments, fails=fails)

    @property
    def endpoint(self) -> str:
        """Path of the endpoint."""
        group = f"/subscriptions/{self.variables['ARM_SUBSCRIPTION_ID']}/resourceGroups/rg-slots"
        return f"{group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-slots/onlineEndpoints/wine-slots"

    def arm(self, method: str, below: str = "", body: Any = None) -> Any:
        """Ask about the endpoint, or about something below it."""
        return self.target.arm(method, f"{self.endpoint}{below}?api-version=2025-12-01", body)

    def traffic(self) -> dict[str, int]:
        """The split as Azure has it."""
        found: dict[str, int] = self.arm("GET")["properties"]["traffic"]
        return {slot: share for slot, share in found.items() if share}

    def score(self, body: bytes = SAMPLE, slot: str | None = None) -> int:
        """The status that the model answers with."""
        request = urllib.request.Request(self.arm("GET")["properties"]["scoringUri"], data=body)
        request.add_header("Authorization", f"Bearer {self.arm('POST', '/listKeys')['primaryKey']}")
        request.add_header("Content-Type", "application/json")
        if slot:
            request.add_header("azureml-model-deployment", slot)
        ca = json.loads(self.target.paths.arm.read_text())["ca"]
        try:
            with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=ca)) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def until_traffic(self, split: dict[str, int]) -> None:
        """Wait until the endpoint has a split."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.traffic() != split:
            assert time.monotonic() < deadline, f"traffic stays {self.traffic()}"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def slots(local_target: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Slots:
    folder, variables = small_project(local_target, tmp_path_factory, "slots")
    (folder / "__main__.py").write_text(PROGRAM)
    stack = Slots(folder, variables, local_target)
    stack.run("stack", "init", "test")
    stack.say()
    stack.up()
    return stack


def test_one_slot_answers_everything(slots: Slots) -> None:
    assert slots.traffic() == {"blue": 100}
    assert slots.score() == 200


def test_a_slot_that_does_not_start_gets_no_traffic_and_the_engine_shows_its_log(slots: Slots, tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text(BROKEN)
    slots.say(slots={"blue": {}, "green": {"code": str(tmp_path)}}, traffic={"green": 100})
    said = slots.up(fails=True)
    assert "the weights are of another wine" in said
    assert slots.traffic() == {"blue": 100}
    assert slots.score() == 200


def test_the_mended_slot_gets_its_share_and_errors_send_it_back(slots: Slots) -> None:
    slots.say(slots={"blue": {}, "green": {}}, traffic={"green": 100}, canary=CANARY)
    rollout = slots.start("up", "--yes", "--skip-preview")
    slots.until_traffic({"blue": 50, "green": 50})
    assert slots.score(b"no wine", slot="green") == 424
    said, _ = rollout.communicate()
    assert rollout.returncode != 0
    assert "green answered 1 of 1 requests with an error" in said
    assert slots.traffic() == {"blue": 100}


def test_the_next_update_rolls_out_when_the_slot_answers_well(slots: Slots) -> None:
    rollout = slots.start("up", "--yes", "--skip-preview")
    slots.until_traffic({"blue": 50, "green": 50})
    slots.target.arm("POST", "/local/clock", {"move_seconds": 7200})
    said, _ = rollout.communicate()
    assert rollout.returncode == 0, said
    assert slots.traffic() == {"green": 100}


def test_the_way_back_needs_no_deployment_and_no_patience(slots: Slots) -> None:
    slots.say(slots={"blue": {}, "green": {}}, traffic={"blue": 100}, canary=CANARY)
    said = slots.up()
    assert "1 updated" in said
    assert slots.traffic() == {"blue": 100}


def test_traffic_that_somebody_moved_stays_and_is_told_of(slots: Slots) -> None:
    moved = slots.arm("GET")
    slots.arm("PATCH", body={"properties": {**moved["properties"], "traffic": {"blue": 70, "green": 30}}})
    assert "updated" not in slots.up()
    slots.say(slots={"blue": {}, "green": {}}, traffic={"blue": 100}, tags={"owner": "me@example.com"})
    slots.up()
    assert slots.traffic() == {"blue": 70, "green": 30}
    assert "split" in slots.run("refresh", "--preview-only", "--diff")
    slots.up("--refresh")
    assert slots.traffic() == {"blue": 100}


def test_a_slot_is_replaced_beside_one_that_serves_and_goes_without_a_trace(slots: Slots) -> None:
    green = {"instance_type": "Standard_F4s_v2"}
    slots.say(slots={"blue": {}, "green": green}, traffic={"blue": 60, "green": 40}, **WATCHED)
    slots.up()
    assert slots.traffic() == {"blue": 60, "green": 40}
    slots.say(slots={"blue": {}}, **WATCHED)
    slots.up()
    assert slots.traffic() == {"blue": 100}
    assert [each["name"] for each in slots.arm("GET", "/deployments")["value"]] == ["blue"]
    slots.run("destroy", "--yes", "--skip-preview")
