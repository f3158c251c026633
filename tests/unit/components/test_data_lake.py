"""The data lake: zones that age apart, roles confined to them, and what such an account cannot be."""

import pytest
from pydantic import ValidationError

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.data_lake import DataLakeArgs
from azure_ml_platform.roles import path_condition

PLACE = {"resource_group_name": "rg", "location": "westeurope", "account_name": "dls"}
ACCOUNT = "azure-native:storage:StorageAccount"
ROLE = "azure-native:authorization:RoleAssignment"


def test_the_account_has_a_namespace_and_takes_identities_only(made):
    account = made("DataLake").one(ACCOUNT).inputs
    assert account["isHnsEnabled"] is True
    assert account["allowSharedKeyAccess"] is False
    assert account["defaultToOAuthAuthentication"] is True
    assert account["allowBlobPublicAccess"] is False
    assert account["minimumTlsVersion"] == "TLS1_2"
    assert account["allowCrossTenantReplication"] is False
    assert account["allowedCopyScope"] == "AAD"
    assert account["publicNetworkAccess"] == "Disabled"
    assert account["networkRuleSet"]["defaultAction"] == "Deny"
    for member in ("isLocalUserEnabled", "isSftpEnabled", "enableNfsV3"):
        assert account[member] is False


@pytest.mark.avoids("versions-in-a-lake")
def test_the_lake_never_speaks_of_versions_change_feed_or_restore(made):
    service = made("DataLake", full=True).one("azure-native:storage:BlobServiceProperties").inputs
    assert not {"isVersioningEnabled", "changeFeed", "restorePolicy"} & set(service)
    assert service["lastAccessTimeTrackingPolicy"]["enable"] is True
    assert service["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 14}


@pytest.mark.avoids("containers-behind-a-firewall")
def test_each_zone_is_a_container_that_names_its_owner(made):
    zones = made("DataLake", full=True).all("azure-native:storage:BlobContainer")
    assert {zone.inputs["containerName"]: zone.inputs.get("metadata") for zone in zones} == {
        "raw": {"owner": "me@example.com"},
        "monitoring": None,
    }


def test_zones_age_by_last_access_each_by_its_own_rule(made):
    policy = made("DataLake", full=True).one("azure-native:storage:ManagementPolicy").inputs["policy"]
    [rule] = policy["rules"]
    assert rule["definition"]["filters"] == {"blobTypes": ["blockBlob"], "prefixMatch": ["raw/"]}
    assert rule["definition"]["actions"] == {
        "baseBlob": {
            "tierToCool": {"daysAfterLastAccessTimeGreaterThan": 30},
            "tierToCold": {"daysAfterLastAccessTimeGreaterThan": 90},
            "delete": {"daysAfterLastAccessTimeGreaterThan": 400},
        }
    }


def test_an_immutable_zone_has_a_policy_that_is_not_locked(made):
    policy = made("DataLake", full=True).one("azure-native:storage:BlobContainerImmutabilityPolicy").inputs
    assert policy["containerName"] == "raw"
    assert policy["immutabilityPeriodSinceCreationInDays"] == 7


def test_all_blobs_are_listed_as_parquet(made):
    [rule] = made("DataLake", full=True).one("azure-native:storage:BlobInventoryPolicy").inputs["policy"]["rules"]
    assert rule["destination"] == "monitoring"
    assert (rule["definition"]["format"], rule["definition"]["schedule"]) == ("Parquet", "Daily")
    assert "Name" in rule["definition"]["schemaFields"]
    assert not {"VersionId", "IsCurrentVersion"} & set(rule["definition"]["schemaFields"])


def test_uploads_are_scanned_up_to_a_cap(made):
    graph = made("DataLake", full=True)
    setting = graph.one("azure-native:security:DefenderForStorage").inputs
    assert setting["resourceId"] == graph.one(ACCOUNT).id
    assert setting["properties"]["malwareScanning"]["onUpload"] == {"isEnabled": True, "capGBPerMonth": 100}
    uncapped = made("DataLake", malware_scan={}).one("azure-native:security:DefenderForStorage").inputs
    assert uncapped["properties"]["malwareScanning"]["onUpload"]["capGBPerMonth"] == -1
    assert uncapped["properties"]["sensitiveDataDiscovery"] == {"isEnabled": True}


def test_a_grant_reaches_one_zone_and_no_more(made):
    graph = made("DataLake", full=True)
    team, feed = (graph.one(ROLE, f"x-{name}-role") for name in ("team", "feed"))
    raw = graph.one("azure-native:storage:BlobContainer", "x-raw")
    assert team.inputs["scope"] == feed.inputs["scope"] == raw.id
    assert "condition" not in team.inputs
    assert feed.inputs["conditionVersion"] == "2.0"
    assert feed.inputs["condition"] == path_condition("raw", "sales/orders")


def test_the_same_grant_on_two_zones_has_two_names(made):
    zones = {"raw": {}, "curated": {}}
    reader = {"role": Role.STORAGE_BLOB_DATA_READER, "principal": {"name": "p", "principal_id": "1"}}
    grants = {zone: {"zone": zone, **reader} for zone in zones}
    names = [role.inputs["roleAssignmentName"] for role in made("DataLake", zones=zones, grants=grants).all(ROLE)]
    assert len(set(names)) == 2
    again = [role.inputs["roleAssignmentName"] for role in made("DataLake", zones=zones, grants=grants).all(ROLE)]
    assert names == again


@pytest.mark.avoids("lists-of-access")
def test_a_condition_confines_every_action_to_its_path():
    here = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'raw'"
    blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
    assert path_condition("raw", "/sales/orders/") == (
        f"((!(ActionMatches{{'{blobs}/read'}} AND NOT SubOperationMatches{{'Blob.List'}})"
        f" AND !(ActionMatches{{'{blobs}/write'}})"
        f" AND !(ActionMatches{{'{blobs}/add/action'}})"
        f" AND !(ActionMatches{{'{blobs}/move/action'}})"
        f" AND !(ActionMatches{{'{blobs}/delete'}}))"
        f" OR ({here} AND @Resource[{blobs}:path] StringLike 'sales/orders/*'))"
        f" AND ((!(ActionMatches{{'{blobs}/read'}} AND SubOperationMatches{{'Blob.List'}}))"
        f" OR ({here} AND @Request[{blobs}:prefix] StringLike 'sales/orders/*'))"
    )


def test_siblings_are_let_through_the_firewall_by_their_ids(made):
    rules = made("DataLake", full=True).one(ACCOUNT).inputs["networkRuleSet"]["resourceAccessRules"]
    assert [rule["resourceId"].rpartition("/")[2] for rule in rules] == ["dbac"]


@pytest.mark.parametrize("component", ["DataLake", "BlobStore"])
def test_a_customers_key_is_read_by_an_identity_that_may_and_follows_its_rotation(made, component):
    account = made(component, full=True).one(ACCOUNT).inputs
    encryption = account["encryption"]
    assert encryption["keySource"] == "Microsoft.Keyvault"
    assert encryption["keyVaultProperties"] == {"keyName": "data", "keyVaultUri": "https://kv.vault.azure.net/"}
    identity = encryption["encryptionIdentity"]["encryptionUserAssignedIdentity"]
    assert account["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [identity]}
    assert "keyVaultProperties" not in made(component).one(ACCOUNT).inputs["encryption"]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ({"cool_after_days": 30, "delete_after_days": 30}, "cool_after_days = 30 must be less than delete_after_days"),
        ({"immutable_days": 30, "delete_after_days": 30}, "must be more than immutable_days = 30"),
        ({"archive_after_days": 180}, "GZRS has no archive tier; use cold_after_days"),
    ],
)
def test_a_zone_that_cannot_be_is_refused(zone, said):
    with pytest.raises(ValidationError, match=said):
        DataLakeArgs(**PLACE, redundancy="GZRS", zones={"raw": zone})


def test_what_names_a_zone_names_one_that_there_is():
    with pytest.raises(ValidationError, match=r"inventory.container = 'monitoring' is not a zone; there are raw"):
        DataLakeArgs(**PLACE, zones={"raw": {}}, inventory={"container": "monitoring"})


def test_datastores_show_zones_without_a_credential(made):
    store = made("LakeDatastores").one("azure-native:machinelearningservices:Datastore").inputs
    assert store["name"] == "lake_raw"
    assert store["properties"]["datastoreType"] == "AzureDataLakeGen2"
    assert store["properties"]["filesystem"] == "raw"
    assert store["properties"]["credentials"] == {"credentialsType": "None"}
