"""A workspace's managed network: its isolation modes, and when it comes into being.

The modes go one way, the network is made with the first compute or on request, and a firewall comes with the first rule
by domain name. Source: learn.microsoft.com/azure/machine-learning/how-to-managed-network.
"""

from dataclasses import replace

from local.arm.behaviours.machine_learning.quota import COMPUTE
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.inference import ENDPOINT
from local.arm.resource_types import Call, Change
from local.arm.store import Resource

RULE = "Microsoft.MachineLearningServices/workspaces/outboundRules"
NETWORK = "properties.managedNetwork"
MODE, STATUS = f"{NETWORK}.isolationMode", f"{NETWORK}.status"
OFF, INTERNET, APPROVED = "Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"
FOLLOWING = {OFF: (OFF, INTERNET, APPROVED), INTERNET: (INTERNET, APPROVED), APPROVED: (APPROVED,)}
"""Modes that each mode can be changed to."""
FIREWALLS = ("Standard", "Basic")


def mode(workspace: Resource) -> str:
    """A workspace's isolation mode."""
    return str(reach(workspace.body, MODE) or OFF)


def is_on(workspace: Resource) -> bool:
    """Whether a workspace has a managed network."""
    return mode(workspace) != OFF


def is_active(workspace: Resource) -> bool:
    """Whether the network is there already."""
    return bool(reach(workspace.body, f"{STATUS}.status") == "Active")


def check(change: Change) -> None:
    """Raise ArmError for a mode that Azure does not know, or that cannot follow the present one."""
    present, wanted = str(change.was(MODE) or OFF), _wanted(change)
    if wanted not in FOLLOWING:
        raise bad_request("ValidationError", f"{MODE} is '{wanted}'; it must be one of {', '.join(FOLLOWING)}.")
    if wanted not in FOLLOWING[present]:
        message = (
            f"The managed network's isolation mode is {present} and cannot be changed to {wanted}: once a managed "
            f"network is on, it cannot be taken back. It can be one of {', '.join(FOLLOWING[present])}."
        )
        raise bad_request("ValidationError", message, target=MODE)
    if present == OFF and wanted != OFF and change.current and _has_managed_computes(change.cloud, change.current):
        message = (
            "A managed network cannot be turned on while the workspace has computes or online endpoints that Azure "
            "Machine Learning runs. Delete them, and create them anew in the network."
        )
        raise bad_request("ValidationError", message, target=MODE)
    firewall = change.get(f"{NETWORK}.firewallSku", FIREWALLS[0])
    if firewall not in FIREWALLS:
        message = f"firewallSku is '{firewall}'; it must be {' or '.join(FIREWALLS)}."
        raise bad_request("ValidationError", message, target=f"{NETWORK}.firewallSku")


def _wanted(change: Change) -> str:
    """The mode that a PUT asks for; one that says nothing leaves it as it is."""
    return str(change.get(MODE) or change.was(MODE) or OFF)


def _has_managed_computes(cloud: Cloud, workspace: Resource) -> bool:
    return any(
        item.type == ENDPOINT or (item.type == COMPUTE and not item.properties.get("isAttachedCompute"))
        for item in cloud.store.below(workspace.id)
    )


def completed(change: Change) -> Json:
    """`managedNetwork` as Azure keeps it, the rules apart."""
    wanted = _wanted(change)
    if wanted == OFF:
        return {"isolationMode": OFF}
    active = bool(change.get("properties.provisionNetworkNow")) or change.was(f"{STATUS}.status") == "Active"
    firewall = {"firewallSku": change.get(f"{NETWORK}.firewallSku", FIREWALLS[0])} if wanted == APPROVED else {}
    return {
        "isolationMode": wanted,
        **firewall,
        "status": {"status": _status(active), "sparkReady": bool(change.was(f"{STATUS}.sparkReady"))},
        "networkId": change.keep(f"{NETWORK}.networkId", lambda: f"{change.id}/managedNetworks/default"),
    }


def _status(active: bool) -> str:
    return "Active" if active else "Inactive"


def shown(cloud: Cloud, workspace: Resource) -> Json:
    """The network with its rules, as the workspace shows it."""
    if not is_on(workspace):
        return {}
    rules = [item for item in cloud.store.below(workspace.id) if item.type == RULE]
    network: Json = {"outboundRules": {rule.name: rule_shown(cloud, rule)["properties"] for rule in rules}}
    if is_active(workspace) and any(rule.properties.get("type") == "FQDN" for rule in rules):
        network["firewallPublicIpAddress"] = "203.0.113.4"
    return {"properties": {"managedNetwork": network}}


def rule_shown(cloud: Cloud, rule: Resource) -> Json:
    """A rule, which works once its network is there."""
    workspace = cloud.store.get(rule.id.parent)
    return {"properties": {**rule.properties, "status": _status(workspace is not None and is_active(workspace))}}


def activate(cloud: Cloud, id: ResourceId | None, *, spark: bool = False) -> Json:
    """Bring a workspace's network into being unless there is none to bring; returns its status."""
    with cloud.store.transaction():
        workspace = cloud.store.get(id)
        if workspace is None or not is_on(workspace):
            return {}
        ready = spark or bool(reach(workspace.body, f"{STATUS}.sparkReady"))
        status: Json = {"status": "Active", "sparkReady": ready}
        body = overlay(workspace.body, {"properties": {"managedNetwork": {"status": status}}})
        cloud.store.put(replace(workspace, body=body))
    return status


def provision(call: Call) -> Json:
    """`provisionManagedNetwork`: the network now, not with the first compute."""
    if not is_on(call.resource):
        message = f"The workspace '{call.resource.name}' has no managed network: its isolation mode is {OFF}."
        raise bad_request("BadRequest", message)
    return activate(call.cloud, call.resource.id, spark=bool(call.body.get("includeSpark")))
