"""The plugin as a process: started the way the engine does it, gone when the engine is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2_grpc

from local.provider.configuration import configuration
from local.provider.errors import ProviderError
from local.provider.install import install

PARENT = """
import subprocess, sys, time
plugin = subprocess.Popen([sys.argv[1], "127.0.0.1:1"], stdout=subprocess.PIPE, text=True)
print(plugin.pid, plugin.stdout.readline().strip(), flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" if Path("/proc").is_dir() else True


def test_the_plugin_serves_and_ends_itself_when_its_parent_is_killed(tmp_path: Path) -> None:
    install(tmp_path, Path(sys.executable))
    (launcher,) = tmp_path.glob("plugins/*/pulumi-resource-azure-native")
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(launcher)], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert parent.stdout is not None
    pid, port = map(int, parent.stdout.readline().split())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        info = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(Empty())
        assert launcher.parent.name == f"resource-azure-native-v{info.version}"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_plugin_ends_quietly_when_the_engine_ends_it(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "local.provider"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as plugin:
        assert plugin.stdout is not None
        plugin.stdout.readline()
        plugin.send_signal(number)
        _, errors = plugin.communicate(timeout=10)
    assert (plugin.returncode, errors) == (0, "")


def test_installing_twice_touches_nothing(tmp_path: Path) -> None:
    install(tmp_path, Path(sys.executable))
    (launcher,) = tmp_path.glob("plugins/*/pulumi-resource-azure-native")
    before = launcher.stat()
    install(tmp_path, Path(sys.executable))
    assert launcher.stat().st_mtime_ns == before.st_mtime_ns
    assert before.st_mode & 0o777 == 0o755
    assert [file.name for file in launcher.parent.iterdir()] == [launcher.name]


def test_another_interpreter_rewrites_the_launcher(tmp_path: Path) -> None:
    install(tmp_path, Path("/old/python"))
    install(tmp_path, Path("/with space/python"))
    (launcher,) = tmp_path.glob("plugins/*/pulumi-resource-azure-native")
    assert "exec '/with space/python' -P -m local.provider" in launcher.read_text()


def test_everything_missing_from_the_environment_is_named_at_once() -> None:
    with pytest.raises(ProviderError) as error:
        configuration({}, {"ARM_SUBSCRIPTION_ID": "s"})
    assert str(error.value).startswith("ARM_METADATA_HOSTNAME, IDENTITY_ENDPOINT, IDENTITY_HEADER not set")
    assert "make -s env" in str(error.value)


def test_the_providers_configuration_wins_over_the_environment() -> None:
    environment = {
        "ARM_METADATA_HOSTNAME": "127.0.0.1:1",
        "ARM_SUBSCRIPTION_ID": "s",
        "IDENTITY_ENDPOINT": "https://127.0.0.1:1/identity/token",
        "IDENTITY_HEADER": "h",
    }
    settings = configuration({"subscriptionId": "other", "location": "westeurope"}, environment)
    assert (settings.subscription_id, settings.location) == ("other", "westeurope")
    assert settings.endpoint == "https://127.0.0.1:1"
