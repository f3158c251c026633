"""A lock has one holder, dies with it, and is not disturbed by those who ask who holds it."""

import os
import threading
from pathlib import Path

from local import locks


def test_a_free_lock_has_no_holder(tmp_path: Path) -> None:
    assert locks.holder(tmp_path / "lock") is None


def test_the_holder_is_named_while_it_holds(tmp_path: Path) -> None:
    with locks.held_for_life(tmp_path / "lock") as mine:
        assert mine
        assert locks.holder(tmp_path / "lock") == os.getpid()
    assert locks.holder(tmp_path / "lock") is None


def test_a_second_holder_is_refused(tmp_path: Path) -> None:
    with locks.held_for_life(tmp_path / "lock"), locks.held_for_life(tmp_path / "lock") as second:
        assert not second
        assert locks.holder(tmp_path / "lock") == os.getpid()


def test_the_number_that_a_dead_holder_left_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("1")
    assert locks.holder(tmp_path / "lock") is None


def test_asking_for_the_holder_never_costs_anyone_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            locks.holder(path)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(50):
            with locks.held_for_life(path) as mine:
                assert mine
    finally:
        done.set()
        for asker in askers:
            asker.join()
