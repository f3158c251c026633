"""The engine's protocol, out of the SDK but without it.

`import pulumi` runs the whole SDK, which takes longer than everything else the host does; the host needs the generated
messages alone. So while they are imported their parent packages are empty ones that only know where their modules are.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

_PARENTS = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


@contextmanager
def _without_the_sdk() -> Iterator[None]:
    spec = find_spec("pulumi")
    if "pulumi" in sys.modules or spec is None or spec.origin is None:
        yield
        return
    site_packages = Path(spec.origin).parent.parent
    for name in _PARENTS:
        package = ModuleType(name)
        package.__path__ = [str(site_packages.joinpath(*name.split(".")))]
        sys.modules[name] = package
    try:
        yield
    finally:
        for name in _PARENTS:
            del sys.modules[name]


with _without_the_sdk():
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

__all__ = ["language_pb2", "language_pb2_grpc", "plugin_pb2"]
