"""The engine built from the Go module proxy: pinned by `go.mod`, verified by `go.sum`, without a C compiler."""

import re
import shutil
from pathlib import Path

from local.engine import golang, versions
from local.engine.cache import Cache, keep
from local.engine.compiling import Source, compile_program, pinned, require_space
from local.engine.versions import Version
from local.errors import LocalError
from local.making import Say

_HERE = Path(__file__).resolve().parent
_MODULE = "github.com/pulumi/pulumi/pkg/v3"

_NEEDED_GB = 4
"""Modules, compiled packages and the linker's files; 120 MB stay."""


def version() -> Version:
    """The version that `go.mod` pins."""
    return pinned(_HERE, rf"^require {re.escape(_MODULE)} v(\S+)$")


def build(cache: Cache, say: Say) -> Path:
    """The built engine in the cache; built now if it is not there yet."""
    engine = cache.built(version())
    with cache.workshop(say) as work:
        if not engine.exists():
            source = _source()
            require_space(source, cache.folder)
            go = golang.toolchain(source, work, say)
            finished = work / "finished"
            compile_program(go, source, finished / "pulumi", work, cache.modules, say)
            _verify(finished / "pulumi")
            keep(finished, engine.parent)
            shutil.rmtree(cache.modules, ignore_errors=True)
    return engine


def _source() -> Source:
    return Source(
        title="the engine",
        version=str(version()),
        module=_HERE,
        package=f"{_MODULE}/cmd/pulumi",
        variables={"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": f"v{version()}"},
        needed_gb=_NEEDED_GB,
        expected="3 to 5 minutes on 2 cores",
        otherwise="install the Pulumi CLI (https://www.pulumi.com/docs/install/)",
    )


def _verify(engine: Path) -> None:
    found = versions.of_engine(engine)
    if found != version():
        raise LocalError(
            f"the engine that was built says it is version {found}, not {version()}: install the Pulumi CLI instead"
        )
