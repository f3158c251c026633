"""The five samples of a rule, told by one property and the values that it may have."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

from policies.kit.kinds import PRIVATE_ENDPOINT
from tests.unit.policies.analyzer import UNKNOWN, Node, secret

Outcome = Literal["passes", "violates", "is undecided", "does not apply"]


@dataclass(frozen=True)
class Sample:
    """Resources and what a rule makes of them."""

    name: str
    nodes: tuple[Node, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Case:
    """One property that a rule reads, in a setting where it alone decides."""

    rule: str
    kind: str
    path: str
    """Dotted; its last part may be new, the objects before it are made."""
    good: Any
    bad: Any
    absent: Outcome
    """What the rule makes of the resource without the property."""
    rest: Mapping[str, Any] = field(default_factory=dict)
    """The other properties of the resource."""
    others: Sequence[Node] = ()
    """The other resources of the stack."""
    unknown: Outcome = "is undecided"
    """What the rule makes of the resource while the property is not known."""

    def __str__(self) -> str:
        return f"{self.rule}-{self.path}"

    def samples(self) -> Iterator[Sample]:
        """Good, bad, absent, unknown and secret; a secret is judged like any other value."""
        yield Sample("good", self._nodes(self.good), "passes")
        yield Sample("bad", self._nodes(self.bad), "violates")
        yield Sample("absent", self._nodes(None), self.absent)
        yield Sample("unknown", self._nodes(UNKNOWN), self.unknown)
        yield Sample("secret and good", self._nodes(secret(self.good)), "passes")
        yield Sample("secret and bad", self._nodes(secret(self.bad)), "violates")

    def node(self, value: Any) -> Node:
        """The resource with a value of the property."""
        return self._nodes(value)[0]

    def _nodes(self, value: Any) -> tuple[Node, ...]:
        properties = deepcopy(dict(self.rest))
        if value is not None:
            *parents, last = self.path.split(".")
            target = properties
            for parent in parents:
                target = target.setdefault(parent, {})
            target[last] = value
        return (Node(self.kind, properties), *self.others)


def private_endpoint_cases(rule: str, group: str, id: str, *others: Node) -> list[Case]:
    """The private endpoint that a resource among `others` must have: where it leads, and to what there."""
    connection = {"privateLinkServiceId": id, "groupIds": [group]}
    elsewhere, nothing = {**connection, "privateLinkServiceId": f"{id}2"}, {**connection, "groupIds": ["none"]}
    return [
        Case(rule, PRIVATE_ENDPOINT, "privateLinkServiceConnections", [connection], [bad], "violates", others=others)
        for bad in (elsewhere, nothing)
    ]
