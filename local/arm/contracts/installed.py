"""Where the azure-native SDK is installed, found without importing it."""

import importlib.util
import json
from pathlib import Path

PACKAGE = "pulumi_azure_native"


class SdkError(Exception):
    """The SDK is missing, or its source is not what the SDK's generator writes."""


def installed_sdk() -> tuple[Path, str]:
    """Return the folder and the version of the SDK."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SdkError(f"the Python package {PACKAGE} is not installed beside this program; run `make setup`")
    root = Path(spec.submodule_search_locations[0])
    return root, json.loads((root / "pulumi-plugin.json").read_text())["version"]
