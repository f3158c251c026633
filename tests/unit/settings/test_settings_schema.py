"""The JSON Schema of the stack files, and the stack files that are committed."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_ml_platform.settings import NAMESPACE, Settings, Source
from azure_ml_platform.settings.area import Area
from azure_ml_platform.settings.areas import AREAS
from tests.unit.settings.given_settings import BUDGET, PLATFORM

ROOT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema" / "stack.schema.json").read_text())
STACKS = ("local", "dev", "prod")
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
SAID_ELSEWHERE = {"$schema", "title", "description", "default", "examples", "definitions", "format"}


def complaints(value: Any, schema: dict[str, Any], path: str = "") -> list[str]:
    """What a value breaks of a schema; a keyword that the schema should not use fails the test."""
    found: list[str] = []
    for keyword, wanted in schema.items():
        match keyword:
            case "$ref":
                found += complaints(value, SCHEMA["definitions"][wanted.rsplit("/", 1)[1]], path)
            case "allOf":
                found += [each for part in wanted for each in complaints(value, part, path)]
            case "anyOf":
                found += [path] if all(complaints(value, part, path) for part in wanted) else []
            case "type":
                fits = isinstance(value, TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
                found += [] if fits else [path]
            case "enum":
                found += [] if value in wanted else [path]
            case "pattern":
                found += [] if re.search(wanted, value) else [path]
            case "minimum":
                found += [] if not isinstance(value, int | float) or value >= wanted else [path]
            case "maximum":
                found += [] if not isinstance(value, int | float) or value <= wanted else [path]
            case "items":
                found += [
                    each for index, item in enumerate(value) for each in complaints(item, wanted, f"{path}[{index}]")
                ]
            case "required":
                found += [f"{path}.{name}" for name in wanted if name not in value]
            case "properties" | "patternProperties" | "additionalProperties":
                pass  # together, below
            case _:
                assert keyword in SAID_ELSEWHERE, f"{keyword} at {path}"
    if isinstance(value, dict) and {"properties", "patternProperties"} & schema.keys():
        for key, item in value.items():
            found += _member(key, item, schema, f"{path}.{key}")
    return found


def _member(key: str, item: Any, schema: dict[str, Any], path: str) -> list[str]:
    if key in schema.get("properties", {}):
        return complaints(item, schema["properties"][key], path)
    for pattern, wanted in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return complaints(item, wanted, path)
    return [path]


def stack_file(stack: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    return loaded


def stack_source(stack: str) -> Source:
    config = stack_file(stack)["config"]
    values = {
        key.removeprefix(f"{NAMESPACE}:"): value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
        if key.startswith(f"{NAMESPACE}:")
    }
    return Source(stack, values)


def configuration(**areas: Any) -> dict[str, Any]:
    said = {"profile": "dev", "platform": PLATFORM, "budget": BUDGET, **areas}
    return {"config": {f"{NAMESPACE}:{name}": value for name, value in said.items()}}


def test_the_committed_schema_is_what_the_settings_say() -> None:
    check = subprocess.run(
        [sys.executable, ROOT / "tools" / "schema.py", "--check"], capture_output=True, text=True, check=False
    )

    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_file_names_the_schema_on_its_first_line(stack: str) -> None:
    first, *_ = (ROOT / f"Pulumi.{stack}.yaml").read_text().splitlines()

    assert first == "# yaml-language-server: $schema=schema/stack.schema.json"


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_file_keeps_the_schema(stack: str) -> None:
    assert complaints(stack_file(stack), SCHEMA) == []


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_file_loads_and_names_files_that_exist(stack: str) -> None:
    settings = Settings.of(stack_source(stack), ROOT)

    assert settings.profile == stack


def test_the_stacks_share_no_globally_unique_name() -> None:
    seeds = [Settings.of(stack_source(stack)).platform.seed for stack in STACKS]

    assert len(set(seeds)) == len(seeds)


def test_the_schema_knows_every_area() -> None:
    known = SCHEMA["properties"]["config"]["properties"]

    assert known.keys() == {f"{NAMESPACE}:{name}" for name in ("profile", *AREAS)}


def test_the_schema_lets_the_engine_and_other_namespaces_be() -> None:
    stack = configuration() | {"encryptionsalt": "v1:x", "secretsprovider": "azurekeyvault://kv.example.com/keys/k"}
    stack["config"] |= {"azure-native:location": "westeurope", f"{NAMESPACE}:secret-webhook": {"secure": "v1:x"}}

    assert complaints(stack, SCHEMA) == []


@pytest.mark.parametrize(
    ("areas", "path"),
    [
        ({"platform": {**PLATFORM, "owner": "nobody"}}, "platform.owner"),
        ({"platform": {}}, "platform.owner"),
        ({"networking": {}}, "networking"),
        ({"blob": {"size": 1}}, "blob.size"),
        ({"key_vault": {"soft_delete_retention_days": 3}}, "key_vault.soft_delete_retention_days"),
        ({"compute": {"clusters": {"CPU_1": {}}}}, "compute.clusters.CPU_1"),
        ({"compute": {"clusters": {"gpu": {"vm_size": "Standard_NC6"}}}}, "compute.clusters.gpu.vm_size"),
        ({"models": {"wine": {}}}, "models.wine.model"),
        ({"profile": "production"}, "profile"),
        ({"secret-webhook": "hunter2"}, "secret-webhook"),
    ],
)
def test_an_editor_sees_what_loading_would_refuse(areas: dict[str, Any], path: str) -> None:
    assert f".config.{NAMESPACE}:{path}" in complaints(configuration(**areas), SCHEMA)


def test_a_setting_that_the_profile_gives_need_not_be_in_the_file() -> None:
    clusters = {"gpu-cluster": {"vm_size": "Standard_NC4as_T4_v3"}}

    assert complaints(configuration(compute={"clusters": clusters}, models={"wine": {"model": "m"}}), SCHEMA) == []


def test_a_default_by_profile_is_told_in_the_description() -> None:
    field = SCHEMA["definitions"]["MonitoringSettings"]["properties"]["retention_days"]

    assert field["description"] == "Days that logs are kept. Default: 30 (local, dev), 90 (prod)."


def test_every_setting_is_described() -> None:
    for name, definition in SCHEMA["definitions"].items():
        for setting, schema in definition.get("properties", {}).items():
            assert schema.get("description"), f"{name}.{setting}"


def test_settings_have_no_alternatives_but_null() -> None:
    """The errors count on it: pydantic would report every branch of a union."""
    for definition in SCHEMA["definitions"].values():
        for setting in definition.get("properties", {}).values():
            assert [part for part in setting.get("anyOf", []) if part.get("type") != "null"][1:] == []


def test_every_area_is_closed_and_frozen() -> None:
    areas = [Area]
    for area in areas:
        areas += area.__subclasses__()
        assert (area.model_config["extra"], area.model_config["frozen"]) == ("forbid", True)
