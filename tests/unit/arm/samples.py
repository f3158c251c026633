"""One accepted body for every type that is covered, with the path that it is put to."""

from collections.abc import Callable
from datetime import UTC, datetime

from local.arm.documents import Json
from tests.unit.arm import kubernetes_samples, machine_learning_samples, network_samples
from tests.unit.arm.doubles import REGION, Azure, Platform, feature_store
from tests.unit.arm.monitoring_samples import add_access, add_monitoring
from tests.unit.arm.samples_sql import add_data_factory, add_sql


def samples(azure: Azure, parts: Platform) -> dict[str, tuple[str, Json]]:
    """Path and body by type, each accepted after those before it."""
    found: dict[str, tuple[str, Json]] = {}
    location: Json = {"location": REGION}

    def add(kind: str, above: str, name: str, body: Json) -> str:
        namespace, _, types = kind.partition("/")
        last = kind.rpartition("/")[2]
        path = f"{above}/{last}/{name}" if "/" in types else f"{above}/providers/{namespace}/{last}/{name}"
        found[kind] = path, body
        return path

    group = parts.group
    found["Microsoft.Resources/resourceGroups"] = (
        f"{azure.subscription}/resourceGroups/rg-sample",
        {**location, "tags": {}},
    )
    add("Microsoft.ManagedIdentity/userAssignedIdentities", group, "id-sample", {**location, "tags": {"a": "b"}})
    declared = {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2023-01-31"}
    template = {
        "contentVersion": "1.0.0.0",
        "parameters": {"name": {"type": "string", "defaultValue": "id-templated", "allowedValues": ["id-templated"]}},
        "variables": {"where": REGION},
        "resources": [{**declared, "name": "[parameters('name')]", "location": "[variables('where')]"}],
        "outputs": {"name": {"type": "string", "value": "[parameters('name')]"}},
    }
    deployment = {"mode": "Incremental", "template": template, "parameters": {"name": {"value": "id-templated"}}}
    add("Microsoft.Resources/deployments", group, "sample", {"properties": deployment})
    log = {"sku": {"name": "PerGB2018"}, "retentionInDays": 30, "workspaceCapping": {"dailyQuotaGb": 1}}
    add("Microsoft.OperationalInsights/workspaces", group, "log-sample", {**location, "properties": log})
    component = {"WorkspaceResourceId": parts.logs, "Application_Type": "web", "IngestionMode": "LogAnalytics"}
    add("Microsoft.Insights/components", group, "appi-sample", {**location, "kind": "web", "properties": component})
    receivers = {"groupShortName": "ops", "emailReceivers": [{"name": "me", "emailAddress": "me@example.com"}]}
    add("Microsoft.Insights/actionGroups", group, "ag-sample", {"location": "global", "properties": receivers})
    detector = {"scope": [parts.insights], "detector": {"id": "FailureAnomaliesDetector"}, "state": "Enabled"}
    add(
        "Microsoft.AlertsManagement/smartDetectorAlertRules",
        group,
        "rule",
        {"location": "global", "properties": detector},
    )
    sinks = {"workspaceId": parts.logs, "logs": [{"category": "AuditEvent", "enabled": True}], "metrics": []}
    add("Microsoft.Insights/diagnosticSettings", parts.vault, "all", {"properties": sinks})
    vault = {
        "sku": {"family": "A"},
        "enablePurgeProtection": True,
        "softDeleteRetentionInDays": 7,
        "accessPolicies": [],
    }
    add("Microsoft.KeyVault/vaults", group, "kv-sample", {**location, "properties": vault})
    secret = {"value": "s", "contentType": "text/plain", "attributes": {"enabled": True, "exp": 4_000_000_000}}
    add("Microsoft.KeyVault/vaults/secrets", parts.vault, "sample", {"properties": secret, "tags": {"a": "b"}})
    rotation = {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}
    life = {"lifetimeActions": [rotation], "attributes": {"expiryTime": "P180D"}}
    key = {"kty": "EC", "curveName": "P-256", "keyOps": ["sign"], "rotationPolicy": life}
    add("Microsoft.KeyVault/vaults/keys", parts.vault, "sample", {"properties": key})
    registry = {**location, "sku": {"name": "Premium"}, "identity": {"type": "SystemAssigned"}}
    add(
        "Microsoft.ContainerRegistry/registries",
        group,
        "crsample",
        {**registry, "properties": {"adminUserEnabled": True}},
    )

    rules = {"networkAcls": {"defaultAction": "Deny", "ipRules": []}, "encryption": {"keySource": "Microsoft.Storage"}}
    account = {**location, "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "properties": rules}
    storage = add("Microsoft.Storage/storageAccounts", group, "stsample", account)
    retention = {"deleteRetentionPolicy": {"enabled": True, "days": 7}, "restorePolicy": {"enabled": True, "days": 6}}
    service = {**retention, "isVersioningEnabled": True, "changeFeed": {"enabled": True}, "cors": {"corsRules": []}}
    add("Microsoft.Storage/storageAccounts/blobServices", storage, "default", {"properties": service})
    for other in ("fileServices", "queueServices", "tableServices"):
        add(
            f"Microsoft.Storage/storageAccounts/{other}",
            storage,
            "default",
            {"properties": {"cors": {"corsRules": []}}},
        )
    share, label = {"shareQuota": 5}, {"metadata": {"of": "sample"}}
    add(
        "Microsoft.Storage/storageAccounts/fileServices/shares",
        f"{storage}/fileServices/default",
        "share",
        {"properties": share},
    )
    add(
        "Microsoft.Storage/storageAccounts/queueServices/queues",
        f"{storage}/queueServices/default",
        "queue",
        {"properties": label},
    )
    add(
        "Microsoft.Storage/storageAccounts/tableServices/tables",
        f"{storage}/tableServices/default",
        "table",
        {"properties": {}},
    )
    cycle = {"policy": {"rules": [{"name": "old", "enabled": True, "type": "Lifecycle", "definition": {}}]}}
    add("Microsoft.Storage/storageAccounts/managementPolicies", storage, "default", {"properties": cycle})

    inventory = {"name": "weekly", "enabled": True, "destination": "reports", "definition": {"schemaFields": ["Name"]}}
    policy = {"enabled": True, "type": "Inventory", "rules": [inventory]}
    containers = f"{storage}/blobServices/default"
    azure.put(storage, account)
    azure.put(containers, {"properties": service})
    for name in ("reports", "worm"):
        azure.put(f"{containers}/containers/{name}", {"properties": {}})
    add("Microsoft.Storage/storageAccounts/inventoryPolicies", storage, "default", {"properties": {"policy": policy}})
    kept = {"immutabilityPeriodSinceCreationInDays": 7, "allowProtectedAppendWrites": True}
    kind = "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"
    add(kind, f"{containers}/containers/worm", "default", {"properties": kept})
    # Both sides of a replication are one account here, which Azure allows between its own containers.
    pair = {"sourceContainer": "reports", "destinationContainer": "worm", "filters": {"prefixMatch": ["a"]}}
    sides = {"sourceAccount": storage, "destinationAccount": storage, "rules": [pair]}
    guid = "22222222-2222-3333-4444-555555555555"
    add("Microsoft.Storage/storageAccounts/objectReplicationPolicies", storage, guid, {"properties": sides})
    scan = {"isEnabled": True, "malwareScanning": {"onUpload": {"isEnabled": True, "capGBPerMonth": 10}}}
    add("Microsoft.Security/defenderForStorageSettings", storage, "current", {"properties": scan})
    plan = {"pricingTier": "Standard"}
    add("Microsoft.Security/pricings", azure.subscription, "StorageAccounts", {"properties": plan})

    reader = (
        f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    )
    role = {"roleDefinitionId": reader, "principalId": parts.principal, "principalType": "ServicePrincipal"}
    guid = "11111111-2222-3333-4444-555555555555"
    add("Microsoft.Authorization/roleAssignments", parts.vault, guid, {"properties": role})
    add("Microsoft.Authorization/locks", f"{group}/providers/Microsoft.KeyVault/vaults/kv-sample", "keep", _lock())
    start = {"timePeriod": {"startDate": f"{datetime.now(UTC):%Y-%m}-01"}, "notifications": {"n": {"threshold": 90}}}
    add("Microsoft.Consumption/budgets", group, "monthly", {"properties": {"amount": 9, **start}})
    add_monitoring(parts, add)
    add_access(azure, parts, add)
    machine_learning_samples.add_all(parts, feature_store(azure, parts), add)
    _databricks(azure, parts, add)
    network_samples.add_all(azure, parts, add)
    add_sql(azure, parts, add)
    add_data_factory(parts, add)
    kubernetes_samples.add_all(parts, add)
    return found


def _lock() -> Json:
    return {"properties": {"level": "CanNotDelete"}}


def _databricks(azure: Azure, parts: Platform, add: Callable[[str, str, str, Json], str]) -> None:
    system: Json = {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {}}
    connector = add("Microsoft.Databricks/accessConnectors", parts.group, "dbac-sample", system)
    workspace = {
        "managedResourceGroupId": f"{azure.subscription}/resourceGroups/rg-dbw-sample",
        "computeMode": "Hybrid",
        "accessConnector": {"id": connector, "identityType": "SystemAssigned"},
        "defaultStorageFirewall": "Enabled",
        "parameters": {"enableNoPublicIp": {"value": True}},
        "encryption": {"entities": {}},
    }
    body: Json = {"location": REGION, "sku": {"name": "premium"}, "properties": workspace}
    add("Microsoft.Databricks/workspaces", parts.group, "dbw-sample", body)
