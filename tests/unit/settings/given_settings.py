"""A stack's configuration for the tests of settings."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from azure_ml_platform.settings import Problem, Settings, SettingsError, Source

PLATFORM = {
    "workload": "mlops",
    "location": "westeurope",
    "owner": "ml-platform@example.com",
    "cost_center": "ml-4711",
    "seed": "k7m2x",
}
BUDGET = {"start_date": "2026-11-01"}

Load = Callable[..., Settings]
Refuse = Callable[..., SettingsError]
Problems = Callable[..., Mapping[str, Problem]]


def source(profile: Any = "dev", stack: str = "dev", secret_keys: frozenset[str] = frozenset(), **areas: Any) -> Source:
    """A stack's configuration: a right one, with the given areas in place of its own; None leaves one out."""
    said = {"profile": profile, "platform": PLATFORM, "budget": BUDGET, **areas}
    values = {
        key.replace("__", "-"): value if isinstance(value, str) else json.dumps(value)
        for key, value in said.items()
        if value is not None and key not in secret_keys
    }
    return Source(stack, values, secret_keys)
