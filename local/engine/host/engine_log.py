"""The engine's log, as a program sees it: what matters with `--debug` alone keeps nobody waiting."""

from collections.abc import Callable
from typing import Any

from pulumi.runtime.proto import engine_pb2

_AT_ONCE = 64


class EngineLog:
    """Stands for the engine's `Log` method.

    The SDK logs several debug messages for each resource and waits for each to arrive, while the engine drops them
    unless it shows them. Here many go at once, each on its line, and always before the next message of another kind.
    """

    def __init__(self, send: Callable[[engine_pb2.LogRequest], Any]) -> None:
        self._send = send
        self._kept: list[str] = []

    def __call__(self, request: engine_pb2.LogRequest) -> None:
        """Send a message, or keep it for a while: one that is for debugging and says nothing of a resource."""
        if request.severity == engine_pb2.DEBUG and not request.urn:
            self._kept.append(request.message)
            if len(self._kept) == _AT_ONCE:
                self.flush()
            return
        self.flush()
        self._send(request)

    def flush(self) -> None:
        """Send what is kept."""
        if self._kept:
            messages, self._kept = self._kept, []
            self._send(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message="\n".join(messages)))


def install(engine: Any) -> Callable[[], None]:
    """Have the stub of an engine log so; returns what sends the last messages."""
    log = EngineLog(engine.Log)
    engine.Log = log
    return log.flush
