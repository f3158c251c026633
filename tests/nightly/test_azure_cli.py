"""The Azure CLI, unchanged, in a cloud that it is told of: groups, resources, tags, locks, roles, templates."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.paths import Paths
from tests.integration.conftest import Checkout

PYTHON = Paths.of_checkout().home / "azure-cli" / "bin" / "python"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
PRINCIPAL = "22222222-2222-4222-8222-222222222222"
GROUP = "rg-az"
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"name": {"type": "string"}},
    "resources": [
        {
            "type": IDENTITY,
            "apiVersion": "2023-01-31",
            "name": "[parameters('name')]",
            "location": "[resourceGroup().location]",
        }
    ],
}


@dataclass(frozen=True)
class AzureCli:
    """The command, with settings of its own."""

    target: Checkout
    folder: Path

    def __call__(self, *arguments: str, fails: bool = False) -> Any:
        """Run a command that has to succeed, or to fail; returns its decoded output, or what it complained of."""
        variables = {
            **self.target.variables,
            "AZURE_CONFIG_DIR": str(self.folder),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
        }
        command = self.target.within(str(PYTHON), "-m", "azure.cli", *arguments)
        done = subprocess.run(command, env=variables, capture_output=True, text=True)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stderr if fails else json.loads(done.stdout or "null")

    @property
    def scope(self) -> str:
        """The id of the group that the tests work in."""
        subscription = json.loads(self.target.paths.arm.read_text())["subscription_id"]
        return f"/subscriptions/{subscription}/resourceGroups/{GROUP}"


@pytest.fixture(scope="module")
def az(local_target: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureCli]:
    """The CLI, signed in to the local cloud, with a group."""
    if not PYTHON.exists():
        pytest.skip("the Azure CLI is not installed: `make .local/made/azure-cli` says why")
    local_target.run(local_target.within("true"))
    arm = json.loads(local_target.paths.arm.read_text())
    cli = AzureCli(local_target, tmp_path_factory.mktemp("azure"))
    cli("cloud", "register", "-n", "Local", "--endpoint-resource-manager", arm["endpoint"])
    cli("cloud", "set", "-n", "Local")
    # The secret is one of a local target that ends with the tests.
    principal = ("--service-principal", "-u", PRINCIPAL, "-p", arm["identity_header"], "--tenant", arm["tenant_id"])
    cli("login", *principal)
    cli("group", "create", "-n", GROUP, "-l", "westeurope", "--tags", "owner=me")
    yield cli
    cli("group", "delete", "-n", GROUP, "-y")
    assert cli("group", "exists", "-n", GROUP) is False


def test_resources_are_made_listed_and_tagged(az: AzureCli) -> None:
    az("resource", "create", "-g", GROUP, "-n", "id-az", "--resource-type", IDENTITY, "--properties", "{}")
    assert [item["name"] for item in az("resource", "list", "-g", GROUP)] == ["id-az"]
    az("resource", "tag", "--ids", f"{az.scope}/providers/{IDENTITY}/id-az", "--tags", "tier=one")
    assert [item["name"] for item in az("resource", "list", "--tag", "tier=one")] == ["id-az"]
    merged = az("tag", "update", "--resource-id", az.scope, "--operation", "Merge", "--tags", "more=1")
    assert merged["properties"]["tags"] == {"owner": "me", "more": "1"}


def test_a_lock_keeps_the_group(az: AzureCli) -> None:
    az("lock", "create", "-n", "keep", "-g", GROUP, "--lock-type", "CanNotDelete")
    assert [lock["name"] for lock in az("lock", "list", "-g", GROUP)] == ["keep"]
    assert "ScopeLocked" in az("group", "delete", "-n", GROUP, "-y", fails=True)
    az("lock", "delete", "-n", "keep", "-g", GROUP)


def test_a_role_is_assigned(az: AzureCli) -> None:
    who = ("--assignee-object-id", PRINCIPAL, "--assignee-principal-type", "ServicePrincipal")
    az("role", "assignment", "create", *who, "--role", "Reader", "--scope", az.scope)
    names = ("--fill-principal-name", "false", "--fill-role-definition-name", "false")
    assigned = az("role", "assignment", "list", "--scope", az.scope, *names)
    assert [assignment["principalId"] for assignment in assigned] == [PRINCIPAL]


def test_a_template_is_deployed(az: AzureCli, tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(f"// A comment, as templates may have.\n{json.dumps(TEMPLATE)}")
    deployment = ("-g", GROUP, "-n", "main", "-f", str(file), "-p", "name=id-template")
    planned = az("deployment", "group", "what-if", *deployment, "--no-pretty-print")
    assert [change["changeType"] for change in planned["changes"]] == ["Create"]
    assert az("deployment", "group", "create", *deployment)["properties"]["provisioningState"] == "Succeeded"
    steps = az("deployment", "operation", "group", "list", "-g", GROUP, "-n", "main")
    assert [step["properties"]["provisioningState"] for step in steps] == ["Succeeded"]


def test_any_request_can_be_sent(az: AzureCli) -> None:
    found = az("rest", "--method", "get", "--url", f"{az.scope}?api-version=2024-03-01")
    assert found["name"] == GROUP
    assert az("provider", "show", "-n", "Microsoft.Storage")["registrationState"] == "Registered"
