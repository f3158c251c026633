"""Which engine a checkout gets: the user's own, else the official one, else one that is built; and how it gets it."""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from local.engine import build, find, installer, launchers
from local.engine.cache import Cache
from local.errors import LocalError
from local.making import Say
from local.paths import Paths

WAY = "AZURE_ML_PLATFORM_ENGINE"
"""Environment variable: `path`, `installer` or `build` allow this way only, in tests or where another one misleads."""


def provide(paths: Paths, say: Say) -> str:
    """Make an engine available to the checkout and tell which: a word on its version and where it is from."""
    way = os.environ.get(WAY)
    if way is not None and way not in _WAYS:
        raise LocalError(f"{WAY} is {way!r}: it is one of {', '.join(_WAYS)}, or unset")
    for allowed in [way] if way else _WAYS:
        try:
            done = _WAYS[allowed](paths, say)
        except OSError as error:
            raise _explained(error) from error
        if done is not None:
            return done
    raise LocalError(f"no engine could be had, as {WAY} allows only {way!r}: unset it, or install the Pulumi CLI")


def _from_path(paths: Paths, say: Say) -> str | None:
    found = find.on_path(say)
    if found is None:
        return None
    engine, version = found
    _use_official(paths.bin, None)
    return f"Pulumi {version}, found on PATH ({engine})"


def _from_installer(paths: Paths, say: Say) -> str | None:
    cache, version = Cache.of_user(), installer.version()
    if cache.official(version).exists():
        engine = cache.official(version)
    elif cache.built(build.version()).exists() and os.environ.get(WAY) is None:
        # The network is not asked again on every run once a machine has had to build.
        return None
    else:
        installed = installer.install(cache, say)
        if installed is None:
            return None
        engine = installed
    _use_official(paths.bin, engine)
    return f"Pulumi {version} by the official installer ({engine})"


def _from_source(paths: Paths, say: Say) -> str | None:
    engine = Cache.of_user().built(build.version())
    origin = "built earlier" if engine.exists() else "built now"
    if origin == "built now":
        engine = build.build(Cache.of_user(), say)
    _use_built(paths.bin, engine, _virtualenv(paths))
    return f"Pulumi {build.version()}, {origin} ({engine})"


_WAYS: dict[str, Callable[[Paths, Say], str | None]] = {
    "path": _from_path,
    "installer": _from_installer,
    "build": _from_source,
}


def _use_official(folder: Path, engine: Path | None) -> None:
    """Leave in `folder` at most a link to an official engine, which finds its own host beside itself."""
    folder.mkdir(parents=True, exist_ok=True)
    launchers.remove(folder)
    link = folder / "pulumi"
    if engine is None or not link.is_symlink() or link.readlink() != engine:
        link.unlink(missing_ok=True)
    if engine is not None and not link.is_symlink():
        link.symlink_to(engine)


def _use_built(folder: Path, engine: Path, virtualenv: Path) -> None:
    """Put a built engine and this checkout's launchers into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _link(engine, folder / "pulumi")
    launchers.write(folder, virtualenv)


def _link(engine: Path, target: Path) -> None:
    """A hard link, as an engine resolves symbolic links before it looks beside itself for the host; else a copy."""
    if target.exists() and not target.is_symlink() and _same_file(engine, target):
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    try:
        os.link(engine, partial)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP):
            raise
        shutil.copy2(engine, partial)
    partial.replace(target)


def _same_file(engine: Path, target: Path) -> bool:
    """The same file, or a copy of it: same size and time, as `copy2` leaves them."""
    one, other = engine.stat(), target.stat()
    return target.samefile(engine) or (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _virtualenv(paths: Paths) -> Path:
    """The checkout's virtualenv; where there is none, that of the Python which runs this."""
    own = paths.root / ".venv"
    return own if (own / "bin" / "python").exists() else Path(sys.prefix)


def _explained(error: OSError) -> LocalError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalError(f"the disk is full ({error.filename}): free some space and try again")
    return LocalError(
        f"{error.filename or 'a file'}: {error.strerror}; mend that, or install the Pulumi CLI, and try again"
    )
