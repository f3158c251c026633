"""Messages to the engine that started the plugin."""

import contextlib

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

CALL_TIMEOUT_SECONDS = 2.0


class EngineLog:
    """The engine's log; silent while there is no engine, and never a reason to fail."""

    def __init__(self) -> None:
        self._stub: engine_pb2_grpc.EngineStub | None = None

    def connect(self, address: str) -> None:
        """Send messages to the engine at an address, `127.0.0.1:<port>`."""
        self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def status(self, urn: str, message: str) -> None:
        """Show what a resource is waiting for; the next message replaces it."""
        self._send(engine_pb2.INFO, urn, message, ephemeral=True)

    def debug(self, message: str) -> None:
        """Write to the engine's debug log."""
        self._send(engine_pb2.DEBUG, "", message)

    def _send(
        self, severity: engine_pb2.LogSeverity.ValueType, urn: str, message: str, *, ephemeral: bool = False
    ) -> None:
        if self._stub is None:
            return
        request = engine_pb2.LogRequest(severity=severity, message=message, urn=urn, ephemeral=ephemeral)
        with contextlib.suppress(grpc.RpcError):
            self._stub.Log(request, timeout=CALL_TIMEOUT_SECONDS)
