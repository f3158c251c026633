"""Microsoft.ContainerRegistry: registries, and what each tier has.

Sources: learn.microsoft.com/rest/api/containerregistry/registries,
.../azure/container-registry/container-registry-skus (tiers), .../zone-redundancy, .../data-loss-prevention (export),
.../tutorial-enable-customer-managed-keys.
"""

import secrets

from local.arm.behaviours import private_links
from local.arm.behaviours.customer_keys import KeyReference, check_key
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceProvider, ResourceType, UniqueName

REGISTRY = "Microsoft.ContainerRegistry/registries"
POLICIES, KEY = "properties.policies", "properties.encryption.keyVaultProperties"


def _check_tier(change: Change) -> None:
    """What only a Premium registry has; anonymous pulls need Standard."""
    tier = change.get("sku.name", "")
    if tier == "Premium":
        return
    for feature, path in _premium(change):
        message = f"{feature} is not supported for the SKU {tier}: '{change.id.name}' needs Premium ({path})."
        code = "DisablingPublicNetworkAccessNotSupported" if path.endswith("publicNetworkAccess") else "SkuNotSupported"
        raise bad_request(code, message, target=path)
    if tier == "Basic" and change.get("properties.anonymousPullEnabled", False):
        path = "properties.anonymousPullEnabled"
        raise bad_request("SkuNotSupported", f"Anonymous pull is not supported for the SKU {tier}.", target=path)


def _premium(change: Change) -> list[tuple[str, str]]:
    """Features of Premium that a body asks for, and where."""
    rules = change.get("properties.networkRuleSet", {})
    asked = {
        "Disabling public network access": (
            "properties.publicNetworkAccess",
            change.get("properties.publicNetworkAccess", "Enabled") == "Disabled",
        ),
        "Zone redundancy": ("properties.zoneRedundancy", change.get("properties.zoneRedundancy", "") == "Enabled"),
        "A network rule set": (
            "properties.networkRuleSet",
            rules.get("defaultAction") == "Deny" or bool(rules.get("ipRules")),
        ),
        "A dedicated data endpoint": (
            "properties.dataEndpointEnabled",
            change.get("properties.dataEndpointEnabled", False),
        ),
        "A customer-managed key": (
            "properties.encryption",
            change.get("properties.encryption.status", "disabled") == "enabled",
        ),
        "A retention policy": (f"{POLICIES}.retentionPolicy", _is_on(change, "retentionPolicy")),
        "Content trust": (f"{POLICIES}.trustPolicy", _is_on(change, "trustPolicy")),
        "Quarantine": (f"{POLICIES}.quarantinePolicy", _is_on(change, "quarantinePolicy")),
        "Disabling export": (
            f"{POLICIES}.exportPolicy",
            change.get(f"{POLICIES}.exportPolicy.status", "enabled") == "disabled",
        ),
    }
    return [(feature, path) for feature, (path, wanted) in asked.items() if wanted]


def _is_on(change: Change, policy: str) -> bool:
    return bool(change.get(f"{POLICIES}.{policy}.status", "disabled") == "enabled")


def _check_export(change: Change) -> None:
    closed = change.get("properties.publicNetworkAccess", "Enabled") == "Disabled"
    if change.get(f"{POLICIES}.exportPolicy.status", "enabled") == "disabled" and not closed:
        message = "The export policy can only be disabled while publicNetworkAccess is Disabled."
        raise bad_request("ExportPolicyNotSupported", message, target=f"{POLICIES}.exportPolicy.status")


def _check_key(change: Change) -> None:
    """A registry's key is chosen at creation, and read by an identity that is named by its client id."""
    if change.get("properties.encryption.status", "disabled") != "enabled":
        return
    if change.current is not None and change.was("properties.encryption.status") != "enabled":
        message = "A customer-managed key can only be enabled when the registry is created."
        raise ArmError(409, "PropertyChangeNotAllowed", message, target="properties.encryption.status")
    address = str(change.get(f"{KEY}.keyIdentifier", ""))
    vault_uri, _, path = address.partition("/keys/")
    client_id = str(change.get(f"{KEY}.identity", ""))
    identities = change.cloud.store.of_type(USER_ASSIGNED)
    found = next((item.id.text for item in identities if item.properties["clientId"] == client_id), None)
    if client_id and found is None:
        message = f"There is no user-assigned identity with the client id '{client_id}'."
        raise bad_request("InvalidIdentityValues", message, target=f"{KEY}.identity")
    check_key(change, KeyReference(vault_uri, path.split("/")[0], found or "", KEY))


def _complete(change: Change) -> Json:
    return {
        "sku": {"tier": change.get("sku.name", "Basic")},
        "properties": {
            "loginServer": f"{change.id.name.casefold()}.azurecr.io",
            "creationDate": change.keep("properties.creationDate", change.cloud.now),
            "adminUserEnabled": change.get("properties.adminUserEnabled", False),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "zoneRedundancy": change.get("properties.zoneRedundancy", "Disabled"),
        },
    }


def _secrets(change: Change) -> Json:
    return (
        change.current.private
        if change.current
        else {name: secrets.token_urlsafe(32) for name in ("password", "password2")}
    )


def _credentials(call: Call) -> Json:
    if not call.resource.properties.get("adminUserEnabled"):
        message = (
            f"Cannot perform credential operations for '{call.resource.id}' as admin user is disabled. Set "
            "adminUserEnabled to true, or use a token."
        )
        raise bad_request("UnAuthorizedForCredentialOperations", message)
    passwords = [{"name": name, "value": value} for name, value in call.resource.private.items()]
    return {"username": call.resource.name, "passwords": passwords}


PROVIDER = ResourceProvider(
    namespace="Microsoft.ContainerRegistry",
    types=(
        private_links.connection_type(REGISTRY),
        ResourceType(
            name=REGISTRY,
            shows=private_links.connections,
            tracked=True,
            names=NameRule(r"[A-Za-z0-9]{5,50}", "5 to 50 letters and digits"),
            unique=UniqueName("AlreadyInUse"),
            immutable=("properties.zoneRedundancy",),
            system_data=True,
            put=Answer.ASYNC_OPERATION,
            delete=Answer.LOCATION,
            checks=(_check_tier, _check_export, _check_key),
            complete=_complete,
            secrets=_secrets,
            actions={"listcredentials": _credentials},
        ),
    ),
)
