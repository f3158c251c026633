"""An online endpoint as Resource Manager reads and writes it: its split, and all else of it.

Source: learn.microsoft.com/azure/templates/microsoft.machinelearningservices/workspaces/onlineendpoints.
"""

import json
from collections.abc import Mapping
from typing import Any

from azure_ml_platform.dynamic.arm import ArmClient, ArmError
from azure_ml_platform.dynamic.content import text_version

API_VERSION = "2025-12-01"
"""Version of Microsoft.MachineLearningServices/workspaces/onlineEndpoints that the SDK sends too."""

_WRITABLE = ("authMode", "compute", "description", "properties", "publicNetworkAccess")
_LOG_LINES = 40


def existing(arm: ArmClient, endpoint_id: str) -> dict[str, Any]:
    """Return an endpoint that has to be there; raises ArmError when it is not."""
    endpoint = arm.get(endpoint_id, API_VERSION)
    if endpoint is None:
        raise ArmError("ResourceNotFound", "the endpoint is gone: update again with --refresh", endpoint_id)
    return endpoint


def live(endpoint: Mapping[str, Any]) -> dict[str, int]:
    """Percent of the requests that each deployment answers, without those that answer none."""
    return shares(endpoint["properties"].get("traffic"))


def mirrored(endpoint: Mapping[str, Any]) -> dict[str, int]:
    """Percent of the requests that are copied to each deployment, without those that get no copy."""
    return shares(endpoint["properties"].get("mirrorTraffic"))


def shares(split: Mapping[str, float] | None) -> dict[str, int]:
    """Whole percentages by deployment, without those that have none."""
    return {slot: int(share) for slot, share in (split or {}).items() if share}


def set_traffic(
    arm: ArmClient, endpoint: Mapping[str, Any], traffic: Mapping[str, int], mirror: Mapping[str, int]
) -> None:
    """Write an endpoint that was read back whole, with another split: Resource Manager has no smaller change."""
    body = _body(endpoint)
    body["properties"] |= {"traffic": dict(traffic), "mirrorTraffic": dict(mirror)}
    arm.put(endpoint["id"], API_VERSION, body)


def fingerprint(endpoint: Mapping[str, Any]) -> str:
    """Return a text that changes with anything that may be written of an endpoint, its traffic apart."""
    return text_version(json.dumps(_body(endpoint), sort_keys=True))


def without(split: Mapping[str, int], slot: str) -> dict[str, int]:
    """Return a split without one deployment, whose share the others take in proportion to theirs; empty for none."""
    return scaled({other: share for other, share in split.items() if other != slot and share}, 100)


def scaled(split: Mapping[str, int], total: int) -> dict[str, int]:
    """Return whole shares in the proportions of a split that sum to `total`; the largest remainders are rounded up."""
    whole = sum(split.values())
    if not whole:
        return {}
    parts = {slot: share * total // whole for slot, share in split.items()}
    by_remainder = sorted(split, key=lambda slot: (-(split[slot] * total % whole), slot))
    for slot in by_remainder[: total - sum(parts.values())]:
        parts[slot] += 1
    return shares(parts)


def container_log(arm: ArmClient, deployment_id: str) -> list[str]:
    """Return the last lines that the container of a deployment printed, none where it never came to print."""
    asked = {"containerType": "InferenceServer", "tail": _LOG_LINES}
    try:
        content = arm.post(deployment_id, "getLogs", API_VERSION, asked).get("content")
    except ArmError:
        return []
    return [line for line in str(content or "").splitlines() if line.strip()]


def _body(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be written of an endpoint that was read, its traffic apart."""
    body = {key: endpoint[key] for key in ("location", "tags", "kind", "sku") if endpoint.get(key)}
    body["properties"] = {key: endpoint["properties"][key] for key in _WRITABLE if endpoint["properties"].get(key)}
    if identity := endpoint.get("identity"):
        body["identity"] = {"type": identity["type"]}
        if assigned := identity.get("userAssignedIdentities"):
            body["identity"]["userAssignedIdentities"] = {resource_id: {} for resource_id in assigned}
    return body
