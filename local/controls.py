"""What only the local Azure has: faults on demand, quotas to choose, and a clock that can be moved."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

from local.endpoint import Endpoint
from local.errors import LocalError

FAULTS = "/local/faults"
QUOTAS = "/local/quotas"
CLOCK = "/local/clock"

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+)(?P<unit>[dhms])")


def faults(endpoint: Endpoint, settings: list[str]) -> str:
    """Set faults (`name=value`, or `clear` for none at all) and return those in force."""
    return _set(endpoint, FAULTS, settings, parse_fault)


def quotas(endpoint: Endpoint, settings: list[str]) -> str:
    """Set quotas (`family=cores`, `region/family=cores`, or `clear`) and return those that were set."""
    return _set(endpoint, QUOTAS, settings, parse_quota)


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


def parse_quota(text: str) -> tuple[str, object]:
    """`family=cores` or `region/family=cores`."""
    name, _, cores = text.partition("=")
    if not name or not cores.isdecimal():
        message = f"{text!r} is not a quota; write FAMILY=CORES, such as standardNCASv3_T4Family=24, or `clear`"
        raise LocalError(message)
    return name, int(cores)


def parse_duration(text: str) -> timedelta:
    """`+90d`, `12h`, `-30m`, `45s`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        message = f"{text!r} is not a duration; write a number and d, h, m or s, such as +90d, or `reset`"
        raise LocalError(message)
    amount = timedelta(**{_UNITS[match["unit"]]: int(match["number"])})
    return -amount if match["sign"] == "-" else amount


def _set(endpoint: Endpoint, route: str, settings: list[str], parse: Callable[[str], tuple[str, object]]) -> str:
    if settings == ["clear"]:
        return _shown(endpoint.ask("DELETE", route))
    if settings:
        return _shown(endpoint.ask("PUT", route, dict(map(parse, settings))))
    return _shown(endpoint.ask("GET", route))


def _shown(answer: object) -> str:
    return json.dumps(answer, indent=2)
