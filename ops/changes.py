"""Reads from a preview's events whether an update would change anything."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEPT = ("urn", "parent", "protect", "retainOnDelete", "provider")
"""What the state says of a resource beside its properties; a step that is `same` for Azure can change it."""

STACK_TYPE = "pulumi:pulumi:Stack"


def proposed(event_log: Path) -> bool:
    """Whether an update would change a resource, what the state says of one, or the stack's outputs."""
    with event_log.open(encoding="utf-8") as lines:
        return any(_changes(json.loads(line)) for line in lines)


def _changes(event: Mapping[str, Any]) -> bool:
    if "resourcePreEvent" in event:
        step = event["resourcePreEvent"]["metadata"]
        return step["op"] != "same" or _differs(step, KEPT)
    if "resOutputsEvent" in event:
        step = event["resOutputsEvent"]["metadata"]
        return step["type"] == STACK_TYPE and _differs(step, ("outputs",))
    return False


def _differs(step: Mapping[str, Any], members: tuple[str, ...]) -> bool:
    old, new = step.get("old") or {}, step.get("new") or {}
    return any(old.get(name) != new.get(name) for name in members)
