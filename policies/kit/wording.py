"""How values and choices read in a message, without giving a credential away."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_SHOWN_LENGTH = 80
_HARMLESS = re.compile(r"[\w .:/@*+-]*")

_CREDENTIALS = {
    "a storage account or service key": re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{86}==(?![\w+/=-])"),
    "a key within a connection string": re.compile(
        r"\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=\s*[^;\s$<{]{6,}", re.IGNORECASE
    ),
    "a shared access signature": re.compile(r"[?&]sig=[A-Za-z0-9%+/]{20,}"),
    "an Entra client secret": re.compile(r"(?<![\w~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![\w~.-])"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})"),
    "a Databricks token": re.compile(r"\bdapi[0-9a-f]{32}\b"),
}


def credential(text: str) -> str | None:
    """What kind of credential a text looks like, or None."""
    return next((kind for kind, pattern in _CREDENTIALS.items() if pattern.search(text)), None)


def show(value: Any) -> str:
    """A value as a message quotes it: long texts, objects and anything like a credential by their shape only."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        harmless = len(value) <= _SHOWN_LENGTH and _HARMLESS.fullmatch(value) and not credential(value)
        return f'"{value}"' if harmless else f"a text of {len(value)} characters"
    if isinstance(value, Mapping):
        return f"an object of {len(value)} properties"
    if isinstance(value, Sequence):
        return f"a list of {len(value)} elements"
    return f"a {type(value).__name__}"


def choices(values: Sequence[str]) -> str:
    """The allowed values as a phrase: `"a"`, `"a" or "b"`, `"a", "b" or "c"`."""
    quoted = [f'"{value}"' for value in values]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
