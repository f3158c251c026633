"""Long-running operations: on record before they are answered, ended even when the endpoint is killed.

An operation that was running when the process died is run again at the next start; the work of every type bears that.
"""

import json
import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore, Event, Thread
from typing import Any, Literal

from local.arm.clock import moment
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError
from local.arm.faults import operation_time
from local.arm.identifiers import ResourceId
from local.errors import LocalError

WORKERS = 16
"""Operations that run at once. Most of their time they wait for another process."""

LOOK_SECONDS = 0.05
"""Between two looks at a clock that may be moved."""

PATIENCE_SECONDS = 0.03
"""How long an answer is held back for an operation that is about to end: a client that finds it running comes back a
second later."""

Kind = Literal["put", "deploy", "delete", "purge"]
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Operation:
    """One operation on one resource."""

    id: str
    kind: Kind
    target: ResourceId
    api_version: str
    status: str
    """`InProgress`, `Succeeded`, `Failed` or `Canceled`."""
    error: dict[str, Any] | None
    """`status`, `code` and `message` of a failure."""
    started: str
    ended: str | None

    @property
    def ended_well(self) -> bool:
        """Whether it succeeded."""
        return self.status == "Succeeded"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.status == "InProgress"


class Stopped(Exception):
    """The endpoint ends, and with it what an operation was working with: it stays on record as running."""


class Operations:
    """The operations on record and the threads that work on them."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._workers = BoundedSemaphore(WORKERS)
        self._stopped = Event()
        self._work: dict[str, Callable[[Operation], object]] = {}

    def works_with(self, kind: Kind, work: Callable[[Operation], object]) -> None:
        """Say what a kind of operation does."""
        self._work[kind] = work

    def begin(self, kind: Kind, target: ResourceId, api_version: str) -> Operation:
        """Record a new operation; part of the caller's transaction, after which `run` has to be called."""
        operation = Operation(str(uuid.uuid4()), kind, target, api_version, "InProgress", None, self._cloud.now(), None)
        self._cloud.store.execute(
            "INSERT INTO operations VALUES (?, ?, ?, ?, ?, 'InProgress', NULL, ?, NULL)",
            operation.id,
            kind,
            target.text,
            target.key,
            api_version,
            operation.started,
        )
        return operation

    def end(self, operation: Operation, error: ArmError | None = None, *, status: str | None = None) -> None:
        """Record the end; part of the transaction that records the result."""
        failure = None if error is None else {"status": error.status, **error.as_json()}
        self._cloud.store.execute(
            "UPDATE operations SET status = ?, error = ?, ended = ? WHERE id = ?",
            status or ("Failed" if error else "Succeeded"),
            json.dumps(failure) if failure else None,
            self._cloud.now(),
            operation.id,
        )

    def run(self, operation: Operation) -> None:
        """Work on an operation in a thread of its own; returns when it has ended, or after a moment."""
        self._start(operation).join(PATIENCE_SECONDS)

    def _start(self, operation: Operation) -> Thread:
        """The thread that works on an operation; it does not keep the process from ending."""
        thread = Thread(target=self._attempt, args=(operation,), name=f"operation-{operation.id}", daemon=True)
        thread.start()
        return thread

    def work(self, operation: Operation) -> None:
        """Work on an operation here and now, as part of another one that has a worker already."""
        with suppress(Stopped):
            self._work[operation.kind](operation)

    def resume(self) -> int:
        """Run again what was running when the endpoint ended; returns how many. What ended is forgotten."""
        self._cloud.store.execute("DELETE FROM operations WHERE status <> 'InProgress'")
        running = self.all()
        for operation in running:
            self._start(operation)
        return len(running)

    def get(self, id: str) -> Operation | None:
        """An operation by its id."""
        rows = self._cloud.store.rows("SELECT * FROM operations WHERE id = ?", id.casefold())
        return _operation(rows[0]) if rows else None

    def running_on(self, target: ResourceId) -> Operation | None:
        """The operation that is working on a resource."""
        query = "SELECT * FROM operations WHERE status = 'InProgress' AND target_key = ?"
        return next((_operation(row) for row in self._cloud.store.rows(query, target.key)), None)

    def running_within(self, target: ResourceId) -> Operation | None:
        """An operation that is working on a resource or on anything in it."""
        query = "SELECT * FROM operations WHERE status = 'InProgress' AND target_key >= ? AND target_key < ?"
        return next(
            (_operation(row) for row in self._cloud.store.rows(query, f"{target.key}/", f"{target.key}0")), None
        )

    def all(self) -> list[Operation]:
        """Every operation on record, oldest first."""
        return [_operation(row) for row in self._cloud.store.rows("SELECT * FROM operations ORDER BY started")]

    def stop(self) -> None:
        """Begin nothing more; what runs stays on record as running."""
        self._stopped.set()

    def attempt(self, work: Callable[[], Json]) -> tuple[Json, ArmError | None]:
        """What an operation's work returns, or why it failed; raises Stopped when that was the endpoint's own end."""
        try:
            return work(), None
        except (ArmError, LocalError) as error:
            failure = as_arm_error(error)
        except Exception:
            _logger.exception("an operation broke")
            failure = ArmError(500, "InternalServerError", "The operation broke; the endpoint's log says where.")
        if self._stopped.is_set():
            raise Stopped
        return {}, failure

    def _attempt(self, operation: Operation) -> None:
        with self._workers:
            self._last(moment(operation.started))
            if not self._stopped.is_set():
                self.work(operation)

    def _last(self, started: datetime) -> None:
        """Wait until an operation has taken as long as faults want it to, or the endpoint ends.

        The faults are read at every look, so that it goes on at once when they are taken back.
        """
        while self._cloud.clock.now() - started < operation_time(self._cloud.store):
            if self._stopped.wait(LOOK_SECONDS):
                return


def as_arm_error(error: ArmError | LocalError) -> ArmError:
    """A failure of something behind the endpoint in ARM's form."""
    return error if isinstance(error, ArmError) else ArmError(400, "ResourceOperationFailure", str(error))


def _operation(row: Any) -> Operation:
    return Operation(
        id=row["id"],
        kind=row["kind"],
        target=ResourceId.parse(row["target"]),
        api_version=row["api_version"],
        status=row["status"],
        error=json.loads(row["error"]) if row["error"] else None,
        started=row["started"],
        ended=row["ended"],
    )
