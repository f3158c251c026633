"""What a program logs, as the engine receives it."""

import pytest
from pulumi.runtime.proto import engine_pb2

from local.engine.host.engine_log import EngineLog

DEBUG, ERROR = engine_pb2.DEBUG, engine_pb2.ERROR


@pytest.fixture
def received() -> list[tuple[int, str]]:
    return []


@pytest.fixture
def log(received: list[tuple[int, str]]) -> EngineLog:
    return EngineLog(lambda request: received.append((request.severity, request.message)))


def debug(log: EngineLog, *messages: str) -> None:
    for message in messages:
        log(engine_pb2.LogRequest(severity=DEBUG, message=message))


def test_debug_messages_travel_together(log: EngineLog, received: list[tuple[int, str]]) -> None:
    debug(log, "preparing", "registering")
    assert received == []
    log.flush()
    log.flush()
    assert received == [(DEBUG, "preparing\nregistering")]


def test_what_was_said_before_an_error_arrives_before_it(log: EngineLog, received: list[tuple[int, str]]) -> None:
    debug(log, "registering")
    log(engine_pb2.LogRequest(severity=ERROR, message="refused"))
    assert received == [(DEBUG, "registering"), (ERROR, "refused")]


def test_a_long_program_is_heard_while_it_runs(log: EngineLog, received: list[tuple[int, str]]) -> None:
    debug(log, *map(str, range(1000)))
    log.flush()
    assert len(received) > 1
    assert "\n".join(message for _, message in received).split("\n") == [str(number) for number in range(1000)]
