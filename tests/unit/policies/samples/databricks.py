"""Samples of the rules on Databricks workspaces."""

from policies.kit.kinds import DATABRICKS_WORKSPACE, DIAGNOSTIC_SETTING, PRIVATE_ENDPOINT
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case, private_endpoint_cases

WORKSPACE = Node(
    DATABRICKS_WORKSPACE, {"workspaceName": "dbw", "requiredNsgRules": "NoAzureDatabricksRules"}, name="workspace"
)
WORKSPACE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/dbw"
CONNECTOR_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/accessConnectors/dbac"
CONNECTION = {"groupIds": ["databricks_ui_api"], "privateLinkServiceId": WORKSPACE_ID}
NETWORK = {
    "customVirtualNetworkId": {"value": "/virtualNetworks/vnet"},
    "customPublicSubnetName": {"value": "host"},
    "customPrivateSubnetName": {"value": "container"},
}

SECURITY = (
    Case("dbx-public-access", DATABRICKS_WORKSPACE, "publicNetworkAccess", "Disabled", "Enabled", "violates"),
    Case("dbx-no-public-ip", DATABRICKS_WORKSPACE, "parameters.enableNoPublicIp.value", True, False, "violates"),
    Case(
        *("dbx-vnet-injection", DATABRICKS_WORKSPACE, "parameters.customVirtualNetworkId.value"),
        *("/virtualNetworks/vnet", "", "violates"),
        rest={"parameters": {name: value for name, value in NETWORK.items() if name != "customVirtualNetworkId"}},
    ),
    Case(
        *("dbx-vnet-injection", DATABRICKS_WORKSPACE, "parameters.customPrivateSubnetName.value"),
        *("container", "", "violates"),
        rest={"parameters": {name: value for name, value in NETWORK.items() if name != "customPrivateSubnetName"}},
    ),
    *private_endpoint_cases("dbx-private-endpoint", "databricks_ui_api", WORKSPACE_ID, WORKSPACE),
    Case(
        *("dbx-private-endpoint", DATABRICKS_WORKSPACE, "requiredNsgRules"),
        *("NoAzureDatabricksRules", "AllRules", "violates"),
        rest={"workspaceName": "dbw"},
        others=[
            Node(PRIVATE_ENDPOINT, {"privateLinkServiceConnections": [CONNECTION]}, name="endpoint"),
        ],
    ),
    *(
        Case(rule, DATABRICKS_WORKSPACE, "computeMode", "Serverless", "Hybrid", "violates")
        for rule in ("dbx-no-public-ip", "dbx-vnet-injection", "dbx-dbfs-cmk", "dbx-storage-firewall")
    ),
    Case(
        *("dbx-private-endpoint", DATABRICKS_WORKSPACE, "computeMode", "Serverless", "Hybrid", "violates"),
        rest={"workspaceName": "dbw"},
        others=[Node(PRIVATE_ENDPOINT, {"privateLinkServiceConnections": [CONNECTION]}, name="endpoint")],
    ),
    Case("dbx-premium", DATABRICKS_WORKSPACE, "sku.name", "premium", "trial", "violates"),
    Case(
        *("dbx-dbfs-cmk", DATABRICKS_WORKSPACE, "parameters.encryption.value.keySource"),
        *("Microsoft.Keyvault", "Default", "violates"),
        rest={"parameters": {"prepareEncryption": {"value": True}}},
    ),
    Case(
        *("dbx-dbfs-cmk", DATABRICKS_WORKSPACE, "parameters.prepareEncryption.value", True, False, "violates"),
        rest={"parameters": {"encryption": {"value": {"keySource": "Microsoft.Keyvault"}}}},
    ),
    Case(
        *("dbx-storage-firewall", DATABRICKS_WORKSPACE, "defaultStorageFirewall", "Enabled", "Disabled", "violates"),
        rest={"accessConnector": {"id": CONNECTOR_ID}},
    ),
    Case(
        *("dbx-storage-firewall", DATABRICKS_WORKSPACE, "accessConnector.id", CONNECTOR_ID, "", "violates"),
        rest={"defaultStorageFirewall": "Enabled"},
    ),
    Case(
        *("dbx-diagnostic-logs", DIAGNOSTIC_SETTING, "logs"),
        *([{"category": "accounts", "enabled": True}], [{"category": "accounts", "enabled": False}], "violates"),
        rest={"resourceUri": WORKSPACE_ID},
        others=[WORKSPACE],
    ),
)

COST: tuple[Case, ...] = ()
