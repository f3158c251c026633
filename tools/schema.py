"""Writes the JSON Schema of the stack files, or checks that the committed one is current.

    python tools/schema.py           write schema/stack.schema.json
    python tools/schema.py --check   exit 1 when that would change it

Editors find it by the first line of each stack file.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from azure_ml_platform.settings import NAMESPACE
from azure_ml_platform.settings.area import Area
from azure_ml_platform.settings.areas import AREAS
from azure_ml_platform.settings.merge import plain
from azure_ml_platform.settings.profiles import Defaults, profile_defaults
from azure_ml_platform.settings.source import SECRET_PREFIX
from azure_ml_platform.vocabulary import Profile

FILE = Path(__file__).parents[1] / "schema" / "stack.schema.json"

Schema = dict[str, Any]


def stack_schema() -> Schema:
    """Return the schema of a whole `Pulumi.<stack>.yaml`."""
    areas: list[tuple[str, Literal["validation"], TypeAdapter[Any]]] = [
        (name, "validation", TypeAdapter(annotation)) for name, annotation in AREAS.items()
    ]
    by_area, shared = TypeAdapter.json_schemas(areas, ref_template="#/definitions/{model}")
    definitions = shared["$defs"]
    for model, defaults in _profile_defaults().items():
        _tell_defaults(definitions[model], defaults)
    settings = {f"{NAMESPACE}:{name}": by_area[name, "validation"] for name in AREAS}
    schema: Schema = _tidy(
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "A stack of the Azure machine learning platform",
            "type": "object",
            "required": ["config"],
            "properties": {"config": _config(settings), **_ENGINE},
            "additionalProperties": False,
            "definitions": definitions,
        }
    )
    return schema


def _config(settings: Schema) -> Schema:
    profile = {"enum": [*Profile], "description": Profile.__doc__}
    return {
        "type": "object",
        "required": [f"{NAMESPACE}:profile", f"{NAMESPACE}:platform"],
        "properties": {f"{NAMESPACE}:profile": profile, **settings},
        "patternProperties": {
            f"^{NAMESPACE}:{SECRET_PREFIX}.+$": _SECRET,
            f"^(?!{NAMESPACE}:)[^:]+:.+$": {"description": "Configuration of a provider."},
        },
        "additionalProperties": False,
    }


_SECRET: Schema = {
    "description": f"A secret, stored by `pulumi config set --secret {SECRET_PREFIX}<name>`.",
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}
_ENGINE: Schema = {
    "encryptionsalt": {"type": "string", "description": "Written by the engine."},
    "encryptedkey": {"type": "string", "description": "Written by the engine."},
    "secretsprovider": {"type": "string", "description": "What encrypts the stack's secrets."},
    "environment": {"description": "Pulumi ESC environments that the stack imports."},
}


_IN_STACK_FILE = {"model": "ModelSettings", "instance": "InstanceSettings"}
"""What a stack file has, by the defaults that it starts from: a model is served, a machine is somebody's."""


def _profile_defaults() -> dict[str, dict[Profile, Schema]]:
    """What each profile starts from, by the name of the model that holds it."""
    by_model: dict[str, dict[Profile, Schema]] = {}
    for profile, defaults in profile_defaults().items():
        for model, area in _areas(defaults):
            by_model.setdefault(model, {})[profile] = plain(area)
    return by_model


def _areas(defaults: Defaults) -> Iterator[tuple[str, Area]]:
    for field, area in vars(defaults).items():
        yield _IN_STACK_FILE.get(field, type(area).__name__), area


def _tell_defaults(definition: Schema, defaults: Mapping[Profile, Schema]) -> None:
    """Say the profiles' defaults in the descriptions; what has one need not be in the stack file."""
    some = next(iter(defaults.values()))
    required = [name for name in definition.get("required", ()) if name not in some]
    definition.pop("required", None)
    if required:
        definition["required"] = required
    for name, field in definition["properties"].items():
        values = {profile: values[name] for profile, values in defaults.items() if name in values}
        if values and "default" not in field and not any(isinstance(value, dict) for value in values.values()):
            field["description"] += f" Default: {_by_profile(values)}."


def _by_profile(values: Mapping[Profile, Any]) -> str:
    profiles: dict[str, list[str]] = {}
    for profile, value in values.items():
        profiles.setdefault(json.dumps(value), []).append(profile)
    if len(profiles) == 1:
        return next(iter(profiles))
    return ", ".join(f"{value} ({', '.join(names)})" for value, names in profiles.items())


def _tidy(schema: Any) -> Any:
    """Close maps whose keys have a pattern, keep what stands beside a reference, leave generated titles out."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidy(value) for key, value in schema.items() if key != "propertyNames"}
    if "patternProperties" in tidy:
        tidy.setdefault("additionalProperties", False)
    if isinstance(tidy.get("title"), str) and "$schema" not in tidy:
        tidy.pop("title")
    if isinstance(tidy.get("$ref"), str) and len(tidy) > 1:
        tidy["allOf"] = [{"$ref": tidy.pop("$ref")}]
    return tidy


def text() -> str:
    """Return the file's text."""
    return json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check the file; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    current = FILE.read_text() if FILE.exists() else ""
    wanted = text()
    if current == wanted:
        return 0
    if arguments:
        print(f"{FILE.name} is stale: run `python tools/schema.py` and commit it", file=sys.stderr)
        return 1
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(wanted)
    print(f"wrote schema/{FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
