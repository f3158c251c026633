"""The body of the endpoint's process: alone in its checkout, it serves until it is told to end."""

import os

from local import locks
from local.arm.server import serve as serve_arm
from local.errors import LocalError
from local.paths import Paths
from local.renewal import fingerprint


def serve(paths: Paths, port: int) -> None:
    """Serve until SIGTERM or SIGINT; raises LocalError if this checkout has an endpoint already."""
    # Whatever this process writes holds secrets or state.
    os.umask(0o077)
    paths.make()
    with locks.held_for_life(paths.endpoint_lock) as alone:
        if not alone:
            message = f"process {locks.holder(paths.endpoint_lock)} is the endpoint of this checkout already"
            raise LocalError(message)
        serve_arm(paths, port, code=fingerprint(paths.root))
