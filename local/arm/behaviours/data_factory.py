"""Microsoft.DataFactory: factories, what pipelines are made of, and their managed network.

Sources: learn.microsoft.com/rest/api/datafactory (factories, linked services, datasets, pipelines, triggers,
integration runtimes, managed virtual networks, managed private endpoints),
.../azure/data-factory/naming-rules, .../concepts-pipeline-execution-triggers,
.../managed-virtual-network-private-endpoint.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from local.arm.behaviours import private_links
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Action, Call, Change, NameRule, ResourceProvider, ResourceType, UniqueName
from local.arm.store import Resource

FACTORY = "Microsoft.DataFactory/factories"
NETWORK = f"{FACTORY}/managedVirtualNetworks"
ENDPOINT = f"{NETWORK}/managedPrivateEndpoints"
TRIGGER = f"{FACTORY}/triggers"
NAMES = NameRule(
    r"[A-Za-z0-9_][^<>*#.%&:\\+?/]{0,259}", "1 to 260 characters, none of <>*#.%&:\\+?/, a letter, digit or '_' first"
)
HYPHENATED = NameRule(
    r"[A-Za-z0-9](?!.*--)[-A-Za-z0-9]{1,61}[A-Za-z0-9]", "3 to 63 letters, digits and single '-', none at the ends"
)
REFERENCES = {
    "LinkedServiceReference": "linkedservices",
    "DatasetReference": "datasets",
    "PipelineReference": "pipelines",
    "IntegrationRuntimeReference": "integrationRuntimes",
    "CredentialReference": "credentials",
    "ManagedVirtualNetworkReference": "managedVirtualNetworks",
    "TriggerReference": "triggers",
}
"""Collections by the type of a reference to one of them."""
SUBSCRIPTION = "subscription"
"""Where the state of a trigger's subscription to events is kept."""
AUTO_RESOLVE = "AutoResolveIntegrationRuntime"
"""The integration runtime that comes with a factory."""


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Collection and name of everything that a document refers to in its factory."""
    if isinstance(value, dict):
        name, kind = value.get("referenceName"), value.get("type")
        if isinstance(name, str) and isinstance(kind, str) and kind in REFERENCES:
            yield REFERENCES[kind], name
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _factory(id: ResourceId) -> ResourceId:
    return next(upper for upper in id.upwards() if upper.type == FACTORY)


def _check_references(change: Change) -> None:
    """What a document refers to is there."""
    factory = _factory(change.id)
    for collection, name in _references(change.sent):
        if name == AUTO_RESOLVE:
            continue
        if change.cloud.store.get(factory.child(collection, name)) is None:
            message = (
                f"The document creation or update failed because of invalid reference '{name}': the factory "
                f"'{factory.name}' has none of that name in its {collection}."
            )
            raise bad_request("BadRequest", message, target=change.id.text)


def _check_unreferenced(cloud: Cloud, resource: Resource) -> None:
    mine = (resource.id.types[-1].casefold(), resource.name.casefold())
    for other in cloud.store.below(_factory(resource.id)):
        found = {(collection.casefold(), name.casefold()) for collection, name in _references(other.sent)}
        if mine in found and other.id.key != resource.id.key:
            message = f"The document cannot be deleted since it is referenced by {other.name}."
            raise bad_request("BadRequest", message, target=resource.id.text)


def _secret_paths(value: Any, path: str = "") -> Iterator[str]:
    """Where a document holds a SecureString's value, by dotted path."""
    if isinstance(value, dict):
        if value.get("type") == "SecureString":
            yield f"{path}.value"
        for name, inner in value.items():
            yield from _secret_paths(inner, f"{path}.{name}" if path else name)


def _hidden(sent: Json) -> tuple[str, ...]:
    return tuple(_secret_paths(sent))


def _complete_factory(change: Change) -> Json:
    return {
        "properties": {
            "createTime": change.keep("properties.createTime", change.cloud.now),
            "version": "2018-06-01",
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
        }
    }


def _check_stopped(change: Change) -> None:
    if change.was("properties.runtimeState") == "Started":
        message = (
            f"Cannot update enabled Trigger '{change.id.name}'; the trigger needs to be disabled first: POST …/stop."
        )
        raise bad_request("TriggerEnabledCannotUpdate", message)


def _check_deletable(cloud: Cloud, trigger: Resource) -> None:
    if trigger.properties.get("runtimeState") == "Started":
        message = (
            f"Cannot update enabled Trigger '{trigger.name}'; the trigger needs to be disabled first: POST …/stop."
        )
        raise bad_request("TriggerEnabledCannotUpdate", message)


def _trigger(change: Change) -> Json:
    return {"properties": {"runtimeState": "Stopped"}}


def _turn(state: str) -> Action:
    """The action that starts or stops a trigger."""

    def act(call: Call) -> Json:
        trigger = call.resource
        if state == "Started" and not trigger.properties.get("pipelines") and not trigger.properties.get("pipeline"):
            message = f"The trigger '{trigger.name}' starts no pipeline; give it one first."
            raise bad_request("TriggerNoReferencedPipeline", message)
        body = overlay(trigger.body, {"properties": {"runtimeState": state}})
        call.cloud.store.put(replace(trigger, body=body))
        return {}

    return act


def _subscribe(status: str) -> Action:
    """The action that takes a trigger's subscription to events up or down."""

    def act(call: Call) -> Json:
        trigger = replace(call.resource, private={**call.resource.private, SUBSCRIPTION: status})
        call.cloud.store.put(trigger)
        return _subscription(trigger)

    return act


