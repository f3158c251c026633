"""Constraints: a rule on a value together with its sentence and a value that keeps it.

Error texts, JSON Schema and documentation are all made from the same two: `rule`, which completes
"must be ...", and `example`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def broken(rule: str, example: object = None) -> PydanticCustomError:
    """Return the error for a value that breaks `rule`, with a value that would keep it."""
    return PydanticCustomError("broken_rule", "must be {rule}", {"rule": rule, "example": example})


@dataclass(frozen=True)
class Constraint:
    """A rule on a value, its sentence ("must be ...") and a value that keeps it."""

    rule: str
    example: Any

    def check(self, value: Any) -> Any:
        """Return the value, in its one canonical form, or raise `broken`."""
        raise NotImplementedError

    def suggestion(self) -> Any:
        """Return a value to offer to whoever gave none or a wrong one."""
        return self.example

    def keywords(self) -> dict[str, Any]:
        """JSON Schema keywords that say the same as far as they can."""
        return {}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | self.keywords() | {"examples": [self.example]}


@dataclass(frozen=True)
class Text(Constraint):
    """A string of a pattern; `parse` makes what a pattern cannot say, or a better answer, possible."""

    pattern: str | None = None
    parse: Callable[[str], str] | None = None
    choices: tuple[str, ...] = ()
    """Values that an editor may offer."""

    def check(self, value: str) -> str:  # noqa: D102 - as the base
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise broken(self.rule, self.suggestion())
        return self.parse(value) if self.parse else value

    def keywords(self) -> dict[str, Any]:  # noqa: D102 - as the base
        return ({"pattern": f"^{self.pattern}$"} if self.pattern else {}) | (
            {"enum": [*self.choices]} if self.choices else {}
        )


@dataclass(frozen=True)
class Span(Constraint):
    """A number from `low` to `high`, both allowed."""

    low: float
    high: float

    def check(self, value: float) -> float:  # noqa: D102 - as the base
        if not self.low <= value <= self.high:
            raise broken(self.rule, min(max(value, self.low), self.high))
        return value

    def keywords(self) -> dict[str, Any]:  # noqa: D102 - as the base
        return {"minimum": self.low, "maximum": self.high}


def whole(low: int, high: int, unit: str = "", example: int | None = None) -> Span:
    """A whole number of `unit` from `low` to `high`."""
    return Span(f"a whole number{unit and ' of ' + unit} from {low} to {high}", example or low, low, high)
