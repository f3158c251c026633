"""Monitoring, vault, registry, blob store, identities, budget: what their arguments change."""

import pytest
from pydantic import ValidationError

from azure_ml_platform.components.blob_store import BlobStoreArgs, LifecycleArgs
from azure_ml_platform.components.key_vault import KeyVaultArgs
from azure_ml_platform.components.registry import RegistryArgs

DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
PLACE = {"resource_group_name": "rg", "location": "westeurope"}


@pytest.mark.avoids("deleted-vault-keeps-its-name")
def test_a_vault_without_purge_protection_does_not_say_so(made):
    vault = made("KeyVault", purge_protection=False).one("azure-native:keyvault:Vault")
    assert "enablePurgeProtection" not in vault.inputs["properties"]


def test_addresses_are_let_through_the_public_endpoint(made):
    vault = made("KeyVault", full=True).one("azure-native:keyvault:Vault").inputs["properties"]
    assert vault["publicNetworkAccess"] == "Enabled"
    assert vault["networkAcls"]["ipRules"] == [{"value": "198.51.100.7"}]
    account = made("BlobStore", full=True).one("azure-native:storage:StorageAccount").inputs
    assert account["publicNetworkAccess"] == "Enabled"
    assert account["networkRuleSet"]["defaultAction"] == "Deny"
    assert account["networkRuleSet"]["ipRules"] == [{"iPAddressOrRange": "198.51.100.7", "action": "Allow"}]


def test_a_standard_registry_says_nothing_that_only_premium_has(made):
    graph = made("Registry", sku="Standard", network={"public": True})
    registry = graph.one("azure-native:containerregistry:Registry").inputs
    assert not {"networkRuleSet", "policies"} & set(registry)
    assert registry["zoneRedundancy"] == "Disabled"


@pytest.mark.parametrize("network", [{}, {"public": True, "allowed_ip_ranges": ["198.51.100.7"]}])
def test_a_registry_below_premium_cannot_be_closed(network):
    with pytest.raises(ValidationError, match=r"sku Standard has no network rules: take sku Premium, or"):
        RegistryArgs(**PLACE, registry_name="cr", sku="Standard", network=network)


def test_a_public_premium_registry_without_addresses_is_open(made):
    registry = made("Registry", network={"public": True}).one("azure-native:containerregistry:Registry").inputs
    assert registry["networkRuleSet"]["defaultAction"] == "Allow"
    assert registry["policies"]["exportPolicy"] == {"status": "enabled"}


def test_untagged_manifests_can_stay_for_ever(made):
    registry = made("Registry", untagged_retention_days=None).one("azure-native:containerregistry:Registry").inputs
    assert registry["policies"]["retentionPolicy"]["status"] == "disabled"


def test_containers_wait_for_the_settings_of_the_account_that_they_are_in(made):
    graph = made("BlobStore", full=True)
    service = graph.one("azure-native:storage:BlobServiceProperties")
    for container in graph.all("azure-native:storage:BlobContainer"):
        assert service.urn in container.dependencies
    assert service.urn in graph.one("azure-native:storage:ManagementPolicy").dependencies


def test_blobs_age_by_rule(made):
    policy = made("BlobStore", full=True).one("azure-native:storage:ManagementPolicy").inputs
    ageing, logs = policy["policy"]["rules"]
    assert policy["managementPolicyName"] == "default"
    assert ageing["definition"] == {
        "filters": {"blobTypes": ["blockBlob"]},
        "actions": {
            "baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}},
            "version": {"delete": {"daysAfterCreationGreaterThan": 90}},
        },
    }
    assert logs["definition"]["filters"]["prefixMatch"] == ["logs/"]
    assert logs["definition"]["actions"] == {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 365}}}


def test_an_account_without_rules_has_no_policy(made):
    assert made("BlobStore").all("azure-native:storage:ManagementPolicy") == []


def test_a_rule_that_does_nothing_is_refused():
    with pytest.raises(ValidationError, match="a lifecycle rule needs cool_after_days, delete_after_days or"):
        LifecycleArgs(prefixes=["logs/"])


@pytest.mark.parametrize("broken", [{"versioning": False}, {"change_feed": False}, {"soft_delete_days": 7}])
def test_a_restore_needs_what_it_restores_from(broken):
    with pytest.raises(
        ValidationError, match=r"restore_days = 7 needs versioning, change_feed and more soft_delete_days"
    ):
        BlobStoreArgs(**PLACE, account_name="st", restore_days=7, **broken)


