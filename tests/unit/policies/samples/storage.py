"""Samples of the rules on storage."""

from policies.kit.kinds import BLOB_CONTAINER, BLOB_SERVICE, PRIVATE_ENDPOINT, STORAGE_ACCOUNT
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case, private_endpoint_cases

ACCOUNT = Node(STORAGE_ACCOUNT, {"accountName": "stmlops", "kind": "StorageV2"}, name="account")
ACCOUNT_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stmlops"
LAKE = Node(STORAGE_ACCOUNT, {"accountName": "stmlops", "isHnsEnabled": True}, name="lake")
CONNECTION = {"privateLinkServiceId": ACCOUNT_ID, "groupIds": ["blob"]}
BLOB_ENDPOINT = Node(PRIVATE_ENDPOINT, {"privateLinkServiceConnections": [CONNECTION]}, name="endpoint")
SOFT_DELETE = {"enabled": True, "days": 30}
KEY = {"keyName": "storage"}
TIERING = {"definition": {"actions": {"baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}}}}}
SNAPSHOTS_ONLY = {"definition": {"actions": {"snapshot": {"delete": {"daysAfterCreationGreaterThan": 30}}}}}

SECURITY = (
    Case("st-https-only", STORAGE_ACCOUNT, "enableHttpsTrafficOnly", True, False, "passes"),
    Case("st-min-tls", STORAGE_ACCOUNT, "minimumTlsVersion", "TLS1_3", "TLS1_1", "violates"),
    Case("st-no-blob-public", STORAGE_ACCOUNT, "allowBlobPublicAccess", False, True, "violates"),
    Case("st-container-private", BLOB_CONTAINER, "publicAccess", "none", "Blob", "passes"),
    Case("st-no-shared-key", STORAGE_ACCOUNT, "allowSharedKeyAccess", False, True, "violates"),
    Case("st-local-users", STORAGE_ACCOUNT, "isLocalUserEnabled", False, True, "passes"),
    Case("st-local-users", STORAGE_ACCOUNT, "isSftpEnabled", False, True, "passes"),
    Case("st-cross-tenant", STORAGE_ACCOUNT, "allowCrossTenantReplication", False, True, "violates"),
    Case(
        *("st-sas-policy", STORAGE_ACCOUNT, "sasPolicy.sasExpirationPeriod", "1.00:00:00", "1.00:00:01", "violates"),
        rest={"allowSharedKeyAccess": False},
    ),
    Case(
        *("st-sas-policy", STORAGE_ACCOUNT, "keyPolicy.keyExpirationPeriodInDays", 60, {}, "violates"),
        rest={"allowSharedKeyAccess": True, "sasPolicy": {"sasExpirationPeriod": "08:00:00"}},
    ),
    Case("st-default-deny", STORAGE_ACCOUNT, "networkRuleSet.defaultAction", "Deny", "Allow", "violates"),
    Case("st-default-deny", STORAGE_ACCOUNT, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case("st-public-access-off", STORAGE_ACCOUNT, "publicNetworkAccess", "disabled", "Enabled", "violates"),
    Case(
        *("st-trusted-bypass", STORAGE_ACCOUNT, "networkRuleSet.bypass", "Logging, AzureServices", "None", "passes"),
        rest={"networkRuleSet": {"defaultAction": "Deny"}},
    ),
    *private_endpoint_cases("st-private-endpoint", "blob", ACCOUNT_ID, ACCOUNT),
    *private_endpoint_cases("st-private-endpoint", "dfs", ACCOUNT_ID, LAKE, BLOB_ENDPOINT),
    Case(
        *("st-private-endpoint", STORAGE_ACCOUNT, "isHnsEnabled", False, True, "passes"),
        rest={"accountName": "stmlops"},
        others=[BLOB_ENDPOINT],
    ),
    Case(
        *("st-soft-delete", BLOB_SERVICE, "deleteRetentionPolicy.days", 7, 6, "violates"),
        rest={"deleteRetentionPolicy": {"enabled": True}, "containerDeleteRetentionPolicy": SOFT_DELETE},
    ),
    Case(
        *("st-soft-delete", BLOB_SERVICE, "containerDeleteRetentionPolicy.enabled", True, False, "violates"),
        rest={"deleteRetentionPolicy": SOFT_DELETE, "containerDeleteRetentionPolicy": {"days": 30}},
    ),
    Case(
        *("st-soft-delete-declared", BLOB_SERVICE, "accountName", "stmlops", "stother", "violates"),
        others=[ACCOUNT],
    ),
    Case("st-soft-delete-declared", STORAGE_ACCOUNT, "kind", "FileStorage", "StorageV2", "violates"),
    Case(
        *("st-infra-encryption", STORAGE_ACCOUNT, "encryption.requireInfrastructureEncryption", True, False),
        absent="violates",
    ),
    Case(
        *("st-cmk", STORAGE_ACCOUNT, "encryption.keySource", "Microsoft.Keyvault", "Microsoft.Storage", "violates"),
        rest={"encryption": {"keyVaultProperties": KEY}},
    ),
    Case("st-replication", STORAGE_ACCOUNT, "sku.name", "Standard_RAGZRS", "Standard_LRS", "violates"),
)

COST = (
    Case("storage-redundancy", STORAGE_ACCOUNT, "sku.name", "Standard_LRS", "Standard_GRS", "violates"),
    Case(
        *("storage-lifecycle", "storage:ManagementPolicy", "policy.rules", [TIERING], [SNAPSHOTS_ONLY], "violates"),
        rest={"accountName": "stmlops"},
        others=[ACCOUNT],
    ),
    Case(
        *("storage-lifecycle", BLOB_SERVICE, "isVersioningEnabled", False, True, "passes"),
        rest={"accountName": "stmlops"},
        others=[
            ACCOUNT,
            Node("storage:ManagementPolicy", {"accountName": "stmlops", "policy": {"rules": [TIERING]}}, name="policy"),
        ],
    ),
    Case("storage-lifecycle", STORAGE_ACCOUNT, "kind", "FileStorage", "StorageV2", "violates"),
    Case("storage-soft-delete-cap", BLOB_SERVICE, "deleteRetentionPolicy.days", 30, 31, "passes"),
    Case("storage-soft-delete-cap", BLOB_SERVICE, "containerDeleteRetentionPolicy.days", 30, 365, "passes"),
    Case("premium-storage-prod-only", STORAGE_ACCOUNT, "sku.name", "Standard_LRS", "Premium_LRS", "violates"),
    Case(
        *("premium-storage-prod-only", STORAGE_ACCOUNT, "kind", "StorageV2", "BlockBlobStorage", "passes"),
        rest={"sku": {"name": "Standard_LRS"}},
    ),
)
