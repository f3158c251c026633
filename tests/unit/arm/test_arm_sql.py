"""SQL servers, databases, their backups and policies."""

from datetime import timedelta

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Once, Platform
from tests.unit.arm.samples_sql import SID, Sql, database_body, server_body, sql
from tests.unit.arm.vaults import Vault


@pytest.fixture
def made(azure: Azure, platform: Platform, once: Once) -> Sql:
    servers: Sql = once("sql", lambda: sql(azure, platform))
    return servers


def lasting(**properties: object) -> Json:
    return {"properties": properties}


def test_a_server_comes_with_its_system_database_and_its_policies(azure: Azure, made: Sql) -> None:
    assert azure("GET", made.server).properties["fullyQualifiedDomainName"] == "sql-test.database.windows.net"
    for child in (
        "databases/master",
        "encryptionProtector/current",
        "extendedAuditingSettings/default",
        "securityAlertPolicies/Default",
        "sqlVulnerabilityAssessments/default",
    ):
        assert azure("GET", f"{made.server}/{child}").status == 200
        assert azure("DELETE", f"{made.server}/{child}").code == "HttpMethodNotAllowed"


def test_a_database_comes_with_its_policies(azure: Azure, made: Sql) -> None:
    assert azure("GET", f"{made.jobs}/transparentDataEncryption/current").properties == {"state": "Enabled"}
    assert azure("GET", f"{made.jobs}/backupShortTermRetentionPolicies/default").properties["retentionDays"] == 7
    assert azure("DELETE", f"{made.jobs}/transparentDataEncryption/current").code == "HttpMethodNotAllowed"


def test_a_server_name_is_taken_in_all_of_azure(azure: Azure, platform: Platform, made: Sql) -> None:
    other = azure.group("rg-other")
    answer = azure("PUT", f"{other}/providers/Microsoft.Sql/servers/sql-test", server_body(platform))
    assert (answer.status, answer.code) == (400, "NameAlreadyExists")
    check = f"{azure.subscription}/providers/Microsoft.Sql/checkNameAvailability"
    for name, free in (("sql-test", False), ("sql-free", True)):
        assert azure("POST", check, {"name": name, "type": "Microsoft.Sql/servers"}).body["available"] is free


@pytest.mark.parametrize("name", ["Sql", "-sql", "sql-", "s_ql", "s" * 64])
def test_a_server_name_is_part_of_a_host_name(azure: Azure, platform: Platform, name: str) -> None:
    path = f"{platform.group}/providers/Microsoft.Sql/servers/{name}"
    assert azure("PUT", path, server_body(platform)).code == "InvalidServerName"


def test_an_entra_only_server_needs_no_login_and_shows_its_administrator(azure: Azure, made: Sql) -> None:
    shown = azure("GET", made.server).properties
    assert shown["administratorLogin"].startswith("CloudSA")
    assert shown["administrators"]["azureADOnlyAuthentication"] is True
    assert azure("GET", f"{made.server}/administrators/ActiveDirectory").properties["sid"] == SID


@pytest.mark.trap("sql-logins")
def test_a_server_without_entra_only_needs_a_login(azure: Azure, platform: Platform, made: Sql) -> None:
    path = made.server.replace("sql-test", "sql-login")
    answer = azure("PUT", path, server_body(platform, only=False))
    assert (answer.code, "administratorLogin" in answer.message) == ("InvalidParameterValue", True)
    azure.put(path, server_body(platform, only=False, administratorLogin="boss", administratorLoginPassword="s3cret!"))
    assert "administratorLoginPassword" not in azure("GET", path).properties


@pytest.mark.trap("sql-logins")
def test_a_login_cannot_be_sent_to_an_entra_only_server(azure: Azure, platform: Platform, made: Sql) -> None:
    body = server_body(platform, administratorLoginPassword="s3cret!")
    assert azure("PUT", made.server, body).code == "AadOnlyAuthenticationIsEnabled"
    azure.put(made.server, server_body(platform))


def test_an_administrator_is_changed_as_a_resource_of_its_own(azure: Azure, platform: Platform, made: Sql) -> None:
    body = server_body(platform)
    body["properties"]["administrators"]["login"] = "others"
    assert azure("PUT", made.server, body).code == "PropertyChangeUnsupported"
    azure.put(f"{made.server}/administrators/ActiveDirectory", lasting(login="others", sid=SID))
    azure.put(made.server, body)
    assert azure("GET", made.server).properties["administrators"]["login"] == "others"


