"""Ends the plugin when the engine that started it is gone, even by `kill -9`.

Nobody else would: an orphan keeps its port and goes on polling. The parent's id is the one portable sign, a dead
parent's child gets another.
"""

import os
import threading
import time

INTERVAL_SECONDS = 0.5


def end_with_parent() -> None:
    """Watch from a thread of its own and leave the process as soon as its parent has changed."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(INTERVAL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
