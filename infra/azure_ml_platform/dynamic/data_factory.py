"""What the provider does not know of a data factory: its network, and triggers that are stopped while they change.

A trigger that runs refuses every change (Microsoft.DataFactory/factories/triggers), and one on events of a storage
account is subscribed to them first (learn.microsoft.com/azure/data-factory:
continuous-integration-delivery-sample-script).
"""

import json
import time
from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient, ArmError

REVISION = 1
"""Raised when writing a trigger or a network comes to mean something else."""

API_VERSION = "2018-06-01"
"""Version of Microsoft.DataFactory that the SDK sends too."""

_EVENTS = ("BlobEventsTrigger", "CustomEventsTrigger")
_SUBSCRIPTION_SECONDS = 300.0
_POLL_SECONDS = 5.0


class FactoryNetworkProvider(dynamic.ResourceProvider):
    """Makes the one network that a factory can have; Azure takes it away with its factory only."""

    serialize_as_secret_always = False

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Another factory has another network."""
        replaces = ["factory_id"] if olds.get("factory_id") != news.get("factory_id") else []
        changes = bool(replaces) or olds.get("revision") != news.get("revision")
        return dynamic.DiffResult(changes=changes, replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make the network."""
        network_id = f"{props['factory_id']}/managedVirtualNetworks/default"
        with ArmClient() as arm:
            arm.put(network_id, API_VERSION, {"properties": {}})
        return dynamic.CreateResult(network_id, props)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Look whether it is there."""
        with ArmClient() as arm:
            there = arm.get(id_, API_VERSION)
        return dynamic.ReadResult(id_, props) if there else dynamic.ReadResult("", {})


class FactoryNetwork(dynamic.Resource, module="azure_ml_platform", name="FactoryNetwork"):
    """The managed virtual network of a data factory (Microsoft.DataFactory/factories/managedVirtualNetworks)."""

    def __init__(self, name: str, *, factory_id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network of a factory."""
        super().__init__(FactoryNetworkProvider(), name, {"factory_id": factory_id, "revision": REVISION}, opts)


class TriggerProvider(dynamic.ResourceProvider):
    """Stops a trigger, writes it, and starts it again."""

    serialize_as_secret_always = False

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Write again what changed; another factory or name is another trigger."""
        replaces = [key for key in ("factory_id", "trigger_name") if olds.get(key) != news.get(key)]
        changed = [key for key in ("definition", "revision") if olds.get(key) != news.get(key)]
        return dynamic.DiffResult(changes=bool(replaces or changed), replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Write the trigger, over one that an interrupted update has left."""
        return dynamic.CreateResult(_id_of(props), {**props, "written": _write(props)})

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Write the trigger again."""
        return dynamic.UpdateResult({**news, "written": _write(news)})

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read the trigger; what somebody else changed or stopped is forgotten, so that it is written again."""
        with ArmClient() as arm:
            trigger = arm.get(id_, API_VERSION)
        if trigger is None:
            return dynamic.ReadResult("", {})
        as_written = _runs(trigger) and _fingerprint(trigger) == props.get("written")
        return dynamic.ReadResult(id_, props if as_written else {**props, "definition": {}})

    def delete(self, id_: str, _props: dict[str, Any]) -> None:
        """Stop the trigger and delete it."""
        with ArmClient() as arm:
            _stop(arm, id_)
            arm.delete(id_, API_VERSION)


class Trigger(dynamic.Resource, module="azure_ml_platform", name="Trigger"):
    """What starts a pipeline (Microsoft.DataFactory/factories/triggers)."""

    def __init__(
        self,
        name: str,
        *,
        factory_id: pulumi.Input[str],
        trigger_name: str,
        definition: dict[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Write a trigger of a factory; `definition` is what Resource Manager has in its `properties`."""
        props = {
            "factory_id": factory_id,
            "trigger_name": trigger_name,
            "definition": definition,
            "revision": REVISION,
            "written": None,
        }
        super().__init__(TriggerProvider(), name, props, opts)


def _id_of(props: dict[str, Any]) -> str:
    return f"{props['factory_id']}/triggers/{props['trigger_name']}"


def _write(props: dict[str, Any]) -> str:
    """Write a trigger and return the fingerprint of what Azure made of it."""
    trigger_id, definition = _id_of(props), props["definition"]
    with ArmClient() as arm:
        _stop(arm, trigger_id)
        arm.put(trigger_id, API_VERSION, {"properties": definition})
        if definition["type"] in _EVENTS:
            _subscribe(arm, trigger_id, "subscribeToEvents", until="Enabled")
        arm.post(trigger_id, "start", API_VERSION)
        written = arm.get(trigger_id, API_VERSION)
    if written is None:
        raise ArmError("ResourceNotFound", "the trigger is gone: update again with --refresh", trigger_id)
    return _fingerprint(written)


def _stop(arm: ArmClient, trigger_id: str) -> None:
    """Stop a trigger, if there is one and it runs."""
    trigger = arm.get(trigger_id, API_VERSION)
    if trigger is None or not _runs(trigger):
        return
    if trigger["properties"]["type"] in _EVENTS:
        _subscribe(arm, trigger_id, "unsubscribeFromEvents", until="Disabled")
    arm.post(trigger_id, "stop", API_VERSION)


def _subscribe(arm: ArmClient, trigger_id: str, action: str, *, until: str) -> None:
    """Take a trigger's subscription to events up or down, and wait until it is."""
    arm.post(trigger_id, action, API_VERSION)
    deadline = time.monotonic() + _SUBSCRIPTION_SECONDS
    while arm.post(trigger_id, "getEventSubscriptionStatus", API_VERSION).get("status") != until:
        if time.monotonic() > deadline:
            waited = f"its subscription to events is not {until} after {_SUBSCRIPTION_SECONDS:g} s"
            raise ArmError("Timeout", waited, f"POST {trigger_id}/{action}")
        time.sleep(_POLL_SECONDS)


def _runs(trigger: dict[str, Any]) -> bool:
    return bool(trigger["properties"].get("runtimeState") == "Started")


def _fingerprint(trigger: dict[str, Any]) -> str:
    """Return a text that changes with anything that may be written of a trigger."""
    own = {key: value for key, value in trigger["properties"].items() if key != "runtimeState"}
    return json.dumps(own, sort_keys=True)
