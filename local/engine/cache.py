"""The user's cache of engines: `${XDG_CACHE_HOME:-~/.cache}/azure-ml-platform/engine/`, shared by all checkouts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local import locks
from local.engine.versions import Version
from local.making import Say


@dataclass(frozen=True)
class Cache:
    """Finished engines by version, and the work on the next one."""

    folder: Path

    @classmethod
    def of_user(cls) -> "Cache":
        """The cache of whoever runs this process."""
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(home) / "azure-ml-platform" / "engine")

    def built(self, version: Version) -> Path:
        """Where the `pulumi` of a version that was built here is kept."""
        return self.folder / f"v{version}" / "pulumi"

    def official(self, version: Version) -> Path:
        """Where the `pulumi` of a version that the official installer brought is kept, among what came with it."""
        return self.folder / f"v{version}-official" / "bin" / "pulumi"

    @property
    def modules(self) -> Path:
        """Downloaded Go modules: kept after a failure so that the next try goes on, removed after a success."""
        return self.folder / "modules"

    @contextmanager
    def workshop(self, say: Say) -> Iterator[Path]:
        """An empty folder for the only work on this cache in progress; a second process says that it waits, and waits.

        The folder is removed at the end; one that a killed process left goes at the next start, its lock died with it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone(say):
            work = self.folder / "work"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def _alone(self, say: Say) -> Iterator[None]:
        lock = self.folder / "lock"
        with locks.held_for_life(lock) as free:
            if free:
                yield
                return
        say(f"another process ({locks.holder(lock) or 'just ended'}) is making the engine, waiting for it")
        with locks.held(lock):
            yield


def keep(finished: Path, folder: Path) -> None:
    """Move a finished folder into the cache in one step; what half-way work may have left in its place goes."""
    shutil.rmtree(folder, ignore_errors=True)
    finished.rename(folder)
