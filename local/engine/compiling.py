"""`go build` of a pinned module in folders of our own, with its progress told and its failures explained."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.engine.versions import Version
from local.errors import LocalError
from local.making import Say

_GB = 1024**3
_ANOTHER_DISK = "name a folder on a larger disk in XDG_CACHE_HOME"
_REPORT_SECONDS = 15.0

_DISK_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_NOT_VERIFIED = re.compile(r"checksum mismatch|SECURITY ERROR|missing go\.sum entry")
_REFUSED = re.compile(
    r"dial tcp|no such host|connection refused|i/o timeout|TLS handshake|x509:|proxyconnect|unexpected EOF"
    r"|: (401|403|404|407|410|5\d\d) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A Go program and how to build it."""

    title: str
    """What it is, for people: `the engine`."""
    version: str
    module: Path
    """Folder of `go.mod` and `go.sum`, which pin and verify everything."""
    package: str
    """The main package."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """String variables that the linker sets."""
    needed_gb: int
    """Disk space that the build takes for a while, in GB."""
    expected: str
    """How long a build from nothing takes."""
    otherwise: str | None = None
    """Another way to the program, where there is one."""

    def or_otherwise(self, advice: str) -> str:
        """A piece of advice, and the other way beside it."""
        return f"{advice}, or {self.otherwise}" if self.otherwise else advice


def pinned(module: Path, line: str) -> Version:
    """The version in the line of a module's `go.mod` that matches a pattern."""
    found = re.search(line, (module / "go.mod").read_text(), re.MULTILINE)
    version = Version.parse(found[1]) if found else None
    assert version is not None, f"go.mod has no line like {line}"
    return version


def require_space(source: Source, folder: Path) -> None:
    """Raise LocalError when the disk of `folder` has too little space for a build."""
    free = shutil.disk_usage(folder).free / _GB
    if free < source.needed_gb:
        advice = source.or_otherwise(f"free some, or {_ANOTHER_DISK}")
        raise LocalError(
            f"building {source.title} needs {source.needed_gb} GB for a few minutes, and {folder} has {free:.1f} GB "
            f"free: {advice}"
        )


def compile_program(go: Path, source: Source, target: Path, work: Path, modules: Path, say: Say) -> None:
    """Build `source` into the file `target`, telling how far it is; raises LocalError with the reason.

    work: folder for what the compiler needs meanwhile.
    modules: folder of the downloaded modules.
    """
    # Without debugging information, which is a fifth of the compiler's work.
    linked = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in source.variables.items())])
    flags = ["-trimpath", "-gcflags", "all=-dwarf=false", "-ldflags", linked]
    command = [str(go), "build", *flags, "-o", str(target), source.package]
    log = work / "log"
    with log.open("wb") as output:
        # The build inherits locks: should this process be killed, nobody builds beside a compiler still running.
        process = subprocess.Popen(
            command,
            cwd=source.module,
            env=_variables(work, modules),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            close_fds=False,
        )
        try:
            status = _wait(process, source, log, say)
        finally:
            process.kill()
            process.wait()
    if status != 0:
        raise LocalError(_explain(source, log.read_text(errors="replace")))


def download(go: Path, source: Source, module: str, work: Path, modules: Path) -> Path:
    """The folder of a module that `source` requires, downloaded and verified; raises LocalError with the reason."""
    # As a build does, it inherits locks.
    command = [str(go), "mod", "download", "-json", module]
    answer = subprocess.run(
        command,
        cwd=source.module,
        env=_variables(work, modules),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        close_fds=False,
    )
    if answer.returncode != 0:
        raise LocalError(_explain(source, f"{answer.stdout}\n{answer.stderr}"))
    return Path(json.loads(answer.stdout)["Dir"])


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


def _wait(process: subprocess.Popen[bytes], source: Source, log: Path, say: Say) -> int:
    started = time.monotonic()
    say(f"building {source.title} v{source.version} from source, once for this machine; expected: {source.expected}")
    sums = (source.module / "go.sum").read_text().splitlines()
    modules = sum(1 for line in sums if "/go.mod " not in line)
    downloaded = 0
    while True:
        try:
            return process.wait(_REPORT_SECONDS)
        except subprocess.TimeoutExpired:
            before, downloaded = downloaded, log.read_text(errors="replace").count("go: downloading ")
            doing = f"downloading module {downloaded} of at most {modules}" if downloaded > before else "compiling"
            say(f"{doing}, {time.monotonic() - started:.0f} s elapsed")


def _explain(source: Source, log: str) -> str:
    """Why a build failed, in one sentence with the way out."""
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith("go: downloading ")]
    last = lines[-1].strip() if lines else "go build gave no reason"
    if _DISK_FULL.search(log):
        return f"the disk is full: free some space, or {_ANOTHER_DISK}, and try again"
    if _NOT_VERIFIED.search(log):
        return f"a Go module is not the one that go.sum names ({last}): set GOPROXY to a proxy that serves it unchanged"
    if _REFUSED.search(log):
        advice = source.or_otherwise("set GOPROXY to a module proxy that this machine can reach")
        return f"a Go module could not be downloaded ({last}): {advice}, and try again"
    advice = source.otherwise or "report it with this line"
    return f"{source.title} could not be built ({last}): {advice} and try again"
