"""The requests that one process is working on."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Closed(Exception):
    """The process takes no more requests: another one has its place, or none."""


class Full(Exception):
    """The process has as many requests as it may have."""


class Pending:
    """Counts requests under way, so that a process ends only when it has answered all that it took."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._number = 0
        self._closed = False

    @contextmanager
    def one(self, most: int) -> Iterator[None]:
        """Count one request; raises Closed, and Full when there are `most` already."""
        with self._changed:
            if self._closed:
                raise Closed
            if self._number >= most:
                raise Full
            self._number += 1
        try:
            yield
        finally:
            with self._changed:
                self._number -= 1
                self._changed.notify_all()

    def close(self, limit_seconds: float) -> None:
        """Take no more; returns when what was taken is answered, or at the limit."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: self._number == 0, limit_seconds)
