"""Faults, quotas and durations are read as they are written; what is no such thing is named."""

from datetime import timedelta

import pytest

from local.controls import parse_duration, parse_fault, parse_quota
from local.errors import LocalError


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("+90d", timedelta(days=90)),
        ("12h", timedelta(hours=12)),
        ("-30m", timedelta(minutes=-30)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_durations(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "90", "d", "1.5d", "+-1d", "1w", "now"])
def test_what_is_no_duration_is_named(text: str) -> None:
    with pytest.raises(LocalError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("throttle_rate=0.1", ("throttle_rate", 0.1)),
        ("latency_seconds=2", ("latency_seconds", 2.0)),
        ("failing_operations=a/b,c/d", ("failing_operations", ["a/b", "c/d"])),
        ("failing_operations=*", ("failing_operations", ["*"])),
    ],
)
def test_faults(text: str, fault: tuple[str, object]) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["throttle_rate", "=1", "throttle_rate="])
def test_what_is_no_fault_is_named(text: str) -> None:
    with pytest.raises(LocalError, match="is not a fault"):
        parse_fault(text)


def test_quotas() -> None:
    assert parse_quota("westeurope/standardDSv2Family=24") == ("westeurope/standardDSv2Family", 24)


@pytest.mark.parametrize("text", ["standardDSv2Family", "=1", "standardDSv2Family=", "standardDSv2Family=-1"])
def test_what_is_no_quota_is_named(text: str) -> None:
    with pytest.raises(LocalError, match="is not a quota"):
        parse_quota(text)
