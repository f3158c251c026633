"""`$filter` of lists: the part of OData that Azure Resource Manager's clients use.

`name eq 'x'`, `ne`, `startswith(name, 'x')`, `contains(name, 'x')`, `substringof('x', name)`, `atScope()` and
`assignedTo('principal')`, joined by `and` and `or`. Everything is compared without case, as Azure does.
Sources: learn.microsoft.com/rest/api/resources/resources/list and
.../rest/api/authorization/role-assignments/list-for-scope.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.arm.documents import reach
from local.arm.errors import bad_request
from local.arm.store import Resource

_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|([\w./$-]+)|([(),]))")


@dataclass(frozen=True)
class Condition:
    """One comparison of a member with a text, both in lower case."""

    operator: str
    name: str
    text: str

    def holds(self, resource: Resource, beside: Sequence["Condition"]) -> bool:
        """Whether a resource meets it; `beside` are the conditions that it is joined with by `and`."""
        found = self._member(resource, beside)
        present = found.casefold() if isinstance(found, str) else None
        match self.operator:
            case "ne":
                return present != self.text
            case "startswith":
                return present is not None and present.startswith(self.text)
            case "contains" | "substringof":
                return present is not None and self.text in present
        return present == self.text

    def _member(self, resource: Resource, beside: Sequence["Condition"]) -> Any:
        match self.name:
            case "tagname":
                return next((tag for tag in _tags(resource) if self._fits(tag)), None)
            case "tagvalue":
                names = {condition.text for condition in beside if condition.name == "tagname"}
                return next((value for tag, value in _tags(resource).items() if tag.casefold() in names), None)
            case "resourcetype":
                return resource.type
            case "resourcegroup":
                return resource.id.group.name if resource.id.group else None
            case "name":
                return resource.name
        path = self.name.replace("/", ".")
        return reach(resource.body, f"properties.{path}", reach(resource.body, path))

    def _fits(self, tag: str) -> bool:
        name = tag.casefold()
        return name.startswith(self.text) if self.operator == "startswith" else name == self.text


@dataclass(frozen=True)
class Filter:
    """A whole filter: one of the alternatives has to hold, with all of its conditions."""

    alternatives: tuple[tuple[Condition, ...], ...]
    at_scope: bool
    """Asks for what applies to a scope, which is on it or above it."""

    def holds(self, resource: Resource) -> bool:
        """Whether a resource meets it; `at_scope` is for whoever knows the scope."""
        return any(all(condition.holds(resource, one) for condition in one) for one in self.alternatives)

    def only(self, name: str) -> str | None:
        """The one value that a member may have; None if it may have others."""
        values = {
            next((found.text for found in one if (found.operator, found.name) == ("eq", name)), None)
            for one in self.alternatives
        }
        return values.pop() if len(values) == 1 else None


def parse(text: str) -> Filter:
    """The filter in a query parameter, an empty one lets everything through.

    Raises ArmError InvalidFilterInQueryString for what is not understood.
    """
    return _Parser(text).filter()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._read(text.strip())
        self._at_scope = False

    def filter(self) -> Filter:
        alternatives: list[tuple[Condition, ...]] = []
        conditions: list[Condition] = []
        while self._tokens:
            conditions += self._condition()
            joint = self._word() if self._tokens else ""
            if joint == "or":
                alternatives.append(tuple(conditions))
                conditions = []
            if joint and (joint not in ("and", "or") or not self._tokens):
                raise self._refusal()
        return Filter((*alternatives, tuple(conditions)), self._at_scope)

    def _condition(self) -> list[Condition]:
        name = self._word()
        if self._tokens and self._tokens[0] == ("mark", "("):
            return self._call(name)
        operator = self._word()
        if operator not in ("eq", "ne"):
            raise self._refusal()
        return [Condition(operator, name, self._any())]

    def _call(self, function: str) -> list[Condition]:
        self._mark("(")
        match function:
            case "atscope":
                self._at_scope = True
                found = []
            case "assignedto":
                found = [Condition("eq", "principalid", self._any())]
            case "startswith" | "contains":
                name = self._word()
                self._mark(",")
                found = [Condition(function, name, self._any())]
            case "substringof":
                wanted = self._any()
                self._mark(",")
                found = [Condition(function, self._word(), wanted)]
            case _:
                raise self._refusal()
        self._mark(")")
        return found

    def _read(self, text: str) -> list[tuple[str, str]]:
        tokens, position = list[tuple[str, str]](), 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._refusal()
            quoted, word, mark = match.groups()
            if quoted is not None:
                tokens.append(("text", quoted.replace("''", "'").casefold()))
            else:
                tokens.append(("word", word.casefold()) if word else ("mark", mark))
            position = match.end()
        return tokens

    def _take(self, *kinds: str) -> str:
        if not self._tokens or self._tokens[0][0] not in kinds:
            raise self._refusal()
        return self._tokens.pop(0)[1]

    def _word(self) -> str:
        return self._take("word")

    def _any(self) -> str:
        return self._take("text", "word")

    def _mark(self, wanted: str) -> None:
        if self._take("mark") != wanted:
            raise self._refusal()

    def _refusal(self) -> Exception:
        message = (
            f"Invalid $filter '{self._text}': this local Azure understands comparisons with eq and ne, startswith, "
            "contains, substringof, atScope and assignedTo, joined by and or or."
        )
        return bad_request("InvalidFilterInQueryString", message)


def _tags(resource: Resource) -> dict[str, Any]:
    tags = resource.body.get("tags")
    return tags if isinstance(tags, dict) else {}
