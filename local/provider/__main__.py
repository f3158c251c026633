"""`python -m local.provider`: what the engine starts; prints its port and serves until the engine ends or is gone."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from local.provider.parent import end_with_parent
from local.provider.protocol import import_protocol_alone

if TYPE_CHECKING:
    from local.provider.server import Provider

GRACE_SECONDS = 2.0
"""For requests that are being answered when the engine ends the plugin; it kills after five."""


def serve(provider: "Callable[[], type[Provider]]") -> None:
    """Be a plugin; `provider` is asked for its class once the protocol can be imported."""
    end_with_parent()
    # The engine gives each plugin a process group of its own: an interrupt is the engine's, not the terminal's.
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    import_protocol_alone()

    from local.arm.contracts import Contracts
    from local.provider.server import start
    from local.provider.waiting import Cancellation

    stop = Cancellation()
    server, port = start(provider()(Contracts.load(), stop))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended.wait()
    stop.cancel()
    server.stop(GRACE_SECONDS).wait()


def _provider() -> "type[Provider]":
    from local.provider.server import Provider

    return Provider


if __name__ == "__main__":
    serve(_provider)
