"""The cluster's processes and the Kubernetes provider of the engine, built from the Go module proxy into the cache.

Both are modules of their own here, pinned by `go.mod` and verified by `go.sum`. A change of these files is another
build.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from local import cache
from local.engine import golang
from local.engine.compiling import Source, compile_program, download, pinned, require_space
from local.making import Say

_HERE = Path(__file__).resolve().parent
_KUBERNETES = pinned(_HERE / "cluster", r"^\tk8s\.io/kubernetes v(\S+)$")
_PROVIDER_MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_PROVIDER_MAIN = "cmd/pulumi-resource-kubernetes"
_PROVIDER_VERSION = "4.18.2"
"""The first release that holds the pinned commit (github.com/pulumi/pulumi-kubernetes/releases)."""
_EMBEDDED = ("schema.json", "terraform-mapping.json")
"""Files of the provider's module that its own build puts into the program."""


Prepare = Callable[[Path, Source, Path, Path], None]
"""Gets a `go`, the copied module, the folder of the build and that of the downloaded modules."""


@dataclass(frozen=True)
class Program:
    """One of the two programs."""

    source: Source
    file: str
    """Name of the executable."""
    prepare: Prepare | None = None
    """What happens before it is compiled."""
    shelf: str = "kubernetes"
    """What its folder in the cache begins with."""

    @property
    def key(self) -> str:
        """Names everything that the program depends on."""
        digest = hashlib.sha256()
        for file in sorted(self.source.module.iterdir()):
            digest.update(file.read_bytes())
        return f"v{self.source.version}-{digest.hexdigest()[:8]}"

    @property
    def built(self) -> Path | None:
        """The executable in the cache, None before it is built."""
        folder = cache.finished(f"{self.shelf}-{self.source.module.name}", self.key)
        return folder / self.file if folder else None

    def build(self, say: Say) -> Path:
        """The executable, built now unless it is in the cache; raises LocalError when that cannot be done."""
        folder = cache.folder(f"{self.shelf}-{self.source.module.name}", self.key, partial(_build, self, say))
        return folder / self.file


def _build(program: Program, say: Say, folder: Path) -> None:
    require_space(program.source, folder)
    modules = folder.with_name(f"{folder.name}.modules")
    work = folder / "work"
    # Compiled from a copy: what the provider embeds is written beside its source.
    copy = replace(program.source, module=work / "module")
    shutil.copytree(program.source.module, copy.module)
    go = golang.toolchain(copy, work, say)
    if program.prepare:
        program.prepare(go, copy, work, modules)
    compile_program(go, copy, folder / program.file, work, modules, say)
    shutil.rmtree(work)
    shutil.rmtree(modules)


def _write_embedded(go: Path, source: Source, work: Path, modules: Path) -> None:
    """Put the provider's schema, with its version in it, and its mapping beside the main package."""
    main = download(go, source, _PROVIDER_MODULE, work, modules) / _PROVIDER_MAIN
    for name in _EMBEDDED:
        document = json.loads((main / name).read_text(encoding="utf-8"))
        if name == "schema.json":
            document["version"] = source.version
        (source.module / name).write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


CLUSTER = Program(
    source=Source(
        title="the local Kubernetes cluster",
        version=str(_KUBERNETES),
        module=_HERE / "cluster",
        package=".",
        variables={
            f"k8s.io/component-base/version.{name}": value
            for name, value in {
                "gitVersion": f"v{_KUBERNETES}",
                "gitMajor": str(_KUBERNETES.major),
                "gitMinor": str(_KUBERNETES.minor),
            }.items()
        },
        needed_gb=6,
        expected="6 to 8 minutes on 2 cores",
    ),
    file="kubernetes",
)
"""etcd, API server, controllers, scheduler, nodes without machines, and kubectl."""

PROVIDER = Program(
    source=Source(
        title="the Kubernetes provider",
        version=_PROVIDER_VERSION,
        module=_HERE / "provider",
        package=".",
        variables={f"{_PROVIDER_MODULE}/pkg/version.Version": _PROVIDER_VERSION},
        needed_gb=6,
        expected="5 to 7 minutes on 2 cores",
    ),
    file="pulumi-resource-kubernetes",
    prepare=_write_embedded,
)
"""The engine's provider of Kubernetes resources."""
