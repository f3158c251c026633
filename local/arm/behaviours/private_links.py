"""What private endpoints connect to: the groups of each type, the names they resolve, the target's side of it.

Sources: learn.microsoft.com/azure/private-link/private-endpoint-overview (private-link resources and sub-resources),
.../private-endpoint-dns (names and zones), .../azure/machine-learning/how-to-custom-dns (names of a workspace).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

CONNECTIONS = "privateEndpointConnections"
STATE = "properties.privateLinkServiceConnectionState"
STATUSES = ("Approved", "Rejected", "Pending")

Hosts = Callable[[Resource], Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Group:
    """A group (sub-resource) that a private endpoint connects to."""

    hosts: Hosts
    """Member of the group to its host names, the zone of each after a space; one address for each member."""


def _own(*zones: str, member: str = "default") -> Group:
    """One host for each zone, named as the resource."""
    return Group(lambda resource: {member: tuple(f"{resource.name.casefold()} {zone}" for zone in zones)})


def _storage(service: str) -> Group:
    return _own(f"{service}.core.windows.net", member=service)


def _registry(registry: Resource) -> Mapping[str, tuple[str, ...]]:
    name, region = registry.name.casefold(), _region(registry)
    return {"registry": (f"{name} azurecr.io",), f"registry_data_{region}": (f"{name}.{region}.data azurecr.io",)}


def _workspace(workspace: Resource) -> Mapping[str, tuple[str, ...]]:
    identifier, region = workspace.properties.get("workspaceId", ""), _region(workspace)
    notebook = f"ml-{workspace.name.casefold()}-{region}-{identifier}.{region}"
    return {
        "default": (
            f"{identifier}.workspace.{region} api.azureml.ms",
            f"{identifier}.workspace.{region}.cert api.azureml.ms",
        ),
        "notebook": (f"{notebook} notebooks.azure.net",),
        "inference": (f"*.{identifier}.inference.{region} api.azureml.ms",),
    }


def _monitor(scope: Resource) -> Mapping[str, tuple[str, ...]]:
    return {
        "api": ("api monitor.azure.com",),
        "global.in.ai": ("global.in.ai monitor.azure.com",),
        "profiler": ("profiler monitor.azure.com",),
        "live": ("live monitor.azure.com",),
        "diagservices-query": ("diagservices-query monitor.azure.com",),
        "scadvisorcontentpl": ("scadvisorcontentpl blob.core.windows.net",),
    }


def _cluster(cluster: Resource) -> Mapping[str, tuple[str, ...]]:
    prefix = cluster.properties.get("dnsPrefix", cluster.name)
    return {"management": (f"{prefix} privatelink.{_region(cluster)}.azmk8s.io",)}


def _region(resource: Resource) -> str:
    return resource.location.replace(" ", "").casefold()


GROUPS: Mapping[str, Mapping[str, Group]] = {
    "Microsoft.Storage/storageAccounts": {
        service: _storage(service) for service in ("blob", "file", "queue", "table", "dfs")
    }
    | {"web": _own("web.core.windows.net", member="web")},
    "Microsoft.KeyVault/vaults": {"vault": _own("vault.azure.net")},
    "Microsoft.ContainerRegistry/registries": {"registry": Group(_registry)},
    "Microsoft.Sql/servers": {"sqlServer": _own("database.windows.net", member="sqlServer")},
    "Microsoft.MachineLearningServices/workspaces": {"amlworkspace": Group(_workspace)},
    "Microsoft.MachineLearningServices/registries": {"amlregistry": _own("registry.api.azureml.ms")},
    "Microsoft.Databricks/workspaces": {
        "databricks_ui_api": _own("azuredatabricks.net"),
        "browser_authentication": Group(lambda it: {"default": (f"{_region(it)}.pl-auth azuredatabricks.net",)}),
    },
    "Microsoft.Insights/privateLinkScopes": {"azuremonitor": Group(_monitor)},
    "Microsoft.ContainerService/managedClusters": {"management": Group(_cluster)},
    "Microsoft.DataFactory/factories": {
        "dataFactory": _own("datafactory.azure.net"),
        "portal": Group(lambda _: {"default": ("adf azure.com",)}),
    },
    "Microsoft.EventHub/namespaces": {"namespace": _own("servicebus.windows.net")},
    "Microsoft.CognitiveServices/accounts": {"account": _own("cognitiveservices.azure.com")},
    "Microsoft.Search/searchServices": {"searchService": _own("search.windows.net")},
}
"""Groups by type of the target."""


def groups_of(type_name: str) -> Mapping[str, Group]:
    """The groups of a type; none for one that private endpoints do not reach."""
    wanted = type_name.casefold()
    return next((groups for name, groups in GROUPS.items() if name.casefold() == wanted), {})


def open_connection(cloud: Cloud, target: Resource, name: str, *, endpoint: str, group: str, approved: bool) -> None:
    """Show a private endpoint, by its id, at its target; one that is shown already stays as its owner judged it."""
    id = target.id.child(CONNECTIONS, name)
    if cloud.store.get(id) is not None:
        return
    state = (
        {"status": "Approved", "description": "Auto-Approved", "actionsRequired": "None"}
        if approved
        else {"status": "Pending", "description": "Awaiting approval", "actionsRequired": "None"}
    )
    properties = {
        "privateEndpoint": {"id": endpoint},
        "groupIds": [group],
        "privateLinkServiceConnectionState": state,
        "provisioningState": "Succeeded",
    }
    kind = f"{target.type}/{CONNECTIONS}"
    cloud.store.put(replace(target, id=id, type=kind, sent=None, body={"properties": properties}, private={}))


def connection_state(cloud: Cloud, target: Resource | None, name: str) -> Json:
    """What the target's owner says of a connection."""
    connection = cloud.store.get(target.id.child(CONNECTIONS, name)) if target else None
    if connection is None:
        return {"status": "Disconnected", "description": "", "actionsRequired": "None"}
    return dict(connection.properties["privateLinkServiceConnectionState"])


def connections(cloud: Cloud, target: Resource) -> Json:
    """The target's members that show its private endpoint connections; the `shows` of a type that has them."""
    name = f"{target.type}/{CONNECTIONS}"
    kind = connection_type(target.type)
    found = [kind.document(cloud, item) for item in cloud.store.below(target.id) if item.type == name]
    return {"properties": {CONNECTIONS: found}} if found else {}


def connection_type(target: str) -> ResourceType:
    """The type of the connections of a target's type: they come with private endpoints, their owner judges them."""
    return ResourceType(
        name=f"{target}/{CONNECTIONS}",
        names=NameRule(r"[-\w.]{1,260}", "letters, digits, '-', '_' and '.'"),
        put=Answer.AT_ONCE,
        checks=(_check_connection,),
        complete=_connection,
    )


def _check_connection(change: Change) -> None:
    if change.current is None:
        message = f"There is no private endpoint connection {change.id}: it comes with a private endpoint."
        raise bad_request("PrivateEndpointConnectionNotFound", message)
    status = change.get(f"{STATE}.status", "")
    if status not in STATUSES:
        message = f"{STATE}.status is '{status}'; it must be one of {', '.join(STATUSES)}."
        raise bad_request("BadRequest", message, target=f"{STATE}.status")


def _connection(change: Change) -> Json:
    """The connection stays what it was, but for the owner's judgement."""
    before = change.current.body if change.current else {}
    judged = {"properties": {"privateLinkServiceConnectionState": change.get(STATE, {})}}
    return overlay(before, judged)
