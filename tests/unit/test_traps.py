"""Every trap of the list has a test that shows it springing and one that shows how to keep out of it, or a reason."""

import pytest

from tools.traps import AVOIDED, SHOWN, Trap, traps

TRAPS = traps()


def missing(trap: Trap) -> list[str]:
    """What a trap lacks."""
    wanted = {SHOWN: not trap.not_shown, AVOIDED: not trap.not_avoided}
    return [mark for mark, is_wanted in wanted.items() if is_wanted and not trap.marks[mark]]


def test_every_trap_is_shown_and_avoided_by_a_test_or_says_why_not() -> None:
    assert {name: lacking for name, trap in TRAPS.items() if (lacking := missing(trap))} == {}


def test_a_reason_is_given_only_where_there_is_no_test() -> None:
    needless = {
        name: trap.marks
        for name, trap in TRAPS.items()
        if (trap.not_shown and trap.marks[SHOWN]) or (trap.not_avoided and trap.marks[AVOIDED])
    }
    assert needless == {}


def test_a_mark_of_a_trap_that_is_not_listed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.traps.marked", lambda: [(SHOWN, "no-such-trap", "test_something")])
    with pytest.raises(KeyError, match="test_something is marked"):
        traps()
