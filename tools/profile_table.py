"""Writes the table of what dev and prod come to, or checks that the page is current.

python tools/profile_table.py           write docs/profiles.md
python tools/profile_table.py --check   exit 1 when that would change the page

Its rows are docs/profiles/*.yaml, which tests hold against what the program asks of the engine.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from azure_ml_platform.catalog.resource_types import RESOURCE_TYPES

FOLDER = Path(__file__).parents[1] / "docs" / "profiles"
PAGE = FOLDER.with_suffix(".md")
HEAD = """# What dev and prod come to

Written by `python tools/profile_table.py` from `docs/profiles/`; every row is tested against the resources of
`Pulumi.dev.yaml` and `Pulumi.prod.yaml`. A number without a setting counts resources.
"""


def page() -> str:
    """Return the whole page."""
    systems = [yaml.safe_load(file.read_text()) for file in sorted(FOLDER.glob("*-*.yaml"))]
    parts = [HEAD, *("\n".join(_table(system)) for system in systems), "\n".join(_exceptions())]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(system: dict[str, Any]) -> Iterator[str]:
    yield f"## {system['title']}\n"
    yield "| | dev | prod | where |"
    yield "|---|---|---|---|"
    for row in system["rows"]:
        where = " ".join(part for part in (_type(row["of"]), f"`{row['path']}`" if "path" in row else "") if part)
        yield f"| {row['setting']} | {_shown(row['dev'])} | {_shown(row['prod'])} | {where} |"


def _type(of: str) -> str:
    """The ARM type of a resource, else its own kind."""
    known = RESOURCE_TYPES.get(f"azure-native:{of.split('/')[0]}")
    if known:
        return known.arm_type
    return "" if of.startswith("dynamic:") else of


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    names = {None: "none", True: "yes", False: "no"}
    return names[value] if value is None or isinstance(value, bool) else str(value).replace("|", "\\|")


def _exceptions() -> Iterator[str]:
    yield "## What is left out on purpose\n"
    yield "| | reason | source |"
    yield "|---|---|---|"
    for left_out in yaml.safe_load((FOLDER / "exceptions.yaml").read_text()):
        yield f"| {left_out['what']} | {left_out['reason']} | [{_host(left_out['source'])}]({left_out['source']}) |"


def _host(address: str) -> str:
    return address.removeprefix("https://").split("/")[0]


def main(arguments: list[str]) -> int:
    """Write or check; return the exit code."""
    wanted = page()
    if arguments == ["--check"]:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if wanted != current:
            print("docs/profiles.md is out of date: run python tools/profile_table.py", file=sys.stderr)
        return int(wanted != current)
    PAGE.write_text(wanted, encoding="utf-8")
    print("wrote docs/profiles.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
