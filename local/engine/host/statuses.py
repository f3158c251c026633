"""Exit statuses between the host and the processes that it starts."""

import signal

ALREADY_REPORTED = 32
"""The child has told the user what went wrong, so nobody repeats it."""


def describe(status: int) -> str:
    """An exit status as the end of a sentence; negative ones are signals, as `subprocess` has them."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with exit status {status}"
