"""Plain data: the resources that a program registered, in a form that tests read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """One registered resource: its request to the engine, its mocked state, its outputs as a component."""

    urn: str
    type: str
    name: str
    parent: str
    """URN of the parent; the stack's for a resource without one."""
    custom: bool
    """False for a component."""
    inputs: Mapping[str, Any]
    """Inputs by their wire names; secrets unwrapped."""
    id: str
    state: Mapping[str, Any]
    secrets: frozenset[str] = frozenset()
    """Top-level inputs that are secret or hold a secret."""
    provider: str = ""
    """URN and id of the provider that is asked, `urn::id`; empty for the default one."""
    protect: bool = False
    aliases: Sequence[Mapping[str, str]] = ()
    """Aliases as the engine receives them, each with what it names: type, name, urn."""
    dependencies: frozenset[str] = frozenset()
    """URNs that must be there before: `depends_on` and every Output among the inputs."""
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By input, the URNs whose outputs it is made of."""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    """None where it is left to the provider."""
    secret_outputs: frozenset[str] = frozenset()
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of what runs around its operations, by moment."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What a component registered with `finish()`."""


@dataclass(frozen=True)
class Export:
    """A stack output; its value is None where a preview does not know it."""

    value: Any
    secret: bool


@dataclass
class Graph:
    """All nodes of one program and what its stack exports."""

    nodes: list[Node] = field(default_factory=list)
    exports: dict[str, Export] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def all(self, type_: str) -> list[Node]:
        """Nodes of a type token, by name: the order in which they register differs between runs."""
        return sorted((node for node in self.nodes if node.type == type_), key=lambda node: node.name)

    def one(self, type_: str, name: str | None = None) -> Node:
        """The only node of a type token, or of a type token and a logical name."""
        found = [node for node in self.all(type_) if name is None or node.name == name]
        assert len(found) == 1, f"expected one {type_} {name or ''}, found {[node.name for node in found]}"
        return found[0]

    def by_urn(self, urn: str) -> Node:
        """The node with a URN."""
        return next(node for node in self.nodes if node.urn == urn)

    def children(self, node: Node) -> list[Node]:
        """Nodes whose parent is the given one."""
        return [child for child in self.nodes if child.parent == node.urn]

    def before(self, node: Node) -> set[str]:
        """URNs of everything that must exist before a node: its dependencies and theirs, parents apart."""
        known = {other.urn: other for other in self.nodes}
        reached: set[str] = set()
        waiting = list(node.dependencies)
        while waiting:
            urn = waiting.pop()
            if urn not in reached:
                reached.add(urn)
                waiting += known[urn].dependencies if urn in known else ()
        return reached
