"""With nothing but what is required, every component is closed, recoverable and keyless."""

import pytest


def test_a_storage_account_answers_to_nobody_outside_and_to_no_key(made):
    account = made("BlobStore").one("azure-native:storage:StorageAccount").inputs
    assert account["kind"] == "StorageV2"
    assert account["publicNetworkAccess"] == "Disabled"
    assert account["networkRuleSet"] == {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": []}
    assert account["allowSharedKeyAccess"] is False
    assert account["allowBlobPublicAccess"] is False
    assert account["allowCrossTenantReplication"] is False
    assert account["isLocalUserEnabled"] is False
    assert account["enableHttpsTrafficOnly"] is True
    assert account["minimumTlsVersion"] == "TLS1_2"
    assert account["encryption"]["requireInfrastructureEncryption"] is True
    assert account["sasPolicy"] == {"expirationAction": "Log", "sasExpirationPeriod": "1.00:00:00"}


@pytest.mark.avoids("lake-as-default")
def test_a_workspaces_account_has_no_hierarchical_namespace(made):
    assert made("BlobStore").one("azure-native:storage:StorageAccount").inputs["isHnsEnabled"] is False


def test_deleted_blobs_and_containers_are_kept(made):
    service = made("BlobStore").one("azure-native:storage:BlobServiceProperties").inputs
    assert service["deleteRetentionPolicy"] == {"enabled": True, "days": 30}
    assert service["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}
    assert service["isVersioningEnabled"] is True


def test_containers_are_private(made):
    graph = made("BlobStore", containers=["models"])
    assert graph.one("azure-native:storage:BlobContainer").inputs["publicAccess"] == "None"


def test_a_vault_is_closed_role_based_and_recoverable(made):
    vault = made("KeyVault").one("azure-native:keyvault:Vault").inputs["properties"]
    assert vault["publicNetworkAccess"] == "Disabled"
    assert vault["networkAcls"]["defaultAction"] == "Deny"
    assert vault["enableRbacAuthorization"] is True
    assert vault["enableSoftDelete"] is True
    assert vault["softDeleteRetentionInDays"] == 90
    assert vault["enablePurgeProtection"] is True
    assert "accessPolicies" not in vault


def test_a_registry_is_closed_and_has_no_administrator(made):
    registry = made("Registry").one("azure-native:containerregistry:Registry").inputs
    assert registry["sku"] == {"name": "Premium"}
    assert registry["publicNetworkAccess"] == "Disabled"
    assert registry["networkRuleSet"] == {"defaultAction": "Deny", "ipRules": []}
    assert registry["adminUserEnabled"] is False
    assert registry["anonymousPullEnabled"] is False
    assert registry["policies"]["exportPolicy"] == {"status": "disabled"}
    assert registry["zoneRedundancy"] == "Enabled"


def test_logs_take_sign_in_only_and_have_a_cap(made):
    graph = made("Monitoring")
    logs = graph.one("azure-native:operationalinsights:Workspace").inputs
    assert logs["features"]["disableLocalAuth"] is True
    assert logs["workspaceCapping"] == {"dailyQuotaGb": 1}
    assert logs["retentionInDays"] == 30
    insights = graph.one("azure-native:applicationinsights:Component")
    assert insights.inputs["disableLocalAuth"] is True
    assert insights.inputs["workspaceResourceId"] == graph.one("azure-native:operationalinsights:Workspace").id


def test_a_workspace_is_closed_keyless_and_calls_only_what_is_approved(made):
    workspace = made("MachineLearning").one("azure-native:machinelearningservices:Workspace").inputs
    assert workspace["publicNetworkAccess"] == "Disabled"
    assert workspace["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert workspace["identity"]["type"] == "UserAssigned"
    assert workspace["primaryUserAssignedIdentity"] == workspace["identity"]["userAssignedIdentities"][0]
    assert workspace["systemDatastoresAuthMode"] == "Identity"
    assert workspace["v1LegacyMode"] is False
    assert workspace["hbiWorkspace"] is True


def test_a_cluster_shrinks_to_nothing_and_cannot_be_logged_into(made):
    cluster = made("Compute").one("azure-native:machinelearningservices:Compute").inputs
    assert cluster["identity"]["type"] == "UserAssigned"
    assert cluster["properties"]["disableLocalAuth"] is True
    nodes = cluster["properties"]["properties"]
    assert nodes["scaleSettings"] == {"minNodeCount": 0, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT120S"}
    assert nodes["remoteLoginPortPublicAccess"] == "Disabled"
    assert nodes["enableNodePublicIp"] is False


def test_an_endpoint_is_closed_and_takes_entra_tokens(made):
    graph = made("ModelDeployment")
    endpoint = graph.one("azure-native:machinelearningservices:OnlineEndpoint").inputs
    assert endpoint["properties"] == {"authMode": "AADToken", "publicNetworkAccess": "Disabled"}
    assert endpoint["identity"]["type"] == "SystemAssigned"
    deployment = graph.one("azure-native:machinelearningservices:OnlineDeployment").inputs["properties"]
    assert deployment["egressPublicNetworkAccess"] == "Disabled"


def test_what_holds_data_is_protected(made):
    assert made("BlobStore").one("azure-native:storage:StorageAccount").protect
    assert made("KeyVault").one("azure-native:keyvault:Vault").protect
    assert made("MachineLearning").one("azure-native:machinelearningservices:Workspace").protect
    assert made("ResourceGroups").one("azure-native:resources:ResourceGroup").protect


def test_protection_can_be_left_off(made):
    assert not made("BlobStore", full=True).one("azure-native:storage:StorageAccount").protect
    assert not made("KeyVault", full=True).one("azure-native:keyvault:Vault").protect


@pytest.mark.avoids("secrets-shown")
def test_no_component_registers_a_secret_in_the_clear(full):
    words = ("key=", "accountkey", "password", "sharedaccesssignature")
    for node in full:
        clear = {key: value for key, value in node.inputs.items() if key not in node.secrets}
        assert not any(word in str(clear).lower() for word in words), node.name
