"""A run of the engine that changes a stack: noted while it lasts, explained when Azure was lost on the way."""

import sys
from collections.abc import Callable

from ops import record
from ops.console import say
from ops.errors import OpsError
from ops.session import Session

API_VERSION = "2022-12-01"
"""Of Microsoft.Resources/subscriptions."""


def change(session: Session, run: Callable[[], int]) -> int:
    """Change the stack by `run`, which returns an exit code; so does this."""
    code = record.recorded(session.target, run)
    if code:
        _explain(session)
    return code


def needs_approval(session: Session) -> bool:
    """Whether somebody is there to be asked before Azure is changed."""
    return not session.target.is_local and sys.stdin.isatty() and sys.stdout.isatty()


def _explain(session: Session) -> None:
    try:
        session.azure.get(f"/subscriptions/{session.subscription_id}", API_VERSION)
    except OpsError as error:
        # The local Azure signs callers in itself: when it is gone, that is what fails first.
        lost = "the local Azure does not answer any more" if session.target.is_local else error
        say(f"error: {lost}\nthe same command again goes on where this one ended")
