"""A note that a run has begun, removed when it has ended well: if one is found, the last run did not."""

from collections.abc import Callable
from pathlib import Path

from ops.target import Target


def unfinished(target: Target) -> bool:
    """Whether the last run that changed this stack from this checkout failed or was cut short."""
    return _file(target).exists()


def recorded(target: Target, change: Callable[[], int]) -> int:
    """Run `change` and return its exit code; the note stays unless that is 0."""
    file = _file(target)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    code = change()
    if code == 0:
        settle(target)
    return code


def settle(target: Target) -> None:
    """Remove the note: the stack is as it should be."""
    _file(target).unlink(missing_ok=True)


def _file(target: Target) -> Path:
    return target.project / "build" / f"unfinished-{target.stack}"
