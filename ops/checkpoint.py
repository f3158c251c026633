"""A state file that a killed engine left half written, put back from the copy that it makes before each write."""

import json
from pathlib import Path

from ops import backend, locks
from ops.console import say
from ops.target import Target


def restore(target: Target) -> bool:
    """Put back what the state was before the write that was cut short; returns whether there was something to mend.

    Raises OpsError while somebody works on the stack: its file may be just about to become whole.
    """
    file = _file(target)
    if file is None or not file.exists() or _is_whole(file):
        return False
    locks.refuse_in_use(target)
    copy = file.with_name(f"{file.name}.bak")
    if copy.exists() and _is_whole(copy):
        copy.replace(file)
    else:  # The first write of all was cut short: nothing has been deployed.
        file.unlink()
    say(f"the last run of stack {target.stack} was killed while it wrote the state; the state before that is put back")
    return True


def _file(target: Target) -> Path | None:
    folder = backend.folder(target)
    return folder / "stacks" / target.project_name / f"{target.stack}.json" if folder else None


def _is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return True
