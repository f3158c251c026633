"""Runs the SDK's provider for dynamic resources, with errors cut to the frames of the resource's author."""

import runpy
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from local.engine.host import frames, runners


def run(arguments: Sequence[str]) -> int:
    """Serve dynamic resources until the engine ends; the arguments are the engine's."""
    runners.enter(Path.cwd(), arguments)
    # The SDK answers a failed call with the text that this function gives it.
    traceback.format_exc = _rendered  # type: ignore[assignment]
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
    return 0


def _rendered() -> str:
    error = sys.exception()
    return frames.render(error) if error is not None else ""
