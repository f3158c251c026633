"""A machine learning platform on Azure as components: settings, names, tags, roles and their joint.

Importing the package loads nothing of it: a name is imported from its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure_ml_platform.cloud import Cloud
    from azure_ml_platform.naming import Names
    from azure_ml_platform.outputs import PlatformOutputs
    from azure_ml_platform.platform import Platform
    from azure_ml_platform.settings import Settings, SettingsError

_HOMES = {
    "Cloud": "cloud",
    "Names": "naming",
    "Platform": "platform",
    "PlatformOutputs": "outputs",
    "Settings": "settings",
    "SettingsError": "settings",
}

__all__ = ["Cloud", "Names", "Platform", "PlatformOutputs", "Settings", "SettingsError"]


def __getattr__(name: str) -> Any:
    try:
        module = import_module(f"{__name__}.{_HOMES[name]}")
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
