"""The engine by the official installer, into the user's cache: the user's own `~/.pulumi` is not touched."""

import http.client
import subprocess
import urllib.request
from importlib import metadata
from pathlib import Path

from local.engine import versions
from local.engine.cache import Cache, keep
from local.engine.versions import Version
from local.making import Say

_SCRIPT = "https://get.pulumi.com/install.sh"
_REACH_SECONDS = 4.0


def version() -> Version:
    """The CLI that belongs to the installed SDK."""
    installed = Version.parse(metadata.version("pulumi"))
    assert installed is not None
    return installed


def install(cache: Cache, say: Say) -> Path | None:
    """The official engine in the cache, installed now if need be; None where that cannot be done."""
    engine = cache.official(version())
    with cache.workshop(say) as work:
        if engine.exists():
            return engine
        script = _download()
        if script is None:
            return None
        say(f"installing the engine v{version()} with the official installer")
        finished = work / "finished"
        if not _run(script, work, finished, say):
            return None
        keep(finished, engine.parent.parent)
    return engine


def _download() -> bytes | None:
    """The installer's script, None where it cannot be had within a few seconds."""
    try:
        with urllib.request.urlopen(_SCRIPT, timeout=_REACH_SECONDS) as answer:
            script: bytes = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    return script if script.startswith(b"#!") else None


def _run(script: bytes, work: Path, target: Path, say: Say) -> bool:
    """Run the script and look at what it brought."""
    options = ["--version", str(version()), "--install-root", str(target), "--no-edit-path"]
    file = work / "install.sh"
    file.write_bytes(script)
    answer = subprocess.run(["sh", str(file), *options], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    found = versions.of_engine(target / "bin" / "pulumi")
    if found == version():
        return True
    reason = (answer.stderr.strip().splitlines() or [f"it brought version {found}"])[-1]
    say(f"the official installer failed: {reason}")
    return False
