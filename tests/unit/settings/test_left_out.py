"""Systems are left out one by one and in pairs; where that is refused, what the refusal offers mends it."""

from itertools import combinations

import pytest

from tests.harness.left_out import SYSTEMS, without

PAIRS = list(combinations(SYSTEMS, 2))


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_any_system_can_be_left_out(stack: str, system: str) -> None:
    assert not getattr(without(stack, system), system).enabled


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_any_two_systems_can_be_left_out(pair: tuple[str, str]) -> None:
    settings = without("prod", *pair)
    assert not any(getattr(settings, system).enabled for system in pair)
