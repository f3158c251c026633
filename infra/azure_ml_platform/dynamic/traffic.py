"""The traffic split of an online endpoint, owned by one step that runs after its deployments are healthy."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient
from azure_ml_platform.dynamic.online_endpoint import (
    API_VERSION,
    existing,
    fingerprint,
    live,
    mirrored,
    set_traffic,
    shares,
)
from azure_ml_platform.dynamic.rollout import Canary, roll_out

REVISION = 2
"""Raised when setting the traffic comes to mean something else."""


class TrafficProvider(dynamic.ResourceProvider):
    """Reads the endpoint, and writes it back with its traffic."""

    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Refuse a split of deployments that are not there, or that Azure would refuse."""
        deployments = news.get("deployments")
        failures = []
        for member, fits, rule in (
            ("split", lambda total: total in (0, 100), "must be whole percentages that sum to 100, or to 0"),
            ("mirror", lambda total: total <= 50, "must be whole percentages, of 50 at most"),
        ):
            split = news.get(member)
            if not isinstance(split, dict) or not all(isinstance(share, int | float) for share in split.values()):
                continue
            if any(share < 0 or share != int(share) for share in split.values()) or not fits(sum(split.values())):
                said = ", ".join(f"{slot} {share:g}" for slot, share in split.items())
                failures.append(dynamic.CheckFailure(member, f"{said}: {rule}"))
            if isinstance(deployments, dict) and (unknown := sorted(set(split) - set(deployments))):
                failures.append(dynamic.CheckFailure(member, f"no deployment named {', '.join(unknown)}"))
        return dynamic.CheckResult(news, failures)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Set the split when it has changed, a deployment was made anew, or the endpoint below it was written."""
        replaces = ["endpoint_id"] if olds.get("endpoint_id") != news.get("endpoint_id") else []
        changed = [key for key in ("trigger", "revision", "made") if olds.get(key) != news.get(key)]
        changed += [key for key in ("split", "mirror") if _known(olds.get(key)) != _known(news.get(key))]
        return dynamic.DiffResult(changes=bool(replaces or changed), replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Give the deployments their shares; there is nobody yet to take a new one's place step by step."""
        with ArmClient() as arm:
            endpoint = existing(arm, props["endpoint_id"])
            set_traffic(arm, endpoint, shares(props["split"]), shares(props["mirror"]))
        return dynamic.CreateResult(f"{props['endpoint_id']}/traffic", {**props, "endpoint": fingerprint(endpoint)})

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Give the deployments their shares; traffic that somebody moved stays where it is, unless they changed.

        Raises RolloutStopped.
        """
        before, after, mirror = shares(olds["split"]), shares(news["split"]), shares(news["mirror"])
        same = before == after and shares(olds.get("mirror")) == mirror and olds.get("made") == news.get("made")
        with ArmClient() as arm:
            endpoint = existing(arm, news["endpoint_id"])
            if not same or not live(endpoint):
                if news.get("canary"):
                    roll_out(arm, endpoint, Canary.of(news["canary"]), before=before, after=after, mirror=mirror)
                set_traffic(arm, endpoint, after, mirror)
        return dynamic.UpdateResult({**news, "endpoint": fingerprint(endpoint)})

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read the split as Azure has it.

        An endpoint that was changed behind the program's back will be written again, and may lose its traffic:
        forgetting the trigger makes the next update look after it.
        """
        with ArmClient() as arm:
            endpoint = arm.get(props["endpoint_id"], API_VERSION)
        if endpoint is None:
            return dynamic.ReadResult("", {})
        seen = {"split": live(endpoint), "mirror": mirrored(endpoint), "endpoint": fingerprint(endpoint)}
        forgotten = {} if seen["endpoint"] == props.get("endpoint") else {"trigger": ""}
        return dynamic.ReadResult(id_, {**props, **seen, **forgotten})

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Take all traffic off, so that the deployments can be deleted; an endpoint that is gone has none."""
        with ArmClient() as arm:
            endpoint = arm.get(props["endpoint_id"], API_VERSION)
            if endpoint is not None and (live(endpoint) or mirrored(endpoint)):
                set_traffic(arm, endpoint, {}, {})


class Traffic(dynamic.Resource, module="azure_ml_platform", name="Traffic"):
    """Which deployment of an endpoint answers how many of a hundred requests, and which gets copies of them."""

    def __init__(
        self,
        name: str,
        *,
        endpoint_id: pulumi.Input[str],
        split: Mapping[str, int],
        mirror: Mapping[str, int],
        deployments: Mapping[str, pulumi.Input[str]],
        made: Sequence[pulumi.Input[str]],
        trigger: pulumi.Input[str],
        canary: Mapping[str, Any] | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Set `split` (percent by deployment, 100 or 0 in sum) and `mirror` (at most 50) on an endpoint.

        `deployments` are the ids of the endpoint's deployments by name: the step waits for them. `made` are texts that
        change when one of them is made anew, without its traffic, `trigger` is one that changes when the endpoint is
        written. `canary` describes a `Canary`.
        """
        props = {
            "endpoint_id": endpoint_id,
            "split": dict(split),
            "mirror": dict(mirror),
            "deployments": dict(deployments),
            "made": list(made),
            "trigger": trigger,
            "canary": canary,
            "revision": REVISION,
            "endpoint": None,
        }
        super().__init__(TrafficProvider(), name, props, opts)


def _known(split: Any) -> Any:
    """A split without shares of nothing; what is not known yet as it is."""
    if not isinstance(split, dict) or not all(isinstance(share, int | float) for share in split.values()):
        return split or {}
    return shares(split)
