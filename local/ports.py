"""Ports that a service keeps from start to start, as stored URLs name them."""

import logging
import socket
from pathlib import Path

from local.loopback import ADDRESS

_logger = logging.getLogger(__name__)


def keep(file: Path, service: str) -> int:
    """The port in `file` if it is free, else any that is; the choice is remembered there.

    service: what moves when its port is taken, for people.
    """
    previous = int(file.read_text()) if file.exists() else 0
    port = _free(previous) or _free(0)
    if port != previous:
        if previous:
            _logger.warning(
                "port %d of %s is taken by another process: it moves to %d; refresh the stack", previous, service, port
            )
        file.write_text(str(port))
    return port


def _free(wanted: int) -> int:
    """`wanted`, or any port for 0; returns 0 if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, wanted))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