def test_roles_are_assigned_on_the_account(made):
    graph = made("BlobStore", full=True)
    role = graph.one("azure-native:authorization:RoleAssignment")
    assert role.inputs["scope"] == graph.one("azure-native:storage:StorageAccount").id
    assert role.inputs["principalType"] == "Group"
    assert role.inputs["roleDefinitionId"].endswith("roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
    assert role.delete_before_replace


@pytest.mark.avoids("assignments-exist")
def test_a_role_assignment_has_the_same_name_in_every_run(made):
    def name():
        return (
            made("BlobStore", full=True).one("azure-native:authorization:RoleAssignment").inputs["roleAssignmentName"]
        )

    assert name() == name()


@pytest.mark.avoids("unwatched-resources")
def test_every_store_sends_its_logs_where_it_is_told_to(made):
    for component in ("KeyVault", "Registry", "BlobStore"):
        for setting in made(component, full=True).all(DIAGNOSTICS):
            assert setting.inputs["workspaceId"].endswith("/workspaces/log")
            assert not any("retentionPolicy" in each for each in [*setting.inputs["logs"], *setting.inputs["metrics"]])
        assert made(component).all(DIAGNOSTICS) == []


@pytest.mark.avoids("logs-of-parts")
def test_blobs_have_a_diagnostic_setting_of_their_own(made):
    graph = made("BlobStore", full=True)
    targets = {setting.inputs["resourceUri"] for setting in graph.all(DIAGNOSTICS)}
    assert targets == {
        graph.one("azure-native:storage:StorageAccount").id,
        graph.one("azure-native:storage:BlobServiceProperties").id,
    }


def test_the_failure_rule_bears_the_name_of_the_one_that_azure_would_add(made):
    graph = made("Monitoring")
    rule = graph.one("azure-native:alertsmanagement:SmartDetectorAlertRule").inputs
    assert rule["alertRuleName"] == "Failure Anomalies - appi"
    assert rule["detector"] == {"id": "FailureAnomaliesDetector"}
    assert rule["scope"] == [graph.one("azure-native:applicationinsights:Component").id]
    assert rule["actionGroups"] == {"groupIds": [graph.one("azure-native:monitor:ActionGroup").id]}


def test_alerts_reach_somebody(made):
    group = made("Monitoring").one("azure-native:monitor:ActionGroup").inputs
    receiver = {"name": "me@example.com", "emailAddress": "me@example.com", "useCommonAlertSchema": True}
    assert group["emailReceivers"] == [receiver]
    with pytest.raises(ValidationError, match="emails"):
        made("Monitoring", emails=[])


def test_logs_without_a_cap_say_nothing_of_one(made):
    logs = made("Monitoring", daily_cap_gb=None).one("azure-native:operationalinsights:Workspace").inputs
    assert "workspaceCapping" not in logs


def test_identities_are_told_by_their_role(made):
    graph = made("Identities")
    identities = graph.one("azure-ml-platform:index:Identities").outputs
    assert set(identities["ids"]) == {"workspace", "compute"}
    assert identities["principal_ids"]["compute"] != identities["principal_ids"]["workspace"]


@pytest.mark.avoids("budgets-of-the-past")
def test_a_budget_covers_the_groups_and_never_moves_its_start(made):
    budget = made("Budget").one("azure-native:consumption:Budget").inputs
    assert budget["filter"]["dimensions"] == {"name": "ResourceGroupName", "operator": "In", "values": ["rg-test"]}
    assert budget["timePeriod"] == {"startDate": "2026-11-01T00:00:00Z"}
    assert {(each["thresholdType"], each["threshold"]) for each in budget["notifications"].values()} == {
        ("Actual", 50),
        ("Actual", 80),
        ("Actual", 100),
        ("Forecasted", 100),
    }


KEYS = {"data": {"rotation_days": 90, "reader": {"name": "id-encryption", "principal_id": "1"}}}


def test_a_key_is_rotated_before_it_expires_and_read_by_one_identity(made):
    graph = made("KeyVault", keys=KEYS)
    key, vault = graph.one("azure-native:keyvault:Key"), graph.one("azure-native:keyvault:Vault")
    assert vault.urn in key.dependencies
    assert (key.inputs["properties"]["kty"], key.inputs["properties"]["keySize"]) == ("RSA", 3072)
    policy = key.inputs["properties"]["rotationPolicy"]
    assert policy["attributes"] == {"expiryTime": "P120D"}
    assert policy["lifetimeActions"] == [
        {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}},
        {"action": {"type": "notify"}, "trigger": {"timeBeforeExpiry": "P30D"}},
    ]
    role = graph.one("azure-native:authorization:RoleAssignment").inputs
    assert role["scope"] == key.id
    assert role["roleDefinitionId"].endswith("e147488a-f6f5-4113-8e2d-b22465e65bf6")


def test_a_premium_vault_keeps_keys_in_hardware(made):
    key = made("KeyVault", keys=KEYS, sku="premium").one("azure-native:keyvault:Key")
    assert key.inputs["properties"]["kty"] == "RSA-HSM"


def test_a_vault_without_purge_protection_keeps_no_keys():
    with pytest.raises(ValidationError, match=r"keys \(data\) need purge_protection = true"):
        KeyVaultArgs(**PLACE, vault_name="kv", tenant_id="t", purge_protection=False, keys=KEYS)


def test_pages_of_studio_may_use_blobs(made):
    service = made("BlobStore", full=True).one("azure-native:storage:BlobServiceProperties").inputs
    [rule] = service["cors"]["corsRules"]
    assert rule["allowedOrigins"] == ["https://ml.azure.com"]
    assert "cors" not in made("BlobStore").one("azure-native:storage:BlobServiceProperties").inputs


def test_an_account_says_how_old_its_keys_and_signatures_may_get(made):
    account = made("BlobStore").one("azure-native:storage:StorageAccount").inputs
    assert account["sasPolicy"] == {"sasExpirationPeriod": "1.00:00:00", "expirationAction": "Log"}
    assert account["keyPolicy"] == {"keyExpirationPeriodInDays": 60}
