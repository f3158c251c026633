"""The project's own stacks: their committed files, understood, and the graphs that they build."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from azure_ml_platform.outputs import PlatformOutputs
from azure_ml_platform.platform import Platform
from azure_ml_platform.settings import NAMESPACE, Settings, Source
from tests.harness.graph import Graph
from tests.harness.recorder import build

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("local", "dev", "prod")


def areas_of(stack: str) -> dict[str, Any]:
    """What a committed stack file says, by area."""
    document = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    prefix = f"{NAMESPACE}:"
    return {key.removeprefix(prefix): value for key, value in document["config"].items() if key.startswith(prefix)}


def settings_of(stack: str, **areas: dict[str, Any] | None) -> Settings:
    """Settings of a committed stack file, with the given areas' members laid over it; None takes an area out."""
    config = areas_of(stack)
    for area, members in areas.items():
        config[area] = {} if members is None else {**config.get(area, {}), **members}
    values = {key: value if isinstance(value, str) else json.dumps(value, default=str) for key, value in config.items()}
    return Settings.of(Source(stack=stack, values=values), ROOT)


def build_platform(settings: Settings, *, preview: bool = False) -> Graph:
    """The graph of the whole program for some settings."""

    def program() -> None:
        PlatformOutputs.export(Platform(settings.platform.workload, settings))

    return build(program, stack=settings.stack, preview=preview)


@cache
def graph_of(stack: str) -> Graph:
    """The graph of a committed stack, built once."""
    return build_platform(settings_of(stack))
