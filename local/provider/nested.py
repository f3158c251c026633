"""Nested values by dotted path."""

from local.arm.contracts import Json


def pick(values: Json, path: str) -> Json:
    """Return the value at a path, None where there is none."""
    for name in path.split("."):
        if not isinstance(values, dict):
            return None
        values = values.get(name)
    return values


def put(values: dict[str, Json], path: str, value: Json) -> dict[str, Json]:
    """Return the values with another one at a path; objects on the way are made, what is no object stays."""
    name, _, below = path.partition(".")
    if not below:
        return {**values, name: value}
    nested = values.get(name, {})
    return {**values, name: put(nested, below, value)} if isinstance(nested, dict) else values
