"""What a user sees of the azure-native provider: the real engine, small programs, one endpoint.

The tests share one stack; each deploys a program of its own, which takes what the one before left out of the way.
"""

import json
import os
import signal
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.conftest import ROOT, Checkout
from tests.integration.engine import Project, small_project

pytestmark = pytest.mark.integration

GROUP = """
import pulumi
from pulumi_azure_native import keyvault, managedidentity, operationalinsights, resources, storage
group = resources.ResourceGroup("rg", resource_group_name="rg-test", location="westeurope")
"""
ACCOUNT = "rg-test/providers/Microsoft.Storage/storageAccounts/stprovider"
STORE = """
store = storage.StorageAccount(
    "store", resource_group_name=group.name, account_name="stprovider", location="westeurope", kind="StorageV2",
    sku={"name": "Standard_LRS"}, {arguments}
)
"""
LOGS = """
logs = operationalinsights.Workspace(
    "logs", resource_group_name=group.name, workspace_name="log-provider", location="westeurope", {arguments}
)
"""
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Stack(Project):
    """A stack `test` of a small project on the local target."""

    target: Checkout

    def program(self, *parts: str) -> None:
        """Make this the program: a resource group and what is given here."""
        text = "".join(textwrap.dedent(part) for part in (GROUP, *parts))
        (self.folder / "__main__.py").write_text(text)

    def up(self, *arguments: str, fails: bool = False) -> str:
        """Deploy the program."""
        return self.run("up", "--yes", "--skip-preview", *arguments, fails=fails)

    def diff(self, *arguments: str) -> str:
        """What a preview shows in detail, without the space that aligns it."""
        lines = self.run("preview", "--diff", *arguments).splitlines()
        return "\n".join(" ".join(line.split()).replace(" :", ":") for line in lines)

    def state(self) -> dict[str, Any]:
        """The resources in the state by logical name."""
        found = json.loads(self.run("stack", "export"))["deployment"].get("resources", [])
        return {resource["urn"].rpartition("::")[2]: resource for resource in found}

    def arm(self, method: str, path: str, api_version: str, body: Any = None) -> Any:
        """Ask the endpoint about something in the subscription."""
        subscription = self.variables["ARM_SUBSCRIPTION_ID"]
        url = f"/subscriptions/{subscription}/resourceGroups/{path}?api-version={api_version}"
        return self.target.arm(method, url, body)

    def faults(self, **profile: object) -> None:
        """Set faults; none at all takes them back."""
        self.target.arm("PUT" if profile else "DELETE", "/local/faults", profile or None)


@pytest.fixture(scope="module")
def deployed(local_target: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    folder, variables = small_project(local_target, tmp_path_factory, "sample")
    stack = Stack(folder, variables, local_target)
    stack.run("stack", "init", "test")
    return stack


@pytest.fixture
def stack(deployed: Stack) -> Iterator[Stack]:
    yield deployed
    deployed.faults()


def store(**arguments: object) -> str:
    return STORE.replace("{arguments}", ", ".join(f"{name}={value}" for name, value in arguments.items()))


def logs(**arguments: object) -> str:
    return LOGS.replace("{arguments}", ", ".join(f"{name}={value}" for name, value in arguments.items()))


def rules(*addresses: str) -> str:
    return repr({"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": address} for address in addresses]})


def test_a_preview_shows_each_change_at_its_own_place(stack: Stack) -> None:
    before = {"owner": "ml", "team.name": "one"}
    stack.program(
        "whisper = pulumi.Output.secret('first secret')\n",
        store(tags={**before}, network_rule_set=rules("20.50.0.1", "20.50.0.2"), access_tier="'Hot'"),
        logs(tags="{'note': whisper}"),
    )
    said = stack.up()
    stack.program(
        "whisper = pulumi.Output.secret('second secret')\n",
        store(tags={"owner": "ml", "team.name": "two", "new": "tag"}, network_rule_set=rules("20.50.0.1", "20.50.0.3")),
        logs(tags="{'note': whisper}"),
    )
    shown = stack.diff()
    assert '~ networkRuleSet: {\n~ ipRules: [\n~ [1]: {\n~ iPAddressOrRange: "20.50.0.2" => "20.50.0.3"' in shown
    assert '~ team.name: "one" => "two"' in shown
    assert '+ new: "tag"' in shown
    assert '- accessTier: "Hot"' in shown
    assert "~ note: [secret] => [secret]" in shown
    assert "20.50.0.1" not in shown, "what stays is not shown"
    assert "replace" not in shown
    assert "first secret" not in said + shown
    assert "second secret" not in shown


