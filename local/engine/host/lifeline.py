"""Nothing outlives the engine: each process ends itself when the one that started it is gone, however that ended."""

import os
import signal
import threading
import time

_INTERVAL_SECONDS = 0.25


def end_with(parent: int) -> None:
    """End this process, and its group if it leads one, soon after `parent` (a process id) has ended.

    An orphan is given a new parent, which every POSIX system shows; unlike a signal at the parent's death this does not
    depend on the thread that forked, and unlike a pipe it leaves standard input alone.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_INTERVAL_SECONDS)
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
