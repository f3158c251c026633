"""The engine's log, as a program sees it: what only matters with `--debug` keeps nobody waiting."""

from collections.abc import Callable
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2


class EngineLog:
    """Stands for the engine's `Log` method.

    The SDK logs several debug messages for each resource and waits for each to arrive, while the engine drops them
    unless it shows them. Here they are on their way while the program goes on; all other messages are still waited for.
    """

    def __init__(self, send: "grpc.UnaryUnaryMultiCallable[Any, Any]") -> None:
        self._send = send
        self._under_way: list[Any] = []

    def __call__(self, request: engine_pb2.LogRequest) -> Any:
        """Send a message."""
        if request.severity == engine_pb2.DEBUG:
            self._under_way.append(self._send.future(request))
            return None
        return self._send(request)

    def finish(self) -> None:
        """Wait until every message has arrived, or can no longer arrive."""
        for message in self._under_way:
            message.exception()


def install(engine: Any) -> Callable[[], None]:
    """Have an engine's stub log so; returns what waits for the last message."""
    engine.Log = log = EngineLog(engine.Log)
    return log.finish
