"""Samples of the rules on key vaults, what is in them, and container registries."""

from typing import Any

from policies.kit.kinds import REGISTRY, VAULT, VAULT_KEY
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case, private_endpoint_cases

GROUP = "/subscriptions/s/resourceGroups/g/providers"
VAULT_ID = f"{GROUP}/Microsoft.KeyVault/vaults/kvmlops"
REGISTRY_ID = f"{GROUP}/Microsoft.ContainerRegistry/registries/crmlops"
VAULT_SECRET = "keyvault:Secret"
PREMIUM: dict[str, Any] = {"sku": {"name": "Premium"}}
CLOSED: dict[str, Any] = {**PREMIUM, "publicNetworkAccess": "Disabled"}
ROTATE, NOTIFY = (
    {"action": {"type": action}, "trigger": {"timeAfterCreate": "P60D"}} for action in ("Rotate", "Notify")
)

SECURITY = (
    Case("kv-purge-protection", VAULT, "properties.enablePurgeProtection", True, False, "violates"),
    Case("kv-soft-delete", VAULT, "properties.enableSoftDelete", True, False, "passes"),
    Case("kv-soft-delete", VAULT, "properties.softDeleteRetentionInDays", 90, 89, "passes"),
    Case("kv-rbac", VAULT, "properties.enableRbacAuthorization", True, False, "violates"),
    Case(
        *("kv-rbac", VAULT, "properties.accessPolicies", [], [{"objectId": "x"}], "passes"),
        rest={"properties": {"enableRbacAuthorization": True}},
    ),
    Case("kv-network", VAULT, "properties.publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case("kv-network", VAULT, "properties.networkAcls.defaultAction", "Deny", "Allow", "violates"),
    *private_endpoint_cases("kv-private-endpoint", "vault", VAULT_ID, Node(VAULT, {"vaultName": "kvmlops"}, "vault")),
    Case("kv-key-expiry", VAULT_KEY, "properties.attributes.expires", 1893456000, "", "violates"),
    Case(
        *("kv-key-expiry", VAULT_KEY, "properties.rotationPolicy.attributes.expiryTime", "P90D", "", "violates"),
        rest={"properties": {"rotationPolicy": {"lifetimeActions": [ROTATE]}}},
    ),
    Case(
        *(
            "kv-key-expiry",
            VAULT_KEY,
            "properties.rotationPolicy.lifetimeActions",
            [NOTIFY, ROTATE],
            [NOTIFY],
            "violates",
        ),
        rest={"properties": {"rotationPolicy": {"attributes": {"expiryTime": "P90D"}}}},
    ),
    Case("kv-secret-expiry", VAULT_SECRET, "properties.attributes.expires", 1893456000, "", "violates"),
    Case("kv-secret-content-type", VAULT_SECRET, "properties.contentType", "text/plain", "", "violates"),
    Case("kv-key-hsm", VAULT_KEY, "properties.kty", "RSA-HSM", "RSA", "violates"),
    Case("acr-admin-user", REGISTRY, "adminUserEnabled", False, True, "passes"),
    Case("acr-anonymous-pull", REGISTRY, "anonymousPullEnabled", False, True, "passes"),
    Case("acr-public-access", REGISTRY, "publicNetworkAccess", "Disabled", "Enabled", "violates", rest=PREMIUM),
    Case("acr-public-access", REGISTRY, "networkRuleSet.defaultAction", "Deny", "Allow", "violates"),
    *private_endpoint_cases(
        *("acr-private-endpoint", "registry", REGISTRY_ID, Node(REGISTRY, {"registryName": "crmlops"}, "registry"))
    ),
    Case("acr-sku", REGISTRY, "sku.name", "Premium", "Standard", "violates"),
    Case("acr-export-policy", REGISTRY, "policies.exportPolicy.status", "disabled", "enabled", "violates", rest=CLOSED),
    Case("acr-export-policy", REGISTRY, "policies.exportPolicy.status", "disabled", "enabled", "violates"),
    Case("acr-arm-token", REGISTRY, "policies.azureADAuthenticationAsArmPolicy.status", "disabled", "on", "violates"),
    Case("acr-quarantine", REGISTRY, "policies.quarantinePolicy.status", "enabled", "disabled", "violates"),
    Case("acr-zone-redundancy", REGISTRY, "zoneRedundancy", "Enabled", "Disabled", "violates"),
)

COST = (
    Case("acr-sku-dev", REGISTRY, "sku.name", "Basic", "Premium", "violates"),
    Case("premium-sku-prod-only", VAULT, "properties.sku.name", "standard", "premium", "violates"),
)
