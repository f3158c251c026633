"""Takes the traffic off one deployment before that is deleted: Azure refuses to delete one that has some."""

import uuid
from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient
from azure_ml_platform.dynamic.online_endpoint import API_VERSION, live, mirrored, set_traffic, without

REVISION = 1
"""Raised when draining comes to mean something else."""


class DrainProvider(dynamic.ResourceProvider):
    """Does nothing until its deployment goes: then the others take over what it answered."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Note that the deployment was made."""
        return dynamic.CreateResult(f"{props['deployment_id']}/drain", {**props, "made": uuid.uuid4().hex})

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Drain a deployment that is replaced."""
        changed = [key for key in ("deployment_id", "revision") if olds.get(key) != news.get(key)]
        return dynamic.DiffResult(changes=bool(changed), replaces=changed, delete_before_replace=True)

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Give the deployment's share to the others in proportion to theirs, to nobody where there is none."""
        endpoint_id, _, slot = str(props["deployment_id"]).rpartition("/deployments/")
        with ArmClient() as arm:
            endpoint = arm.get(endpoint_id, API_VERSION)
            if endpoint is None:
                return
            traffic, mirror = live(endpoint), mirrored(endpoint)
            if slot in traffic or slot in mirror:
                rest = without(traffic, slot) if slot in traffic else traffic
                set_traffic(arm, endpoint, rest, {other: share for other, share in mirror.items() if other != slot})


class Drain(dynamic.Resource, module="azure_ml_platform", name="Drain"):
    """Stands after a deployment, so that it goes before it."""

    made: pulumi.Output[str]
    """A text of this deployment's own, another one when it is made anew."""

    def __init__(
        self, name: str, *, deployment_id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Drain the deployment of that id before it is deleted."""
        props = {"deployment_id": deployment_id, "revision": REVISION, "made": None}
        super().__init__(DrainProvider(), name, props, opts)
