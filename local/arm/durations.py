"""ISO 8601 durations as ARM writes them: `PT5M`, `P1D`, `PT0.5S`."""

import re
from datetime import timedelta

_FORM = re.compile(r"P(?=.)(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?)?")


def duration(text: object) -> timedelta | None:
    """The duration that a value stands for, None for what is none."""
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
