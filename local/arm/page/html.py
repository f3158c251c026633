"""HTML in which every text is escaped unless it was made here."""

from collections.abc import Iterable
from html import escape

VOID = ("input", "link", "meta")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Content = str | int | float | None | Iterable["Content"]
"""What can stand inside of an element: text, markup, nothing, or several of them."""


def tag(element: str, /, *content: Content, **attributes: str | bool | None) -> Markup:
    """An element. `class_` is `class`, other underscores are hyphens; True is a bare attribute, None and False none."""
    shown = "".join(_attribute(key, value) for key, value in attributes.items())
    if element in VOID:
        return Markup(f"<{element}{shown}>")
    return Markup(f"<{element}{shown}>{text(content)}</{element}>")


def text(content: Content) -> Markup:
    """Content as HTML."""
    if content is None:
        return Markup()
    if isinstance(content, Markup):
        return content
    if isinstance(content, str | int | float):
        return Markup(escape(str(content)))
    return Markup("".join(text(item) for item in content))


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
