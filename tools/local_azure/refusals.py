"""The error codes that a piece of the local Azure refuses with, read from its source."""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

_STATUS = {"bad_request": HTTPStatus.BAD_REQUEST, "conflict": HTTPStatus.CONFLICT, "not_found": HTTPStatus.NOT_FOUND}
"""Status by the function that makes the refusal; the code is its first argument."""


def refusals(place: Path) -> list[tuple[str, int]]:
    """Code and status of every refusal whose code stands in a file, or in the files of a folder, as it is."""
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return sorted({refusal for file in files for refusal in _of(file)})


def _of(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(ast.Name(name), [ast.Constant(str(code)), *_]) if name in _STATUS:
                yield code, _STATUS[name]
            case ast.Call(ast.Name("ArmError"), [ast.Constant(int(status)), ast.Constant(str(code)), *_]):
                yield code, status
            case ast.Call(ast.Name("UniqueName"), [ast.Constant(str(code)), *rest]):
                yield code, _number(rest, HTTPStatus.CONFLICT)
            case ast.Call(ast.Name("NameRule"), [_, _, ast.Constant(str(code))]):
                yield code, HTTPStatus.BAD_REQUEST


def _number(arguments: list[ast.expr], default: int) -> int:
    match arguments:
        case [ast.Constant(int(number)), *_]:
            return number
    return default
