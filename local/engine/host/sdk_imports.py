"""Loads a Pulumi SDK that was generated for a provider in a fraction of the time, with the same classes in the end.

Such an SDK spends its import on two things that a program hardly uses. Every annotation of every argument is evaluated,
though Pulumi reads few of them, and those by name: here they stay text until then (PEP 563; from Python 3.14 on they do
so by themselves). And a namespace imports all its modules: here each is imported when its first name is used.

What is compiled in this way is kept beside Python's own bytecode, under a name of its own.
"""

import ast
import marshal
import re
import sys
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

SDKS = ("pulumi_azure_native", "pulumi_kubernetes")
"""The packages that are large enough to matter."""

_ANNOTATIONS_STAY_TEXT = import_module("__future__").annotations.compiler_flag
_WITHOUT_DOCSTRINGS = 2
_ALL = re.compile(r"^__all__ = (\[[^\]]*\])", re.MULTILINE)


def install() -> None:
    """Load the SDKs so from now on; one that is loaded already stays as it is."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


class _Finder:
    """Finds the modules of the SDKs."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Where a module is, with the loader of this module; None for any other package."""
        if name.partition(".")[0] not in SDKS:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


@dataclass(frozen=True)
class _Compiled:
    """A module: what runs when it is loaded, and which of its names are in which submodule."""

    code: CodeType
    homes: dict[str, str]


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Run a module's code; a namespace gets its names later."""
        compiled = self._compiled()
        if compiled.homes:
            vars(module)["__homes__"] = compiled.homes
            vars(module)["__all__"] = list(compiled.homes)
            module.__class__ = _Namespace
        exec(compiled.code, vars(module))  # noqa: S102 - the SDK's own code

    def _compiled(self) -> _Compiled:
        source = Path(self.path)
        kept = Path(cache_from_source(source, optimization=f"sdk{_version():x}"))
        status = source.stat()
        key = MAGIC_NUMBER + b"%d %d" % (status.st_mtime_ns, status.st_size)
        with suppress(OSError, EOFError, ValueError, TypeError):
            found, code, homes = marshal.loads(kept.read_bytes())  # noqa: S302 - as Python reads its bytecode
            if found == key:
                return _Compiled(code, homes)
        compiled = _compile(source)
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                self.set_data(str(kept), marshal.dumps((key, compiled.code, compiled.homes)))
        return compiled


class _Namespace(ModuleType):
    """A package whose names are imported from its submodules at their first use."""

    def __getattr__(self, name: str) -> Any:
        home = vars(self)["__homes__"].get(name)
        if home is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        module = import_module(f".{home}", self.__name__)
        value = vars(self)[name] = getattr(module, name)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute; the import system's own, of a submodule named as one of the names, must not hide that."""
        if not (isinstance(value, ModuleType) and name in vars(self)["__homes__"]):
            super().__setattr__(name, value)


def _compile(source: Path) -> _Compiled:
    text: bytes | ast.Module = source.read_bytes()
    homes: dict[str, str] = {}
    if source.name == "__init__.py":
        text = ast.parse(text, str(source))
        homes = _homes(text, source)
    code: CodeType = compile(
        text, str(source), "exec", _ANNOTATIONS_STAY_TEXT, dont_inherit=True, optimize=_WITHOUT_DOCSTRINGS
    )
    return _Compiled(code, homes)


def _homes(namespace: ast.Module, source: Path) -> dict[str, str]:
    """Take out of a namespace what imports the names of its submodules; returns the submodule of each name."""
    homes: dict[str, str] = {}
    kept: list[ast.stmt] = []
    for statement in namespace.body:
        home = _starred(statement)
        names = _exports(source.with_name(f"{home}.py")) if home else None
        if home is None or names is None:
            kept.append(statement)
        else:
            homes |= dict.fromkeys(names, home)
    namespace.body = kept
    return homes


def _starred(statement: ast.stmt) -> str | None:
    """The submodule whose names a statement imports all: `from .account import *`."""
    match statement:
        case ast.ImportFrom(module=str(module), names=[ast.alias(name="*")], level=1) if "." not in module:
            return module
    return None


def _exports(source: Path) -> list[str] | None:
    """The names that a module exports, None where it does not list them."""
    if not source.is_file():
        return None
    listed = _ALL.search(source.read_text())
    return ast.literal_eval(listed[1]) if listed else None


@cache
def _version() -> int:
    """Changes with this file, so that nothing is read that an earlier form of it has written."""
    return zlib.crc32(Path(__file__).read_bytes())
