"""What the commands have in common that make something which takes minutes, once for a machine."""

import signal
import sys
from collections.abc import Callable, Iterable

from local.errors import LocalError

Say = Callable[[str], None]
"""Tells the person at the terminal one line."""


def command(title: str, make: Callable[[Say], Iterable[str]]) -> int:
    """Make something and print a line for each thing that is there now; 1 and one sentence where that was impossible.

    title: what every line begins with.
    """

    def say(line: str) -> None:
        print(f"{title}: {line}", file=sys.stderr, flush=True)  # noqa: T201

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for line in make(say):
            print(f"{title}: {line}", flush=True)  # noqa: T201
    except LocalError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted; what was downloaded is kept for the next run")
        return 130
    return 0
