"""One accepted body for every type of Microsoft.Network, and for the private endpoint connections of other types."""

from collections.abc import Callable

from local.arm.behaviours.network.private_endpoints import connection_name
from local.arm.documents import Json
from local.arm.identifiers import ResourceId
from tests.unit.arm.doubles import REGION, Azure, Platform
from tests.unit.arm.kubernetes_samples import cluster_body
from tests.unit.arm.samples_sql import server_body

Add = Callable[[str, str, str, Json], str]
HERE: Json = {"location": REGION}
GLOBAL: Json = {"location": "global"}


def add_all(azure: Azure, parts: Platform, add: Add) -> None:
    """Add the samples in an order in which each is accepted."""
    kind, group = "Microsoft.Network", parts.group
    address = {"publicIPAllocationMethod": "Static"}
    standard = {**HERE, "sku": {"name": "Standard"}, "zones": ["1"]}
    public = add(f"{kind}/publicIPAddresses", group, "pip-sample", {**standard, "properties": address})
    gateway = add(
        f"{kind}/natGateways", group, "ng-sample", {**standard, "properties": {"publicIpAddresses": [{"id": public}]}}
    )
    rules = _rules(add, group)
    network, subnet = _networks(azure, add, group, gateway, rules)
    watcher = f"{azure.subscription}/resourceGroups/NetworkWatcherRG"
    watcher = add(f"{kind}/networkWatchers", watcher, f"NetworkWatcher_{REGION}", {**HERE, "properties": {}})
    log = {"targetResourceId": network, "storageId": parts.storage, "enabled": True, "retentionPolicy": {"days": 7}}
    add(f"{kind}/networkWatchers/flowLogs", watcher, "fl-sample", {**HERE, "properties": log})
    _private_links(azure, parts, add, network, subnet)
    perimeter = add(f"{kind}/networkSecurityPerimeters", group, "nsp-sample", {**HERE, "properties": {}})
    profile = add(f"{kind}/networkSecurityPerimeters/profiles", perimeter, "main", {"properties": {}})
    rule = {"direction": "Inbound", "addressPrefixes": ["192.0.2.0/24"]}
    add(f"{kind}/networkSecurityPerimeters/profiles/accessRules", profile, "office", {"properties": rule})
    inside = {"privateLinkResource": {"id": parts.vault}, "profile": {"id": profile}, "accessMode": "Learning"}
    add(f"{kind}/networkSecurityPerimeters/resourceAssociations", perimeter, "vault", {"properties": inside})


