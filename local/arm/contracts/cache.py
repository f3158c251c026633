"""Keeps a JSON document in the user's cache, under a key that says what it was made from."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from local.arm.contracts.shapes import Json


def cached(name: str, key: str, make: Callable[[], Json]) -> Json:
    """Return the document `<user cache>/azure-ml-platform/<name>/<key>.json`, made and written on first use.

    A file that is not whole is made anew; where the cache cannot be written, the document is made each time.
    """
    file = _folder() / name / f"{key}.json"
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        document = make()
    try:
        _write(file, json.dumps(document))
    except OSError:
        return document
    return document


def _folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "azure-ml-platform"


def _write(file: Path, text: str) -> None:
    """Write a file so that readers see all of it or nothing, whoever else writes it at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
