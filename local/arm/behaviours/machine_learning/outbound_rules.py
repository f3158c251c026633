"""What a workspace's managed network may call: rules by private endpoint, service tag and domain name.

Source: learn.microsoft.com/azure/machine-learning/how-to-managed-network ("Private endpoints", "Limitations").
"""

import re
from collections.abc import Iterator

from local.arm.behaviours.authorization.references import ASSIGNMENT
from local.arm.behaviours.machine_learning import managed_network
from local.arm.behaviours.machine_learning.managed_network import APPROVED, RULE
from local.arm.behaviours.private_links import groups_of
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

UNREACHED = ("Microsoft.ContainerService/managedClusters", "Microsoft.Insights/privateLinkScopes")
"""Types with private endpoints, none of which a managed network makes."""
APPROVERS = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "b556d68e-0be0-4f35-a333-ad7ee1ce17ea": "Azure AI Enterprise Network Connection Approver",
}
"""Roles that may approve a private endpoint on a resource."""
NAMES = NameRule(r"[-\w]{1,80}", "1 to 80 letters, digits, '-' and '_'")
REQUIRED_TAGS = (
    "AzureActiveDirectory",
    "AzureMachineLearning",
    "BatchNodeManagement",
    "AzureResourceManager",
    "AzureFrontDoor.FirstParty",
    "MicrosoftContainerRegistry",
    "AzureMonitor",
)
REQUIRED_ENDPOINTS = {
    "properties.storageAccount": ("blob", "file"),
    "properties.keyVault": ("vault",),
    "properties.containerRegistry": ("registry",),
}
_HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?\.)+[a-z0-9](?:[-a-z0-9]*[a-z0-9])", re.IGNORECASE)
_STORAGE_HOST = re.compile(r".*\.(?:blob|dfs|file|queue|table|web)\.core\.\S+", re.IGNORECASE)
_PORTS = re.compile(r"\*|\d{1,5}(?:-\d{1,5})?(?:, ?\d{1,5}(?:-\d{1,5})?)*")
PROTOCOLS = ("TCP", "UDP", "ICMP", "*")


def check_rule(cloud: Cloud, workspace: Json, rule: Json, path: str, *, mode: str) -> None:
    """Raise ArmError for a rule that a workspace with this body and isolation mode cannot have."""
    kind, destination = rule.get("type"), rule.get("destination")
    if mode == managed_network.OFF:
        message = f"{path} is an outbound rule, and the workspace has no managed network: its isolation mode is {mode}."
        raise bad_request("ValidationError", message, target=path)
    if kind in ("FQDN", "ServiceTag") and mode != APPROVED:
        message = f"{path} is a rule of type {kind}; those need the isolation mode {APPROVED}, not {mode}."
        raise bad_request("ValidationError", message, target=path)
    if kind == "FQDN":
        _check_host(destination, f"{path}.destination")
    elif kind == "ServiceTag":
        _check_tag(destination, f"{path}.destination")
    elif kind == "PrivateEndpoint":
        _check_endpoint(cloud, workspace, destination, f"{path}.destination")
    else:
        message = f"{path}.type is {kind!r}; it must be FQDN, PrivateEndpoint or ServiceTag."
        raise bad_request("ValidationError", message, target=f"{path}.type")


def _check_host(destination: object, path: str) -> None:
    if not isinstance(destination, str) or not _HOST.fullmatch(destination):
        message = f"{path} is {destination!r}; it must be a host name such as example.org or *.example.org."
        raise bad_request("ValidationError", message, target=path)
    if _STORAGE_HOST.fullmatch(destination):
        message = f"{path} is {destination!r}; storage accounts are reached by a private endpoint, not by domain name."
        raise bad_request("ValidationError", message, target=path)


def _check_tag(destination: object, path: str) -> None:
    tag, protocol, ports = (reach(destination, name) for name in ("serviceTag", "protocol", "portRanges"))
    if not isinstance(tag, str) or not re.fullmatch(r"[A-Za-z][\w.]*", tag):
        message = f"{path}.serviceTag is {tag!r}; it must be a service tag such as AzureMonitor."
        raise bad_request("ValidationError", message, target=f"{path}.serviceTag")
    if str(protocol).upper() not in PROTOCOLS:
        message = f"{path}.protocol is {protocol!r}; it must be one of {', '.join(PROTOCOLS)}."
        raise bad_request("ValidationError", message, target=f"{path}.protocol")
    if not isinstance(ports, str) or not _PORTS.fullmatch(ports):
        message = f"{path}.portRanges is {ports!r}; it must be ports such as 443 or 80,8000-8080."
        raise bad_request("ValidationError", message, target=f"{path}.portRanges")


