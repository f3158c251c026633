"""A local run is recognised; a run for Azure refuses whatever is left of the local target."""

import sys
from pathlib import Path

import pytest

from ops import target as module
from ops.errors import OpsError
from ops.target import Target

LOCAL = (Path(module.ROOT) / ".local").as_uri()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_project_variable_makes_a_local_run(tmp_path: Path) -> None:
    found = Target.of("local", None, {"AZURE_ML_PLATFORM_PROJECT": str(tmp_path)})
    assert found.is_local
    assert found.project == tmp_path


def test_without_it_the_target_is_azure_and_the_checkout_the_project() -> None:
    found = Target.of("dev", None, {"PATH": "/bin"})
    assert not found.is_local
    assert found.project == module.ROOT


def test_local_without_the_local_environment_is_refused() -> None:
    with pytest.raises(OpsError, match="python -m local run"):
        Target.of("prod", "local", {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AZURE_ML_PLATFORM_PROJECT", "/checkout/.local/project"),
        ("ARM_METADATA_HOSTNAME", "127.0.0.1:4711"),
        ("ARM_METADATA_HOSTNAME", "localhost:4711"),
        ("IDENTITY_ENDPOINT", "https://127.0.0.1:4711/identity/token"),
        ("PULUMI_BACKEND_URL", f"{LOCAL}/state"),
        ("PULUMI_HOME", "/checkout/.local/pulumi"),
    ],
)
def test_azure_refuses_a_shell_that_is_set_to_the_local_target(name: str, value: str) -> None:
    with pytest.raises(OpsError, match=f"this shell is set to the local target.*{name}"):
        Target.of("dev", "azure", {name: value})


def test_azure_refuses_the_local_backend_that_a_login_chose(home: Path) -> None:
    (home / ".pulumi").mkdir()
    (home / ".pulumi" / "credentials.json").write_text(f'{{"current": "{LOCAL}/state"}}')
    with pytest.raises(OpsError, match="the backend that `pulumi login` chose"):
        Target.of("dev", None, {})
    assert not Target.of("dev", None, {"PULUMI_BACKEND_URL": "azblob://state"}).is_local


def test_azure_accepts_the_managed_identity_of_an_app_service() -> None:
    inherited = {"IDENTITY_ENDPOINT": "http://169.254.1.2:8081/msi/token", "PULUMI_BACKEND_URL": "azblob://state"}
    assert Target.of("dev", None, inherited).environment.items() >= inherited.items()


def test_the_engine_of_the_checkout_goes_first() -> None:
    found = Target.of("dev", None, {"PATH": "/usr/bin"})
    assert found.environment["PATH"] == f"{module.ENGINE_FOLDER}:{Path(sys.executable).parent}:/usr/bin"


def test_the_providers_login_of_a_pipeline_is_the_commands_too() -> None:
    found = Target.of("dev", None, {"ARM_CLIENT_ID": "provider", "ARM_TENANT_ID": "tenant", "AZURE_TENANT_ID": "own"})
    assert found.environment["AZURE_CLIENT_ID"] == "provider"
    assert found.environment["AZURE_TENANT_ID"] == "own"


def test_an_unknown_stack_is_refused_with_the_known_ones(project: Path) -> None:
    with pytest.raises(OpsError, match=r"Pulumi\.test\.yaml does not exist; there are local"):
        Target("test", project, {}, is_local=True).require_stack_file()
