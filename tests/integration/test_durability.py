"""A killed endpoint loses nothing that it acknowledged."""

import pytest

from bench.endpoint import endpoint, kill

pytestmark = pytest.mark.integration

ROUNDS = 2


def test_what_was_acknowledged_is_there_after_a_kill_at_any_moment() -> None:
    with endpoint() as paths:
        for number in range(ROUNDS):
            written = kill(paths, number)
            assert written.acknowledged
            assert written.lost == []
