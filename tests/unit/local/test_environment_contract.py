"""The environment contract: complete, without the caller's own logins, safe to evaluate in a shell."""

import subprocess
from pathlib import Path

import certifi
import pytest

from local import environment
from local.endpoint import Endpoint
from local.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths(tmp_path / "a checkout's folder")
    made.root.mkdir()
    made.make()
    return made


@pytest.fixture
def endpoint(paths: Paths) -> Endpoint:
    return Endpoint("https://127.0.0.1:4711", "token", paths.ca, "subscription", "tenant", "it's a secret", "code")


def test_the_callers_own_logins_are_taken_out(paths: Paths, endpoint: Endpoint) -> None:
    inherited = {"AZURE_CLIENT_SECRET": "x", "ARM_USE_OIDC": "true", "PULUMI_CONFIG_PASSPHRASE": "y", "LANG": "C"}
    made = environment.inherit(inherited, environment.contract(paths, endpoint, inherited))
    assert made["LANG"] == "C"
    assert made.keys().isdisjoint({"AZURE_CLIENT_SECRET", "ARM_USE_OIDC", "PULUMI_CONFIG_PASSPHRASE"})


def test_the_endpoint_is_where_azure_would_be(paths: Paths, endpoint: Endpoint) -> None:
    made = environment.contract(paths, endpoint, {})
    assert made["IDENTITY_ENDPOINT"] == "https://127.0.0.1:4711/identity/token"
    assert made["IDENTITY_HEADER"] == "it's a secret"
    assert made["ARM_METADATA_HOSTNAME"] == "127.0.0.1:4711"
    assert made["ARM_SUBSCRIPTION_ID"] == "subscription"
    assert made["ARM_TENANT_ID"] == "tenant"


def test_the_engine_keeps_plugins_and_state_in_the_checkout(paths: Paths, endpoint: Endpoint) -> None:
    made = environment.contract(paths, endpoint, {})
    assert Path(made["PULUMI_HOME"]) == paths.pulumi_home
    assert made["PULUMI_BACKEND_URL"].startswith("file:///")
    assert "%20" in made["PULUMI_BACKEND_URL"]


def test_path_and_proxy_exceptions_are_extended_once(paths: Paths, endpoint: Endpoint) -> None:
    inherited = {"PATH": "/usr/bin:/bin", "NO_PROXY": "intranet,localhost"}
    once = environment.contract(paths, endpoint, inherited)
    assert once["PATH"].split(":")[0] == str(paths.bin)
    assert once["PATH"].endswith("/usr/bin:/bin")
    assert once["NO_PROXY"] == "127.0.0.1,localhost,intranet"
    assert environment.contract(paths, endpoint, once) == once


def test_a_shell_reads_the_exports_back_as_they_were(paths: Paths, endpoint: Endpoint) -> None:
    contract = environment.contract(paths, endpoint, {"PATH": "/usr/bin:/bin"})
    script = (
        environment.shell_exports(contract)
        + '\nprintf "%s|%s|%s" "$IDENTITY_HEADER" "$PULUMI_HOME" "${ARM_CLIENT_ID-}"'
    )
    shell = subprocess.run(["sh", "-c", script], env={"ARM_CLIENT_ID": "x"}, capture_output=True, text=True, check=True)
    assert shell.stdout == f"it's a secret|{paths.pulumi_home}|"


def test_the_bundle_trusts_our_authority_and_the_public_ones(paths: Paths) -> None:
    paths.ca.write_text("OWN AUTHORITY\n")
    environment.write_ca_bundle(paths)
    assert paths.ca_bundle.read_text() == "OWN AUTHORITY\n" + Path(certifi.where()).read_text()
