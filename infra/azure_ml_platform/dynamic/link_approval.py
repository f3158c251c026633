"""The approval of a private endpoint by the owner of what it leads to.

A service's managed network asks for its private endpoints, and each waits at its target until somebody who may do so
approves it (learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint).
"""

import time
from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient, ArmError

REVISION = 1
"""Raised when approving comes to mean something else."""

_APPROVED = "Approved"
_STATE = "privateLinkServiceConnectionState"
_WAIT_SECONDS = 300.0
_POLL_SECONDS = 5.0


class LinkApprovalProvider(dynamic.ResourceProvider):
    """Waits for the connection of an endpoint to show at its target, and approves it."""

    serialize_as_secret_always = False

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Approve again what was asked for anew, or is approved no more."""
        replaces = [key for key in ("target_id", "endpoint_name") if olds.get(key) != news.get(key)]
        changes = bool(replaces) or any(olds.get(key) != news.get(key) for key in ("status", "revision"))
        return dynamic.DiffResult(changes=changes, replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Approve the connection."""
        return dynamic.CreateResult(_approve(props), props)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Approve the connection again."""
        _approve(news)
        return dynamic.UpdateResult(news)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read what the owner says of the connection."""
        with ArmClient() as arm:
            connection = arm.get(id_, props["api_version"])
        if connection is None:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, {**props, "status": connection["properties"][_STATE]["status"]})


class LinkApproval(dynamic.Resource, module="azure_ml_platform", name="LinkApproval"):
    """The approved connection of a private endpoint; it goes with its endpoint."""

    def __init__(
        self,
        name: str,
        *,
        target_id: pulumi.Input[str],
        endpoint_name: pulumi.Input[str],
        api_version: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Approve the endpoint of that name at its target; `api_version` is that of the target's type."""
        props = {
            "target_id": target_id,
            "endpoint_name": endpoint_name,
            "api_version": api_version,
            "status": _APPROVED,
            "revision": REVISION,
        }
        super().__init__(LinkApprovalProvider(), name, props, opts)


def _approve(props: dict[str, Any]) -> str:
    """Approve a connection and return its id."""
    with ArmClient() as arm:
        connection = _wait_for(arm, props)
        connection_id, state = str(connection["id"]), connection["properties"][_STATE]
        if state["status"] != _APPROVED:
            judged = {"status": _APPROVED, "description": "Approved by the stack that owns both ends"}
            arm.put(connection_id, props["api_version"], {"properties": {_STATE: judged}})
    return connection_id


def _wait_for(arm: ArmClient, props: dict[str, Any]) -> dict[str, Any]:
    """Return the connection of an endpoint, as soon as its target shows it."""
    connections, endpoint_name = f"{props['target_id']}/privateEndpointConnections", str(props["endpoint_name"])
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        listed = arm.get(connections, props["api_version"]) or {}
        for connection in listed.get("value", []):
            if _is_of(connection, endpoint_name):
                return dict(connection)
        if time.monotonic() > deadline:
            raise ArmError("Timeout", f"no connection of {endpoint_name} after {_WAIT_SECONDS:g} s", connections)
        time.sleep(_POLL_SECONDS)


def _is_of(connection: dict[str, Any], endpoint_name: str) -> bool:
    """Whether a connection is an endpoint's; Azure puts its service's name and a dot before the endpoint's own."""
    endpoint = str((connection["properties"].get("privateEndpoint") or {}).get("id", ""))
    name = endpoint.rpartition("/")[2].casefold()
    wanted = endpoint_name.casefold()
    return name == wanted or name.endswith(f".{wanted}")
