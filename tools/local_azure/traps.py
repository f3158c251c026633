"""Where Azure bites, and whether this Azure does."""

from tools.local_azure.markdown import code
from tools.local_azure.markdown import table as markdown_table
from tools.traps import AVOIDED, SHOWN, Trap, traps


def table() -> str:
    """One row for each trap: what happens, whether it springs here, what keeps out of it."""
    rows = ((code(name), trap.azure, _shown(trap), _avoided(trap)) for name, trap in traps().items())
    return markdown_table(("trap", "on Azure", "here", "kept out of"), rows)


def _shown(trap: Trap) -> str:
    return "springs" if trap.marks[SHOWN] else f"does not spring: {trap.not_shown}"


def _avoided(trap: Trap) -> str:
    return _sentences(trap.marks[AVOIDED]) if trap.marks[AVOIDED] else trap.not_avoided


def _sentences(tests: list[str]) -> str:
    return "; ".join(test.removeprefix("test_").replace("_", " ") for test in tests)