def test_entra_only_needs_an_administrator(azure: Azure, platform: Platform, made: Sql) -> None:
    path = made.server.replace("sql-test", "sql-login")
    azure.put(path, {"location": REGION, "properties": {"administratorLogin": "b", "administratorLoginPassword": "p"}})
    setting = f"{path}/azureADOnlyAuthentications/Default"
    answer = azure("PUT", setting, lasting(azureADOnlyAuthentication=True))
    assert answer.code == "InvalidServerAADOnlyAuthNoAADAdminPropertyName"
    azure.put(f"{path}/administrators/ActiveDirectory", lasting(login="admins", sid=SID))
    azure.put(setting, lasting(azureADOnlyAuthentication=True))


def test_an_attached_identity_has_to_be_the_primary_one(azure: Azure, platform: Platform, made: Sql) -> None:
    body = server_body(platform)
    del body["properties"]["primaryUserAssignedIdentityId"]
    answer = azure("PUT", made.server, body)
    assert (answer.code, "primaryUserAssignedIdentityId" in answer.message) == ("InvalidParameterValue", True)


def test_firewall_rules_need_a_public_endpoint(azure: Azure, platform: Platform, made: Sql) -> None:
    rule = f"{made.server}/firewallRules/office"
    body = lasting(startIpAddress="203.0.113.1", endIpAddress="203.0.113.1")
    azure.put(rule, body)
    azure.put(made.server, server_body(platform, publicNetworkAccess="Disabled"))
    answer = azure("PUT", rule, body)
    assert (answer.status, answer.code) == (400, "DenyPublicEndpointEnabled")
    assert "'sql-test'" in answer.message


def test_a_firewall_rule_is_a_range_that_ascends(azure: Azure, made: Sql) -> None:
    body = lasting(startIpAddress="203.0.113.9", endIpAddress="203.0.113.1")
    assert azure("PUT", f"{made.server}/firewallRules/office", body).code == "InvalidParameterValue"


def test_outbound_rules_need_a_server_that_restricts(azure: Azure, made: Sql) -> None:
    name = "outboundFirewallRules/sttest.blob.core.windows.net"
    azure.put(f"{made.server}/{name}", {})
    answer = azure("PUT", f"{made.partner}/{name}", {})
    assert "restrictOutboundNetworkAccess 'Enabled' on 'sql-partner'" in answer.message


@pytest.mark.parametrize(
    ("sku", "code"),
    [
        ({"name": "GP_Gen9", "capacity": 2}, "InvalidSkuName"),
        ({"name": "GP_Gen5", "capacity": 3}, "MismatchedSkuNameAndCapacity"),
        ({"name": "Standard", "capacity": 11}, "MismatchedSkuNameAndCapacity"),
        ({"name": "GP_Gen5_2", "tier": "BusinessCritical"}, "MismatchedSkuNameAndTier"),
        ({"name": "GP_Gen5_2", "family": "Gen4"}, "MismatchedSkuNameAndFamily"),
        ({"capacity": 2}, "MissingSkuName"),
    ],
)
def test_a_size_that_is_not_sold_is_refused(azure: Azure, made: Sql, sku: Json, code: str) -> None:
    answer = azure("PUT", f"{made.server}/databases/data", {"location": REGION, "sku": sku, "properties": {}})
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.parametrize(
    ("asked", "objective"),
    [
        ({"name": "S1"}, "S1"),
        ({"name": "Standard", "capacity": 20}, "S1"),
        ({"name": "GP_S_Gen5_1"}, "GP_S_Gen5_1"),
        ({"name": "GP_S_Gen5", "tier": "GeneralPurpose", "family": "Gen5", "capacity": 2}, "GP_S_Gen5_2"),
    ],
)
def test_a_size_has_two_spellings(azure: Azure, made: Sql, asked: Json, objective: str) -> None:
    body = {"location": REGION, "sku": asked, "properties": {}}
    shown = azure.put(f"{made.server}/databases/data", body)
    assert shown.properties["currentServiceObjectiveName"] == objective


@pytest.mark.parametrize(
    ("sku", "properties", "code"),
    [
        ("GP_Gen5_2", {"autoPauseDelay": 60}, "InvalidDatabaseCreateOrUpdateRequest"),
        ("S1", {"minCapacity": 0.5}, "InvalidDatabaseCreateOrUpdateRequest"),
        ("GP_S_Gen5_8", {"minCapacity": 0.5}, "UnsupportedCapacity"),
        ("GP_S_Gen5_1", {"autoPauseDelay": 5}, "InvalidDatabaseCreateOrUpdateRequest"),
        ("GP_S_Gen5_1", {"licenseType": "BasePrice"}, "InvalidLicenseType"),
        ("GP_Gen5_2", {"readScale": "Enabled"}, "InvalidReadScaleEdition"),
        ("S1", {"zoneRedundant": True}, "ProvisioningDisabled"),
        ("Basic", {"maxSizeBytes": 3 * 1024**3}, "InvalidMaxSizeTierCombination"),
        ("GP_Gen5_2", {"elasticPoolId": "/pool"}, "TargetElasticPoolDoesNotExist"),
        ("GP_Gen5_2", {"createMode": "Copy"}, "MissingSourceDatabaseId"),
        ("GP_Gen5_2", {"createMode": "Restore"}, "MissingRestorableDroppedDatabaseId"),
    ],
)
def test_what_a_size_does_not_have_is_refused(azure: Azure, made: Sql, sku: str, properties: Json, code: str) -> None:
    answer = azure("PUT", f"{made.server}/databases/data", database_body(sku, **properties))
    assert (answer.status, answer.code) == (400, code)


