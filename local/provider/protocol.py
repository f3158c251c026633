"""Makes Pulumi's generated protocol modules importable without the Pulumi SDK around them.

`pulumi.runtime.proto` needs only grpc and protobuf, but importing it runs `pulumi/__init__`, which loads the whole SDK:
0.9 s of start-up for a plugin that uses none of it.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_PACKAGES = {"pulumi": ".", "pulumi.runtime": "runtime", "pulumi.runtime.proto": "runtime/proto"}


def import_protocol_alone() -> None:
    """Put bare packages in the SDK's place, for a process that needs nothing else of it; none where it is loaded."""
    if "pulumi" in sys.modules:
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the Python package pulumi is not installed beside this program; run `make setup`")
    root = Path(spec.submodule_search_locations[0])
    for name, folder in _PACKAGES.items():
        package = ModuleType(name)
        package.__path__ = [str(root / folder)]
        sys.modules[name] = package
