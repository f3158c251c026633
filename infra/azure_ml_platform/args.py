"""What every component's arguments have in common.

A component is built from an instance of its own `Args` class or, when another language or a plain
dictionary describes it, from a mapping; `XArgs.model_validate(args)` turns either into the model.
Plain fields may be branched on; `Input` fields may hold an `Output` and are only passed on.
"""

from collections.abc import Awaitable
from typing import TypeVar, Union

import pulumi
from pydantic import ConfigDict

from azure_ml_platform.described import Described

T = TypeVar("T")

# `pulumi.Input` is an alias that names `Output` by a string, which pydantic cannot resolve.
Input = Union[T, Awaitable[T], pulumi.Output[T]]  # noqa: UP007 - a generic alias over a type variable


class Args(Described):
    """Arguments of a component or of a part of one: unknown keys are refused, Outputs pass untouched."""

    model_config = ConfigDict(
        arbitrary_types_allowed=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
    )
