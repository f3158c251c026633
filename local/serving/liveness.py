"""The liveness probe: a process that runs but does not answer is found and told of."""

from collections.abc import Callable
from threading import Event, Thread

from local.arm.data_planes import Probe


class Watch:
    """Asks at the pace of a probe whether a process is alive, for as long as nobody ends the watch."""

    def __init__(self, probe: Probe, is_alive: Callable[[], bool], report: Callable[[], None]) -> None:
        """Begin.

        report: called each time that the probe has failed as often in a row as it may.
        """
        self._probe = probe
        self._is_alive = is_alive
        self._report = report
        self._ended = Event()
        Thread(target=self._run, name="liveness", daemon=True).start()

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()

    def _run(self) -> None:
        failures = 0
        self._ended.wait(self._probe.initial_delay_seconds)
        while not self._ended.wait(self._probe.period_seconds):
            failures = 0 if self._is_alive() else failures + 1
            if failures == self._probe.failure_threshold:
                failures = 0
                self._report()
