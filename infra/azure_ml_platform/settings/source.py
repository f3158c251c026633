"""Reads a stack's configuration: every key of the namespace, raw, and which of them are secret.

This and the program's `__main__` are the only places that touch `pulumi.Config`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi.runtime import config as runtime

NAMESPACE = "azure-ml-platform"
"""Namespace of every setting: the name of the Pulumi project."""

SECRET_PREFIX = "secret-"  # noqa: S105 - the prefix of a key
"""Start of the keys that hold a secret each."""


class Secrets(Mapping[str, pulumi.Output[str]]):
    """The stack's secrets by name, `secret-` left out; each is read as a secret Output when it is asked for."""

    def __init__(self, config: pulumi.Config, names: frozenset[str]) -> None:
        """Know the names; read nothing yet."""
        self._config = config
        self._names = names

    def __getitem__(self, name: str) -> pulumi.Output[str]:
        if name not in self._names:
            raise KeyError(name)
        return self._config.require_secret(SECRET_PREFIX + name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Source:
    """The configuration of one stack in one namespace."""

    stack: str
    values: Mapping[str, str] = field(repr=False)
    """Raw text of each key; of objects and lists their JSON. Secret keys hold no text here."""
    secret_keys: frozenset[str] = frozenset()
    """Keys whose value, or a part of it, is stored encrypted."""
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict, repr=False)

    @property
    def file(self) -> str:
        """Name of the stack's file."""
        return f"Pulumi.{self.stack}.yaml"


def read(config: pulumi.Config) -> Source:
    """Read what `config`'s namespace holds for the current stack."""
    prefix = f"{config.name}:"
    # The language host sets the first; a bare interpreter under the engine only has the second.
    full_keys = {key for key in (*runtime.CONFIG.get(), *runtime.get_config_env()) if key.startswith(prefix)}
    secret_keys = {key.removeprefix(prefix) for key in full_keys if runtime.is_config_secret(key)}
    plain_keys = {key.removeprefix(prefix) for key in full_keys} - secret_keys
    names = frozenset(key.removeprefix(SECRET_PREFIX) for key in secret_keys if key.startswith(SECRET_PREFIX))
    return Source(
        stack=pulumi.get_stack(),
        values={key: config.require(key) for key in sorted(plain_keys)},
        secret_keys=frozenset(secret_keys),
        secrets=Secrets(config, names),
    )
