"""A model that answers in a shape of its own: a bare list, one entry for all wines, where each should have one."""

from typing import Any


def init() -> None:
    """There is nothing to load."""


def run(raw_data: str) -> Any:
    """Answer."""
    return ["Barolo"]
