"""JSON as Resource Manager reads it: with comments, names without quotes, and commas before a closing bracket.

Templates may have comments (learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments), and the Azure
CLI sends a template behind a member name without quotes.
"""

import re

_TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<name>[A-Za-z_$][\w$]*)(?=\s*:)
    | (?P<comma>,)(?=(?:\s|//[^\n]*\n|/\*.*?\*/)*[}\]])
    """,
    re.VERBOSE | re.DOTALL,
)


def strict(text: str) -> str:
    """The same document as every JSON parser reads it; what is no JSON in either way stays so."""
    return _TOKEN.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    if match["text"]:
        return match["text"]
    return f'"{match["name"]}"' if match["name"] else " "
