"""Storage accounts: what is decided at creation, redundancy, keys, encryption, deletion.

Sources: learn.microsoft.com/rest/api/storagerp/storage-accounts and .../srp_error_codes_common,
.../azure/storage/common/redundancy-migration (which changes of redundancy a request can make),
.../azure/storage/common/storage-network-security (which addresses a rule may name),
.../azure/storage/blobs/storage-feature-support-in-storage-accounts (what a hierarchical namespace rules out).
"""

import ipaddress

from local.arm.behaviours import private_links
from local.arm.behaviours.customer_keys import KeyReference, check_key
from local.arm.behaviours.storage.immutability import check_deletable
from local.arm.behaviours.storage.types import ACCOUNT, not_with_namespace
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType, UniqueName
from local.arm.store import Resource

SERVICES = ("blobServices", "fileServices", "queueServices", "tableServices")
HOSTS = {"dfs": "dfs", "file": "file", "queue": "queue", "table": "table"}
"""Endpoints that have no service here are shown as Azure names them."""
OPEN_NETWORK = {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []}
NEEDS_NAMESPACE = ("isNfsV3Enabled", "isSftpEnabled")
SMALLEST_BLOCK = 30
"""Longest prefix of a block of addresses in a rule; a single address is written without one."""


def _account(change: Change) -> Json:
    now = change.cloud.now()
    created = change.keep("properties.creationTime", lambda: now)
    return {
        "sku": {"tier": str(change.get("sku.name", "")).partition("_")[0]},
        "properties": {
            "creationTime": created,
            "keyCreationTime": {"key1": created, "key2": created},
            "primaryLocation": change.location,
            "statusOfPrimary": "available",
            "privateEndpointConnections": [],
            "isHnsEnabled": change.get("properties.isHnsEnabled", False),
            "accessTier": change.get("properties.accessTier", "Hot"),
            "minimumTlsVersion": change.get("properties.minimumTlsVersion", "TLS1_0"),
            "supportsHttpsTrafficOnly": change.get("properties.supportsHttpsTrafficOnly", True),
            "allowBlobPublicAccess": change.get("properties.allowBlobPublicAccess", False),
            "networkAcls": {**OPEN_NETWORK, **change.get("properties.networkAcls", {})},
            "encryption": {
                "keySource": change.get("properties.encryption.keySource", "Microsoft.Storage"),
                "services": {name: {"enabled": True, "keyType": "Account"} for name in ("blob", "file")},
            },
        },
    }


def _endpoints(cloud: Cloud, account: Resource) -> Json:
    name = account.name
    others = {service: f"https://{name}.{host}.core.windows.net/" for service, host in HOSTS.items()}
    return {"properties": {"primaryEndpoints": {"blob": cloud.blobs.endpoint(name), **others}}}


def _provision(cloud: Cloud, account: Resource) -> Json:
    cloud.blobs.put_account(account.name, takes_keys=account.properties.get("allowSharedKeyAccess") is not False)
    return _endpoints(cloud, account)


def _remove(cloud: Cloud, account: Resource) -> None:
    check_deletable(cloud, account)
    cloud.blobs.delete_account(account.name)


def _list_keys(call: Call) -> Json:
    """Also answered where the account takes no keys."""
    created = call.resource.properties["creationTime"]
    keys = call.cloud.blobs.keys(call.resource.name)
    return {
        "keys": [
            {"keyName": f"key{number}", "value": key, "permissions": "FULL", "creationTime": created}
            for number, key in enumerate(keys, start=1)
        ]
    }


def _check_namespace(change: Change) -> None:
    """What needs a hierarchical namespace, and what it rules out."""
    namespace = change.get("properties.isHnsEnabled", False)
    for member in NEEDS_NAMESPACE:
        if change.get(f"properties.{member}", False) and not namespace:
            message = f"{member} needs an account with a hierarchical namespace: isHnsEnabled is false."
            raise bad_request("InvalidRequestPropertyValue", message, target=f"properties.{member}")
    path = "properties.immutableStorageWithVersioning"
    if namespace and change.get(f"{path}.enabled", False):
        raise not_with_namespace(change.id.name, "Immutable storage with versioning", path)


def _check_redundancy(change: Change) -> None:
    """A request adds or removes a second region; zones and the performance tier stay as they were created."""
    wanted, present = str(change.get("sku.name", "")), str(change.was("sku.name") or "")
    if present and _fixed(wanted) != _fixed(present):
        message = (
            f"The storage account '{change.id.name}' does not support the conversion from {present} to {wanted}: a "
            "request can only add or remove a second region. Start a customer-initiated conversion, or make a new "
            "account."
        )
        raise bad_request("StorageAccountTypeConversionNotAllowed", message, target="sku.name")


def _fixed(sku: str) -> tuple[str, bool]:
    """What of a SKU a request cannot change: its performance, and whether it spreads over zones."""
    tier, _, redundancy = sku.casefold().partition("_")
    return tier, redundancy.endswith("zrs")


def _check_addresses(change: Change) -> None:
    """A rule names public IPv4 addresses; blocks smaller than four addresses have to be listed one by one."""
    for index, rule in enumerate(change.objects("properties.networkAcls.ipRules")):
        value = str(rule.get("value", ""))
        try:
            block = ipaddress.IPv4Network(value, strict=False)
        except ValueError:
            block = None
        single = "/" not in value
        if block is None or block.is_private or not (single or block.prefixlen <= SMALLEST_BLOCK):
            message = (
                f"Values for request parameters are invalid: networkAcls.ipRules[{index}].value is '{value}'; it must "
                f"be a public IPv4 address, or a block of them with a prefix of at most /{SMALLEST_BLOCK}."
            )
            target = f"properties.networkAcls.ipRules[{index}].value"
            raise bad_request("InvalidValuesForRequestParameters", message, target=target)


def _check_customer_key(change: Change) -> None:
    encryption = "properties.encryption"
    if str(change.get(f"{encryption}.keySource", "")).casefold() != "microsoft.keyvault":
        return
    place = f"{encryption}.keyvaultproperties"
    reference = KeyReference(
        vault_uri=str(change.get(f"{place}.keyvaulturi", "")),
        key=str(change.get(f"{place}.keyname", "")),
        identity=change.get(f"{encryption}.identity.userAssignedIdentity", ""),
        path=place,
    )
    check_key(change, reference)


TYPES = (
    private_links.connection_type(ACCOUNT),
    ResourceType(
        name=ACCOUNT,
        shows=private_links.connections,
        tracked=True,
        names=NameRule(r"[a-z0-9]{3,24}", "3 to 24 digits and lower-case letters", "AccountNameInvalid"),
        unique=UniqueName("StorageAccountAlreadyTaken"),
        immutable=(
            "properties.isHnsEnabled",
            "properties.isNfsV3Enabled",
            "properties.encryption.requireInfrastructureEncryption",
            "properties.immutableStorageWithVersioning.enabled",
            "properties.dnsEndpointType",
        ),
        put=Answer.LOCATION,
        checks=(_check_namespace, _check_redundancy, _check_addresses, _check_customer_key),
        complete=_account,
        provision=_provision,
        refresh=_provision,
        delete_checks=(check_deletable,),
        deprovision=_remove,
        default_children=tuple((f"{ACCOUNT}/{service}", "default") for service in SERVICES),
        actions={"listkeys": _list_keys},
    ),
)
