"""Lines for the person at the terminal; standard output stays free for what was asked for."""

import sys


def say(message: str) -> None:
    """Write one message to standard error."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def show(text: str) -> None:
    """Write a result to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def confirmed(question: str) -> bool:
    """Whether the person at the terminal says yes."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
