"""How gunicorn runs the inference server; read by the deployment's own Python, so with the standard library only."""

import os
import signal
import threading

# The names and defaults of Microsoft's own launcher, `azmlinfsrv`, which cannot listen on loopback alone.
workers = int(os.environ.get("WORKER_COUNT", "1"))
timeout = int(os.environ.get("WORKER_TIMEOUT", "300"))
preload_app = os.environ.get("WORKER_PRELOAD", "false").lower() == "true"
control_socket_disable = True

_STANDARD_INPUT = 0


def when_ready(server: object) -> None:
    """End with the endpoint, which holds the other end of the standard input."""
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(_STANDARD_INPUT, 1):  # unbuffered: a lock held by this thread would be copied into the workers
        pass
    os.kill(os.getpid(), signal.SIGTERM)
