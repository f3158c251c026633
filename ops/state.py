"""A stack's state as the engine exports it: what the platform's resources are and which operations were cut short."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops import checkpoint
from ops.engine import Engine
from ops.errors import OpsError


@dataclass(frozen=True)
class Resource:
    """One resource of the state."""

    urn: str
    type: str
    id: str
    inputs: Mapping[str, Any]
    protect: bool

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Resource":
        """From an entry of the deployment."""
        return cls(
            urn=entry["urn"],
            type=entry["type"],
            id=entry.get("id", ""),
            inputs=entry.get("inputs") or {},
            protect=bool(entry.get("protect")),
        )


@dataclass(frozen=True)
class State:
    """Resources, and the resources whose creation was begun and not seen to end."""

    resources: tuple[Resource, ...]
    pending_creates: tuple[Resource, ...]
    has_pending: bool
    """Whether any operation was cut short."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is deployed."""
        return not self.resources


def read(engine: Engine) -> State | None:
    """The stack's state, None when the backend has no such stack. Secrets stay encrypted.

    A state that a killed run left half written is mended first.
    """
    result = engine.attempt("stack", "export")
    if result.returncode and "failed to load checkpoint" in result.stderr and checkpoint.restore(engine.target):
        result = engine.attempt("stack", "export")
    if result.returncode:
        if "no stack named" in result.stderr:
            return None
        raise OpsError(engine.explained(result.stderr))
    deployment = json.loads(result.stdout)["deployment"] or {}
    pending = deployment.get("pending_operations") or []
    return State(
        resources=tuple(Resource.parse(entry) for entry in deployment.get("resources") or []),
        pending_creates=tuple(Resource.parse(item["resource"]) for item in pending if item["type"] == "creating"),
        has_pending=bool(pending),
    )


def read_or_create(engine: Engine) -> State:
    """The stack's state; a stack that does not exist yet is created, empty."""
    state = read(engine)
    if state is None:
        engine.read("stack", "init")
        state = State((), (), has_pending=False)
    return state
