"""Private DNS zones, their links to virtual networks, and the records that private endpoints write.

Sources: learn.microsoft.com/azure/dns/private-dns-privatednszone, .../private-dns-virtual-network-links,
.../rest/api/dns/privatedns.
"""

from collections.abc import Iterable
from dataclasses import replace

from local.arm.behaviours.network.peerings import NETWORK
from local.arm.behaviours.network.references import NAMES, existing, ids_at
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

ZONE = "Microsoft.Network/privateDnsZones"
LINK = f"{ZONE}/virtualNetworkLinks"
ADDRESS_RECORD, START_RECORD = f"{ZONE}/A", f"{ZONE}/SOA"
LINKED = "properties.virtualNetwork.id"
MOST_RECORDS, MOST_LINKS, MOST_REGISTERING_LINKS = 25000, 1000, 100
RECORD_NAMES = NameRule(r"@|\*|(\*\.)?[A-Za-z0-9_]([-\w.]{0,251}\w)?", "a name relative to the zone, '@' or '*'")
LABEL = r"(?!-)[-\w]{1,63}(?<!-)"


def _only_global(change: Change) -> None:
    if change.location != "global":
        message = f"The location of {change.id} is '{change.location}'; private DNS is in 'global' only."
        raise bad_request("LocationNotAvailableForResourceType", message, target="location")


def _links(cloud: Cloud, zone: Resource) -> list[Resource]:
    return [item for item in cloud.store.below(zone.id) if item.type == LINK]


def _registers(link: Resource) -> bool:
    return link.properties.get("registrationEnabled") is True


def _zone(change: Change) -> Json:
    return {
        "properties": {
            "maxNumberOfRecordSets": MOST_RECORDS,
            "maxNumberOfVirtualNetworkLinks": MOST_LINKS,
            "maxNumberOfVirtualNetworkLinksWithRegistration": MOST_REGISTERING_LINKS,
        }
    }


def _shows_zone(cloud: Cloud, zone: Resource) -> Json:
    links = _links(cloud, zone)
    records = [item for item in cloud.store.below(zone.id) if item.type in (ADDRESS_RECORD, START_RECORD)]
    return {
        "properties": {
            "numberOfRecordSets": len(records),
            "numberOfVirtualNetworkLinks": len(links),
            "numberOfVirtualNetworkLinksWithRegistration": sum(map(_registers, links)),
        }
    }


def _check_unlinked(cloud: Cloud, zone: Resource) -> None:
    links = _links(cloud, zone)
    if links:
        named = ", ".join(f"'{ZONE}/{link.id.names[0]}/virtualNetworkLinks/{link.name}'" for link in links)
        message = (
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
            f"{named}. Please delete all nested resources before deleting this resource."
        )
        raise conflict("CannotDeleteResource", message)


def _check_link(change: Change) -> None:
    network = existing(change, change.get(LINKED, ""), NETWORK, LINKED)
    registers = change.get("properties.registrationEnabled", False)
    mine = change.parent.name.casefold()
    for other in change.cloud.store.of_type(LINK):
        if other.id.key == change.id.key or not any(id.key == network.id.key for id in ids_at(other.body, LINKED)):
            continue
        theirs = other.id.names[0]
        if other.id.parent == change.id.parent:
            message = f"Virtual network {network.id} is linked to private DNS zone {theirs} already, by {other.id}."
            raise conflict("Conflict", message)
        if theirs.casefold() == mine:
            message = (
                "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link "
                f"virtual network with '{change.parent.name}' and '{theirs}' zones."
            )
            raise bad_request("BadRequest", message)
        if registers and _registers(other):
            message = f"Virtual network {network.id} can have only one zone with registration enabled; it has {theirs}."
            raise conflict("Conflict", message)


def _link(change: Change) -> Json:
    return {
        "properties": {
            "registrationEnabled": change.get("properties.registrationEnabled", False),
            "virtualNetworkLinkState": "Completed",
        }
    }


def _record(change: Change) -> Json:
    return {
        "properties": {
            "ttl": change.get("properties.ttl", 3600),
            "fqdn": f"{change.id.name}.{change.id.names[0]}.".removeprefix("@."),
            "isAutoRegistered": False,
        }
    }


def write_address(cloud: Cloud, zone: Resource, name: str, addresses: list[str], creator: ResourceId) -> Json:
    """Put an A record into a zone, as a private endpoint's zone group does; returns it as the group shows it."""
    id = zone.id.child("A", name)
    properties = {
        "metadata": {"creator": f"created by private endpoint {creator.name} with resource id {creator}"},
        "ttl": 10,
        "fqdn": f"{name}.{zone.name}.",
        "aRecords": [{"ipv4Address": address} for address in addresses],
        "isAutoRegistered": False,
    }
    body = {"etag": zone.etag, "properties": properties}
    cloud.store.put(replace(zone, id=id, type=ADDRESS_RECORD, sent=None, body=body, private={}))
    return {
        "recordType": "A",
        "recordSetName": name,
        "fqdn": f"{name}.{zone.name}",
        "ttl": 10,
        "ipAddresses": addresses,
        "provisioningState": "Succeeded",
    }


def remove_addresses(cloud: Cloud, zone: ResourceId, names: Iterable[str], creator: ResourceId) -> None:
    """Take the A records away that a private endpoint wrote into a zone; others of the same name stay."""
    for name in names:
        record = cloud.store.get(zone.child("A", name))
        if record and str(record.properties.get("metadata", {}).get("creator", "")).endswith(f" {creator}"):
            cloud.store.remove(record.id)


TYPES = (
    ResourceType(
        name=ZONE,
        tracked=True,
        names=NameRule(rf"{LABEL}(\.{LABEL})+", "2 to 34 labels of letters, digits and '-', separated by periods"),
        etag="etag",
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_only_global,),
        complete=_zone,
        shows=_shows_zone,
        default_children=((START_RECORD, "@"),),
        delete_checks=(_check_unlinked,),
    ),
    ResourceType(
        name=LINK,
        tracked=True,
        names=NAMES,
        etag="etag",
        immutable=(LINKED,),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_only_global, _check_link),
        complete=_link,
    ),
    *(
        ResourceType(name=name, names=RECORD_NAMES, etag="etag", provisioning_state=False, complete=_record)
        for name in (ADDRESS_RECORD, START_RECORD)
    ),
)