def _rules(add: Add, group: str) -> dict[str, str]:
    kind = "Microsoft.Network"
    rule: Json = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Deny",
        "protocol": "*",
        "sourceAddressPrefix": "Internet",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    listed = {"securityRules": [{"name": "deny", "properties": rule}]}
    security = add(f"{kind}/networkSecurityGroups", group, "nsg-sample", {**HERE, "properties": listed})
    add(f"{kind}/networkSecurityGroups/securityRules", security, "more", {"properties": {**rule, "priority": 200}})
    route = {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.9.0.4"}
    hops = {"routes": [{"name": "all", "properties": route}]}
    table = add(f"{kind}/routeTables", group, "rt-sample", {**HERE, "properties": hops})
    add(
        f"{kind}/routeTables/routes", table, "none", {"properties": {"addressPrefix": "Storage", "nextHopType": "None"}}
    )
    definition = {"service": "Microsoft.Storage", "serviceResources": [group]}
    own = {"serviceEndpointPolicyDefinitions": [{"name": "own", "properties": definition}]}
    policy = add(f"{kind}/serviceEndpointPolicies", group, "sep-sample", {**HERE, "properties": own})
    add(f"{kind}/serviceEndpointPolicies/serviceEndpointPolicyDefinitions", policy, "more", {"properties": definition})
    return {"security": security, "table": table, "policy": policy}


def _networks(azure: Azure, add: Add, group: str, gateway: str, rules: dict[str, str]) -> tuple[str, str]:
    kind = "Microsoft.Network/virtualNetworks"
    subnet: Json = {
        "addressPrefix": "10.0.0.0/24",
        "networkSecurityGroup": {"id": rules["security"]},
        "routeTable": {"id": rules["table"]},
        "natGateway": {"id": gateway},
        "serviceEndpointPolicies": [{"id": rules["policy"]}],
        "serviceEndpoints": [{"service": "Microsoft.Storage"}],
        "defaultOutboundAccess": False,
    }
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    one = {**HERE, "properties": {**space, "subnets": [{"name": "one", "properties": subnet}]}}
    network = add(kind, group, "vnet-sample", one)
    service = {"name": "d", "properties": {"serviceName": "Microsoft.Databricks/workspaces"}}
    own = {"addressPrefixes": ["10.0.1.0/24"], "delegations": [service]}
    add(f"{kind}/subnets", network, "two", {"properties": own})
    hub = f"{group}/providers/{kind}/vnet-hub"
    azure.put(hub, {**HERE, "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}})
    add(f"{kind}/virtualNetworkPeerings", network, "hub", {"properties": {"remoteVirtualNetwork": {"id": hub}}})
    return network, f"{network}/subnets/one"


def _private_links(azure: Azure, parts: Platform, add: Add, network: str, subnet: str) -> None:
    kind = "Microsoft.Network"
    zone = add(f"{kind}/privateDnsZones", parts.group, "privatelink.vaultcore.azure.net", {**GLOBAL, "properties": {}})
    link = {"virtualNetwork": {"id": network}, "registrationEnabled": False}
    add(f"{kind}/privateDnsZones/virtualNetworkLinks", zone, "own", {**GLOBAL, "properties": link})
    record = {"ttl": 60, "aRecords": [{"ipv4Address": "10.0.0.9"}]}
    add(f"{kind}/privateDnsZones/A", zone, "other", {"properties": record})
    add(f"{kind}/privateDnsZones/SOA", zone, "@", {"properties": {"ttl": 3600}})
    vault = {"name": "vault", "properties": {"privateLinkServiceId": parts.vault, "groupIds": ["vault"]}}
    properties = {"subnet": {"id": subnet}, "privateLinkServiceConnections": [vault]}
    endpoint = add(f"{kind}/privateEndpoints", parts.group, "pep-sample", {**HERE, "properties": properties})
    zones = {"privateDnsZoneConfigs": [{"name": "vault", "properties": {"privateDnsZoneId": zone}}]}
    add(f"{kind}/privateEndpoints/privateDnsZoneGroups", endpoint, "default", {"properties": zones})
    registry = f"{parts.group}/providers/Microsoft.ContainerRegistry/registries/crlinked"
    azure.put(registry, {**HERE, "sku": {"name": "Premium"}})
    shared = f"{parts.group}/providers/Microsoft.MachineLearningServices/registries/mlr-linked"
    azure.put(shared, {**HERE, "properties": {"regionDetails": [HERE]}})
    near = f"{parts.group}/providers/{kind}/virtualNetworks/vnet-near"
    space = {"addressSpace": {"addressPrefixes": ["10.8.0.0/24"]}}
    listed = {"subnets": [{"name": "links", "properties": {"addressPrefix": "10.8.0.0/24"}}]}
    azure.put(near, {**HERE, "properties": {**space, **listed}})
    for target, group_id in (
        (parts.vault, "vault"),
        (parts.storage, "blob"),
        (registry, "registry"),
        (parts.workspace, "amlworkspace"),
        (shared, "amlregistry"),
        *_more_targets(azure, parts),
    ):
        path = f"{parts.group}/providers/{kind}/privateEndpoints/pep-{group_id}"
        asked = {"name": "one", "properties": {"privateLinkServiceId": target, "groupIds": [group_id]}}
        links = {"subnet": {"id": f"{near}/subnets/links"}, "privateLinkServiceConnections": [asked]}
        made = azure.put(path, {**HERE, "properties": links})
        id = ResourceId.parse(made.body["id"])
        state = {"status": "Approved", "description": "by hand"}
        add(
            f"{ResourceId.parse(target).type}/privateEndpointConnections",
            target,
            connection_name(id),
            {"properties": {"privateLinkServiceConnectionState": state}},
        )


def _more_targets(azure: Azure, parts: Platform) -> list[tuple[str, str]]:
    """Further resources that private endpoints lead to, made here, with a group of each."""
    databricks = {"managedResourceGroupId": f"{azure.subscription}/resourceGroups/rg-linked", "computeMode": "Hybrid"}
    modes = {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "Open"}
    targets: dict[str, tuple[str, Json]] = {
        "Microsoft.Sql/servers": ("sqlServer", server_body(parts)),
        "Microsoft.Databricks/workspaces": (
            "databricks_ui_api",
            {**HERE, "sku": {"name": "premium"}, "properties": databricks},
        ),
        "Microsoft.DataFactory/factories": ("dataFactory", {**HERE, "properties": {}}),
        "Microsoft.ContainerService/managedClusters": ("management", cluster_body(parts)),
        "Microsoft.Insights/privateLinkScopes": (
            "azuremonitor",
            {**GLOBAL, "properties": {"accessModeSettings": modes}},
        ),
    }
    found = []
    for kind, (group, body) in targets.items():
        path = f"{parts.group}/providers/{kind}/linked-sample"
        azure.put(path, body)
        found.append((path, group))
    return found
