"""The catalog: facts as data, of the standard library alone."""

import ast
import re
import subprocess
import sys
from fractions import Fraction
from importlib.metadata import distribution
from pathlib import Path
from uuid import UUID

import pytest

from azure_ml_platform.catalog import diagnostics, roles, vm_sizes
from azure_ml_platform.catalog.regions import REGIONS, CloudName
from azure_ml_platform.catalog.resource_types import RESOURCE_TYPES, Place, ResourceType, locate
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.catalog.tags import REQUIRED_TAGS, Tag

CATALOG = Path(vm_sizes.__file__).parent
SDK = Path(str(distribution("pulumi-azure-native").locate_file("pulumi_azure_native")))


@pytest.mark.parametrize("file", sorted(CATALOG.glob("*.py")), ids=lambda file: file.stem)
def test_the_catalog_needs_the_standard_library_alone(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.partition(".")[0] in sys.stdlib_module_names or name.startswith("azure_ml_platform.catalog")


def test_reading_the_catalog_loads_nothing_else() -> None:
    code = "import azure_ml_platform.catalog.vm_sizes, sys; print('pulumi' in sys.modules or 'pydantic' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "False"


def test_region_codes_tell_regions_apart() -> None:
    codes = [region.code for region in REGIONS.values()]

    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 4
    assert all(code.isalnum() and code.islower() for code in codes)


def test_regions_of_other_clouds_are_known_as_such() -> None:
    assert REGIONS["usgovvirginia"].cloud is CloudName.US_GOVERNMENT
    assert REGIONS["chinanorth3"].cloud is CloudName.CHINA
    assert (REGIONS["westeurope"].zones, REGIONS["westus"].zones) == (True, False)


def test_a_size_is_found_however_it_is_written() -> None:
    size = vm_sizes.find("STANDARD_NC4AS_T4_V3")

    assert size is not None
    assert (size.name, size.vcpus, size.memory_gib, size.gpu) == ("Standard_NC4as_T4_v3", 4, 28, "NVIDIA T4")


def test_a_size_that_there_is_not_is_not_found() -> None:
    assert vm_sizes.find("Standard_Z1") is None


def test_machines_that_share_a_gpu_say_how_much_of_it_they_have() -> None:
    assert vm_sizes.VM_SIZES["Standard_NV6ads_A10_v5"].gpus == Fraction(1, 6)


@pytest.mark.parametrize("name", ["Standard_NC6", "Standard_NC6s_v2", "Standard_NC6s_v3", "Standard_ND40rs_v2"])
def test_retired_families_are_known_as_such(name: str) -> None:
    assert vm_sizes.VM_SIZES[name].retired


def test_a_size_whose_end_is_announced_is_still_offered() -> None:
    size = vm_sizes.VM_SIZES["Standard_DS3_v2"]

    assert size.retires is not None
    assert not size.retired


def test_every_size_has_a_gpu_model_if_and_only_if_it_has_a_gpu() -> None:
    for size in vm_sizes.VM_SIZES.values():
        assert (size.gpu is not None) == (size.gpus > 0), size.name
        assert size.vcpus > 0
        assert size.memory_gib >= size.vcpus


def test_roles_are_guids_and_found_by_the_name_azure_gives_them() -> None:
    assert {str(UUID(role)) for role in Role} == set(Role)
    for role in Role:
        assert roles.find(role.display_name) is role
    assert roles.find("azureml data scientist") is Role.AZUREML_DATA_SCIENTIST
    assert Role.STORAGE_BLOB_DATA_CONTRIBUTOR.display_name == "Storage Blob Data Contributor"
    assert Role.ACR_PULL.display_name == "AcrPull"


def test_a_role_that_the_catalog_lacks_is_named() -> None:
    with pytest.raises(KeyError, match="Blob Reader of Everything"):
        roles.find("Blob Reader of Everything")


def test_every_tag_is_required_but_those_of_the_stack_and_of_its_end() -> None:
    assert {*Tag} - {*REQUIRED_TAGS} == {Tag.STACK, Tag.EXPIRES_ON}


def test_diagnostic_categories_are_of_types_that_the_platform_makes() -> None:
    assert diagnostics.DIAGNOSTIC_CATEGORIES.keys() <= {kind.arm_type for kind in RESOURCE_TYPES.values()}
    for categories in diagnostics.DIAGNOSTIC_CATEGORIES.values():
        assert not {*categories.logs} & {*categories.verbose}


@pytest.mark.parametrize(
    ("token", "inputs", "resource_id"),
    [
        (
            "azure-native:resources:ResourceGroup",
            {"resourceGroupName": "rg-mlops-dev-weu-data"},
            "/subscriptions/s/resourceGroups/rg-mlops-dev-weu-data",
        ),
        (
            "azure-native:storage:BlobContainer",
            {"resourceGroupName": "rg", "accountName": "st", "containerName": "models"},
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
            "/blobServices/default/containers/models",
        ),
        (
            "azure-native:machinelearningservices:OnlineDeployment",
            {"resourceGroupName": "rg", "workspaceName": "mlw", "endpointName": "wine", "deploymentName": "blue"},
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw"
            "/onlineEndpoints/wine/deployments/blue",
        ),
        (
            "azure-native:authorization:RoleAssignment",
            {"scope": "/subscriptions/s/resourceGroups/rg", "roleAssignmentName": "guid"},
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments/guid",
        ),
        (
            "azure-native:keyvault:Vault",
            {"resourceGroupName": "rg", "vaultName": "a b/c"},
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/a%20b%2Fc",
        ),
    ],
)
def test_an_id_follows_from_a_resources_inputs(token: str, inputs: dict[str, str], resource_id: str) -> None:
    assert locate(token, inputs, "s") == Place(resource_id, RESOURCE_TYPES[token].api_version)


def test_a_resource_whose_inputs_are_not_known_yet_lies_nowhere() -> None:
    assert locate("azure-native:keyvault:Vault", {"resourceGroupName": "rg"}, "s") is None
    assert locate("azure-native:keyvault:Vault", {"resourceGroupName": "rg", "vaultName": None}, "s") is None


def test_a_type_that_the_platform_does_not_make_lies_nowhere() -> None:
    assert locate("azure-native:web:WebApp", {"resourceGroupName": "rg", "name": "web"}, "s") is None


ARM_TYPES = {
    "alertsmanagement": {
        "PrometheusRuleGroup": "Microsoft.AlertsManagement/prometheusRuleGroups",
        "SmartDetectorAlertRule": "Microsoft.AlertsManagement/smartDetectorAlertRules",
    },
    "applicationinsights": {
        "Component": "Microsoft.Insights/components",
        "Workbook": "Microsoft.Insights/workbooks",
    },
    "authorization": {
        "ManagementLockByScope": "Microsoft.Authorization/locks",
        "RoleAssignment": "Microsoft.Authorization/roleAssignments",
        "RoleDefinition": "Microsoft.Authorization/roleDefinitions",
    },
    "consumption": {"Budget": "Microsoft.Consumption/budgets"},
    "containerregistry": {"Registry": "Microsoft.ContainerRegistry/registries"},
    "containerservice": {
        "AgentPool": "Microsoft.ContainerService/managedClusters/agentPools",
        "MaintenanceConfiguration": "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
        "ManagedCluster": "Microsoft.ContainerService/managedClusters",
        "TrustedAccessRoleBinding": "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings",
    },
    "costmanagement": {"ScheduledActionByScope": "Microsoft.CostManagement/scheduledActions"},
    "datafactory": {
        "CredentialOperation": "Microsoft.DataFactory/factories/credentials",
        "Dataset": "Microsoft.DataFactory/factories/datasets",
        "Factory": "Microsoft.DataFactory/factories",
        "IntegrationRuntime": "Microsoft.DataFactory/factories/integrationRuntimes",
        "LinkedService": "Microsoft.DataFactory/factories/linkedservices",
        "ManagedPrivateEndpoint": "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints",
        "Pipeline": "Microsoft.DataFactory/factories/pipelines",
    },
    "databricks": {
        "AccessConnector": "Microsoft.Databricks/accessConnectors",
        "Workspace": "Microsoft.Databricks/workspaces",
    },
    "keyvault": {"Key": "Microsoft.KeyVault/vaults/keys", "Vault": "Microsoft.KeyVault/vaults"},
    "kubernetesconfiguration": {"Extension": "Microsoft.KubernetesConfiguration/extensions"},
    "machinelearningservices": {
        "ManagedNetworkSettingsRule": "Microsoft.MachineLearningServices/workspaces/outboundRules",
        "Registry": "Microsoft.MachineLearningServices/registries",
        "Schedule": "Microsoft.MachineLearningServices/workspaces/schedules",
        "WorkspaceConnection": "Microsoft.MachineLearningServices/workspaces/connections",
        "CodeContainer": "Microsoft.MachineLearningServices/workspaces/codes",
        "CodeVersion": "Microsoft.MachineLearningServices/workspaces/codes/versions",
        "Compute": "Microsoft.MachineLearningServices/workspaces/computes",
        "Datastore": "Microsoft.MachineLearningServices/workspaces/datastores",
        "EnvironmentContainer": "Microsoft.MachineLearningServices/workspaces/environments",
        "EnvironmentVersion": "Microsoft.MachineLearningServices/workspaces/environments/versions",
        "ModelContainer": "Microsoft.MachineLearningServices/workspaces/models",
        "ModelVersion": "Microsoft.MachineLearningServices/workspaces/models/versions",
        "OnlineDeployment": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
        "OnlineEndpoint": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "Workspace": "Microsoft.MachineLearningServices/workspaces",
    },
    "managedidentity": {
        "FederatedIdentityCredential": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities",
    },
    "monitor": {
        "ActionGroup": "Microsoft.Insights/actionGroups",
        "ActivityLogAlert": "Microsoft.Insights/activityLogAlerts",
        "AutoscaleSetting": "Microsoft.Insights/autoscaleSettings",
        "AzureMonitorWorkspace": "Microsoft.Monitor/accounts",
        "DataCollectionEndpoint": "Microsoft.Insights/dataCollectionEndpoints",
        "DataCollectionRule": "Microsoft.Insights/dataCollectionRules",
        "DataCollectionRuleAssociation": "Microsoft.Insights/dataCollectionRuleAssociations",
        "DiagnosticSetting": "Microsoft.Insights/diagnosticSettings",
        "MetricAlert": "Microsoft.Insights/metricAlerts",
        "PrivateLinkScope": "Microsoft.Insights/privateLinkScopes",
        "PrivateLinkScopedResource": "Microsoft.Insights/privateLinkScopes/scopedResources",
        "ScheduledQueryRule": "Microsoft.Insights/scheduledQueryRules",
    },
    "network": {
        "FlowLog": "Microsoft.Network/networkWatchers/flowLogs",
        "NatGateway": "Microsoft.Network/natGateways",
        "NetworkSecurityGroup": "Microsoft.Network/networkSecurityGroups",
        "PrivateDnsZoneGroup": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "PrivateEndpoint": "Microsoft.Network/privateEndpoints",
        "PublicIPAddress": "Microsoft.Network/publicIPAddresses",
        "RouteTable": "Microsoft.Network/routeTables",
        "VirtualNetwork": "Microsoft.Network/virtualNetworks",
        "VirtualNetworkPeering": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
    },
    "operationalinsights": {"Workspace": "Microsoft.OperationalInsights/workspaces"},
    "privatedns": {
        "PrivateZone": "Microsoft.Network/privateDnsZones",
        "VirtualNetworkLink": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    },
    "resources": {"ResourceGroup": "Microsoft.Resources/resourceGroups"},
    "security": {"DefenderForStorage": "Microsoft.Security/defenderForStorageSettings"},
    "sql": {
        "BackupShortTermRetentionPolicy": "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies",
        "Database": "Microsoft.Sql/servers/databases",
        "EncryptionProtector": "Microsoft.Sql/servers/encryptionProtector",
        "ExtendedServerBlobAuditingPolicy": "Microsoft.Sql/servers/extendedAuditingSettings",
        "FailoverGroup": "Microsoft.Sql/servers/failoverGroups",
        "FirewallRule": "Microsoft.Sql/servers/firewallRules",
        "Job": "Microsoft.Sql/servers/jobAgents/jobs",
        "JobAgent": "Microsoft.Sql/servers/jobAgents",
        "JobPrivateEndpoint": "Microsoft.Sql/servers/jobAgents/privateEndpoints",
        "JobStep": "Microsoft.Sql/servers/jobAgents/jobs/steps",
        "JobTargetGroup": "Microsoft.Sql/servers/jobAgents/targetGroups",
        "LongTermRetentionPolicy": "Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies",
        "OutboundFirewallRule": "Microsoft.Sql/servers/outboundFirewallRules",
        "Server": "Microsoft.Sql/servers",
        "ServerKey": "Microsoft.Sql/servers/keys",
        "ServerSecurityAlertPolicy": "Microsoft.Sql/servers/securityAlertPolicies",
        "SqlVulnerabilityAssessmentsSetting": "Microsoft.Sql/servers/sqlVulnerabilityAssessments",
        "TransparentDataEncryption": "Microsoft.Sql/servers/databases/transparentDataEncryption",
    },
    "storage": {
        "BlobContainer": "Microsoft.Storage/storageAccounts/blobServices/containers",
        "BlobContainerImmutabilityPolicy": (
            "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"
        ),
        "BlobInventoryPolicy": "Microsoft.Storage/storageAccounts/inventoryPolicies",
        "BlobServiceProperties": "Microsoft.Storage/storageAccounts/blobServices",
        "ManagementPolicy": "Microsoft.Storage/storageAccounts/managementPolicies",
        "StorageAccount": "Microsoft.Storage/storageAccounts",
    },
}


def test_arm_types_follow_from_the_paths() -> None:
    assert {token: kind.arm_type for token, kind in RESOURCE_TYPES.items()} == {
        f"azure-native:{module}:{name}": arm_type
        for module, types in ARM_TYPES.items()
        for name, arm_type in types.items()
    }


@pytest.mark.parametrize("kind", RESOURCE_TYPES.values(), ids=lambda kind: kind.token.removeprefix("azure-native:"))
def test_api_versions_and_inputs_are_those_of_the_sdk(kind: ResourceType) -> None:
    _, module, name = kind.token.split(":")
    file = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    sdk = (SDK / module / f"{file}.py").read_text()
    inputs = {word for word in re.findall(r"\{(\w+)\}", kind.path) if word != "subscriptionId"}

    assert f"Uses Azure REST API version {kind.api_version}." in sdk
    # A name of one word is spelled alike in Python and on the wire, and has no name of its own.
    assert all(f'@pulumi.getter(name="{word}")' in sdk or f"def {word}(self)" in sdk for word in inputs)
