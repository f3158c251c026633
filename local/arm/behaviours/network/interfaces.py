"""Network interfaces of private endpoints: read-only, as they come and go with their endpoints.

Source: learn.microsoft.com/azure/private-link/manage-private-endpoint (network interface, its configurations).
"""

from collections.abc import Mapping
from typing import Any

from local.arm.behaviours.network.subnets import PRIVATE_ENDPOINT
from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.identifiers import ResourceId
from local.arm.resource_types import View
from local.arm.store import Resource

INTERFACE = "Microsoft.Network/networkInterfaces"


def _interfaces(cloud: Cloud, under: ResourceId | None, _: Mapping[str, str]) -> list[Json]:
    endpoints = cloud.store.of_type(PRIVATE_ENDPOINT)
    return [
        _shown_interface(endpoint)
        for endpoint in endpoints
        if under is None or under.key in {upper.key for upper in endpoint.id.upwards()}
    ]


def _one_interface(cloud: Cloud, id: ResourceId) -> Json | None:
    shown = _interfaces(cloud, None, {})
    return next((item for item in shown if item["id"].casefold() == id.key), None)


def _shown_interface(endpoint: Resource) -> Json:
    id = ResourceId.parse(endpoint.properties["networkInterfaces"][0]["id"])
    used: dict[str, list[str]] = {}
    for item in endpoint.properties["customDnsConfigs"]:
        for address in item["ipAddresses"]:
            used.setdefault(address, []).append(item["fqdn"])
    configurations: list[dict[str, Any]] = [
        {
            "id": f"{id}/ipConfigurations/privateEndpoint.{number}",
            "name": f"privateEndpoint.{number}",
            "type": f"{INTERFACE}/ipConfigurations",
            "properties": {
                "privateIPAddress": address,
                "privateIPAllocationMethod": "Dynamic",
                "subnet": {"id": reach(endpoint.body, "properties.subnet.id")},
                "primary": number == 0,
                "privateLinkConnectionProperties": {"fqdns": names},
            },
        }
        for number, (address, names) in enumerate(used.items())
    ]
    return {
        "id": id.text,
        "name": id.name,
        "type": INTERFACE,
        "location": endpoint.location,
        "properties": {
            "provisioningState": "Succeeded",
            "ipConfigurations": configurations,
            "privateEndpoint": {"id": endpoint.id.text},
        },
    }


VIEW = View(name=INTERFACE, list=_interfaces, get=_one_interface)
