"""`down`: destroy what a stack deployed; what is protected or locked first needs an explicit word."""

from collections.abc import Iterable, Sequence

from ops import state
from ops.console import say
from ops.errors import OpsError
from ops.purge import purge
from ops.recover import recover
from ops.run import change, needs_approval
from ops.session import Session
from ops.state import Resource, State

LOCK_TYPE = "azure-native:authorization:ManagementLock"
"""Beginning of the tokens of management locks (by scope, at resource level, ...)."""


def down(session: Session, *, unlock: bool, flags: Sequence[str] = ()) -> int:
    """Destroy the stack's resources; the stack, its configuration and its history stay."""
    session = session.logged_in()
    found = state.read(session.engine)
    found = found and recover(session, found)
    if found is None or found.is_empty:
        say(f"stack {session.target.stack} is not deployed; there is nothing to destroy")
        return 0
    _open(session, found, unlock=unlock)
    approval = () if needs_approval(session) else ("--yes",)
    code = change(session, lambda: session.engine.stream("destroy", *approval, *flags))
    if code == 0:
        purge(session, found.resources)
    return code


def _open(session: Session, found: State, *, unlock: bool) -> None:
    """Take protection off, if that was asked for. Locks that the stack made go first in the order of destruction."""
    protected = [resource for resource in found.resources if resource.protect]
    locks = [resource for resource in found.resources if resource.type.startswith(LOCK_TYPE)]
    if not unlock and (protected or locks):
        message = (
            f"stack {session.target.stack} has resources that are protected or locked against deletion:\n"
            f"{_listed(protected, 'protected')}{_listed(locks, 'lock')}"
            f"`make down STACK={session.target.stack} UNLOCK=1` takes locks and protection off and destroys the stack"
        )
        raise OpsError(message)
    if protected:
        say(f"taking protection off:\n{_listed(protected, 'protected')}")
        session.engine.read("state", "unprotect", "--all", "--yes")


def _listed(resources: Iterable[Resource], why: str) -> str:
    return "".join(f"  {why}: {resource.type} {resource.name} {resource.id}\n" for resource in resources)
