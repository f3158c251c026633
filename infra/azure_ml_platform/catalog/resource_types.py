"""Where a resource of each type lies: SDK type token, API version, path of its ARM id.

The id of everything that the platform makes follows from its inputs, so what exists can be found
without any state. Source: the REST reference of each type, at the API version of pulumi-azure-native
3.29.0, read 2026-11.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

# Braces name the SDK's inputs; `group:` is the resource group's providers, `ml:` the workspace,
# `aks:` the cluster, `sql:` the server, `adf:` the data factory.
_ROWS = """
alertsmanagement:PrometheusRuleGroup       2023-03-01          group:Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}
alertsmanagement:SmartDetectorAlertRule    2021-04-01          group:Microsoft.AlertsManagement/smartDetectorAlertRules/{alertRuleName}
applicationinsights:Component              2020-02-02          group:Microsoft.Insights/components/{resourceName}
applicationinsights:Workbook               2023-06-01          group:Microsoft.Insights/workbooks/{resourceName}
authorization:ManagementLockByScope        2020-05-01          /{scope}/providers/Microsoft.Authorization/locks/{lockName}
authorization:RoleAssignment               2022-04-01          /{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}
authorization:RoleDefinition               2022-05-01-preview  /{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}
consumption:Budget                         2024-08-01          /{scope}/providers/Microsoft.Consumption/budgets/{budgetName}
costmanagement:ScheduledActionByScope      2024-08-01          /{scope}/providers/Microsoft.CostManagement/scheduledActions/{name}
containerregistry:Registry                 2023-01-01-preview  group:Microsoft.ContainerRegistry/registries/{registryName}
containerservice:AgentPool                 2025-09-01          aks:/agentPools/{agentPoolName}
containerservice:MaintenanceConfiguration  2025-09-01          aks:/maintenanceConfigurations/{configName}
containerservice:ManagedCluster            2025-09-01          aks:
containerservice:TrustedAccessRoleBinding  2025-09-01          aks:/trustedAccessRoleBindings/{trustedAccessRoleBindingName}
databricks:AccessConnector                 2026-01-01          group:Microsoft.Databricks/accessConnectors/{connectorName}
databricks:Workspace                       2026-01-01          group:Microsoft.Databricks/workspaces/{workspaceName}
datafactory:CredentialOperation            2018-06-01          adf:/credentials/{credentialName}
datafactory:Dataset                        2018-06-01          adf:/datasets/{datasetName}
datafactory:Factory                        2018-06-01          adf:
datafactory:IntegrationRuntime             2018-06-01          adf:/integrationRuntimes/{integrationRuntimeName}
datafactory:LinkedService                  2018-06-01          adf:/linkedservices/{linkedServiceName}
datafactory:ManagedPrivateEndpoint         2018-06-01          adf:/managedVirtualNetworks/{managedVirtualNetworkName}/managedPrivateEndpoints/{managedPrivateEndpointName}
datafactory:Pipeline                       2018-06-01          adf:/pipelines/{pipelineName}
keyvault:Key                               2024-11-01          group:Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}
keyvault:Vault                             2024-11-01          group:Microsoft.KeyVault/vaults/{vaultName}
kubernetesconfiguration:Extension          2023-05-01          group:{clusterRp}/{clusterResourceName}/{clusterName}/providers/Microsoft.KubernetesConfiguration/extensions/{extensionName}
machinelearningservices:CodeContainer      2025-12-01          ml:/codes/{name}
machinelearningservices:CodeVersion        2025-12-01          ml:/codes/{name}/versions/{version}
machinelearningservices:Compute            2025-12-01          ml:/computes/{computeName}
machinelearningservices:Datastore          2025-12-01          ml:/datastores/{name}
machinelearningservices:EnvironmentContainer 2025-12-01        ml:/environments/{name}
machinelearningservices:EnvironmentVersion 2025-12-01          ml:/environments/{name}/versions/{version}
machinelearningservices:ManagedNetworkSettingsRule 2025-12-01  ml:/outboundRules/{ruleName}
machinelearningservices:ModelContainer     2025-12-01          ml:/models/{name}
machinelearningservices:ModelVersion       2025-12-01          ml:/models/{name}/versions/{version}
machinelearningservices:OnlineDeployment   2025-12-01          ml:/onlineEndpoints/{endpointName}/deployments/{deploymentName}
machinelearningservices:OnlineEndpoint     2025-12-01          ml:/onlineEndpoints/{endpointName}
machinelearningservices:Registry           2025-12-01          group:Microsoft.MachineLearningServices/registries/{registryName}
machinelearningservices:Schedule           2025-12-01          ml:/schedules/{name}
machinelearningservices:WorkspaceConnection 2025-12-01         ml:/connections/{connectionName}
machinelearningservices:Workspace          2025-12-01          ml:
managedidentity:FederatedIdentityCredential 2023-01-31         group:Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}
managedidentity:UserAssignedIdentity       2023-01-31          group:Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}
monitor:ActionGroup                        2024-10-01-preview  group:Microsoft.Insights/actionGroups/{actionGroupName}
monitor:ActivityLogAlert                   2020-10-01          group:Microsoft.Insights/activityLogAlerts/{activityLogAlertName}
monitor:AutoscaleSetting                   2021-05-01-preview  group:Microsoft.Insights/autoscaleSettings/{autoscaleSettingName}
monitor:AzureMonitorWorkspace              2023-04-03          group:Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}
monitor:DataCollectionEndpoint             2022-06-01          group:Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}
monitor:DataCollectionRule                 2022-06-01          group:Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}
monitor:DataCollectionRuleAssociation      2022-06-01          /{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}
monitor:DiagnosticSetting                  2021-05-01-preview  /{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}
monitor:MetricAlert                        2018-03-01          group:Microsoft.Insights/metricAlerts/{ruleName}
monitor:PrivateLinkScope                   2023-06-01-preview  group:Microsoft.Insights/privateLinkScopes/{scopeName}
monitor:PrivateLinkScopedResource          2023-06-01-preview  group:Microsoft.Insights/privateLinkScopes/{scopeName}/scopedResources/{name}
monitor:ScheduledQueryRule                 2025-01-01-preview  group:Microsoft.Insights/scheduledQueryRules/{ruleName}
network:FlowLog                            2024-05-01          group:Microsoft.Network/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}
network:NatGateway                         2024-05-01          group:Microsoft.Network/natGateways/{natGatewayName}
network:NetworkSecurityGroup               2024-05-01          group:Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}
network:PrivateDnsZoneGroup                2024-05-01          group:Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}
network:PrivateEndpoint                    2024-05-01          group:Microsoft.Network/privateEndpoints/{privateEndpointName}
network:PublicIPAddress                    2024-05-01          group:Microsoft.Network/publicIPAddresses/{publicIpAddressName}
network:RouteTable                         2024-05-01          group:Microsoft.Network/routeTables/{routeTableName}
network:VirtualNetwork                     2024-05-01          group:Microsoft.Network/virtualNetworks/{virtualNetworkName}
network:VirtualNetworkPeering              2024-05-01          group:Microsoft.Network/virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}
operationalinsights:Workspace              2023-09-01          group:Microsoft.OperationalInsights/workspaces/{workspaceName}
privatedns:PrivateZone                     2024-06-01          group:Microsoft.Network/privateDnsZones/{privateZoneName}
privatedns:VirtualNetworkLink              2024-06-01          group:Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}
resources:ResourceGroup                    2024-03-01          /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}
security:DefenderForStorage                2024-10-01-preview  /{resourceId}/providers/Microsoft.Security/defenderForStorageSettings/{settingName}
sql:BackupShortTermRetentionPolicy         2023-08-01          sql:/databases/{databaseName}/backupShortTermRetentionPolicies/{policyName}
sql:Database                               2023-08-01          sql:/databases/{databaseName}
sql:EncryptionProtector                    2023-08-01          sql:/encryptionProtector/{encryptionProtectorName}
sql:ExtendedServerBlobAuditingPolicy       2023-08-01          sql:/extendedAuditingSettings/{blobAuditingPolicyName}
sql:FailoverGroup                          2023-08-01          sql:/failoverGroups/{failoverGroupName}
sql:FirewallRule                           2023-08-01          sql:/firewallRules/{firewallRuleName}
sql:Job                                    2023-08-01          sql:/jobAgents/{jobAgentName}/jobs/{jobName}
sql:JobAgent                               2023-08-01          sql:/jobAgents/{jobAgentName}
sql:JobPrivateEndpoint                     2023-08-01          sql:/jobAgents/{jobAgentName}/privateEndpoints/{privateEndpointName}
sql:JobStep                                2023-08-01          sql:/jobAgents/{jobAgentName}/jobs/{jobName}/steps/{stepName}
sql:JobTargetGroup                         2023-08-01          sql:/jobAgents/{jobAgentName}/targetGroups/{targetGroupName}
sql:LongTermRetentionPolicy                2023-08-01          sql:/databases/{databaseName}/backupLongTermRetentionPolicies/{policyName}
sql:OutboundFirewallRule                   2023-08-01          sql:/outboundFirewallRules/{outboundRuleFqdn}
sql:Server                                 2023-08-01          sql:
sql:ServerKey                              2023-08-01          sql:/keys/{keyName}
sql:ServerSecurityAlertPolicy              2023-08-01          sql:/securityAlertPolicies/{securityAlertPolicyName}
sql:SqlVulnerabilityAssessmentsSetting     2023-08-01          sql:/sqlVulnerabilityAssessments/{vulnerabilityAssessmentName}
sql:TransparentDataEncryption              2023-08-01          sql:/databases/{databaseName}/transparentDataEncryption/{tdeName}
storage:BlobContainer                      2024-01-01          group:Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}
storage:BlobContainerImmutabilityPolicy    2024-01-01          group:Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}/immutabilityPolicies/{immutabilityPolicyName}
storage:BlobInventoryPolicy                2024-01-01          group:Microsoft.Storage/storageAccounts/{accountName}/inventoryPolicies/{blobInventoryPolicyName}
storage:BlobServiceProperties              2024-01-01          group:Microsoft.Storage/storageAccounts/{accountName}/blobServices/{blobServicesName}
storage:ManagementPolicy                   2024-01-01          group:Microsoft.Storage/storageAccounts/{accountName}/managementPolicies/{managementPolicyName}
storage:StorageAccount                     2024-01-01          group:Microsoft.Storage/storageAccounts/{accountName}
"""  # noqa: E501 - a table

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
_SHORTHANDS = {
    "group:": _GROUP,
    "adf:": f"{_GROUP}Microsoft.DataFactory/factories/{{factoryName}}",
    "aks:": f"{_GROUP}Microsoft.ContainerService/managedClusters/{{resourceName}}",
    "ml:": f"{_GROUP}Microsoft.MachineLearningServices/workspaces/{{workspaceName}}",
    "sql:": f"{_GROUP}Microsoft.Sql/servers/{{serverName}}",
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# These hold a whole ARM id, which goes into the path as it is.
_WHOLE_IDS = frozenset({"scope", "resourceId", "resourceUri"})


@dataclass(frozen=True)
class ResourceType:
    """One type of resource."""

    token: str
    """Type token of the SDK, `azure-native:<module>:<Name>`."""
    api_version: str
    path: str
    """The ARM id, inputs in braces; `{subscriptionId}` is the subscription, no input."""

    @property
    def arm_type(self) -> str:
        """`Microsoft.X/y/z`."""
        if "/providers/" not in self.path:
            return "Microsoft.Resources/resourceGroups"
        namespace, *segments = self.path.rsplit("/providers/", 1)[1].split("/")
        return "/".join((namespace, *segments[::2]))


@dataclass(frozen=True)
class Place:
    """Where one resource lies."""

    resource_id: str
    api_version: str


def locate(token: str, inputs: Mapping[str, Any], subscription_id: str) -> Place | None:
    """Return where the resource lies that the SDK would make of `token` and `inputs` (the SDK's, in camelCase).

    None for a type that the catalog does not know, and while an input of the path is not a string yet.
    """
    kind = RESOURCE_TYPES.get(token)
    if kind is None:
        return None
    known = {**inputs, "subscriptionId": subscription_id}
    if not all(isinstance(known.get(name), str) for name in _PLACEHOLDER.findall(kind.path)):
        return None
    path = _PLACEHOLDER.sub(lambda found: _segment(found[1], known[found[1]]), kind.path)
    return Place(path, kind.api_version)


def _segment(name: str, value: str) -> str:
    return value.strip("/") if name in _WHOLE_IDS else quote(value, safe="")


def _types() -> dict[str, ResourceType]:
    types = {}
    for token, api_version, path in (row.split() for row in _ROWS.strip().splitlines()):
        for shorthand, long in _SHORTHANDS.items():
            path = long + path.removeprefix(shorthand) if path.startswith(shorthand) else path
        types[f"azure-native:{token}"] = ResourceType(f"azure-native:{token}", api_version, path)
    return types


RESOURCE_TYPES: dict[str, ResourceType] = _types()
"""Every type that the platform makes, by type token."""


def api_version(arm_type: str) -> str:
    """Return the API version of an ARM type; KeyError for one that the platform does not make."""
    return _API_VERSIONS[arm_type]


_API_VERSIONS = {kind.arm_type: kind.api_version for kind in RESOURCE_TYPES.values()}