def test_a_collation_is_decided_at_creation(azure: Azure, made: Sql) -> None:
    answer = azure("PUT", made.jobs, database_body("S1", collation="Latin1_General_BIN2"))
    assert answer.code == "PropertyChangeNotAllowed"


@pytest.mark.trap("kept-for-long-or-asleep")
def test_long_term_retention_and_auto_pause_rule_each_other_out(azure: Azure, made: Sql) -> None:
    database = f"{made.server}/databases/data"
    policy = f"{database}/backupLongTermRetentionPolicies/default"
    azure.put(database, database_body("GP_S_Gen5_1", autoPauseDelay=60))
    answer = azure("PUT", policy, lasting(weeklyRetention="P4W"))
    assert (answer.status, answer.code) == (400, "LtrConfigPolicyUnsupportedIfAutoPauseEnabled")
    azure.put(database, database_body("GP_S_Gen5_1", autoPauseDelay=-1))
    azure.put(policy, lasting(weeklyRetention="P4W"))
    answer = azure("PUT", database, database_body("GP_S_Gen5_1", autoPauseDelay=60))
    assert answer.code == "LtrConfigPolicyUnsupportedIfAutoPauseEnabled"


@pytest.mark.parametrize("policy", [{"weeklyRetention": "4 weeks"}, {"yearlyRetention": "P5Y"}])
def test_a_long_term_retention_is_a_period_with_its_week(azure: Azure, made: Sql, policy: Json) -> None:
    path = f"{made.jobs}/backupLongTermRetentionPolicies/default"
    assert azure("PUT", path, {"properties": policy}).code == "LongTermRetentionPolicyInvalid"


def test_backups_are_kept_for_35_days_at_most(azure: Azure, made: Sql) -> None:
    path = f"{made.jobs}/backupShortTermRetentionPolicies/default"
    assert azure("PUT", path, lasting(retentionDays=36)).code == "InvalidBackupRetentionPeriod"
    assert azure("PUT", path, lasting(diffBackupIntervalInHours=6)).code == "InvalidDiffBackupIntervalInHours"


def test_a_dropped_database_can_be_restored_while_its_backups_last(azure: Azure, made: Sql) -> None:
    database = f"{made.server}/databases/data"
    azure.put(database, database_body("S1"))
    azure.put(f"{database}/backupShortTermRetentionPolicies/default", lasting(retentionDays=14))
    azure.delete(database)
    listed = azure("GET", f"{made.server}/restorableDroppedDatabases").body["value"]
    assert [dropped["properties"]["databaseName"] for dropped in listed] == ["data"]
    azure.put(database, database_body("Basic"))
    restored = f"{made.server}/databases/again"
    body = {"location": REGION, "properties": {"createMode": "Restore", "restorableDroppedDatabaseId": listed[0]["id"]}}
    assert azure.put(restored, body).properties["currentServiceObjectiveName"] == "S1"
    azure.cloud.clock.move(timedelta(days=15))
    assert azure("GET", f"{made.server}/restorableDroppedDatabases").body["value"] == []


def test_a_copy_takes_after_its_source(azure: Azure, made: Sql) -> None:
    body = {"location": REGION, "properties": {"createMode": "Copy", "sourceDatabaseId": made.jobs}}
    shown = azure.put(f"{made.server}/databases/copy", body)
    assert shown.properties["currentServiceObjectiveName"] == "S1"
    assert "sourceDatabaseId" not in shown.properties
    body["properties"]["sourceDatabaseId"] = f"{made.server}/databases/none"
    assert azure("PUT", f"{made.server}/databases/other", body).code == "SourceDatabaseNotFound"


def test_a_geo_replica_has_the_same_name_on_another_server(azure: Azure, made: Sql) -> None:
    body = {"location": REGION, "properties": {"createMode": "Secondary", "sourceDatabaseId": made.jobs}}
    other = azure("PUT", f"{made.server}/databases/other", body)
    assert other.code == "ReplicationSourceAndTargetMustHaveSameName"
    body["location"] = "northeurope"
    azure.put(f"{made.partner}/databases/jobs", body)


