"""The time that resources live in: the machine's, moved by as much as a test or a person asked for."""

from datetime import UTC, datetime, timedelta

from local.arm.store import Store

OFFSET = "clock_offset_seconds"


class Clock:
    """Time of the stored Azure. Tokens keep the machine's time, as their readers do."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.offset = timedelta(seconds=float(store.setting(OFFSET, 0)))
        """How far the stored Azure is ahead of the machine; changed by this object alone."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> None:
        """Move on (or back); the sum of all moves is kept."""
        self._set(self.offset + by)

    def reset(self) -> None:
        """Return to the machine's time."""
        self._set(timedelta())

    def _set(self, offset: timedelta) -> None:
        self._store.set_setting(OFFSET, offset.total_seconds())
        self.offset = offset


def timestamp(moment: datetime) -> str:
    """A moment as ARM writes it: `2026-11-23T08:39:00.123456Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The moment that `timestamp` wrote."""
    return datetime.fromisoformat(text)