def _subscription(trigger: Resource) -> Json:
    return {"triggerName": trigger.name, "status": trigger.private.get(SUBSCRIPTION, "Disabled")}


def _run(call: Call) -> Json:
    """A run is accepted and recorded as its id; nothing is copied."""
    return {"runId": str(uuid.uuid4())}


def _check_endpoint(change: Change) -> None:
    target = str(change.get("properties.privateLinkResourceId", ""))
    if change.cloud.store.get(ResourceId.parse(target)) is None:
        message = f"The private link resource '{target}' was not found. Create it first, or correct the id."
        raise bad_request("InvalidPrivateLinkResource", message, target="properties.privateLinkResourceId")
    if change.current is not None and change.was("properties.privateLinkResourceId") != target:
        message = f"The managed private endpoint '{change.id.name}' leads to another resource; delete it first."
        raise conflict("ManagedPrivateEndpointConflict", message)


def _endpoint(change: Change) -> Json:
    return {
        "properties": {
            "isReserved": False,
            "fqdns": change.get("properties.fqdns", []),
            "provisioningState": "Succeeded",
        }
    }


def _target(cloud: Cloud, endpoint: Resource) -> Resource | None:
    return cloud.store.get(ResourceId.parse(str(endpoint.properties.get("privateLinkResourceId", ""))))


def _connection_name(endpoint: Resource) -> str:
    """What an endpoint is called where it leads to: its factory's name, a dot, and its own."""
    return f"{_factory(endpoint.id).name}.{endpoint.name}"


def _connect(cloud: Cloud, endpoint: Resource) -> Json:
    """Show the endpoint at its target, whose owner has to approve it; it lies in a subscription of Microsoft's."""
    target, name = _target(cloud, endpoint), _connection_name(endpoint)
    if target is not None:
        subscription = uuid.uuid5(uuid.NAMESPACE_URL, _factory(endpoint.id).key)
        group = f"/subscriptions/{subscription}/resourceGroups/vnet-{endpoint.name}"
        id = f"{group}/providers/Microsoft.Network/privateEndpoints/{name}"
        sub = str(endpoint.properties.get("groupId", ""))
        private_links.open_connection(cloud, target, name, endpoint=id, group=sub, approved=False)
    return {}


def _disconnect(cloud: Cloud, endpoint: Resource) -> None:
    target = _target(cloud, endpoint)
    if target:
        cloud.store.remove(target.id.child(private_links.CONNECTIONS, _connection_name(endpoint)))


def _connection(cloud: Cloud, endpoint: Resource) -> Json:
    state = private_links.connection_state(cloud, _target(cloud, endpoint), _connection_name(endpoint))
    return {"properties": {"connectionState": state}}


def _check_in_network(cloud: Cloud, network: Resource) -> None:
    runtimes = [
        item for item in cloud.store.below(_factory(network.id)) if item.type == f"{FACTORY}/integrationRuntimes"
    ]
    for runtime in runtimes:
        if ("managedVirtualNetworks", network.name) in _references(runtime.sent):
            raise ArmError(
                400, "BadRequest", f"The document cannot be deleted since it is referenced by {runtime.name}."
            )


def _document(kind: str) -> ResourceType:
    """A document of a factory, which refers to others."""
    return ResourceType(
        name=f"{FACTORY}/{kind}",
        names=NAMES,
        provisioning_state=False,
        etag="etag",
        checks=(_check_references,),
        delete_checks=(_check_unreferenced,),
        hides=_hidden,
        actions={"createrun": _run} if kind == "pipelines" else {},
    )


PROVIDER = ResourceProvider(
    namespace="Microsoft.DataFactory",
    types=(
        private_links.connection_type(FACTORY),
        ResourceType(
            name=FACTORY,
            shows=private_links.connections,
            tracked=True,
            names=HYPHENATED,
            unique=UniqueName("DataFactoryNameInUse"),
            etag="eTag",
            complete=_complete_factory,
        ),
        *(_document(kind) for kind in ("linkedservices", "datasets", "pipelines", "credentials")),
        ResourceType(name=f"{FACTORY}/globalParameters", names=NAMES, provisioning_state=False, etag="etag"),
        ResourceType(
            name=TRIGGER,
            names=NAMES,
            provisioning_state=False,
            etag="etag",
            checks=(_check_stopped, _check_references),
            complete=_trigger,
            delete_checks=(_check_deletable, _check_unreferenced),
            actions={
                "start": _turn("Started"),
                "stop": _turn("Stopped"),
                "subscribetoevents": _subscribe("Enabled"),
                "unsubscribefromevents": _subscribe("Disabled"),
                "geteventsubscriptionstatus": lambda call: _subscription(call.resource),
            },
        ),
        ResourceType(
            name=f"{FACTORY}/integrationRuntimes",
            names=HYPHENATED,
            provisioning_state=False,
            etag="etag",
            checks=(_check_references,),
            delete_checks=(_check_unreferenced,),
        ),
        ResourceType(
            name=NETWORK,
            names=NameRule("default", "the only one is 'default'"),
            provisioning_state=False,
            etag="etag",
            delete_checks=(_check_in_network,),
        ),
        ResourceType(
            name=ENDPOINT,
            names=NameRule(r"[-A-Za-z0-9_]{1,127}", "1 to 127 letters, digits, '-' and '_'"),
            provisioning_state=False,
            etag="etag",
            checks=(_check_endpoint,),
            complete=_endpoint,
            provision=_connect,
            shows=_connection,
            deprovision=_disconnect,
        ),
    ),
)
