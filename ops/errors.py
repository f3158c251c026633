"""The one exception whose text is meant for the person at the terminal."""


class OpsError(Exception):
    """A command cannot do what was asked; the message says what is wrong and what mends it."""

    exit_code = 1


class UnreachableError(OpsError):
    """Nobody answers at an address that ought to be reachable, or that may be closed to the network we are in."""


class ModelRefusedError(OpsError):
    """A model runs, and does not take the request that it was sent."""

    exit_code = 3
