"""A `pulumi` that the user has installed."""

import os
from collections.abc import Iterator
from pathlib import Path

from local.engine import launchers, versions
from local.engine.versions import OLDEST_ENGINE, Version
from local.making import Say


def on_path(say: Say) -> tuple[Path, Version] | None:
    """The first `pulumi` on PATH that the user's commands would run too, if it is recent enough."""
    engine = next(_candidates(), None)
    if engine is None:
        return None
    version = versions.of_engine(engine)
    if version is None:
        say(f"{engine} does not tell its version and is not used")
        return None
    if version < OLDEST_ENGINE:
        say(f"{engine} is version {version}, older than {OLDEST_ENGINE}, and is not used: upgrade it to use it")
        return None
    return engine, version


def _candidates() -> Iterator[Path]:
    """Each `pulumi` on PATH but for those of this module: beside them are hosts that belong to one checkout."""
    for folder in map(Path, filter(None, os.environ.get("PATH", "").split(os.pathsep))):
        engine = folder / "pulumi"
        if os.access(engine, os.X_OK) and engine.is_file() and not launchers.are_in(folder):
            yield engine
