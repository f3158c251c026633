"""How the protocol's methods fail: one sentence for the user, and what the engine has to keep."""

import traceback
from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, status_pb2

from local.provider import values
from local.provider.engine import EngineLog
from local.provider.errors import InitFailedError, ProviderError
from local.provider.values import Properties, encode


class _HasLog(Protocol):
    log: EngineLog


S = TypeVar("S", bound=_HasLog)
Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
Method = Callable[[S, Q, grpc.ServicerContext], R]


class KeptError(Exception):
    """A resource that exists and is not what it should be, in the form that makes the engine keep it."""

    def __init__(self, error: InitFailedError, inputs: Properties, secrets: frozenset[values.Path]) -> None:
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            properties=encode(Properties(error.outputs, secrets)),
            inputs=encode(inputs),
            reasons=[str(error)],
        )
        packed = Any()
        packed.Pack(detail)
        code = grpc.StatusCode.UNKNOWN.value[0]
        self.status = status_pb2.Status(code=code, message=str(error), details=[packed])


def answering(method: Method[S, Q, R]) -> Method[S, Q, R]:
    """Turn what a method raises into the protocol's errors: one sentence, no traceback."""

    @wraps(method)
    def answer(self: S, request: Q, context: grpc.ServicerContext) -> R:
        try:
            return method(self, request, context)
        except KeptError as error:
            context.set_trailing_metadata((("grpc-status-details-bin", error.status.SerializeToString()),))
            message = error.status.message
        except ProviderError as error:
            message = str(error)
        except Exception as error:  # noqa: BLE001  # the last line of defence of a server
            self.log.debug(traceback.format_exc())
            message = f"the local Azure provider failed: {type(error).__name__}: {error}; this is a defect of it"
        context.abort(grpc.StatusCode.UNKNOWN, message)
        raise AssertionError("abort raises")

    return answer
