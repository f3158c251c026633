"""What a command does first when an earlier run was cut short, so that nothing is lost and nothing made twice.

In this order: a stack locked by a process that is dead is freed; creations that were begun are looked up in Azure, and
taken into the state or dropped from it; what exists in Azure and the state has never heard of is adopted.
"""

from contextlib import suppress

from azure_ml_platform.catalog.resource_types import locate
from ops import adopt, locks, record, state
from ops.console import say
from ops.session import Session
from ops.state import Resource, State


def recover(session: Session, found: State) -> State:
    """Bring the stack's state and Azure together again; `found` itself, at once, after a run that ended well."""
    abandoned = locks.release_abandoned(session.engine, session.target)
    if not (abandoned or found.has_pending or record.unfinished(session.target)):
        return found
    if found.has_pending:
        _settle(session, found.pending_creates)
    # The update that follows a preview that fails meets the same error, and shows it better.
    with suppress(adopt.PreviewError):
        adopt.adopt(session)
    return state.read_or_create(session.engine)


def _settle(session: Session, pending: tuple[Resource, ...]) -> None:
    """End the operations that were cut short: the engine looks up all but creations itself, as it knows their ids."""
    found = [(resource, _existing_id(session, resource)) for resource in pending]
    imports: list[str] = []
    for resource, resource_id in found:
        say(f"{resource.name}: its creation was cut short; it {'exists' if resource_id else 'does not exist'} in Azure")
        if resource_id:
            imports += ["--import-pending-creates", resource.urn, "--import-pending-creates", resource_id]
    session.engine.succeed("refresh", "--yes", "--skip-preview", *imports, "--clear-pending-creates")


def _existing_id(session: Session, resource: Resource) -> str | None:
    place = locate(resource.type, resource.inputs, session.subscription_id)
    if place is None or session.azure.settled(place.resource_id, place.api_version) is None:
        return None
    return place.resource_id
