"""Registries: assets for many workspaces, replicated to regions, with a resource group that Azure keeps for them.

Source: learn.microsoft.com/azure/machine-learning/how-to-manage-registries.
"""

import uuid

from local.arm import managed_groups
from local.arm.behaviours import private_links
from local.arm.behaviours.machine_learning.asset_ids import REGISTRIES
from local.arm.behaviours.machine_learning.assets import asset_types
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.regions import REGIONS
from local.arm.resource_types import Answer, Change, NameRule, ResourceType, UniqueName
from local.arm.store import Resource

REGION_DETAILS, MANAGED_GROUP = "properties.regionDetails", "properties.managedResourceGroup.resourceId"


def _regions(change: Change) -> list[str]:
    details = change.get(REGION_DETAILS, [])
    return [str(reach(detail, "location", "")).replace(" ", "").casefold() for detail in details]


def _check_regions(change: Change) -> None:
    """At least one region, the registry's own among them, none twice; several need a premium container registry."""
    regions = _regions(change)
    if not regions:
        raise bad_request(
            "ValidationError", "A registry needs at least one region in regionDetails.", target=REGION_DETAILS
        )
    if unknown := sorted(set(regions) - set(REGIONS)):
        raise bad_request(
            "ValidationError", f"regionDetails has '{unknown[0]}', which is no region.", target=REGION_DETAILS
        )
    if len(set(regions)) < len(regions):
        raise bad_request("ValidationError", "regionDetails has a region twice.", target=REGION_DETAILS)
    if change.location not in regions:
        message = f"regionDetails must have the registry's own region, {change.location}; it has {', '.join(regions)}."
        raise bad_request("ValidationError", message, target=REGION_DETAILS)
    for detail in change.get(REGION_DETAILS, []):
        accounts = reach(detail, "acrDetails")
        for account in accounts if isinstance(accounts, list) else ():
            sku = reach(account, "systemCreatedAcrAccount.acrAccountSku", "Premium")
            if sku != "Premium":
                message = f"acrAccountSku is {sku!r}; the container registry of a registry is Premium."
                raise bad_request("ValidationError", message, target=REGION_DETAILS)


def _complete(change: Change) -> Json:
    host, name = f"{change.location}.api.azureml.ms", change.id.name
    group = change.keep(MANAGED_GROUP, lambda: f"{change.id.subscription}/resourceGroups/{_group_name(name)}")
    return {
        "properties": {
            "discoveryUrl": f"https://{host}/registrymanagement/v1.0/registries/{name}/discovery",
            "mlFlowRegistryUri": f"azureml://{host}/mlflow/v1.0{change.id}",
            "managedResourceGroup": {"resourceId": group},
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
        }
    }


def _group_name(registry: str) -> str:
    return f"azureml-rg-{registry}_{uuid.uuid4()}"


def _make_group(cloud: Cloud, registry: Resource) -> Json:
    """The group for the registry's own storage and container registry."""
    managed_groups.make(cloud, registry, _group_of(registry))
    return {}


def _remove_group(cloud: Cloud, registry: Resource) -> None:
    managed_groups.remove(cloud, registry, _group_of(registry))


def _group_of(registry: Resource) -> ResourceId:
    return ResourceId.parse(str(reach(registry.body, MANAGED_GROUP)))


TYPES = (
    private_links.connection_type(REGISTRIES),
    ResourceType(
        name=REGISTRIES,
        shows=private_links.connections,
        tracked=True,
        names=NameRule(r"[A-Za-z0-9][-\w]{2,32}", "3 to 33 letters, digits, '-' and '_', the first a letter or digit"),
        unique=UniqueName("RegistryNameNotAvailable"),
        system_data=True,
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_check_regions,),
        complete=_complete,
        provision=_make_group,
        deprovision=_remove_group,
    ),
    *asset_types(REGISTRIES),
)
