"""Resource ids: from path inputs and back."""

import re
from functools import cached_property
from typing import Literal

from local.arm.contracts.shapes import Json

Scope = Literal["subscription", "resource_group", "extension"]

_PARAMETER = re.compile(r"\{(\w+)\}")


class IdTemplate:
    """The id of a resource type, its names as `{input}`: `/subscriptions/{subscriptionId}/resourceGroups/{…}/…`."""

    def __init__(self, template: str) -> None:
        self._template = template
        self.parameters = tuple(name for name in _PARAMETER.findall(template) if name != "subscriptionId")

    @property
    def scope(self) -> Scope:
        """What the resource belongs to; an extension resource lies on another resource, named by its id."""
        if self._template.startswith("{") or self._template.count("/providers/") > 1:
            return "extension"
        return "resource_group" if "/providers/" in self._template else "subscription"

    @property
    def scope_parameter(self) -> str | None:
        """The input that is itself a resource id, of an extension resource that has one."""
        return self.parameters[0] if self._template.startswith("{") else None

    def format(self, values: dict[str, Json], subscription_id: str) -> str:
        """Return the id; a scope may come with or without its leading slash. `KeyError` for a missing input."""

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            value = subscription_id if name == "subscriptionId" else str(values[name])
            return "/" + value.strip("/") if name == self.scope_parameter else value

        return _PARAMETER.sub(fill, self._template)

    def parse(self, resource_id: str) -> dict[str, str] | None:
        """Return the path inputs in an id, or None where it is of another type. Letter case is ignored as ARM does."""
        match = self._pattern.fullmatch(resource_id)
        if match is None:
            return None
        return {name: value for name, value in match.groupdict().items() if name != "subscriptionId"}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = _PARAMETER.split(self._template)
        for index in range(1, len(parts), 2):
            pattern = "/.+" if parts[index] == self.scope_parameter else "[^/]+"
            parts[index] = f"(?P<{parts[index]}>{pattern})"
        for index in range(0, len(parts), 2):
            parts[index] = re.escape(parts[index])
        return re.compile("".join(parts), re.IGNORECASE)
