"""What the profiles come to, as docs/profiles says it, and as a recorded graph shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.harness.graph import Graph
from tests.harness.stacks import ROOT, build_platform, graph_of, settings_of

FOLDER = ROOT / "docs" / "profiles"
STACKS = ("dev", "prod")
_DYNAMIC = "pulumi-python:dynamic/azure_ml_platform:"
_FOREIGN = {"dynamic": _DYNAMIC, "kubernetes": "kubernetes:"}


@dataclass(frozen=True)
class Row:
    """One setting: where it stands in a graph, and what it is in each stack."""

    system: str
    setting: str
    token: str
    name: str
    """How the logical names of the resources end; empty for all of the type."""
    path: str
    """Of the setting in a resource's inputs, `[*]` for each entry of a list or map; empty to count the resources."""
    there: bool
    """Whether all that counts is that it is there."""
    values: dict[str, Any]

    def seen(self, graph: Graph) -> Any:
        """What the graph has: a number, a value, or several in order; None for nothing."""
        nodes = [node for node in graph.all(self.token) if node.name.endswith(self.name)]
        if not self.path:
            return bool(nodes) if self.there else len(nodes) or (0 if self._counts else None)
        found = [value for node in nodes for value in _reach(node.inputs, self.path.split("."))]
        if self.there:
            return bool(found)
        unique = sorted(
            {str(value): value for value in found}.values(), key=lambda value: (isinstance(value, str), value)
        )
        several = any(isinstance(value, list) for value in self.values.values())
        return (unique or None) if several else unique[0] if len(unique) == 1 else unique or None

    @property
    def _counts(self) -> bool:
        return any(value == 0 for value in self.values.values())


def _reach(value: Any, path: list[str]) -> Iterator[Any]:
    """Every value at a path."""
    if not path:
        yield from value if isinstance(value, list) else [value]
        return
    name, each = path[0].removesuffix("[*]"), path[0].endswith("[*]")
    inner = value.get(name) if isinstance(value, dict) else None
    if inner is None:
        return
    for one in (inner.values() if isinstance(inner, dict) else inner) if each else (inner,):
        yield from _reach(one, path[1:])


def rows(file: Path) -> list[Row]:
    """The rows of one system."""
    document = yaml.safe_load(file.read_text())
    return [_row(document["title"], form) for form in document["rows"]]


def _row(system: str, form: dict[str, Any]) -> Row:
    kind, _, name = form["of"].rpartition("/") if "/" in form["of"].partition(":")[2] else (form["of"], "", "")
    if form["of"].startswith("kubernetes:"):
        kind, name = form["of"], ""
    module, _, rest = kind.partition(":")
    token = f"{_FOREIGN[module]}{rest}" if module in _FOREIGN else f"azure-native:{kind}"
    values = {stack: form[stack] for stack in STACKS}
    return Row(system, form["setting"], token, name, form.get("path", ""), form.get("there", False), values)


def graph_for(file: Path, stack: str) -> Graph:
    """The graph that a system's rows speak of: the committed stack, with what the file lays over it."""
    over = yaml.safe_load(file.read_text()).get("settings", {}).get(stack)
    return build_platform(settings_of(stack, **over)) if over else graph_of(stack)


def files() -> list[Path]:
    """The files of all systems, in the order of the page."""
    return sorted(FOLDER.glob("*-*.yaml"))
