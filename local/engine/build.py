"""The engine built from the Go module proxy: pinned by `go.mod`, verified by `go.sum`, without a C compiler."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from local.engine import golang, versions
from local.engine.cache import Cache, Say, keep
from local.engine.versions import Version
from local.errors import LocalError

_HERE = Path(__file__).resolve().parent
_MODULE = "github.com/pulumi/pulumi/pkg/v3"
_COMMAND = f"{_MODULE}/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

_GB = 1024**3
_NEEDED_BYTES = 4 * _GB
"""Modules, compiled packages and the linker's files; 120 MB stay."""

_EXPECTED = "3 to 5 minutes on 2 cores"
_ANOTHER_DISK = "name a folder on a larger disk in XDG_CACHE_HOME"
_INSTALL = "install the Pulumi CLI (https://www.pulumi.com/docs/install/)"
_REPORT_SECONDS = 15.0

_DISK_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_NOT_VERIFIED = re.compile(r"checksum mismatch|SECURITY ERROR|missing go\.sum entry")
_REFUSED = re.compile(
    r"dial tcp|no such host|connection refused|i/o timeout|TLS handshake|x509:|proxyconnect|unexpected EOF"
    r"|: (401|403|404|407|410|5\d\d) ",
    re.IGNORECASE,
)


def version() -> Version:
    """The version that `go.mod` pins."""
    return _pinned(rf"^require {re.escape(_MODULE)} v(\S+)$")


def build(cache: Cache, say: Say) -> Path:
    """The built engine in the cache; built now if it is not there yet."""
    engine = cache.built(version())
    with cache.workshop(say) as work:
        if not engine.exists():
            _require_space(cache.folder)
            go = golang.toolchain(_pinned(r"^go (\S+)$"), work, say)
            finished = work / "finished"
            _compile(go, finished / "pulumi", work, cache.modules, say)
            _verify(finished / "pulumi")
            keep(finished, engine.parent)
            shutil.rmtree(cache.modules, ignore_errors=True)
    return engine


def _pinned(line: str) -> Version:
    found = re.search(line, (_HERE / "go.mod").read_text(), re.MULTILINE)
    pinned = Version.parse(found[1]) if found else None
    assert pinned is not None, f"go.mod has no line like {line}"
    return pinned


def _require_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _NEEDED_BYTES:
        raise LocalError(
            f"building the engine needs {_NEEDED_BYTES / _GB:.0f} GB for a few minutes, and {folder} has "
            f"{free / _GB:.1f} GB free: free some, or {_ANOTHER_DISK}, or {_INSTALL}"
        )


def _compile(go: Path, target: Path, work: Path, modules: Path, say: Say) -> None:
    """Run `go build`, telling how far it is."""
    # Without debugging information, which is a fifth of the compiler's work.
    flags = ["-trimpath", "-gcflags", "all=-dwarf=false", "-ldflags", f"-s -w -X {_VERSION_VARIABLE}=v{version()}"]
    command = [str(go), "build", *flags, "-o", str(target), _COMMAND]
    log = work / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=_HERE, env=_variables(work, modules), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            status = _wait(process, log, say)
        finally:
            process.kill()
            process.wait()
    if status != 0:
        raise LocalError(_explain(log.read_text(errors="replace")))


def _variables(work: Path, modules: Path) -> dict[str, str]:
    """The user's own environment, with their module proxy and certificates, but every file in our folders."""
    folders = {"GOCACHE": work / "compiled", "GOTMPDIR": work / "temporary", "GOMODCACHE": modules}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    own = {name: str(folder) for name, folder in folders.items()}
    fixed = {
        # `readonly` refuses whatever go.mod and go.sum do not name; `modcacherw` lets the modules be removed again.
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
    inherited = {name: value for name, value in os.environ.items() if name not in ("GOOS", "GOARCH", "GOROOT")}
    return {**inherited, **own, **fixed}


def _wait(process: subprocess.Popen[bytes], log: Path, say: Say) -> int:
    started = time.monotonic()
    say(f"building the engine v{version()} from source, once for this machine; expected: {_EXPECTED}")
    modules = sum(1 for line in (_HERE / "go.sum").read_text().splitlines() if "/go.mod " not in line)
    downloaded = 0
    while True:
        try:
            return process.wait(_REPORT_SECONDS)
        except subprocess.TimeoutExpired:
            before, downloaded = downloaded, log.read_text(errors="replace").count("go: downloading ")
            doing = f"downloading module {downloaded} of at most {modules}" if downloaded > before else "compiling"
            say(f"{doing}, {time.monotonic() - started:.0f} s elapsed")


def _explain(log: str) -> str:
    """Why a build failed, in one sentence with the way out."""
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith("go: downloading ")]
    last = lines[-1].strip() if lines else "go build gave no reason"
    if _DISK_FULL.search(log):
        return f"the disk is full: free some space, or {_ANOTHER_DISK}, and try again"
    if _NOT_VERIFIED.search(log):
        return f"a Go module is not the one that go.sum names ({last}): set GOPROXY to a proxy that serves it unchanged"
    if _REFUSED.search(log):
        return (
            f"a Go module could not be downloaded ({last}): set GOPROXY to a module proxy that this machine can reach, "
            f"or {_INSTALL}, and try again"
        )
    return f"the engine could not be built ({last}): {_INSTALL} and try again"


def _verify(engine: Path) -> None:
    found = versions.of_engine(engine)
    if found != version():
        raise LocalError(
            f"the engine that was built says it is version {found}, not {version()}: install the Pulumi CLI instead"
        )
