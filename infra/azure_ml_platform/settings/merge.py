"""The effective settings before validation: what the stack file says, over what the profile starts from."""

from collections.abc import Mapping
from typing import Any

from azure_ml_platform.settings.area import Area
from azure_ml_platform.settings.profiles import Defaults

Object = Mapping[str, Any]


def merge(below: Any, above: Any) -> Any:
    """Lay `above` over `below`: maps are merged key by key, anything else replaces what it covers."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    return {
        **below,
        **{key: merge(below[key], value) if key in below else value for key, value in above.items()},
    }


def effective(area: str, said: Any, defaults: Defaults) -> Any:
    """Return what the stack has in `area` when its file says `said` there."""
    below = plain(getattr(defaults, area)) if hasattr(defaults, area) else {}
    if area == "models":
        below = _each(said, defaults.model)
    elif area == "compute" and isinstance(said, Mapping):
        below["clusters"] = _each(said.get("clusters"), defaults.cluster) | below["clusters"]
        below["instances"] = _each(said.get("instances"), defaults.instance) | below["instances"]
    return merge(below, said)


def plain(area: Area) -> dict[str, Any]:
    """Return the settings of an area as a stack file would hold them."""
    return area.model_dump(mode="json")


def _each(named: Any, start: Area) -> dict[str, Any]:
    """Start every object of a map from the same defaults."""
    if not isinstance(named, Mapping):
        return {}
    return {name: plain(start) for name, value in named.items() if isinstance(value, Mapping)}
