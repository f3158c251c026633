"""Which Python runs a program: the runtime options of a project, resolved."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KNOWN_OPTIONS = {"virtualenv", "toolchain"}
_TOOLCHAINS = {"pip", "uv"}


class OptionError(Exception):
    """A runtime option that cannot be honoured; the message names the option, its value and the way out."""


@dataclass(frozen=True)
class Environment:
    """A Python and, if it belongs to a virtualenv, that virtualenv's folder."""

    python: Path
    virtualenv: Path | None = None

    @classmethod
    def of(cls, options: Mapping[str, object], root: Path) -> "Environment":
        """The environment that the runtime options of a project in `root` ask for; without a virtualenv the host's."""
        for option in sorted(options.keys() - _KNOWN_OPTIONS):
            raise OptionError(
                f'runtime option "{option}" is unknown to this language host: remove it, or install the Pulumi CLI'
            )
        toolchain = options.get("toolchain", "pip")
        if toolchain not in _TOOLCHAINS:
            known = " and ".join(sorted(_TOOLCHAINS))
            raise OptionError(f'runtime option "toolchain" is "{toolchain}": this language host knows {known}')
        named = options.get("virtualenv", ".venv" if toolchain == "uv" else None)
        if not named:
            return cls(Path(sys.executable))
        folder = root / str(named)
        return cls(folder / "bin" / "python", folder)

    def require(self) -> "Environment":
        """Itself if its Python is there."""
        if self.python.exists():
            return self
        state = "is not a virtual environment" if self.virtualenv and self.virtualenv.exists() else "does not exist"
        raise OptionError(
            f'runtime option "virtualenv" is "{self.virtualenv}", which {state}: make it with '
            f"`python3 -m venv {self.virtualenv}` and install the program's dependencies into it"
        )

    def activated(self, variables: Mapping[str, str]) -> dict[str, str]:
        """`variables` as a shell has them that activated this environment."""
        if self.virtualenv is None:
            return dict(variables)
        path = os.pathsep.join([str(self.python.parent), variables.get("PATH", os.defpath)])
        kept = {name: value for name, value in variables.items() if name != "PYTHONHOME"}
        return {**kept, "VIRTUAL_ENV": str(self.virtualenv), "PATH": path}
