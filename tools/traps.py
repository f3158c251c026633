"""Where Azure bites, and the tests that show it: the list in tests/traps.yaml, the marks in the tests."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "traps.yaml"
SHOWN, AVOIDED = "trap", "avoids"
"""The marks of a test that shows a trap springing, and of one that shows how this project keeps out of it."""


@dataclass(frozen=True)
class Trap:
    """One of the list."""

    azure: str
    """What happens on Azure."""
    not_shown: str = ""
    """Why the local Azure cannot show it; empty for one that it shows."""
    not_avoided: str = ""
    """Why nothing has to keep out of it."""
    marks: dict[str, list[str]] = field(default_factory=lambda: {SHOWN: [], AVOIDED: []})
    """Names of tests by mark."""


def traps() -> dict[str, Trap]:
    """Every trap by name, with the tests that are marked with it; raises KeyError for a mark that names none."""
    found = {name: Trap(**entry) for name, entry in yaml.safe_load(LIST.read_text(encoding="utf-8")).items()}
    for mark, name, test in marked():
        if name not in found:
            raise KeyError(f"{test} is marked {mark}({name!r}), which {LIST.name} does not list")
        found[name].marks[mark].append(test)
    return found


def marked() -> Iterator[tuple[str, str, str]]:
    """Mark, name of the trap, and name of the test, for every test that is marked."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        if f"mark.{SHOWN}(" in text or f"mark.{AVOIDED}(" in text:
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef):
                    yield from _marks(node)


def _marks(test: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    for decorator in test.decorator_list:
        match decorator:
            case ast.Call(ast.Attribute(attr=mark), [ast.Constant(str(name))]) if mark in (SHOWN, AVOIDED):
                yield mark, name, test.name
