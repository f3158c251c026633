"""The traffic split of an online endpoint, owned by one step that runs after its deployments are healthy."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient, ArmError
from azure_ml_platform.dynamic.content import text_version

REVISION = 1
"""Raised when setting the traffic comes to mean something else."""

API_VERSION = "2025-12-01"
"""Version of Microsoft.MachineLearningServices/workspaces/onlineEndpoints that the SDK sends too."""

# Without `mirrorTraffic`: the step owns it with the split, and has none.
_WRITABLE = ("authMode", "compute", "description", "properties", "publicNetworkAccess")


class TrafficProvider(dynamic.ResourceProvider):
    """Reads the endpoint, sets its traffic and writes it back whole: Resource Manager has no smaller change."""

    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Refuse a split that Azure would refuse: whole percentages, 100 in sum, of deployments that are there."""
        split, deployments = news.get("split"), news.get("deployments")
        failures = []
        if isinstance(split, dict) and all(isinstance(share, int | float) for share in split.values()):
            if any(share < 0 or share != int(share) for share in split.values()) or sum(split.values()) != 100:
                shares = ", ".join(f"{slot} {share:g}" for slot, share in split.items())
                failures.append(
                    dynamic.CheckFailure("split", f"{shares or 'nothing'}: must be whole percentages that sum to 100")
                )
            if isinstance(deployments, dict) and (unknown := sorted(set(split) - set(deployments))):
                failures.append(dynamic.CheckFailure("split", f"no deployment named {', '.join(unknown)}"))
        return dynamic.CheckResult(news, failures)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Set the split again when it, or the endpoint below it, has changed.

        A deployment that is replaced first loses its traffic: Azure refuses to delete one that still has some.
        """
        replaces = [key for key in ("endpoint_id", "deployments") if olds.get(key) != news.get(key)]
        updates = [key for key in ("trigger", "revision") if olds.get(key) != news.get(key)]
        changed = bool(replaces or updates) or _shares(olds.get("split")) != _shares(news.get("split"))
        return dynamic.DiffResult(changes=changed, replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Give the deployments their shares."""
        return dynamic.CreateResult(f"{props['endpoint_id']}/traffic", {**props, "endpoint": _set(props)})

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Give the deployments their shares again."""
        return dynamic.UpdateResult({**news, "endpoint": _set(news)})

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read the split as Azure has it.

        An endpoint that was changed behind the program's back will be written again, and lose its traffic: forgetting
        the trigger makes the next update set it again.
        """
        with ArmClient() as arm:
            endpoint = arm.get(props["endpoint_id"], API_VERSION)
        if endpoint is None:
            return dynamic.ReadResult("", {})
        seen = {"split": _shares(endpoint["properties"].get("traffic")), "endpoint": _fingerprint(endpoint)}
        forgotten = {} if seen["endpoint"] == props.get("endpoint") else {"trigger": ""}
        return dynamic.ReadResult(id_, {**props, **seen, **forgotten})

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Take all traffic off, so that the deployments can be deleted; an endpoint that is gone has none."""
        with ArmClient() as arm:
            endpoint = arm.get(props["endpoint_id"], API_VERSION)
            if endpoint is not None and _shares(endpoint["properties"].get("traffic")):
                arm.put(props["endpoint_id"], API_VERSION, _body(endpoint, {}))


class Traffic(dynamic.Resource, module="azure_ml_platform", name="Traffic"):
    """Which deployment of an endpoint answers how many of a hundred requests."""

    def __init__(
        self,
        name: str,
        *,
        endpoint_id: pulumi.Input[str],
        split: Mapping[str, int],
        deployments: Mapping[str, pulumi.Input[str]],
        trigger: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Set `split` (percent by deployment, 100 in sum) on an endpoint.

        `deployments` are the ids of the endpoint's deployments by name: the step waits for them. `trigger` is any
        text that changes when the endpoint itself is written, which takes its traffic away on Azure.
        """
        props = {
            "endpoint_id": endpoint_id,
            "split": dict(split),
            "deployments": dict(deployments),
            "trigger": trigger,
            "revision": REVISION,
            "endpoint": None,
        }
        super().__init__(TrafficProvider(), name, props, opts)


def _set(props: Mapping[str, Any]) -> str:
    """Write the split and return the fingerprint of the endpoint that it was written to."""
    endpoint_id = props["endpoint_id"]
    with ArmClient() as arm:
        endpoint = arm.get(endpoint_id, API_VERSION)
        if endpoint is None:
            raise ArmError("ResourceNotFound", "the endpoint is gone: update again with --refresh", endpoint_id)
        arm.put(endpoint_id, API_VERSION, _body(endpoint, _shares(props["split"])))
    return _fingerprint(endpoint)


def _shares(split: Mapping[str, float] | None) -> dict[str, int]:
    """Whole percentages by deployment, without those that have none."""
    return {slot: int(share) for slot, share in (split or {}).items() if share}


def _fingerprint(endpoint: Mapping[str, Any]) -> str:
    """Return a text that changes with anything that may be written of an endpoint, its traffic apart."""
    return text_version(json.dumps(_body(endpoint, {}), sort_keys=True))


def _body(endpoint: Mapping[str, Any], traffic: Mapping[str, int]) -> dict[str, Any]:
    """Return what may be written of an endpoint that was read, with another split."""
    body = {key: endpoint[key] for key in ("location", "tags", "kind", "sku") if endpoint.get(key)}
    properties = {key: endpoint["properties"][key] for key in _WRITABLE if endpoint["properties"].get(key)}
    body["properties"] = {**properties, "traffic": dict(traffic)}
    if identity := endpoint.get("identity"):
        body["identity"] = {"type": identity["type"]}
        if assigned := identity.get("userAssignedIdentities"):
            body["identity"]["userAssignedIdentities"] = {resource_id: {} for resource_id in assigned}
    return body
