"""A project folder, and a session whose engine and Azure are doubles."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken, TokenCredential

from ops.session import Session
from ops.target import Target
from tests.unit.ops.doubles import SUBSCRIPTION, AzureDouble, EngineDouble
from tests.unit.ops.https_double import Https, serving


@pytest.fixture
def engine(tmp_path: Path) -> EngineDouble:
    (tmp_path / "bin").mkdir()
    double = EngineDouble(tmp_path / "bin")
    double.install()
    return double


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: azure-ml-platform\nruntime: python\n")
    (folder / "Pulumi.local.yaml").write_text("config: {}\n")
    return folder


@pytest.fixture
def target(tmp_path: Path, project: Path, engine: EngineDouble) -> Target:
    variables = {
        "PATH": f"{engine.folder}:/usr/bin:/bin",
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
        "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(),
        "ARM_METADATA_HOSTNAME": "127.0.0.1:1",
    }
    return Target("local", project, variables, is_local=True)


@pytest.fixture
def azure() -> AzureDouble:
    return AzureDouble()


@pytest.fixture
def session(target: Target, azure: AzureDouble, caller: TokenCredential) -> Session:
    made = Session(target, caller)
    made.__dict__["azure"] = azure
    return made


@pytest.fixture
def https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Https]:
    with serving(tmp_path) as double:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        yield double


class CallerDouble:
    """A login that has a token for every scope."""

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken(f"token-for-{scopes[0]}", int(time.time()) + 3600)


@pytest.fixture
def caller() -> CallerDouble:
    return CallerDouble()
