"""Microsoft.Storage: accounts, their blob service, containers and life cycle rules.

Sources: learn.microsoft.com/rest/api/storagerp (storage accounts, blob services, blob containers, management policies),
.../azure/storage/blobs/storage-feature-support-in-storage-accounts (what a hierarchical namespace rules out).
"""

from local.arm.behaviours import private_links
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request, conflict
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceProvider, ResourceType, UniqueName
from local.arm.store import Resource

ACCOUNT = "Microsoft.Storage/storageAccounts"
BLOB_SERVICE = f"{ACCOUNT}/blobServices"
CONTAINER = f"{BLOB_SERVICE}/containers"
OTHER_SERVICES = ("fileServices", "queueServices", "tableServices")
ONLY_DEFAULT = NameRule("default", "the only one is 'default'")
HOSTS = {"dfs": "dfs", "file": "file", "queue": "queue", "table": "table"}
"""Endpoints that have no service here are shown as Azure names them."""
OPEN_NETWORK = {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []}


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


def _provision_account(cloud: Cloud, account: Resource) -> Json:
    cloud.blobs.put_account(account.name)
    return _endpoints(cloud, account)


def _remove_account(cloud: Cloud, account: Resource) -> None:
    cloud.blobs.delete_account(account.name)


def _list_keys(call: Call) -> Json:
    created = call.resource.properties["creationTime"]
    keys = call.cloud.blobs.keys(call.resource.name)
    return {
        "keys": [
            {"keyName": f"key{number}", "value": key, "permissions": "FULL", "creationTime": created}
            for number, key in enumerate(keys, start=1)
        ]
    }


def _check_blob_service(change: Change) -> None:
    """What a hierarchical namespace rules out, and what point-in-time restore stands on."""
    on = {
        name: change.get(f"properties.{name}.enabled", False)
        for name in ("restorePolicy", "changeFeed", "deleteRetentionPolicy")
    }
    versioned = change.get("properties.isVersioningEnabled", False)
    if change.parent.properties.get("isHnsEnabled") and (versioned or on["restorePolicy"]):
        message = (
            f"Versioning and point-in-time restore are not supported on '{change.parent.name}': it has a hierarchical "
            "namespace."
        )
        raise bad_request("FeatureNotSupportedForAccount", message, target="properties.isVersioningEnabled")
    if on["restorePolicy"]:
        if not (versioned and on["changeFeed"] and on["deleteRetentionPolicy"]):
            message = "Point-in-time restore needs versioning, change feed and blob soft delete; turn them on."
            raise bad_request("InvalidRequestPropertyValue", message, target="properties.restorePolicy")
        if change.get("properties.restorePolicy.days", 0) >= change.get("properties.deleteRetentionPolicy.days", 0):
            message = "restorePolicy.days must be less than deleteRetentionPolicy.days."
            raise bad_request("InvalidRequestPropertyValue", message, target="properties.restorePolicy.days")


def _blob_service(change: Change) -> Json:
    return {
        "sku": change.parent.body.get("sku", {}),
        "properties": {
            "cors": change.get("properties.cors", {"corsRules": []}),
            "deleteRetentionPolicy": change.get("properties.deleteRetentionPolicy", {"enabled": False}),
        },
    }


def _check_public_access(change: Change) -> None:
    wanted = change.get("properties.publicAccess", "None")
    account = change.cloud.store.get(change.parent.id.parent)
    if wanted != "None" and account and not account.properties.get("allowBlobPublicAccess"):
        message = (
            f"Public access is not permitted on the storage account '{account.name}': publicAccess is '{wanted}', "
            "allowBlobPublicAccess is false."
        )
        raise conflict("PublicAccessNotPermitted", message)


def _container(change: Change) -> Json:
    return {
        "properties": {
            "publicAccess": change.get("properties.publicAccess", "None"),
            "defaultEncryptionScope": change.get("properties.defaultEncryptionScope", "$account-encryption-key"),
            "denyEncryptionScopeOverride": change.get("properties.denyEncryptionScopeOverride", False),
            "deleted": False,
            "remainingRetentionDays": 0,
            "leaseStatus": "Unlocked",
            "leaseState": "Available",
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
            "lastModifiedTime": change.cloud.now(),
        }
    }


def _provision_container(cloud: Cloud, container: Resource) -> Json:
    cloud.blobs.put_container(container.id.names[0], container.name)
    return {}


def _remove_container(cloud: Cloud, container: Resource) -> None:
    cloud.blobs.delete_container(container.id.names[0], container.name)


def _last_modified(change: Change) -> Json:
    return {"properties": {"lastModifiedTime": change.cloud.now()}}


PROVIDER = ResourceProvider(
    namespace="Microsoft.Storage",
    types=(
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
                "properties.dnsEndpointType",
            ),
            put=Answer.LOCATION,
            complete=_account,
            provision=_provision_account,
            refresh=_provision_account,
            deprovision=_remove_account,
            default_children=tuple(
                (f"{ACCOUNT}/{service}", "default") for service in ("blobServices", *OTHER_SERVICES)
            ),
            actions={"listkeys": _list_keys},
        ),
        ResourceType(
            name=BLOB_SERVICE,
            names=ONLY_DEFAULT,
            provisioning_state=False,
            checks=(_check_blob_service,),
            complete=_blob_service,
        ),
        *(
            ResourceType(name=f"{ACCOUNT}/{service}", names=ONLY_DEFAULT, provisioning_state=False)
            for service in OTHER_SERVICES
        ),
        ResourceType(
            name=CONTAINER,
            names=NameRule(
                r"\$root|\$web|\$logs|(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]",
                "3 to 63 digits, lower-case letters and single '-', none at the ends",
                "InvalidResourceName",
            ),
            provisioning_state=False,
            etag="etag",
            immutable=("properties.defaultEncryptionScope", "properties.denyEncryptionScopeOverride"),
            checks=(_check_public_access,),
            complete=_container,
            provision=_provision_container,
            deprovision=_remove_container,
        ),
        ResourceType(
            name=f"{ACCOUNT}/managementPolicies",
            names=ONLY_DEFAULT,
            provisioning_state=False,
            complete=_last_modified,
        ),
    ),
)
