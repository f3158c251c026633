"""Waiting that ends at once when the engine cancels."""

import threading
import time

from local.provider.errors import CancelledError, DeadlineError


class Cancellation:
    """The engine's wish to stop; one for the life of the plugin."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """End every wait, now and from now on."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Wait; raises CancelledError as soon as the engine has cancelled."""
        if self._event.wait(seconds):
            raise CancelledError("the operation was cancelled while Azure was still working on it")


class Deadline:
    """The end of the time an operation may take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def remaining(self) -> float:
        """Seconds until the end, never negative."""
        return max(0.0, self._seconds - self.elapsed)

    def check(self) -> None:
        """Raise DeadlineError when the time is over."""
        if self.remaining == 0:
            raise DeadlineError(
                f"Azure was still working after {self._seconds:g} s; "
                "give the resource more time with the option custom_timeouts"
            )