def test_a_change_that_azure_refuses_to_make_is_shown_as_a_replacement(stack: Stack) -> None:
    stack.program(store(is_hns_enabled=False))
    stack.up()
    stack.program(store(is_hns_enabled=True))
    shown = stack.diff()
    assert "isHnsEnabled" in shown
    assert "[replace" in shown or "replace" in shown
    said = stack.up()
    assert "replaced" in said
    assert stack.arm("GET", ACCOUNT, "2024-01-01")["properties"]["isHnsEnabled"] is True


def test_options_of_resources_are_heeded(stack: Stack) -> None:
    ignoring = "pulumi.ResourceOptions(ignore_changes=['tags'], protect=True)"
    stack.program(store(tags={"owner": "ml"}, opts=ignoring))
    stack.up()
    stack.program(store(tags={"owner": "somebody"}, opts=ignoring))
    stack.run("preview", "--expect-no-changes")
    stack.program()
    assert "protected" in stack.up(fails=True)

    stack.program(store(tags={"owner": "ml"}, opts="pulumi.ResourceOptions(replace_on_changes=['tags.owner'])"))
    stack.up()
    stack.program(store(tags={"owner": "x"}, opts="pulumi.ResourceOptions(replace_on_changes=['tags.owner'])"))
    assert "replace" in stack.diff()

    stack.program(store(tags={"owner": "ml"}, opts="pulumi.ResourceOptions(retain_on_delete=True)"))
    stack.up()
    stack.program()
    stack.up()
    assert "store" not in stack.state()
    assert stack.arm("GET", ACCOUNT, "2024-01-01")["name"] == "stprovider"


@pytest.mark.trap("half-made-resources")
def test_what_exists_is_refused_with_the_command_that_imports_it(stack: Stack) -> None:
    stack.program(store(tags={"owner": "ml"}))
    said = stack.up(fails=True)
    assert "cannot create already existing resource" in said
    command = said.partition("pulumi import ")[2].partition("`")[0].split()
    options = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
    assert "1 imported" in stack.run("import", command[0], "store", command[2], *options)
    assert "replace" not in stack.diff()
    stack.up()
    stack.run("preview", "--expect-no-changes")


def test_what_changed_behind_the_engines_back_is_shown_by_a_refresh_and_mended(stack: Stack) -> None:
    stack.program(store(tags={"owner": "ml"}))
    stack.up()
    stack.arm("PATCH", ACCOUNT, "2024-01-01", {"tags": {"owner": "somebody"}})
    stack.run("preview", "--expect-no-changes")
    assert "somebody" in stack.run("refresh", "--preview-only", "--diff")
    assert stack.state()["store"]["inputs"]["tags"] == {"owner": "ml"}
    stack.up("--refresh")
    assert stack.arm("GET", ACCOUNT, "2024-01-01")["tags"] == {"owner": "ml"}


def test_a_failed_creation_says_why_is_kept_and_is_mended_by_the_next_up(stack: Stack) -> None:
    stack.program(logs())
    stack.faults(failing_operations=["Microsoft.OperationalInsights/workspaces"])
    said = stack.up(fails=True)
    assert "OperationFailed: A fault that was asked for" in said
    assert "log-provider exists and is kept in the state: run the same command again" in said.replace("\n", " ")
    assert stack.state()["logs"]["initErrors"]
    stack.faults()
    stack.up()
    assert "initErrors" not in stack.state()["logs"]


