"""A program's log, against a server of the engine's own protocol."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from local.engine.host.engine_log import EngineLog


class Engine(engine_pb2_grpc.EngineServicer):
    """Takes debug messages only when it is told to."""

    def __init__(self) -> None:
        self.listens = threading.Event()
        self.messages: list[str] = []

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> Empty:  # noqa: N802 - gRPC's name
        if request.severity == engine_pb2.DEBUG:
            self.listens.wait()
        self.messages.append(request.message)
        return Empty()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def server(engine: Engine) -> Iterator[grpc.Server]:
    server = grpc.server(ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    yield server
    engine.listens.set()
    server.stop(None).wait()


@pytest.fixture
def log(server: grpc.Server) -> Iterator[EngineLog]:
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield EngineLog(engine_pb2_grpc.EngineStub(channel).Log)


def test_a_program_goes_on_while_its_debug_messages_travel(engine: Engine, log: EngineLog) -> None:
    log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message="registering"))
    log(engine_pb2.LogRequest(severity=engine_pb2.ERROR, message="refused"))
    assert engine.messages == ["refused"]


def test_every_debug_message_arrives_before_the_program_ends(engine: Engine, log: EngineLog) -> None:
    for number in range(3):
        log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message=str(number)))
    engine.listens.set()
    log.finish()
    assert sorted(engine.messages) == ["0", "1", "2"]


def test_an_engine_that_has_ended_keeps_no_program_from_ending(server: grpc.Server, log: EngineLog) -> None:
    log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message="late"))
    server.stop(None).wait()
    log.finish()
