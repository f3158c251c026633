"""The generated Pulumi project of the local target.

The engine rewrites a stack's file (encryption salt, secrets), and the committed file must not change. So local
commands give the engine a project of its own in `.local/project`: its program is the checkout's, its stack files are
copies without the committed encryption. Copies keep their own encryption between runs.
"""

import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.errors import LocalError
from local.paths import Paths, write_private

ENCRYPTION_KEYS = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""What ties a stack file to one secrets provider (Pulumi stack settings file)."""

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class StackCopy:
    """One stack file of the generated project."""

    stack: str
    unset_secrets: tuple[KeyPath, ...]
    """Paths below `config` that are secret in the committed file and have no local value yet."""


Overrides = Mapping[str, Mapping[str, str | bool]]
"""Configuration by key, and the members that a local copy gets in each whatever the committed file says."""


def write(paths: Paths, overrides: Overrides | None = None) -> list[StackCopy]:
    """Write the project file and a copy of every stack file; the committed files are only read."""
    paths.make()
    _write_passphrase(paths)
    write_private(paths.project / "Pulumi.yaml", _project_file(paths))
    return [_copy(paths, file, overrides or {}) for file in sorted(paths.root.glob("Pulumi.*.yaml"))]


def _write_passphrase(paths: Paths) -> None:
    if not paths.passphrase.exists():
        write_private(paths.passphrase, secrets.token_urlsafe(32))


def _project_file(paths: Paths) -> str:
    source = paths.root / "Pulumi.yaml"
    project = yaml.safe_load(yaml.serialize(_compose(source)))
    project["main"] = str(paths.root)
    project["runtime"] = {"name": "python", "options": {"virtualenv": sys.prefix}}
    return _heading(source) + yaml.safe_dump(project, sort_keys=False, allow_unicode=True)


def _copy(paths: Paths, source: Path, overrides: Overrides) -> StackCopy:
    stack = source.name.removeprefix("Pulumi.").removesuffix(".yaml")
    target = paths.project / source.name
    committed = _compose(source)
    previous = _compose(target) if target.exists() else _mapping()

    own = [(key, value) for key, value in previous.value if key.value in ENCRYPTION_KEYS]
    committed.value = own + [(key, value) for key, value in committed.value if key.value not in ENCRYPTION_KEYS]
    unset = _replace_secrets(_child(committed, "config"), _child(previous, "config"))
    for key, members in overrides.items():
        _override(committed, ("config", key), members)
    text = _heading(source) + yaml.serialize(committed, Dumper=yaml.SafeDumper, width=sys.maxsize, allow_unicode=True)
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        write_private(target, text)
    return StackCopy(stack, tuple(unset))


def _replace_secrets(config: yaml.Node | None, previous: yaml.Node | None) -> list[KeyPath]:
    """Put the copy's own ciphertexts in the place of the committed; returns the paths that have none, left out."""
    if not isinstance(config, yaml.MappingNode):
        return []
    kept, unset = [], []
    for key, value in config.value:
        earlier = _child(previous, key.value)
        if not _is_secret(value):
            kept.append((key, value))
            unset += [(key.value, *path) for path in _replace_secrets(value, earlier)]
        elif _is_secret(earlier):
            kept.append((key, earlier))
        else:
            unset.append((key.value,))
    config.value = kept
    return unset


def _override(document: yaml.MappingNode, path: KeyPath, members: Mapping[str, str | bool]) -> None:
    """Set members of the object at `path`, which is made where it is missing."""
    holder = document
    for name in path:
        inner = _child(holder, name)
        if not isinstance(inner, yaml.MappingNode):
            inner = _mapping()
            holder.value = [pair for pair in holder.value if pair[0].value != name]
            holder.value.append((_scalar(name), inner))
        holder = inner
    holder.value = [pair for pair in holder.value if pair[0].value not in members]
    holder.value += [(_scalar(name), _scalar(value)) for name, value in members.items()]


def _scalar(value: str | bool) -> yaml.ScalarNode:
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _is_secret(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.MappingNode) and [key.value for key, _ in node.value] == ["secure"]


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _compose(file: Path) -> yaml.MappingNode:
    """The file as nodes: scalars keep their text, so `on`, `1e3` or a date reach the engine as they were written."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        message = f"{file.name} is not valid YAML: {' '.join(str(error).split())}"
        raise LocalError(message) from error
    if node is None:
        return _mapping()
    if not isinstance(node, yaml.MappingNode):
        message = f"{file.name} has to hold a mapping such as `config:`, found {node.value!r}"
        raise LocalError(message)
    return node


def _mapping() -> yaml.MappingNode:
    return yaml.MappingNode("tag:yaml.org,2002:map", [])


def _heading(source: Path) -> str:
    return f"# Made from {source.name} of the checkout at every local command; a change belongs there.\n"
