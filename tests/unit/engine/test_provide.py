import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.engine import build, installer, launchers
from local.engine.cache import Cache
from local.engine.provide import WAY, provide
from local.errors import LocalError
from local.paths import Paths
from tests.unit.engine.doubles import engine_script, write_script

_LAUNCHERS = [launchers.LANGUAGE_HOST, launchers.DYNAMIC_PROVIDER]

_INSTALLER = f"""
while [ $# -gt 0 ]; do
  case "$1" in --version) version=$2;; --install-root) root=$2;; esac
  shift
done
mkdir -p "$root/bin"
printf '#!/bin/sh\\n{engine_script("%s")}\\n' "$version" > "$root/bin/pulumi" && chmod +x "$root/bin/pulumi"
"""


@pytest.fixture(autouse=True)
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The official installer is at a port where nothing listens."""
    monkeypatch.setattr(installer, "_SCRIPT", "http://127.0.0.1:9/install.sh")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A site that answers with the one text in the list as the official installer."""
    pages: list[bytes] = [b"#!/bin/sh\n" + _INSTALLER.encode()]

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(pages[0])

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(installer, "_SCRIPT", f"http://127.0.0.1:{server.server_port}/install.sh")
        yield pages
        server.shutdown()


def _entries(checkout: Paths) -> list[str]:
    return sorted(entry.name for entry in checkout.bin.iterdir())


def test_an_engine_on_path_is_used_with_its_own_host(tmp_path: Path, checkout: Paths, lines: list[str]) -> None:
    engine = write_script(tmp_path / "bin" / "pulumi", engine_script("3.300.0"))
    assert provide(checkout, lines.append) == f"Pulumi 3.300.0, found on PATH ({engine})"
    assert _entries(checkout) == []


def test_a_built_engine_gives_way_to_one_that_was_installed_later(
    go: Path, tmp_path: Path, checkout: Paths, lines: list[str]
) -> None:
    provide(checkout, lines.append)
    write_script(tmp_path / "bin" / "pulumi", engine_script("3.300.0"))
    provide(checkout, lines.append)
    assert _entries(checkout) == []


def test_an_engine_on_path_that_is_too_old_is_named_and_passed_over(
    go: Path, tmp_path: Path, checkout: Paths, lines: list[str]
) -> None:
    write_script(tmp_path / "bin" / "pulumi", engine_script("3.100.0"))
    assert "built now" in provide(checkout, lines.append)
    assert any("3.100.0, older than 3.220.0" in line for line in lines)


def test_a_checkouts_own_engine_is_not_taken_for_the_users(
    go: Path, checkout: Paths, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provide(checkout, lines.append)
    monkeypatch.setenv("PATH", f"{checkout.bin}{os.pathsep}{os.environ['PATH']}")
    assert "built earlier" in provide(checkout, lines.append)


def test_a_built_engine_is_linked_with_its_launchers_beside_it(go: Path, checkout: Paths, lines: list[str]) -> None:
    provide(checkout, lines.append)
    engine = checkout.bin / "pulumi"
    assert _entries(checkout) == sorted(["pulumi", *_LAUNCHERS])
    assert not engine.is_symlink()
    assert engine.samefile(Cache.of_user().built(build.version()))


def test_a_cache_on_another_disk_is_copied_from(
    go: Path, checkout: Paths, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    provide(checkout, lines.append)
    copy = checkout.bin / "pulumi"
    before = copy.stat()
    provide(checkout, lines.append)
    assert os.access(copy, os.X_OK)
    assert copy.stat().st_ino == before.st_ino, "the same copy is not made twice"


def test_the_official_installer_is_used_where_it_can_be_reached(
    site: list[bytes], tmp_path: Path, checkout: Paths, lines: list[str]
) -> None:
    said = provide(checkout, lines.append)
    link = checkout.bin / "pulumi"
    assert f"Pulumi {installer.version()} by the official installer" in said
    assert _entries(checkout) == ["pulumi"]
    assert link.readlink().is_relative_to(tmp_path / "cache")


def test_what_the_installer_brought_is_used_again_without_the_network(
    site: list[bytes], checkout: Paths, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provide(checkout, lines.append)
    site[0] = b"gone"
    assert "official installer" in provide(checkout, lines.append)


@pytest.mark.parametrize("page", [b"<html>blocked by the company</html>", b"#!/bin/sh\necho 'no curl' >&2; exit 1\n"])
def test_an_installer_that_does_not_install_leads_to_a_build(
    page: bytes, site: list[bytes], go: Path, checkout: Paths, lines: list[str]
) -> None:
    site[0] = page
    assert "built now" in provide(checkout, lines.append)
    assert _entries(checkout) == sorted(["pulumi", *_LAUNCHERS])


@pytest.mark.parametrize(
    ("way", "engine"), [("path", "install the Pulumi CLI"), ("installer", "install the Pulumi CLI")]
)
def test_one_way_alone_can_be_allowed(
    way: str, engine: str, go: Path, checkout: Paths, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WAY, way)
    with pytest.raises(LocalError, match=engine):
        provide(checkout, lines.append)


def test_an_unknown_way_is_refused_with_the_known_ones(
    checkout: Paths, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WAY, "magic")
    with pytest.raises(LocalError, match="'magic': it is one of path, installer, build"):
        provide(checkout, lines.append)


def test_what_goes_wrong_is_one_line_and_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WAY, "magic")
    answer = subprocess.run([sys.executable, "-m", "local.engine"], capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [f"engine: {WAY} is 'magic': it is one of path, installer, build, or unset"]


def test_a_folder_that_cannot_be_written_is_one_sentence(go: Path, checkout: Paths, lines: list[str]) -> None:
    checkout.home.parent.mkdir()
    checkout.home.write_text("a file where the folder should be")
    with pytest.raises(LocalError, match=f"{checkout.home}.*: "):
        provide(checkout, lines.append)
