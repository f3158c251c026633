"""NAT gateways and public addresses.

Sources: learn.microsoft.com/azure/nat-gateway/nat-gateway-resource (standard addresses only, one zone or none),
.../azure/virtual-network/ip-services/public-ip-addresses (SKUs, zones), .../public-ip-basic-upgrade-guidance (no new
addresses of the Basic SKU since 30 September 2025).
"""

import hashlib
import uuid

from local.arm.behaviours.network.references import NAMES, existing, ids_at, objects
from local.arm.behaviours.network.subnets import NAT_GATEWAY, tied_to
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource

ADDRESS = "Microsoft.Network/publicIPAddresses"
ADDRESSES = "properties.publicIpAddresses"
TIED = "properties.natGateway.id"
MOST_ADDRESSES = 16


def _check_address(change: Change) -> None:
    if change.get("sku.name", "Basic") == "Basic":
        message = (
            "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region: the "
            f"SKU is retired. Set sku.name of {change.id} to Standard."
        )
        raise bad_request("IPv4BasicSkuPublicIpCountLimitReached", message, target="sku.name")
    if change.get("properties.publicIPAllocationMethod", "Dynamic") != "Static":
        message = f"Standard sku publicIp {change.id} must have AllocationMethod set to Static."
        raise bad_request(
            "StandardSkuPublicIPAddressesMustBeStatic", message, target="properties.publicIPAllocationMethod"
        )


def _address(change: Change) -> Json:
    version = change.get("properties.publicIPAddressVersion", "IPv4")
    return {
        "sku": {"tier": change.get("sku.tier", "Regional")},
        "properties": {
            "resourceGuid": change.keep("properties.resourceGuid", lambda: str(uuid.uuid4())),
            "publicIPAddressVersion": version,
            "idleTimeoutInMinutes": change.get("properties.idleTimeoutInMinutes", 4),
            "ipAddress": change.keep("properties.ipAddress", lambda: _documentation_address(change, version)),
        },
    }


def _documentation_address(change: Change, version: str) -> str:
    """An address out of the ranges for documentation (RFC 5737, RFC 3849), which lead nowhere."""
    number = int(hashlib.sha256(change.id.key.encode()).hexdigest(), 16)
    return f"2001:db8::{number % 65536:x}" if version == "IPv6" else f"203.0.113.{1 + number % 254}"


def _gateways(cloud: Cloud, address: Resource) -> list[Resource]:
    return [
        gateway
        for gateway in cloud.store.of_type(NAT_GATEWAY)
        if any(id.key == address.id.key for id in ids_at(gateway.body, f"{ADDRESSES}[].id"))
    ]


def _shows_address(cloud: Cloud, address: Resource) -> Json:
    gateways = _gateways(cloud, address)
    return {"properties": {"natGateway": {"id": gateways[0].id.text}}} if gateways else {}


def _check_address_unused(cloud: Cloud, address: Resource) -> None:
    for gateway in _gateways(cloud, address):
        message = (
            f"Public IP address {address.id} can not be deleted since it is still allocated to resource {gateway.id}. "
            "In order to delete the public IP, disassociate it from the resource first."
        )
        raise bad_request("PublicIPAddressCannotBeDeleted", message)


def _check_gateway(change: Change) -> None:
    if str(change.get("sku.name", "")) not in ("Standard", "StandardV2"):
        message = f"sku.name of {change.id} is '{change.get('sku.name')}'; a NAT gateway is Standard or StandardV2."
        raise bad_request("InvalidRequestFormat", message, target="sku.name")
    if change.get("sku.name") == "Standard" and len(change.get("zones", [])) > 1:
        message = (
            f"Resource {change.id} has zones {change.sent['zones']}: a Standard NAT gateway lies in one zone or none."
        )
        raise bad_request("ResourceCannotHaveMultipleZonesSpecified", message, target="zones")
    items = objects(change.get(ADDRESSES, []))
    if len(items) > MOST_ADDRESSES:
        message = f"{change.id} has {len(items)} public addresses; a NAT gateway has at most {MOST_ADDRESSES}."
        raise bad_request("BadRequest", message, target=ADDRESSES)
    for index, item in enumerate(items):
        address = existing(change, item.get("id"), ADDRESS, f"{ADDRESSES}[{index}].id", location=change.location)
        _check_zones(change, address)
        for other in _gateways(change.cloud, address):
            if other.id.key != change.id.key:
                message = f"Public IP address {address.id} is already allocated to resource {other.id}."
                raise bad_request("PublicIPAddressInUse", message, target=ADDRESSES)


def _check_zones(change: Change, address: Resource) -> None:
    """A gateway in a zone takes addresses of that zone or of all zones; one in no zone takes any."""
    zones, its = set(map(str, change.get("zones", []))), set(map(str, address.body.get("zones") or []))
    if zones and its and not zones <= its:
        message = (
            f"{change.id} is in the zones {sorted(zones)}, its public address {address.id} in {sorted(its)}: the "
            "address must be in the same zone, or in all of them."
        )
        raise bad_request("BadRequest", message, target="zones")


def _gateway(change: Change) -> Json:
    return {
        "properties": {
            "resourceGuid": change.keep("properties.resourceGuid", lambda: str(uuid.uuid4())),
            "idleTimeoutInMinutes": change.get("properties.idleTimeoutInMinutes", 4),
        }
    }


def _shows_gateway(cloud: Cloud, gateway: Resource) -> Json:
    tied = tied_to(cloud, TIED, gateway.id)
    return {"properties": {"subnets": [{"id": subnet.id.text} for subnet in tied]}} if tied else {}


def _check_gateway_unused(cloud: Cloud, gateway: Resource) -> None:
    tied = tied_to(cloud, TIED, gateway.id)
    if tied:
        message = (
            f"NAT Gateway {gateway.id} is still configured on {len(tied)} subnets. Remove NAT Gateway from all "
            "referenced subnets and then delete NAT Gateway."
        )
        raise bad_request("CannotDeleteNatGatewayAssociatedToSubnet", message)


TYPES = (
    ResourceType(
        name=ADDRESS,
        tracked=True,
        names=NAMES,
        etag="etag",
        immutable=("sku.name", "properties.publicIPAddressVersion"),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_check_address,),
        complete=_address,
        shows=_shows_address,
        delete_checks=(_check_address_unused,),
    ),
    ResourceType(
        name=NAT_GATEWAY,
        tracked=True,
        names=NAMES,
        etag="etag",
        immutable=("sku.name", "zones"),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(_check_gateway,),
        complete=_gateway,
        shows=_shows_gateway,
        delete_checks=(_check_gateway_unused,),
    ),
)
