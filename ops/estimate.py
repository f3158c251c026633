"""What a preview would cost: the estimate of the resources in its events, beside that of what is deployed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from azure_ml_platform.catalog import prices
from azure_ml_platform.catalog.prices import PriceTableError
from azure_ml_platform.cost import report
from azure_ml_platform.cost.assumptions import AssumptionError, Assumptions, assumptions
from azure_ml_platform.cost.estimate import Estimate, estimate
from azure_ml_platform.cost.resource import UNKNOWN, Resource
from ops.errors import OpsError
from ops.target import Target

# What the engine writes for a value that it does not know yet, by the value's type
# (github.com/pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go).
_UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Member of whatever the engine writes as an object without it being one: secrets, assets."""
_HIDDEN = "[secret]"
_GONE = ("delete", "delete-replaced", "discard", "discard-replaced", "read", "read-replacement", "read-discard")
"""Steps whose resource is no part of the stack afterwards, or belongs to somebody else."""


def of_events(events: Path, target: Target) -> tuple[Estimate, Estimate]:
    """The estimates of what a preview found deployed, and of what it would leave; raises OpsError."""
    before: dict[str, Resource] = {}
    after: dict[str, Resource] = {}
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            step = json.loads(line).get("resourcePreEvent", {}).get("metadata")
            if step:
                _note(step, before, after)
    terms = terms_of(target)
    try:
        table = prices.load()
    except PriceTableError as error:
        raise OpsError(str(error)) from error
    return estimate(before.values(), terms, table), estimate(after.values(), terms, table)


def terms_of(target: Target) -> Assumptions:
    """What the stack takes for granted; raises OpsError."""
    said = target.config("azure-ml-platform:cost")
    profile = target.config("azure-ml-platform:profile")
    try:
        return assumptions(str(profile), said if isinstance(said, Mapping) else None)
    except AssumptionError as error:
        raise OpsError(str(error)) from error


def shown(events: Path, target: Target) -> str:
    """The estimate of a preview as it is shown below it."""
    before, after = of_events(events, target)
    return report.text(after, target.stack, before)


def _note(step: Mapping[str, Any], before: dict[str, Resource], after: dict[str, Resource]) -> None:
    old, new = step.get("old"), step.get("new")
    if old:
        before[old["urn"]] = _resource(old)
    if new and step["op"] not in _GONE:
        after[new["urn"]] = _resource(new)


def _resource(state: Mapping[str, Any]) -> Resource:
    return Resource.of(state["urn"], plain(state.get("inputs") or {}), state.get("parent") or "")


def plain(value: Any) -> Any:
    """A value as the engine writes it, with `UNKNOWN` for what it does not know or does not tell."""
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWN or value == _HIDDEN else value
    if isinstance(value, list):
        return [plain(element) for element in value]
    if isinstance(value, dict):
        return UNKNOWN if _SIGNATURE in value else {key: plain(member) for key, member in value.items()}
    return value