def test_a_refusal_names_azures_code_and_what_was_asked(stack: Stack) -> None:
    stack.program(
        logs(sku="{'name': 'CapacityReservation', 'capacityReservationLevel': 100}"), store(tags={"a" * 513: "x"})
    )
    said = stack.up(fails=True)
    diagnostics = said.partition("Diagnostics:")[2]
    assert "Traceback" not in diagnostics
    assert "HTTP 400" in diagnostics
    assert "PUT /subscriptions/" in diagnostics


def test_a_policy_that_remediates_changes_what_is_deployed_and_the_preview_says_so(stack: Stack) -> None:
    levels = stack.folder / "levels.json"
    levels.write_text(json.dumps({"all": "disabled", "st-min-tls": "remediate"}))
    policies = ("--policy-pack", str(ROOT / "policies" / "security"), "--policy-pack-config", str(levels))
    stack.program(store(minimum_tls_version="'TLS1_0'", allow_blob_public_access=False))
    said = stack.diff(*policies)
    assert "[remediate] st-min-tls" in said
    assert '~ minimumTlsVersion: "TLS1_0" => "TLS1_2"' in said
    stack.up(*policies)
    assert stack.arm("GET", ACCOUNT, "2024-01-01")["properties"]["minimumTlsVersion"] == "TLS1_2"


def test_an_up_survives_what_can_be_tried_again(stack: Stack) -> None:
    stack.program()
    stack.up()
    stack.program(logs(tags={"owner": "ml"}), store(tags={"owner": "ml"}))
    stack.faults(throttle_rate=0.2, retry_after_seconds=0, error_rate=0.1, latency_seconds=0.01)
    stack.up()
    stack.run("preview", "--expect-no-changes")


def test_an_interrupted_up_ends_in_seconds_and_the_next_one_goes_on(stack: Stack) -> None:
    stack.program()
    stack.up()
    stack.program(logs(tags={"owner": "ml"}))
    stack.faults(operation_seconds=3600)
    engine = stack.start("up", "--yes", "--skip-preview")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not stack.target.arm("GET", "/local/status")["operations"].get("InProgress"):
        assert time.monotonic() < deadline, "the creation begins"
        time.sleep(0.05)
    os.killpg(engine.pid, signal.SIGINT)
    said, _ = engine.communicate(timeout=PATIENCE_SECONDS)
    assert engine.returncode != 0
    assert "Traceback" not in said
    assert "cancelled while Azure was still working on it" in said
    assert stack.state()["logs"]["initErrors"]
    stack.faults()
    stack.up()
    assert "initErrors" not in stack.state()["logs"]


def test_custom_timeouts_are_honoured(stack: Stack) -> None:
    stack.program()
    stack.up()
    stack.program(logs(opts="pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create='1s'))"))
    stack.faults(operation_seconds=3600)
    said = stack.up(fails=True)
    assert "Azure was still working after 1 s" in said
    assert "custom_timeouts" in said


@pytest.mark.avoids("secrets-shown")
def test_secrets_are_not_in_plain_state_and_functions_answer(stack: Stack) -> None:
    stack.program(
        store(tags={"owner": "ml"}),
        """
        keys = storage.list_storage_account_keys_output(resource_group_name=group.name, account_name=store.name)
        pulumi.export("key", keys.keys[0].value)
        read = storage.get_storage_account_output(resource_group_name=group.name, account_name=store.name)
        pulumi.export("kind", read.kind)
        """,
    )
    stack.up()
    outputs = json.loads(stack.run("stack", "output", "--json"))
    assert outputs == {"key": "[secret]", "kind": "StorageV2"}
    key = json.loads(stack.run("stack", "output", "--json", "--show-secrets"))["key"]
    assert key not in stack.run("stack", "export")


def test_a_destroy_leaves_nothing(stack: Stack) -> None:
    stack.run("destroy", "--yes", "--skip-preview")
    assert not [name for name in stack.state() if name in ("rg", "store", "logs")]
