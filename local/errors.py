"""The one exception whose text is meant for the person at the terminal."""


class LocalError(Exception):
    """The local target cannot do what was asked; the message says what is wrong and what mends it."""
