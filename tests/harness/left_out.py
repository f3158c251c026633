"""A committed stack without some of its systems, put right by what the refusal of its settings says mends them."""

import json
import shlex
from typing import Any

from azure_ml_platform.settings import Problem, Settings, SettingsError
from tests.harness.stacks import areas_of, settings_of

SYSTEMS = (
    "network",
    "monitoring",
    "key_vault",
    "registry",
    "blob",
    "data_lake",
    "sql",
    "machine_learning",
    "compute",
    "kubernetes",
    "databricks",
    "ingestion",
    "budget",
)
"""Every system that a stack file can switch off."""
_ROUNDS = 6


def without(stack: str, *systems: str) -> Settings:
    """The settings of a stack without systems; whatever they are refused for is mended as the refusal says.

    Raises AssertionError where a refusal offers no mend that leaves the systems off.
    """
    areas = {area: said for area, said in areas_of(stack).items() if isinstance(said, dict)}
    for system in systems:
        areas[system] = {**areas.get(system, {}), "enabled": False}
    refused = ""
    for _ in range(_ROUNDS):
        try:
            return settings_of(stack, **areas)
        except SettingsError as error:
            refused = str(error)
            for problem in error.problems:
                _mend(areas, problem, systems)
    raise AssertionError(f"{', '.join(systems)} cannot be left out of {stack}:\n{refused}")


def _mend(areas: dict[str, Any], problem: Problem, systems: tuple[str, ...]) -> None:
    """Do what a mend says; what would switch a system on again takes off the workspace that it is a part of."""
    area, *path = problem.path.split(".")
    if area in systems and path == ["enabled"]:
        areas.setdefault("machine_learning", {})["enabled"] = False
        return
    words = shlex.split(problem.mend[0])
    # An editor is asked for where the value is not shown; the rule says it.
    value = problem.rule.startswith("true") if words[0] == "edit" else json.loads(_json(words[-1]))
    target = areas.setdefault(area, {})
    for step in path[:-1]:
        target = target.setdefault(step, {})
    target[path[-1]] = value


def _json(word: str) -> str:
    try:
        json.loads(word)
    except ValueError:
        return json.dumps(word)
    return word
