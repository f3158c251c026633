"""What the installed azure-native SDK says of a resource type, read from its source text.

Nothing is imported: one namespace costs up to half a second and forty megabytes, its text a few milliseconds.
The generated code is regular: `<Name>Args` holds the inputs, the resource's getters the outputs, `_inputs.py`,
`outputs.py` and `_enums.py` what they refer to. Files are cut into classes and only the classes met are parsed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from local.arm.contracts.installed import PACKAGE, SdkError
from local.arm.contracts.shapes import ANY, Enum, ListOf, MapOf, Member, Members, OneOf, Ref, Scalar, Shape

_TOP = re.compile(r"^(?:class (\w+)|[@\w])", re.MULTILINE)
_SETTER = re.compile(r"^    @\w+\.setter\n    def .*?\n(?=\n)", re.MULTILINE | re.DOTALL)
_FIRST_GETTER = "    @pulumi.getter"
_API_VERSION = re.compile(r"Uses Azure REST API version ([\w-]+)")
_GETTER_ARGUMENT = re.compile(r"__args__\['(\w+)'\]")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SCALARS = {"str": Scalar("string"), "int": Scalar("integer"), "float": Scalar("number"), "bool": Scalar("boolean")}


@dataclass(frozen=True)
class ResourceText:
    """A resource type as the SDK has it; members stand where the SDK has them, not yet where ARM wants them."""

    api_version: str
    inputs: Members
    outputs: Members
    path_inputs: frozenset[str]


class Sdk:
    """The SDK below `root`, the folder of the package `pulumi_azure_native`."""

    def __init__(self, root: Path) -> None:
        self._module = cache(lambda name: _Module(root / name, name))

    def resource(self, module: str, name: str) -> ResourceText:
        """Return the resource type `azure-native:<module>:<name>`."""
        return self._module(module).resource(name)

    def members(self, key: str) -> Members:
        """Return the members of the nested class `module:Class`; the name's ending tells inputs from outputs."""
        module, _, name = key.partition(":")
        return self._module(module).members(name)

    def has(self, key: str) -> bool:
        """Tell whether the SDK has the nested class `module:Class`."""
        module, _, name = key.partition(":")
        found = self._module(module)
        return name in (found.inputs if name.endswith("Args") else found.outputs)


