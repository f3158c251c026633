"""Who is next, by weight."""

from collections.abc import Mapping
from threading import Lock

Shares = Mapping[str, int]


class Rotation:
    """Takes turns so that each name gets exactly its share, spread evenly (smooth weighted round-robin).

    A load balancer that throws dice for each request has the same shares in the long run only; this one has them in
    every run of as many turns as the sum of the shares.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[str, tuple[Shares, dict[str, int]]] = {}

    def next(self, key: str, shares: Shares) -> str:
        """The name whose turn it is; other shares than last time begin anew.

        key: names the rotation. shares: by name, whole numbers of which at least one is positive.
        """
        with self._lock:
            before, credit = self._turns.get(key, ({}, {}))
            if before != shares:
                credit = dict.fromkeys(shares, 0)
            for name, share in shares.items():
                credit[name] += share
            chosen = max(credit, key=credit.__getitem__)
            credit[chosen] -= sum(shares.values())
            self._turns[key] = dict(shares), credit
        return chosen
