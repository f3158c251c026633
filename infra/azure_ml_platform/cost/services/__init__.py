"""What each kind of resource is billed for: one file per service, each kind with the parts of its bill.

A part without an amount raises NotPricedError and leaves the other parts alone.
"""

from collections.abc import Callable, Iterator, Mapping

from azure_ml_platform.cost.assumptions import Assumptions
from azure_ml_platform.cost.line import Item
from azure_ml_platform.cost.resource import Resource, Resources

Part = Callable[[Resource, Resources, Assumptions], Iterator[Item]]
"""Yields what a resource is billed for; sees the others of its stack, and what is taken for granted."""

Parts = Mapping[str, tuple[Part, ...]]
"""The parts of the bill by kind of resource."""
