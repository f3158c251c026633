"""`preview`: what an update would do, judged by both policy packs, and what it would cost."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ops import estimate, state
from ops.console import show
from ops.session import Session


def preview(session: Session, flags: Sequence[str] = ()) -> int:
    """Run the engine's preview; a stack that does not exist yet is created first, empty."""
    session = session.logged_in()
    state.read_or_create(session.engine)
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events"
        code = session.engine.policed("preview", "--event-log", str(events), *flags)
        if code == 0:
            show(f"\n{estimate.shown(events, session.target)}")
    return code
