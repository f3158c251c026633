"""Runs Microsoft's azure-mgmt-network, unchanged, through the life of a network, and prints what it saw as JSON.

Runs in an environment of its own (`.local/clients`). Where Azure is comes from the environment contract alone.
"""

import json
import sys
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.network import NetworkManagementClient, models
from azure.mgmt.resource.resources import ResourceManagementClient
from target import REGION, SUBSCRIPTION, TENANT, WHERE, refusal

GROUP, NETWORK = "rg-network-client", "vnet-client"
VAULT = "kv-network-client"


def main() -> None:
    """Print what the client saw at each step."""
    with DefaultAzureCredential() as credential:
        groups = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE).resource_groups
        groups.create_or_update(GROUP, {"location": REGION})
        vault = _vault(KeyVaultManagementClient(credential, SUBSCRIPTION, **WHERE))
        client = NetworkManagementClient(credential, SUBSCRIPTION, **WHERE)
        seen = {**_rules(client), **_networks(client), **_endpoints(client, vault), **_end(client)}
        groups.begin_delete(GROUP).wait()
    json.dump(seen, sys.stdout, default=str)


def _vault(client: KeyVaultManagementClient) -> str:
    properties = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}
    body = {"location": REGION, "properties": properties}
    return str(client.vaults.begin_create_or_update(GROUP, VAULT, body).result().id)


def _rules(client: NetworkManagementClient) -> dict[str, Any]:
    rule = models.SecurityRule(
        name="deny",
        priority=100,
        direction="Inbound",
        access="Deny",
        protocol="*",
        source_address_prefix="Internet",
        source_port_range="*",
        destination_address_prefix="*",
        destination_port_range="*",
    )
    groups = client.network_security_groups
    body = models.NetworkSecurityGroup(location=REGION, security_rules=[rule])
    groups.begin_create_or_update(GROUP, "nsg-client", body).wait()
    found = groups.get(GROUP, "nsg-client")
    return {
        "rules": {item.name: item.access for item in found.security_rules},
        "default_rules": [item.name for item in found.default_security_rules],
    }


def _networks(client: NetworkManagementClient) -> dict[str, Any]:
    networks, subnets = client.virtual_networks, client.subnets
    security = models.NetworkSecurityGroup(id=client.network_security_groups.get(GROUP, "nsg-client").id)
    one = models.Subnet(name="one", address_prefix="10.0.0.0/24", network_security_group=security)
    space = models.AddressSpace(address_prefixes=["10.0.0.0/16"])
    body = models.VirtualNetwork(location=REGION, address_space=space, subnets=[one], tags={"state": "first"})
    made = networks.begin_create_or_update(GROUP, NETWORK, body).result()
    two = models.Subnet(address_prefix="10.0.1.0/24", default_outbound_access=False)
    alone = subnets.begin_create_or_update(GROUP, NETWORK, "two", two).result()
    networks.update_tags(GROUP, NETWORK, models.TagsObject(tags={"state": "second"}))
    found = networks.get(GROUP, NETWORK)
    return {
        "network": made.id,
        "state": made.provisioning_state,
        "tags": found.tags,
        "networks": [item.name for item in networks.list(GROUP)],
        "subnets": {item.name: item.address_prefix for item in subnets.list(GROUP, NETWORK)},
        "private_subnet": alone.default_outbound_access is False,
        "overlap": refusal(lambda: subnets.begin_create_or_update(GROUP, NETWORK, "three", one)),
        "security_in_use": refusal(lambda: client.network_security_groups.begin_delete(GROUP, "nsg-client")),
    }


def _endpoints(client: NetworkManagementClient, vault: str) -> dict[str, Any]:
    endpoints = client.private_endpoints
    subnet = models.Subnet(id=client.subnets.get(GROUP, NETWORK, "two").id)
    asked = models.PrivateLinkServiceConnection(name="vault", private_link_service_id=vault, group_ids=["vault"])
    body = models.PrivateEndpoint(location=REGION, subnet=subnet, private_link_service_connections=[asked])
    made = endpoints.begin_create_or_update(GROUP, "pep-client", body).result()
    interface = client.network_interfaces.get(GROUP, made.network_interfaces[0].id.rpartition("/")[2])
    connection = made.private_link_service_connections[0]
    return {
        "endpoints": [item.name for item in endpoints.list(GROUP)],
        "connection": connection.private_link_service_connection_state.status,
        "names": {item.fqdn: item.ip_addresses for item in made.custom_dns_configs},
        "interface": [item.private_ip_address for item in interface.ip_configurations],
        "subnet_in_use": refusal(lambda: client.subnets.begin_delete(GROUP, NETWORK, "two")),
    }


def _end(client: NetworkManagementClient) -> dict[str, Any]:
    client.private_endpoints.begin_delete(GROUP, "pep-client").wait()
    client.subnets.begin_delete(GROUP, NETWORK, "two").wait()
    left = [item.name for item in client.subnets.list(GROUP, NETWORK)]
    client.virtual_networks.begin_delete(GROUP, NETWORK).wait()
    client.network_security_groups.begin_delete(GROUP, "nsg-client").wait()
    return {"left": left, "gone": refusal(lambda: client.virtual_networks.get(GROUP, NETWORK))}


if __name__ == "__main__":
    main()
