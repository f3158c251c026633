"""The recorded graph: what a program asks of the engine, as plain data that tests assert on."""

from tests.harness.graph import Export, Graph, Node
from tests.harness.recorder import build

__all__ = ["Export", "Graph", "Node", "build"]
