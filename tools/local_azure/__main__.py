"""Writes what the local Azure imitates into docs/local-azure.md, or checks that the page is current.

python -m tools.local_azure           write the generated parts
python -m tools.local_azure --check   exit 1 when that would change the page
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.local_azure import data_planes, providers, traps

PAGE = Path(__file__).parents[2] / "docs" / "local-azure.md"
PARTS: Mapping[str, Callable[[], str]] = {
    "data planes": data_planes.table,
    "traps": traps.table,
    "providers": providers.sections,
}
"""What is written between the marks of each name."""


def page(current: str) -> str:
    """The page with its generated parts in place of those that it has; raises ValueError where marks are missing."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name}: begin (make generate) -->", f"<!-- {name}: end -->"
        head, found, rest = current.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            message = f"{PAGE.name} lacks the marks {begin} and {end}"
            raise ValueError(message)
        current = f"{head}{begin}\n\n{part()}\n\n{end}{tail}"
    return current


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit code."""
    current = PAGE.read_text(encoding="utf-8")
    wanted = page(current)
    if arguments == ["--check"]:
        if wanted != current:
            print("docs/local-azure.md is out of date: run `make generate`", file=sys.stderr)
        return int(wanted != current)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