class _Module:
    """One namespace of the SDK."""

    def __init__(self, folder: Path, name: str) -> None:
        if not folder.is_dir():
            raise SdkError(f"{PACKAGE} has no namespace {name!r}")
        self._folder = folder
        self._name = name
        # Data Factory's unions are large and refer to each other: each class is parsed once.
        self.members = cache(self._read_members)
        self._literals = cache(self._read_literals)

    @cached_property
    def inputs(self) -> dict[str, str]:
        return _classes(self._folder / "_inputs.py")

    @cached_property
    def outputs(self) -> dict[str, str]:
        return _classes(self._folder / "outputs.py")

    @cached_property
    def enums(self) -> dict[str, str]:
        return _classes(self._folder / "_enums.py")

    def resource(self, name: str) -> ResourceText:
        file = self._folder / f"{_snake(name)}.py"
        getter = file.with_name(f"get_{file.name}")
        if not file.is_file() or not getter.is_file():
            raise SdkError(f"{PACKAGE} has no resource {self._name}:{name}")
        text = file.read_text()
        classes = dict(_cut(text))
        # A nested class of the same name takes `<Name>Args`; the resource's own is then `<Name>InitArgs`.
        arguments = classes.get(f"{name}InitArgs") or classes[f"{name}Args"]
        inputs = self._argument_members(arguments)
        version = _API_VERSION.search(text)
        if version is None:
            raise SdkError(f"{PACKAGE} does not say which API version {self._name}:{name} uses")
        asked_for = set(_GETTER_ARGUMENT.findall(getter.read_text()))
        outputs = self._getter_members(_parse(_only_getters(classes[name])))
        return ResourceText(version[1], inputs, outputs, frozenset(asked_for & set(inputs)))

    def _read_members(self, name: str) -> Members:
        if name.endswith("Args"):
            return self._argument_members(self.inputs[name])
        body = _parse(self.outputs[name])
        return self._getter_members(body, _constants(_init(body)))

    def _argument_members(self, text: str) -> Members:
        body = _parse(text)
        init = _init(body)
        wire = {getter.name: name for name, getter in _getters(body)}
        constants, defaults = _constants(init), _defaults(init)
        members: Members = {}
        for argument, default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True):
            members[wire[argument.arg]] = Member(
                at=(wire[argument.arg],),
                shape=self._shape(argument.annotation),
                required=default is None,
                const=constants.get(argument.arg),
                default=defaults.get(argument.arg),
            )
        return members

    def _getter_members(self, body: ast.ClassDef, constants: dict[str, str] | None = None) -> Members:
        constants = constants or {}
        return {
            name: Member(at=(name,), shape=self._shape(getter.returns), const=constants.get(getter.name))
            for name, getter in _getters(body)
        }

    def _read_literals(self, name: str) -> dict[str, str]:
        """Return the wire names of the members that a class sets to a literal, with their values."""
        body = _parse(self.inputs[name] if name.endswith("Args") else self.outputs[name])
        constants = _constants(_init(body))
        return {wire: constants[getter.name] for wire, getter in _getters(body) if getter.name in constants}

    def _shape(self, node: ast.expr | None) -> Shape:
        match node:
            case ast.Attribute(value=ast.Name(id="_builtins"), attr=name):
                return _SCALARS[name]
            case ast.Subscript(value=ast.Attribute(attr="Input" | "Output"), slice=inner):
                return self._shape(inner)
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
                return self._shape(inner)
            case ast.Subscript(value=ast.Name(id="Sequence"), slice=inner):
                return ListOf(self._shape(inner))
            case ast.Subscript(value=ast.Name(id="Mapping"), slice=ast.Tuple(elts=[_, inner])):
                return MapOf(self._shape(inner))
            case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=elements)):
                return self._union([self._shape(element) for element in elements])
            case ast.Constant(value=str(name)):
                return self._named(name.removeprefix("outputs."))
        return ANY

    def _named(self, name: str) -> Shape:
        if name not in self.enums:
            return Ref(f"{self._name}:{name}")
        body = _parse(self.enums[name])
        if not ast.unparse(body.bases[0]).endswith("str"):
            return Scalar("number")
        constants = (line.value for line in body.body if isinstance(line, ast.Assign))
        return Enum(tuple(str(value.value) for value in constants if isinstance(value, ast.Constant)), open=False)

    def _union(self, shapes: list[Shape]) -> Shape:
        match shapes:
            case [Scalar("string"), Enum() as enum] | [Enum() as enum, Scalar("string")]:
                return replace(enum, open=True)
        references = [shape for shape in shapes if isinstance(shape, Ref)]
        return self._one_of(references) if len(references) == len(shapes) else ANY

    def _one_of(self, references: list[Ref]) -> OneOf:
        variants: list[tuple[str, str]] = []
        discriminators: set[str] = set()
        for reference in references:
            # Only its literals are read: the variants of Data Factory's activities hold activities again.
            for name, value in self._literals(reference.key.partition(":")[2]).items():
                discriminators.add(name)
                variants.append((value, reference.key))
        if len(discriminators) != 1 or len(variants) != len(references):
            keys = ", ".join(reference.key for reference in references)
            raise SdkError(f"nothing tells these variants apart: {keys}")
        return OneOf(discriminators.pop(), tuple(variants))


def _snake(name: str) -> str:
    return _WORDS.sub("_", name).lower()


def _classes(file: Path) -> dict[str, str]:
    return dict(_cut(file.read_text())) if file.is_file() else {}


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of each class."""
    starts = [*_TOP.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for match, end in zip(starts, ends, strict=True):
        if match[1]:
            yield match[1], text[match.start() : end]


def _only_getters(text: str) -> str:
    """Return a resource's class without its constructors, which are most of it."""
    head, body = text.partition("\n")[0], text.find(_FIRST_GETTER)
    return f"{head}\n{text[body:]}" if body >= 0 else f"{head}\n    pass\n"


@cache
def _parse(text: str) -> ast.ClassDef:
    # Parsing is what all of this costs: setters say nothing that their getters do not.
    body = ast.parse(_SETTER.sub("", text)).body[0]
    assert isinstance(body, ast.ClassDef)
    return body


def _init(body: ast.ClassDef) -> ast.FunctionDef:
    return next(line for line in body.body if isinstance(line, ast.FunctionDef) and line.name == "__init__")


def _getters(body: ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield wire name and function of each `pulumi.getter`; one without a name is its own wire name."""
    for line in body.body:
        if not isinstance(line, ast.FunctionDef):
            continue
        for decorator in line.decorator_list:
            match decorator:
                case ast.Call(
                    func=ast.Attribute(attr="getter"), keywords=[ast.keyword(value=ast.Constant(value=name))]
                ):
                    yield str(name), line
                case ast.Attribute(attr="getter"):
                    yield line.name, line


def _constants(init: ast.FunctionDef) -> dict[str, str]:
    """Return the members that `__init__` sets to a literal: the discriminators of a union's variants."""
    found: dict[str, str] = {}
    for line in init.body:
        match line:
            case ast.Expr(value=ast.Call(args=[_, ast.Constant(value=str(name)), ast.Constant(value=str(value))])):
                found[name] = value
    return found


def _defaults(init: ast.FunctionDef) -> dict[str, object]:
    """Return what `if x is None: x = <literal>` gives to absent arguments."""
    found: dict[str, object] = {}
    for line in init.body:
        match line:
            case ast.If(body=[ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value))]):
                found[name] = value
    return found
