"""`preview`: what an update would do, judged by both policy packs."""

from collections.abc import Sequence

from ops import state
from ops.session import Session


def preview(session: Session, flags: Sequence[str] = ()) -> int:
    """Run the engine's preview; a stack that does not exist yet is created first, empty."""
    session = session.logged_in()
    state.read_or_create(session.engine)
    return session.engine.policed("preview", *flags)
