"""The content of a file or a folder, and the version that follows from it."""

import hashlib
from pathlib import Path

import pulumi

VERSION_LENGTH = 16
"""Hexadecimal digits of a version: 64 bits of the content's SHA-256."""

_NO_CONTENT = frozenset({"__pycache__", ".DS_Store", ".ipynb_checkpoints"})


class MissingContentError(pulumi.RunError):
    """A path that holds nothing to upload."""


def files(source: Path) -> dict[str, Path]:
    """Return the files of a folder, or the one file, by their names relative to it with forward slashes, in order.

    Caches of interpreters and editors are no content. Raises MissingContentError when nothing is left.
    """
    if source.is_file():
        return {source.name: source}
    found = {
        path.relative_to(source).as_posix(): path
        for path in sorted(source.rglob("*"))
        if path.is_file() and _NO_CONTENT.isdisjoint(path.relative_to(source).parts) and path.suffix != ".pyc"
    }
    if not found:
        what = "is an empty folder" if source.is_dir() else "does not exist"
        raise MissingContentError(f"{source} {what}: give the path of a file or of a folder with files")
    return found


def text_of(source: Path) -> str:
    """Return the text of a file; raises MissingContentError when there is none."""
    if not source.is_file():
        what = "is a folder" if source.is_dir() else "does not exist"
        raise MissingContentError(f"{source} {what}: give the path of a file")
    return source.read_text(encoding="utf-8")


def require_script(folder: Path, script: str) -> None:
    """Raise MissingContentError, naming what there is, when a folder has no such file."""
    if not (folder / script).is_file():
        raise MissingContentError(f"{folder} has no {script}; it has {', '.join(files(folder))}")


def content_version(source: Path) -> str:
    """Return the version of a file or folder: it changes with the name or bytes of any file and with nothing else."""
    whole = hashlib.sha256()
    for name, path in files(source).items():
        whole.update(hashlib.sha256(name.encode()).digest())
        with path.open("rb") as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()[:VERSION_LENGTH]


def text_version(*parts: str) -> str:
    """Return the version of some texts, by the same rule."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part.encode()).digest())
    return whole.hexdigest()[:VERSION_LENGTH]
