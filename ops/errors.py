"""The one exception whose text is meant for the person at the terminal."""


class OpsError(Exception):
    """A command cannot do what was asked; the message says what is wrong and what mends it."""


class UnreachableError(OpsError):
    """Nobody answers at an address that ought to be reachable, or that may be closed to the network we are in."""
