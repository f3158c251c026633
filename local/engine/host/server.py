"""The host's process: a gRPC server on loopback, from the engine's first word to its last."""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import grpc

from local.engine.host import lifeline
from local.engine.host.children import Children
from local.engine.host.protocol import language_pb2_grpc
from local.engine.host.service import LanguageHost

_CONCURRENT_CALLS = 64
"""Each policy pack and plugin holds one call for as long as it runs."""

_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def serve() -> None:
    """Serve the engine whose address is the last argument, until it says goodbye (SIGINT, SIGTERM) or is gone."""
    if len(sys.argv) < 2:
        sys.exit(
            "pulumi-language-python is started by the Pulumi engine, with the engine's address as its last argument"
        )
    children = Children()
    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    lifeline.end_with(os.getppid())
    server = grpc.server(ThreadPoolExecutor(_CONCURRENT_CALLS), options=_UNLIMITED)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1], children), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # A broken pipe means that the engine was gone before it could read the port.
    with suppress(BrokenPipeError):
        print(port, flush=True)  # noqa: T201 - this is the protocol
        asked_to_end.wait()
    children.end_all()
    # Calls that are still open would hold up an ordinary exit; there is nobody left to answer.
    os._exit(0)
