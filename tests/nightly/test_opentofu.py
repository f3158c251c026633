"""OpenTofu with azapi, both unchanged, through the life of a small configuration."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import Checkout
from tests.nightly.programs import AZAPI, OPENTOFU

CONFIGURATION = Path(__file__).with_name("configuration") / "main.tf"
PROVIDER = "azure-ml-platform.invalid/azure/azapi"
NO_CHANGES, CHANGES = 0, 2
"""Exit codes of `tofu plan -detailed-exitcode`."""


@dataclass(frozen=True)
class OpenTofu:
    """The command in a folder with the configuration."""

    target: Checkout
    program: Path
    folder: Path

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run a command that has to end with a code; returns what it printed."""
        arm = json.loads(self.target.paths.arm.read_text())
        variables = {
            **self.target.variables,
            "SSL_CERT_FILE": str(self.target.paths.ca),
            "TF_CLI_CONFIG_FILE": str(self.folder / "settings"),
            "TF_VAR_endpoint": arm["endpoint"],
        }
        # The provider would ask this host, on the internet's port, which clouds there are.
        command = self.target.within("env", "-u", "ARM_METADATA_HOSTNAME", str(self.program), *arguments, "-no-color")
        done = subprocess.run(
            [*command[: command.index("--") + 1], "env", f"--chdir={self.folder}", *command[command.index("--") + 1 :]],
            env=variables,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def tofu(local_target: Checkout, tmp_path_factory: pytest.TempPathFactory) -> OpenTofu:
    """OpenTofu with the provider that was built here."""
    program, provider = OPENTOFU.built, AZAPI.built
    if program is None or provider is None:
        pytest.skip("OpenTofu or azapi is not in the cache: `python -m tests.nightly.programs` says why")
    local_target.run(local_target.within("true"))
    folder = tmp_path_factory.mktemp("tofu")
    (folder / "main.tf").write_text(CONFIGURATION.read_text())
    override = f'provider_installation {{\n  dev_overrides {{\n    "{PROVIDER}" = "{provider.parent}"\n  }}\n}}\n'
    (folder / "settings").write_text(override)
    return OpenTofu(local_target, program, folder)


def test_a_configuration_is_planned_applied_found_unchanged_and_destroyed(tofu: OpenTofu) -> None:
    assert "2 to add" in tofu("plan", "-detailed-exitcode", code=CHANGES)
    assert "2 added" in tofu("apply", "-auto-approve")
    assert "No changes" in tofu("plan", "-detailed-exitcode", code=NO_CHANGES)
    subscription = json.loads(tofu.target.paths.arm.read_text())["subscription_id"]
    group = f"/subscriptions/{subscription}/resourceGroups/rg-tofu"
    assert tofu.target.arm("GET", f"{group}?api-version=2024-03-01")["tags"] == {"owner": "tofu"}
    assert "2 destroyed" in tofu("destroy", "-auto-approve")
    groups = tofu.target.arm("GET", f"/subscriptions/{subscription}/resourceGroups?api-version=2024-03-01")
    assert groups["value"] == []
