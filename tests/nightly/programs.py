"""`python -m tests.nightly.programs`: OpenTofu and the provider azapi, built from the Go module proxy into the cache.

Pinned by their `go.mod`, verified by their `go.sum`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from local.engine.compiling import Source, pinned
from local.kubernetes.build import Program
from local.making import Say, command

_HERE = Path(__file__).resolve().parent


def _program(name: str, title: str, module: str, main: str, file: str, expected: str) -> Program:
    folder = _HERE / name
    version = str(pinned(folder, rf"^require {module} v(\S+)$"))
    source = Source(
        title=title, version=version, module=folder, package=f"{module}{main}", needed_gb=6, expected=expected
    )
    return Program(source=source, file=file, shelf="client")


OPENTOFU = _program(
    "opentofu", "OpenTofu", "github.com/opentofu/opentofu", "/cmd/tofu", "tofu", "5 to 8 minutes on 2 cores"
)
AZAPI = _program(
    "azapi",
    "the provider azapi",
    "github.com/Azure/terraform-provider-azapi",
    "",
    "terraform-provider-azapi",
    "1 to 3 minutes on 2 cores",
)


def _build(say: Say) -> Iterator[str]:
    for program in (OPENTOFU, AZAPI):
        yield f"{program.source.title} v{program.source.version} ({program.build(say)})"


if __name__ == "__main__":
    sys.exit(command("clients", _build))
