"""Resources of a recorded program as the engine shows them to a policy pack."""

from dataclasses import dataclass
from typing import Any

from tests.harness.graph import Node as Registered
from tests.unit.policies.analyzer import UNKNOWN, Node


@dataclass(frozen=True)
class Declared(Node):
    """A resource of the program, under the type and the URN that it has there."""

    own_urn: str = ""

    @property
    def type(self) -> str:
        return self.kind

    @property
    def urn(self) -> str:
        return self.own_urn


def declared(node: Registered, *, first_preview: bool = False) -> Declared:
    """A resource of a program; in a first preview nothing is known that comes from another resource."""
    origins = {key: sorted(urns) for key, urns in node.property_dependencies.items() if urns}
    inputs = {key: UNKNOWN if first_preview and key in origins else plain(value) for key, value in node.inputs.items()}
    return Declared(node.type, inputs, node.name, node.protect, origins, node.parent, own_urn=node.urn)


def plain(value: Any) -> Any:
    """A value as it is on the wire; what is neither data nor known stands as a text."""
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
