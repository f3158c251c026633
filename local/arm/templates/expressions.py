"""Template expressions, with the functions that need nothing but the template and the place it is deployed to.

Every other function is refused by name, once its value is wanted, so that a template never means something else here
than in Azure.
Source: learn.microsoft.com/azure/azure-resource-manager/templates/template-functions.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.arm.documents import Json, member
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import RESOURCES, ResourceId
from local.arm.templates.functions import FUNCTIONS

DEEPEST = 32
"""Variables that may lead to one another."""
DEFAULTS = "parameters."
"""What the place of a parameter's default value begins with."""
_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_][\w]*)|([(),.\[\]]))")


@dataclass
class Surroundings:
    """What expressions can refer to."""

    scope: ResourceId
    """The resource group or subscription that the template is deployed to."""
    group: Json
    """What `resourceGroup()` is; empty for a subscription."""
    subscription: Json
    """What `subscription()` is."""
    parameters: Json = field(default_factory=dict)
    variables: Json = field(default_factory=dict)


def invalid(message: str, where: str) -> ArmError:
    """The refusal of a template."""
    return bad_request("InvalidTemplate", f"Deployment template validation failed: '{message}'", target=where)


def evaluated(value: Any, around: Surroundings, where: str, depth: int = 0) -> Any:
    """A value of a template with every expression in it replaced by its result.

    Raises ArmError InvalidTemplate that names the expression and its place for one that is not understood.
    """
    if depth > DEEPEST:
        raise invalid(f"the expressions at {where} refer to one another without end.", where)
    if isinstance(value, Mapping):
        return {name: evaluated(item, around, f"{where}.{name}", depth) for name, item in value.items()}
    if isinstance(value, list):
        return [evaluated(item, around, f"{where}[{number}]", depth) for number, item in enumerate(value)]
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        return value[1:] if value.startswith("[[") else _Expression(value, around, where, depth).value()
    return value


@dataclass(frozen=True)
class _Call:
    """A function, its arguments, and the members and items that are reached from its result."""

    name: str
    arguments: tuple["_Operand", ...]
    steps: tuple[str | int, ...]


_Operand = str | int | _Call


