"""What only the local Azure has: faults on demand, and a clock that can be moved."""

import json
import re
from datetime import timedelta

from local.endpoint import Endpoint
from local.errors import LocalError

FAULTS = "/local/faults"
CLOCK = "/local/clock"

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+)(?P<unit>[dhms])")


def faults(endpoint: Endpoint, settings: list[str]) -> str:
    """Set faults (`name=value`, or `clear` for none at all) and return those in force."""
    if settings == ["clear"]:
        return _shown(endpoint.ask("DELETE", FAULTS))
    if settings:
        return _shown(endpoint.ask("PUT", FAULTS, dict(map(parse_fault, settings))))
    return _shown(endpoint.ask("GET", FAULTS))


def clock(endpoint: Endpoint, move: str | None) -> str:
    """Move the clock (`+90d`, `-1h`, or `reset` back to the machine's) and return the time it shows."""
    if move == "reset":
        return _shown(endpoint.ask("DELETE", CLOCK))
    if move is not None:
        return _shown(endpoint.ask("POST", CLOCK, {"move_seconds": parse_duration(move).total_seconds()}))
    return _shown(endpoint.ask("GET", CLOCK))


def parse_fault(text: str) -> tuple[str, object]:
    """`name=value`: a number where the value is one, else a list of words at commas."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        message = f"{text!r} is not a fault; write NAME=VALUE, such as throttle_rate=0.1, or `clear`"
        raise LocalError(message)
    try:
        return name, float(value)
    except ValueError:
        return name, value.split(",")


def parse_duration(text: str) -> timedelta:
    """`+90d`, `12h`, `-30m`, `45s`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        message = f"{text!r} is not a duration; write a number and d, h, m or s, such as +90d, or `reset`"
        raise LocalError(message)
    amount = timedelta(**{_UNITS[match["unit"]]: int(match["number"])})
    return -amount if match["sign"] == "-" else amount


def _shown(answer: object) -> str:
    return json.dumps(answer, indent=2)
