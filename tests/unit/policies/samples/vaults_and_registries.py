"""Samples of the rules on key vaults and container registries."""

from policies.kit.kinds import REGISTRY, VAULT
from tests.unit.policies.samples.case import Case

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
    Case("acr-admin-user", REGISTRY, "adminUserEnabled", False, True, "passes"),
    Case("acr-anonymous-pull", REGISTRY, "anonymousPullEnabled", False, True, "passes"),
    Case("acr-public-access", REGISTRY, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case("acr-public-access", REGISTRY, "networkRuleSet.defaultAction", "Deny", "Allow", "violates"),
    Case("acr-sku", REGISTRY, "sku.name", "Premium", "Standard", "violates"),
    Case("acr-export-policy", REGISTRY, "policies.exportPolicy.status", "disabled", "enabled", "violates"),
    Case("acr-arm-token", REGISTRY, "policies.azureADAuthenticationAsArmPolicy.status", "disabled", "on", "violates"),
    Case("acr-zone-redundancy", REGISTRY, "zoneRedundancy", "Enabled", "Disabled", "violates"),
)

COST = (
    Case("acr-sku-dev", REGISTRY, "sku.name", "Basic", "Premium", "violates"),
    Case("premium-sku-prod-only", VAULT, "properties.sku.name", "standard", "premium", "violates"),
)