class _Expression:
    """One expression: read as a whole, then evaluated, so that `if` leaves alone what is not wanted."""

    def __init__(self, text: str, around: Surroundings, where: str, depth: int) -> None:
        self._text, self._around, self._where, self._depth = text, around, where, depth
        self._tokens = self._read(text[1:-1].strip())

    def value(self) -> Any:
        try:
            operand = self._operand()
            if self._tokens:
                raise self._refusal("it goes on where it should end")
            return self._evaluated(operand)
        except RecursionError as error:
            raise self._refusal("its calls are nested too deeply") from error

    def _operand(self) -> _Operand:
        kind, token = self._take()
        if kind in ("text", "number"):
            return token
        if kind != "word":
            raise self._refusal(f"'{token}' is out of place")
        self._mark("(")
        arguments = list[_Operand]()
        while self._tokens and self._tokens[0] != ("mark", ")"):
            arguments.append(self._operand())
            if self._tokens and self._tokens[0] == ("mark", ","):
                self._take()
        self._mark(")")
        return _Call(str(token), tuple(arguments), tuple(self._steps()))

    def _steps(self) -> Iterator[str | int]:
        """The members and items that follow a call: `.name`, `['name']`, `[0]`."""
        while self._tokens and self._tokens[0] in (("mark", "."), ("mark", "[")):
            _, mark = self._take()
            _, step = self._take()
            if mark == "[":
                self._mark("]")
            yield step

    def _evaluated(self, operand: _Operand) -> Any:
        if not isinstance(operand, _Call):
            return operand
        return self._reached(self._called(operand.name, operand.arguments), operand.steps)

    def _reached(self, value: Any, steps: Sequence[str | int]) -> Any:
        for step in steps:
            if isinstance(value, list) and isinstance(step, int) and -1 < step < len(value):
                value = value[step]
            elif isinstance(value, Mapping) and isinstance(step, str) and member(value, step) is not None:
                value = member(value, step)
            else:
                raise self._refusal(f"there is no '{step}'")
        return value

    def _called(self, name: str, operands: Sequence[_Operand]) -> Any:
        functions: dict[str, Callable[..., Any]] = {
            "parameters": lambda wanted: self._named("parameter", self._around.parameters, wanted),
            "variables": self._variable,
            "resourceGroup": self._group,
            "subscription": lambda: self._around.subscription,
            "resourceId": lambda *parts: self._resource_id(self._around.scope, parts),
            "subscriptionResourceId": lambda *parts: self._resource_id(self._around.scope.subscription, parts),
            "extensionResourceId": lambda base, *parts: self._resource_id(ResourceId.parse(base), parts),
            "newGuid": self._new_guid,
            **FUNCTIONS,
        }
        if name.casefold() == "if":
            return self._chosen(operands)
        function = member(functions, name)
        if function is None:
            raise self._refusal(
                f"the function '{name}' is none of those that this local Azure evaluates "
                f"({', '.join(('if', *functions))}); deploy the template with that value in its place"
            )
        arguments = [self._evaluated(operand) for operand in operands]
        try:
            return function(*arguments)
        except (TypeError, AttributeError) as error:
            raise self._refusal(f"the function '{name}' does not take {len(arguments)} such arguments") from error

    def _new_guid(self) -> str:
        if not self._where.startswith(DEFAULTS):
            raise self._refusal("the function 'newGuid' is for default values of parameters alone")
        return str(uuid.uuid4())

    def _chosen(self, operands: Sequence[_Operand]) -> Any:
        condition = self._evaluated(operands[0]) if len(operands) == 3 else None
        if not isinstance(condition, bool):
            raise self._refusal("the function 'if' takes a condition and two values")
        return self._evaluated(operands[1 if condition else 2])

    def _named(self, sort: str, values: Json, name: str) -> Any:
        found = {known.casefold(): value for known, value in values.items()}
        if name.casefold() not in found:
            raise self._refusal(f"the template {sort} '{name}' is not found")
        return found[name.casefold()]

    def _variable(self, name: str) -> Any:
        value = self._named("variable", self._around.variables, name)
        return evaluated(value, self._around, f"variables.{name}", self._depth + 1)

    def _group(self) -> Json:
        if not self._around.group:
            raise self._refusal("the function 'resourceGroup' needs a deployment to a resource group")
        return self._around.group

    def _resource_id(self, scope: ResourceId | None, parts: Sequence[Any]) -> str:
        start = next((number for number, part in enumerate(parts) if "/" in str(part)), None)
        if start is None or len(parts) - start - 1 != str(parts[start]).count("/"):
            raise self._refusal("a resource type needs as many names as it has segments after its namespace")
        for part in parts[:start]:
            # In front of the type: a resource group, or a subscription and a resource group.
            above = scope.subscription if scope else None
            scope = ResourceId(above, RESOURCES, ("resourceGroups",), (str(part),)) if above else scope
        namespace, *types = str(parts[start]).split("/")
        return ResourceId(scope, namespace, tuple(types), tuple(str(name) for name in parts[start + 1 :])).text

    def _read(self, text: str) -> list[tuple[str, str | int]]:
        tokens, position = list[tuple[str, str | int]](), 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._refusal(f"it cannot be read at '{text[position:]}'")
            quoted, number, word, mark = match.groups()
            if quoted is not None:
                tokens.append(("text", quoted.replace("''", "'")))
            elif number:
                tokens.append(("number", int(number)))
            else:
                tokens.append(("word", word) if word else ("mark", mark))
            position = match.end()
        return tokens

    def _take(self) -> tuple[str, str | int]:
        if not self._tokens:
            raise self._refusal("it ends too early")
        return self._tokens.pop(0)

    def _mark(self, wanted: str) -> None:
        if self._take() != ("mark", wanted):
            raise self._refusal(f"'{wanted}' is missing")

    def _refusal(self, reason: str) -> ArmError:
        return invalid(
            f"the template language expression '{self._text}' at {self._where} is not valid: {reason}.", self._where
        )
