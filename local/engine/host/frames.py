"""Tracebacks for the person who wrote the program: their own frames, not those of the machinery around them."""

import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from traceback import FrameSummary, StackSummary, TracebackException


def render(error: BaseException) -> str:
    """The traceback of `error` with the frames of user code alone; its last line alone if no user code took part."""
    report = TracebackException.from_exception(error)
    for part in _chain(report):
        part.stack = StackSummary.from_list([frame for frame in part.stack if _is_users(frame)])
        if part.__context__ is not None and not any(map(_is_users, part.__context__.stack)):
            part.__context__ = None
    lines = (
        report.format() if report.stack or report.__cause__ or report.__context__ else report.format_exception_only()
    )
    return "".join(lines).rstrip()


def _chain(report: TracebackException) -> Iterator[TracebackException]:
    """`report` and all that it names: causes, contexts, members of a group."""
    waiting: list[TracebackException | None] = [report]
    while waiting:
        part = waiting.pop()
        if part is None:
            continue
        yield part
        waiting += [part.__cause__, part.__context__, *(part.exceptions or ())]


def _is_users(frame: FrameSummary) -> bool:
    return not frame.filename.startswith(_machinery())


@cache
def _machinery() -> tuple[str, ...]:
    """Where code lives that no user wrote: this package, the standard library, whatever is installed."""
    libraries = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return ("<frozen ", *(f"{folder}/" for folder in (Path(__file__).resolve().parent, *libraries)))
