"""Zone groups of private endpoints: which private DNS zones an endpoint's names are written into.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns (one zone group for each endpoint, at most five
zones in it).
"""

from collections.abc import Iterator

from local.arm.behaviours.network import private_dns
from local.arm.behaviours.network.references import NAMES, existing, ids_at, objects
from local.arm.behaviours.network.subnets import PRIVATE_ENDPOINT
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

ZONE_GROUP = f"{PRIVATE_ENDPOINT}/privateDnsZoneGroups"
ZONES = "properties.privateDnsZoneConfigs"
MOST_ZONES = 5


def _check_only_group(change: Change) -> None:
    for other in change.cloud.store.below(change.parent.id):
        if other.type == ZONE_GROUP and other.id.key != change.id.key:
            message = f"Cannot create more than one private dns zone groups in the private endpoint {change.parent.id}."
            raise bad_request("BadRequest", message)


def _check_zones(change: Change) -> None:
    configs = objects(change.get(ZONES, []))
    if len(configs) > MOST_ZONES:
        message = f"Private dns zone group {change.id} has {len(configs)} zones; at most {MOST_ZONES} are allowed."
        raise bad_request("BadRequest", message, target=ZONES)
    names = [str(item.get("name", "")) for item in configs]
    for name in names:
        if names.count(name) > 1:
            message = (
                f"Cannot parse the request: resource {change.id} has two child resources with the same name ({name})."
            )
            raise bad_request("InvalidRequestFormat", message, target=ZONES)
    for index, item in enumerate(configs):
        existing(
            change,
            reach(item, "properties.privateDnsZoneId"),
            private_dns.ZONE,
            f"{ZONES}[{index}].properties.privateDnsZoneId",
        )


def _records(endpoint: Resource, zone: Resource) -> Iterator[tuple[str, list[str]]]:
    """Names in a zone, with their addresses, of what an endpoint resolves there.

    The zone's name is that of the public names, most with `privatelink.` before it; Key Vault's has another word too.
    """
    name = zone.name.casefold()
    suffixes = (f".{name}", f".{name.removeprefix('privatelink.').replace('vaultcore.', 'vault.')}")
    for item in endpoint.properties.get("customDnsConfigs", []):
        suffix = next((suffix for suffix in suffixes if item["fqdn"].endswith(suffix)), None)
        if suffix:
            yield item["fqdn"].removesuffix(suffix), item["ipAddresses"]


def _write_records(cloud: Cloud, group: Resource) -> Json:
    """Write the endpoint's names into the zones, and take those away that are in none of them any more."""
    endpoint = cloud.store.get(group.id.parent)
    if endpoint is None:
        return {}
    shown: list[Json] = []
    with cloud.store.transaction():
        for item in objects(reach(group.body, ZONES)):
            zone = cloud.store.get(ResourceId.parse(reach(item, "properties.privateDnsZoneId")))
            records = (
                [
                    private_dns.write_address(cloud, zone, name, found, endpoint.id)
                    for name, found in _records(endpoint, zone)
                ]
                if zone
                else []
            )
            shown.append({**item, "properties": {**item["properties"], "recordSets": records}})
    return {"properties": {"privateDnsZoneConfigs": shown}}


def _remove_records(cloud: Cloud, group: Resource) -> None:
    endpoint = group.id.parent
    for item in objects(reach(group.body, ZONES)):
        names = [str(record["recordSetName"]) for record in objects(reach(item, "properties.recordSets"))]
        for zone in ids_at(item, "properties.privateDnsZoneId"):
            if endpoint:
                private_dns.remove_addresses(cloud, zone, names, endpoint)


TYPE = ResourceType(
    name=ZONE_GROUP,
    names=NAMES,
    etag="etag",
    put=Answer.ASYNC_OPERATION,
    delete=Answer.LOCATION,
    checks=(_check_only_group, _check_zones),
    provision=_write_records,
    deprovision=_remove_records,
)
