"""Template expressions: the few functions that need nothing but the template and the place it is deployed to.

Every other function is refused by name, so that a template never means something else here than in Azure.
Source: learn.microsoft.com/azure/azure-resource-manager/templates/template-functions.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.arm.documents import Json, member
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import RESOURCES, ResourceId

DEEPEST = 32
"""Variables that may lead to one another."""
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


class _Expression:
    """One expression while it is read and evaluated, in one go."""

    def __init__(self, text: str, around: Surroundings, where: str, depth: int) -> None:
        self._text, self._around, self._where, self._depth = text, around, where, depth
        self._tokens = self._read(text[1:-1].strip())

    def value(self) -> Any:
        found = self._operand()
        if self._tokens:
            raise self._refusal("it goes on where it should end")
        return found

    def _operand(self) -> Any:
        kind, token = self._take()
        if kind in ("text", "number"):
            return token
        if kind != "word":
            raise self._refusal(f"'{token}' is out of place")
        self._mark("(")
        arguments = []
        while self._tokens and self._tokens[0] != ("mark", ")"):
            arguments.append(self._operand())
            if self._tokens and self._tokens[0] == ("mark", ","):
                self._take()
        self._mark(")")
        return self._reached(self._called(str(token), arguments))

    def _reached(self, value: Any) -> Any:
        """The members and items that follow a call: `.name`, `['name']`, `[0]`."""
        while self._tokens and self._tokens[0] in (("mark", "."), ("mark", "[")):
            _, mark = self._take()
            _, step = self._take()
            if mark == "[":
                self._mark("]")
            if isinstance(value, list) and isinstance(step, int) and -1 < step < len(value):
                value = value[step]
            elif isinstance(value, Mapping) and isinstance(step, str) and member(value, step) is not None:
                value = member(value, step)
            else:
                raise self._refusal(f"there is no '{step}'")
        return value

    def _called(self, name: str, arguments: Sequence[Any]) -> Any:
        functions: dict[str, Callable[..., Any]] = {
            "parameters": lambda wanted: self._named("parameter", self._around.parameters, wanted),
            "variables": self._variable,
            "resourcegroup": self._group,
            "subscription": lambda: self._around.subscription,
            "resourceid": lambda *parts: self._resource_id(self._around.scope, parts),
            "subscriptionresourceid": lambda *parts: self._resource_id(self._around.scope.subscription, parts),
            "extensionresourceid": lambda base, *parts: self._resource_id(ResourceId.parse(base), parts),
            "concat": self._joined,
        }
        function = functions.get(name.casefold())
        if function is None:
            known = "parameters, variables, resourceGroup, subscription, resourceId, subscriptionResourceId, "
            raise self._refusal(
                f"the function '{name}' is none of those that this local Azure evaluates ({known}extensionResourceId, "
                "concat); deploy the template with that value in its place"
            )
        try:
            return function(*arguments)
        except TypeError as error:
            raise self._refusal(f"the function '{name}' does not take {len(arguments)} such arguments") from error

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

    def _joined(self, *arguments: Any) -> Any:
        if arguments and all(isinstance(argument, list) for argument in arguments):
            return [item for argument in arguments for item in argument]
        if any(isinstance(argument, list | Mapping) for argument in arguments):
            raise TypeError
        return "".join(str(argument) for argument in arguments)

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
