"""Kinds that cost nothing by themselves, and why.

Source: the price pages of each service; what such a resource makes others cost is counted there.
"""

from collections.abc import Mapping

_DESCRIPTION = "it only describes something"
_ELSEWHERE = "billed where the data go"
_PART = "part of what it belongs to"
_RIGHTS = "rights cost nothing"
_STORED = "its data are billed with the account"

FREE: Mapping[str, str] = {
    "alertsmanagement:SmartDetectorAlertRule": "included in Application Insights",
    "applicationinsights:Component": "billed at its Log Analytics workspace",
    "applicationinsights:Workbook": _DESCRIPTION,
    "authorization:ManagementLockByScope": _RIGHTS,
    "authorization:RoleAssignment": _RIGHTS,
    "authorization:RoleDefinition": _RIGHTS,
    "consumption:Budget": "budgets cost nothing",
    "containerservice:MaintenanceConfiguration": _PART,
    "containerservice:TrustedAccessRoleBinding": _RIGHTS,
    "costmanagement:ScheduledActionByScope": "cost alerts cost nothing",
    "databricks:AccessConnector": _RIGHTS,
    "dynamic:Artifact": _STORED,
    "dynamic:DatabricksObject": "clusters are billed while they run, at the workspace",
    "dynamic:Drain": _PART,
    "dynamic:ScheduleSwitch": _PART,
    "dynamic:Traffic": _PART,
    "keyvault:Secret": "its operations are billed with the vault",
    "kubernetesconfiguration:Extension": "it runs on the cluster's nodes",
    "machinelearningservices:BatchDeployment": "it runs on a cluster",
    "machinelearningservices:BatchEndpoint": "its deployments are billed",
    "machinelearningservices:CodeContainer": _DESCRIPTION,
    "machinelearningservices:CodeVersion": _STORED,
    "machinelearningservices:DataContainer": _DESCRIPTION,
    "machinelearningservices:DataVersion": _STORED,
    "machinelearningservices:Datastore": _DESCRIPTION,
    "machinelearningservices:EnvironmentContainer": _DESCRIPTION,
    "machinelearningservices:EnvironmentVersion": "its image is billed with the registry",
    "machinelearningservices:ModelContainer": _DESCRIPTION,
    "machinelearningservices:ModelVersion": _STORED,
    "machinelearningservices:OnlineEndpoint": "its deployments are billed",
    "machinelearningservices:RegistryModelContainer": _DESCRIPTION,
    "machinelearningservices:RegistryModelVersion": _STORED,
    "machinelearningservices:Schedule": "its jobs are billed with the compute",
    "machinelearningservices:WorkspaceConnection": _DESCRIPTION,
    "managedidentity:FederatedIdentityCredential": _RIGHTS,
    "managedidentity:UserAssignedIdentity": "identities cost nothing",
    "monitor:ActionGroup": "the mails of alerts come free up to 1000 a month",
    "monitor:ActivityLogAlert": "alerts on the activity log cost nothing",
    "monitor:AutoscaleSetting": "the instances that it adds are billed",
    "monitor:DiagnosticSetting": _ELSEWHERE,
    "monitor:PrivateLinkScope": "its private endpoints are billed",
    "monitor:PrivateLinkScopedResource": _PART,
    "network:NetworkSecurityGroup": "security groups cost nothing",
    "network:PrivateDnsZoneGroup": _PART,
    "network:RouteTable": "routes cost nothing",
    "network:Subnet": "networks cost nothing",
    "network:VirtualNetwork": "networks cost nothing",
    "privatedns:VirtualNetworkLink": "billed at its zone",
    "resources:ResourceGroup": "groups cost nothing",
    "sql:BackupShortTermRetentionPolicy": "backups are billed with the database",
    "sql:EncryptionProtector": _PART,
    "sql:ExtendedServerBlobAuditingPolicy": _ELSEWHERE,
    "sql:FirewallRule": "rules cost nothing",
    "sql:Job": "billed with the agent",
    "sql:JobPrivateEndpoint": "included in the agent",
    "sql:JobStep": "billed with the agent",
    "sql:JobTargetGroup": _DESCRIPTION,
    "sql:OutboundFirewallRule": "rules cost nothing",
    "sql:Server": "its databases are billed",
    "sql:ServerKey": "its operations are billed with the vault",
    "sql:SqlVulnerabilityAssessmentsSetting": "included in Defender for SQL",
    "sql:TransparentDataEncryption": _PART,
    "storage:BlobContainer": _STORED,
    "storage:BlobContainerImmutabilityPolicy": _PART,
    "storage:BlobInventoryPolicy": _STORED,
    "storage:BlobServiceProperties": _PART,
    "storage:ManagementPolicy": "its operations are billed with the account",
}
"""Reasons by kind of resource."""
