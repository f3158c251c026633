"""Names and literals of Transact-SQL.

Sources: learn.microsoft.com/sql/relational-databases/databases/database-identifiers (delimited identifiers),
.../sql/t-sql/data-types/constants-transact-sql.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

MOST_CHARACTERS = 128
"""Of an identifier (`sysname`)."""

Literal = str | bool | int | float | Decimal


class NameRefused(ValueError):
    """A text that cannot be the name of anything in a database."""


def name(text: str) -> str:
    """The identifier in brackets; raises NameRefused for one that no object can have."""
    if not 1 <= len(text) <= MOST_CHARACTERS or not text.isprintable():
        message = f"{text!r} cannot be a name in a database: it takes 1 to {MOST_CHARACTERS} printable characters"
        raise NameRefused(message)
    return f"[{text.replace(']', ']]')}]"


def names(texts: Iterable[str]) -> str:
    """Identifiers, separated by commas."""
    return ", ".join(name(text) for text in texts)


def literal(value: Literal) -> str:
    """A constant: Unicode text in quotes, or a number."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, float):
        return repr(Decimal(repr(value)).normalize().__format__("f")).strip("'")
    return "N'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Table:
    """A table or a view."""

    schema: str
    table: str

    @property
    def quoted(self) -> str:
        """Its name in a query."""
        return f"{name(self.schema)}.{name(self.table)}"

    @property
    def text(self) -> str:
        """Its name for people."""
        return f"{self.schema}.{self.table}"