def _check_endpoint(cloud: Cloud, workspace: Json, destination: object, path: str) -> None:
    reference, sub = (reach(destination, name) for name in ("serviceResourceId", "subresourceTarget"))
    id = ResourceId.parse(str(reference))
    subs = groups_of(id.type)
    if not subs or id.type.casefold() in {kind.casefold() for kind in UNREACHED}:
        message = (
            f"{path}.serviceResourceId is of type '{id.type}', to which a managed network has no private endpoint."
        )
        raise bad_request("ValidationError", message, target=f"{path}.serviceResourceId")
    if str(sub).casefold() not in {known.casefold() for known in subs}:
        message = f"{path}.subresourceTarget is {sub!r}; a private endpoint to {id.type} leads to {', '.join(subs)}."
        raise bad_request("ValidationError", message, target=f"{path}.subresourceTarget")
    target = cloud.find(str(reference), id.type, property_path=f"{path}.serviceResourceId")
    _check_approver(cloud, workspace, target, str(reference))


def _check_approver(cloud: Cloud, workspace: Json, target: Resource, reference: str) -> None:
    """A workspace that acts by a user-assigned identity approves its endpoints by that one's roles."""
    primary = reach(workspace, "properties.primaryUserAssignedIdentity")
    identity = cloud.store.get(ResourceId.parse(primary)) if isinstance(primary, str) and primary else None
    if identity is None:
        return
    principal, scopes = identity.properties["principalId"], {above.key for above in target.id.upwards()}
    for assignment in cloud.store.of_type(ASSIGNMENT):
        role = str(assignment.properties.get("roleDefinitionId")).rpartition("/")[2].casefold()
        mine = assignment.properties.get("principalId") == principal
        if mine and role in APPROVERS and assignment.id.scope and assignment.id.scope.key in scopes:
            return
    message = (
        f"The client '{principal}' (the workspace's identity '{identity.name}') does not have permission to perform "
        f"action 'PrivateEndpointConnectionsApproval/action' on the linked scope '{reference}'. Assign it one of "
        f"{', '.join(APPROVERS.values())} there."
    )
    raise ArmError(403, "LinkedAuthorizationFailed", message)


def check_inline(change: Change) -> None:
    """Raise ArmError for a wrong rule within a workspace's own body."""
    rules = change.get("properties.managedNetwork.outboundRules", {})
    mode = str(change.get(managed_network.MODE) or change.was(managed_network.MODE) or managed_network.OFF)
    for name, rule in rules.items():
        path = f"properties.managedNetwork.outboundRules.{name}"
        NAMES.check(name, RULE)
        if not isinstance(rule, dict):
            raise bad_request("ValidationError", f"{path} is {rule!r}; it must be an object.", target=path)
        if rule.get("category") in (None, "UserDefined"):
            check_rule(change.cloud, change.sent, rule, path, mode=mode)


def settle(cloud: Cloud, workspace: Resource) -> Json:
    """Make a rule resource of each rule in a workspace's body, as Azure shows them in both places, and of those that
    every managed network has. Bears repetition."""
    inline = reach(workspace.sent, "properties.managedNetwork.outboundRules", {})
    own = {name: {"category": "UserDefined", **rule} for name, rule in inline.items()}
    now = cloud.now()
    needed = dict(_required(workspace)) if managed_network.is_on(workspace) else {}
    with cloud.store.transaction():
        for name, rule in (own | needed).items():
            id = workspace.id.child("outboundRules", name)
            body: Json = {"properties": rule}
            cloud.store.put(Resource(id, RULE, workspace.api_version, None, body, now, now))
    return {}


def _required(workspace: Resource) -> Iterator[tuple[str, Json]]:
    """The rules that come with a network: Azure's own services, and what the workspace stands on."""
    for tag in REQUIRED_TAGS:
        target = {"serviceTag": tag, "protocol": "TCP", "portRanges": "443"}
        name = f"__SYS_ST_{tag.replace('.', '_')}"
        yield name, {"type": "ServiceTag", "category": "Required", "destination": target}
    for path, subs in REQUIRED_ENDPOINTS.items():
        reference = reach(workspace.body, path)
        for sub in subs if isinstance(reference, str) and reference else ():
            name = f"__SYS_PE_{ResourceId.parse(reference).name}_{sub}"
            leads = {"serviceResourceId": reference, "subresourceTarget": sub, "sparkEnabled": True}
            yield name, {"type": "PrivateEndpoint", "category": "Required", "destination": leads}


def _check(change: Change) -> None:
    workspace = change.parent
    mode = managed_network.mode(workspace)
    check_rule(change.cloud, workspace.body, change.get("properties", {}), "properties", mode=mode)


def _check_not_required(_: Cloud, rule: Resource) -> None:
    if rule.properties.get("category") == "Required":
        raise bad_request("ValidationError", f"The outbound rule '{rule.name}' is required and cannot be deleted.")


def _complete(change: Change) -> Json:
    return {"properties": {"category": change.get("properties.category", "UserDefined")}}


TYPES = (
    ResourceType(
        name=RULE,
        names=NAMES,
        provisioning_state=False,
        system_data=True,
        put=Answer.LOCATION,
        delete=Answer.LOCATION,
        checks=(_check,),
        complete=_complete,
        shows=managed_network.rule_shown,
        delete_checks=(_check_not_required,),
    ),
)
