"""Samples of the rules on resources of every kind: places, protection, access, credentials and tags."""

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.catalog.tags import REQUIRED_TAGS
from policies.kit.kinds import AI_ACCOUNT, LOG_ANALYTICS, ONLINE_DEPLOYMENT, RESOURCE_GROUP, STORAGE_ACCOUNT, VAULT
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case

ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
GROUP_ID = "/subscriptions/s/resourceGroups/rg-data"
ACCOUNT_ID = f"{GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stmlops"
LOCK = "authorization:ManagementLockByScope"
ASSIGNMENT = "authorization:RoleAssignment"
TAGS = dict.fromkeys(map(str, REQUIRED_TAGS), "x")
AI = {"identity": {"type": "SystemAssigned"}, "properties": {"publicNetworkAccess": "Disabled"}}
# Of the shape of an account key, and the key to nothing.
SHAPE_OF_A_KEY = "DefaultEndpointsProtocol=https;AccountName=stmlops;AccountKey=" + "A" * 86 + "=="

SECURITY = (
    Case("ai-services-local-auth", AI_ACCOUNT, "properties.disableLocalAuth", True, False, "violates", rest=AI),
    Case(
        *("ai-services-local-auth", AI_ACCOUNT, "properties.publicNetworkAccess", "Disabled", "Enabled", "violates"),
        rest={**AI, "properties": {"disableLocalAuth": True}},
    ),
    Case(
        *("ai-services-local-auth", AI_ACCOUNT, "identity.type", "SystemAssigned", "None", "violates"),
        rest={"properties": {"disableLocalAuth": True, "publicNetworkAccess": "Disabled"}},
    ),
    Case(
        *("defender-plans", "security:Pricing", "pricingTier", "Standard", "Free", "violates"),
        rest={"pricingName": "KeyVaults"},
        others=[Node(VAULT, {}, name="vault")],
    ),
    Case(
        *("defender-plans", "security:Pricing", "pricingName", "StorageAccounts", "KeyVaults", "violates"),
        rest={"pricingTier": "Standard"},
        others=[Node(STORAGE_ACCOUNT, {}, name="account")],
    ),
    Case("allowed-locations", STORAGE_ACCOUNT, "location", "West Europe", "brazilsouth", "passes"),
    Case("allowed-locations", "monitor:ActionGroup", "location", "global", "local", "passes"),
    Case(
        *("stateful-protected", LOCK, "scope", ACCOUNT_ID, f"{ACCOUNT_ID}2", "violates"),
        others=[Node(STORAGE_ACCOUNT, {"accountName": "stmlops", "resourceGroupName": "rg-data"}, name="account")],
    ),
    Case(
        *("stateful-protected", LOCK, "scope", GROUP_ID, "/subscriptions/s/resourceGroups/rg-platform", "violates"),
        others=[
            Node(RESOURCE_GROUP, {"resourceGroupName": "rg-data"}, name="group"),
            Node(LOG_ANALYTICS, {"workspaceName": "log", "resourceGroupName": "rg-data"}, name="logs"),
        ],
    ),
    Case(
        *("secret-not-plaintext", STORAGE_ACCOUNT, "tags", {"note": "rotated in May"}, {"note": SHAPE_OF_A_KEY}),
        absent="passes",
    ),
    Case(
        *("secret-not-plaintext", ONLINE_DEPLOYMENT, "properties.environmentVariables"),
        *({"STORE": "stmlops"}, {"STORE": SHAPE_OF_A_KEY}, "passes"),
    ),
    Case(
        *("secret-not-plaintext", "keyvault:Secret", "tags", {"note": "of May"}, {"note": SHAPE_OF_A_KEY}, "passes"),
        rest={"properties": {"value": SHAPE_OF_A_KEY}},
    ),
    Case(
        *("secret-not-plaintext", "sql:ExtendedServerBlobAuditingPolicy", "storageEndpoint"),
        *("https://stmlops.blob.core.windows.net", SHAPE_OF_A_KEY, "passes"),
        rest={"storageAccountAccessKey": SHAPE_OF_A_KEY},
        unknown="passes",
    ),
    Case(
        *("secret-not-plaintext", "kubernetes:core/v1:ConfigMap", "data"),
        *({"store": "stmlops"}, {"store": SHAPE_OF_A_KEY}, "passes"),
    ),
    Case(
        *("rbac-no-broad-role", ASSIGNMENT, "roleDefinitionId"),
        *(f"{ROLES}/{Role.ACR_PULL}", f"{ROLES}/{Role.OWNER}", "violates"),
    ),
    Case(
        *("rbac-no-subscription-contributor", ASSIGNMENT, "scope", GROUP_ID, "/subscriptions/s", "violates"),
        rest={"roleDefinitionId": f"{ROLES}/{Role.CONTRIBUTOR}"},
    ),
    Case(
        *("rbac-no-wildcard-role", "authorization:RoleDefinition", "permissions"),
        *([{"actions": ["Microsoft.Storage/*/read"]}], [{"actions": ["*"]}], "violates"),
    ),
    Case(
        *("rbac-no-wildcard-role", "authorization:RoleDefinition", "permissions"),
        *([{"actions": []}], [{"actions": ["Microsoft.Authorization/roleDefinitions/write"]}], "violates"),
    ),
)

COST = (
    Case("required-tags", STORAGE_ACCOUNT, "tags", TAGS, {"owner": "x"}, "violates"),
    Case(
        *("required-tags", RESOURCE_GROUP, "tags.owner", "team@example.com", "", "violates"),
        rest={"tags": {key: value for key, value in TAGS.items() if key != "owner"}},
    ),
    Case("tag-values", STORAGE_ACCOUNT, "tags.environment", "dev", "test", "passes"),
    Case("tag-values", STORAGE_ACCOUNT, "tags.cost-center", "CC-1001", "ask me", "passes"),
)
