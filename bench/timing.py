"""Wall-clock times of whole commands, measured so that a noisy machine spoils a ratio as little as possible."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Ratio(NamedTuple):
    """Medians in seconds of two commands that ran by turns, and the first over the second."""

    first: float
    second: float
    ratio: float


def seconds(command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path = ROOT) -> float:
    """Run a command that has to succeed; its wall-clock time in seconds.

    Raises RuntimeError with the end of the command's output when it fails: a failed run is no measurement.
    """
    merged = {**os.environ, **(environment or {})}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=merged, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return elapsed


def compare(first: Sequence[str], second: Sequence[str], runs: int) -> Ratio:
    """Run two commands by turns, so that both meet the same disturbances, and compare their medians."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            times[which].append(seconds((first, second)[which]))
    medians = [statistics.median(side) for side in times]
    return Ratio(round(medians[0], 3), round(medians[1], 3), round(medians[0] / medians[1], 2))
