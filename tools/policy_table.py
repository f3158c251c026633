"""Writes the table of rules into policies/README.md, or checks that the one there is current.

python tools/policy_table.py           write the tables
python tools/policy_table.py --check   exit 1 when that would change the page
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies import cost, security
from policies.kit.pack import Pack
from policies.kit.profile import LEVELS
from policies.kit.rule import AnyRule, StackRule

PAGE = Path(__file__).parents[1] / "policies" / "README.md"
BEGIN, END = "<!-- rules: begin (python tools/policy_table.py) -->", "<!-- rules: end -->"
PROFILES = ("local", "dev", "prod")
PACKS: tuple[Pack[Any], ...] = (security.PACK, cost.PACK)


def tables() -> str:
    """Return the tables of both packs as Markdown."""
    return "\n\n".join("\n".join(_table(pack)) for pack in PACKS)


def _table(pack: Pack[Any]) -> Iterator[str]:
    profiles = {name: pack.profile(name) for name in PROFILES}
    names = {level: name for name, level in LEVELS.items()}
    yield f"### {pack.name.capitalize()}\n"
    yield f"{pack.description}. Controls are those of the {pack.framework}.\n"
    yield f"| rule | requires | severity | control | {' | '.join(PROFILES)} | compare |"
    yield f"|---|---|---|---|{'---|' * len(PROFILES)}---|"
    for rule in pack.rules(profiles["prod"].limits):
        levels = " | ".join(names[profiles[name].levels[rule.id]] for name in PROFILES)
        about = (_name(rule), rule.requires, rule.severity.value, rule.control, levels, ", ".join(rule.sources))
        yield f"| {' | '.join(about)} |"


def _name(rule: AnyRule) -> str:
    if isinstance(rule, StackRule):
        return f"`{rule.id}` ⧉"
    return f"`{rule.id}` ✎" if rule.remedies else f"`{rule.id}`"


def page(current: str) -> str:
    """Return the page with the tables in place of those that it has."""
    head, _, rest = current.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{tables()}\n\n{END}{tail}"


def main(arguments: list[str]) -> int:
    """Write or check; return the exit code."""
    current = PAGE.read_text(encoding="utf-8")
    wanted = page(current)
    if arguments == ["--check"]:
        if wanted != current:
            print("policies/README.md is out of date: run python tools/policy_table.py", file=sys.stderr)
        return int(wanted != current)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