def test_audits_need_a_target(azure: Azure, made: Sql) -> None:
    path = f"{made.server}/extendedAuditingSettings/default"
    answer = azure("PUT", path, lasting(state="Enabled"))
    assert answer.code == "DataSecurityInvalidUserSuppliedParameter"
    azure.put(path, lasting(state="Enabled", storageEndpoint="https://a", storageAccountAccessKey="k"))
    assert "storageAccountAccessKey" not in azure("GET", path).properties


def test_assessments_stand_on_defender(azure: Azure, made: Sql) -> None:
    path = f"{made.server}/sqlVulnerabilityAssessments/default"
    assert azure("PUT", path, lasting(state="Enabled")).code == "VulnerabilityAssessmentADSIsDisabled"
    azure.put(f"{made.server}/securityAlertPolicies/Default", lasting(state="Enabled"))
    azure.put(path, lasting(state="Enabled"))


def test_a_label_lies_on_a_column_that_is_no_resource(azure: Azure, made: Sql) -> None:
    label = "schemas/dbo/tables/people/columns/mail/sensitivityLabels/current"
    shown = azure.put(f"{made.jobs}/{label}", lasting(labelName="Confidential"))
    assert shown.properties["columnName"] == "mail"
    answer = azure("PUT", f"{made.server}/databases/none/{label}", lasting(labelName="Confidential"))
    assert answer.code == "ParentResourceNotFound"


def test_a_protector_is_a_key_of_the_server(azure: Azure, platform: Platform, made: Sql) -> None:
    uri = "https://kv-test.vault.azure.net/keys/tde/0123456789abcdef"
    name = "kv-test_tde_0123456789abcdef"
    body = lasting(serverKeyType="AzureKeyVault", uri=uri)
    protector = lasting(serverKeyType="AzureKeyVault", serverKeyName=name)
    assert azure("PUT", f"{made.server}/encryptionProtector/current", protector).code == "ServerKeyDoesNotExists"
    assert azure("PUT", f"{made.server}/keys/other", body).code == "InvalidKeyName"
    azure.put(f"{made.server}/keys/{name}", body)
    assert azure.put(f"{made.server}/encryptionProtector/current", protector).properties["uri"] == uri
    assert azure("DELETE", f"{made.server}/keys/{name}").code == "AzureKeyVaultKeyInUse"


def test_a_key_of_a_vault_of_this_machine_is_named_by_the_vault(azure: Azure, platform: Platform, made: Sql) -> None:
    vault = Vault(azure, f"{platform.group}/providers/Microsoft.KeyVault/vaults/kv-sql")
    body = lasting(serverKeyType="AzureKeyVault", uri=f"{vault.address.rstrip('/')}/keys/tde/0123456789abcdef")
    assert azure("PUT", f"{made.server}/keys/127_tde_0123456789abcdef", body).code == "InvalidKeyName"
    azure.put(f"{made.server}/keys/kv-sql_tde_0123456789abcdef", body)


def group(partner: str, *databases: str, policy: str = "Automatic", minutes: int | None = 60) -> Json:
    endpoint = {"failoverPolicy": policy, "failoverWithDataLossGracePeriodMinutes": minutes}
    return lasting(partnerServers=[{"id": partner}], readWriteEndpoint=endpoint, databases=list(databases))


def test_a_failover_group_needs_a_partner_in_another_region(azure: Azure, platform: Platform, made: Sql) -> None:
    path = f"{made.server}/failoverGroups/fog"
    near = made.server.replace("sql-test", "sql-near")
    azure.put(near, server_body(platform))
    prefix = "FailoverGroupCreateOrUpdateRequest"
    assert azure("PUT", path, group(near)).code == f"{prefix}InvalidPartner"
    assert azure("PUT", path, group(made.server)).code == f"{prefix}DuplicatePartner"
    assert azure("PUT", path, group(f"{made.server}-none")).code == "LinkedResourceNotFound"
    assert azure("PUT", path, group(made.partner, f"{made.partner}/databases/master")).code.startswith(prefix)
    assert azure("PUT", path, group(made.partner, minutes=5)).code == f"{prefix}LessThanMinimumGracePeriodValues"
    azure.put(path, group(made.partner, made.jobs))
    assert azure("GET", f"{made.partner}/databases/jobs").body["location"] == "northeurope"


def test_a_database_that_pauses_cannot_be_replicated(azure: Azure, made: Sql) -> None:
    database = f"{made.server}/databases/data"
    azure.put(database, database_body("GP_S_Gen5_1", autoPauseDelay=60))
    answer = azure("PUT", f"{made.server}/failoverGroups/fog", group(made.partner, database))
    assert (answer.code, "'data' pauses" in answer.message) == ("UnsupportedReplicationOperation", True)
