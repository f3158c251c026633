"""The stores of the committed dev and prod stacks: lake, blobs, vault, registry, and the roles on them."""

import pytest

from tests.harness.stacks import build_platform, graph_of, settings_of

ACCOUNT = "azure-native:storage:StorageAccount"
SERVICE = "azure-native:storage:BlobServiceProperties"
CONTAINER = "azure-native:storage:BlobContainer"
LIFE_CYCLE = "azure-native:storage:ManagementPolicy"
ROLE = "azure-native:authorization:RoleAssignment"
VAULT = "azure-native:keyvault:Vault"
REGISTRY = "azure-native:containerregistry:Registry"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
LAKE, BLOBS = "mlops-data-lake", "mlops-blob-store"
ZONES = {"landing", "quarantine", "raw", "enriched", "curated", "workspace", "monitoring"}


@pytest.fixture(params=["dev", "prod"])
def graph(request):
    return graph_of(request.param)


@pytest.fixture
def dev():
    return graph_of("dev")


@pytest.fixture
def prod():
    return graph_of("prod")


def account(graph, store):
    return graph.one(ACCOUNT, f"{store}-account").inputs


def life_cycle(graph, store):
    rules = graph.one(LIFE_CYCLE, f"{store}-lifecycle").inputs["policy"]["rules"]
    return {rule["name"]: rule["definition"]["actions"]["baseBlob"] for rule in rules}


def unread(**days):
    return {tier: {"daysAfterLastAccessTimeGreaterThan": value} for tier, value in days.items()}


def test_the_lake_and_the_blob_store_are_two_accounts_and_only_one_has_a_namespace(graph):
    assert account(graph, LAKE)["isHnsEnabled"] is True
    assert account(graph, BLOBS)["isHnsEnabled"] is False
    workspace = graph.one("azure-native:machinelearningservices:Workspace").inputs
    assert workspace["storageAccount"] == graph.one(ACCOUNT, f"{BLOBS}-account").id


@pytest.mark.parametrize("store", [LAKE, BLOBS])
def test_no_store_takes_keys_or_shows_anything_to_everyone(graph, store):
    found = account(graph, store)
    assert found["allowSharedKeyAccess"] is False
    assert found["allowBlobPublicAccess"] is False
    assert found["minimumTlsVersion"] == "TLS1_2"
    assert found["networkRuleSet"]["defaultAction"] == "Deny"
    assert found["encryption"]["requireInfrastructureEncryption"] is True


@pytest.mark.parametrize("store", [LAKE, BLOBS])
def test_development_is_in_one_place_and_production_in_zones_and_closed(dev, prod, store):
    assert account(dev, store)["sku"] == {"name": "Standard_LRS"}
    assert account(dev, store)["publicNetworkAccess"] == "Enabled"
    assert account(prod, store)["sku"]["name"].endswith("ZRS")
    assert account(prod, store)["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize("store", [LAKE, BLOBS])
def test_deleted_data_is_kept_a_week_in_development_and_a_month_in_production(dev, prod, store):
    for graph, days in ((dev, 7), (prod, 30)):
        service = graph.one(SERVICE, f"{store}-service").inputs
        assert (
            service["deleteRetentionPolicy"]
            == service["containerDeleteRetentionPolicy"]
            == {"enabled": True, "days": days}
        )


def test_the_lake_has_its_zones_and_the_workspace_a_datastore_for_each(graph):
    containers = [node for node in graph.all(CONTAINER) if node.name.startswith(LAKE)]
    assert {node.inputs["containerName"] for node in containers} == ZONES
    assert {node.inputs["metadata"]["owner"] for node in containers} == {"ml-platform@example.com"}
    stores = graph.all("azure-native:machinelearningservices:Datastore")
    assert {f"lake_{zone}" for zone in ZONES} <= {node.inputs["name"] for node in stores}


def test_scratch_data_of_development_is_gone_after_two_weeks(dev):
    assert life_cycle(dev, LAKE) == {
        "landing": unread(delete=7),
        "quarantine": unread(delete=30),
        "workspace": unread(delete=14),
        "monitoring": unread(delete=30),
    }


def test_production_moves_what_nobody_reads_to_cheaper_tiers_that_its_redundancy_has(prod):
    rules = life_cycle(prod, LAKE)
    assert rules["raw"] == unread(tierToCool=30, tierToCold=180)
    assert rules["curated"] == unread(tierToCool=90)
    assert rules["monitoring"] == unread(tierToCool=30, delete=365)
    assert "tierToArchive" not in str(rules)


def test_production_lists_its_lake_every_week_and_scans_what_comes_in(dev, prod):
    [rule] = prod.one("azure-native:storage:BlobInventoryPolicy").inputs["policy"]["rules"]
    assert (rule["definition"]["schedule"], rule["definition"]["format"]) == ("Weekly", "Parquet")
    scan = prod.one("azure-native:security:DefenderForStorage").inputs["properties"]
    assert scan["malwareScanning"]["onUpload"] == {"isEnabled": True, "capGBPerMonth": 5000}
    assert scan["sensitiveDataDiscovery"] == {"isEnabled": True}
    for token in ("azure-native:storage:BlobInventoryPolicy", "azure-native:security:DefenderForStorage"):
        assert dev.all(token) == []


def test_each_identity_has_what_it_needs_in_each_zone_and_no_more(graph):
    roles = {node.name.removeprefix(f"{LAKE}-"): node.inputs for node in graph.all(ROLE) if node.name.startswith(LAKE)}
    writer, reader = "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    assert roles["compute-raw-role"]["roleDefinitionId"].endswith(reader)
    assert roles["compute-workspace-role"]["roleDefinitionId"].endswith(writer)
    assert roles["databricks-curated-role"]["roleDefinitionId"].endswith(writer)
    assert roles["endpoint-monitoring-role"]["roleDefinitionId"].endswith(writer)
    assert not {"endpoint-raw-role", "compute-curated-writer-role"} & set(roles)
    for role in roles.values():
        assert "/containers/" in role["scope"]
        assert role["principalType"] == "ServicePrincipal"


def test_blobs_of_production_have_versions_and_can_be_set_back(dev, prod):
    service = prod.one(SERVICE, f"{BLOBS}-service").inputs
    assert service["isVersioningEnabled"] is True
    assert service["changeFeed"] == {"enabled": True}
    assert service["restorePolicy"] == {"enabled": True, "days": 7}
    assert "restorePolicy" not in dev.one(SERVICE, f"{BLOBS}-service").inputs


def test_blobs_say_how_old_signatures_and_keys_may_get_and_let_studio_in(graph):
    found = account(graph, BLOBS)
    assert found["sasPolicy"]["sasExpirationPeriod"] == "1.00:00:00"
    assert found["keyPolicy"] == {"keyExpirationPeriodInDays": 60}
    [rule] = graph.one(SERVICE, f"{BLOBS}-service").inputs["cors"]["corsRules"]
    assert "https://ml.azure.com" in rule["allowedOrigins"]


def test_run_artefacts_go_after_a_month_in_development_and_a_year_in_production(dev, prod):
    changed = "daysAfterModificationGreaterThan"
    assert life_cycle(dev, BLOBS) == {"run-artefacts": {"delete": {changed: 30}}}
    assert life_cycle(prod, BLOBS)["ageing"] == {"tierToCool": {changed: 30}}
    assert life_cycle(prod, BLOBS)["run-artefacts"] == {"delete": {changed: 365}}


@pytest.mark.parametrize("store", [LAKE, BLOBS])
def test_writes_and_deletes_of_blobs_are_logged_and_reads_are_not(graph, store):
    setting = graph.one(DIAGNOSTICS, f"{store}-blob-diagnostics").inputs
    assert setting["resourceUri"] == graph.one(SERVICE, f"{store}-service").id
    assert {log["category"] for log in setting["logs"]} == {"StorageWrite", "StorageDelete"}


def test_the_vault_goes_by_role_and_says_nothing_of_purge_protection_where_it_is_off(dev, prod):
    for graph, days in ((dev, 7), (prod, 90)):
        vault = graph.one(VAULT).inputs["properties"]
        assert vault["enableRbacAuthorization"] is True
        assert vault["softDeleteRetentionInDays"] == days
        assert vault["networkAcls"]["defaultAction"] == "Deny"
    assert "enablePurgeProtection" not in dev.one(VAULT).inputs["properties"]
    assert prod.one(VAULT).inputs["properties"]["enablePurgeProtection"] is True
    assert prod.one(VAULT).inputs["properties"]["publicNetworkAccess"] == "Disabled"


def test_production_encrypts_each_store_with_a_rotated_key_of_its_own(dev, prod):
    keys = {key.inputs["keyName"] for key in prod.all("azure-native:keyvault:Key")}
    assert keys == {"blob", "data-lake", "ingestion", "sql"}
    for key in prod.all("azure-native:keyvault:Key"):
        assert key.inputs["properties"]["rotationPolicy"]["attributes"] == {"expiryTime": "P395D"}
    for store, key in ((LAKE, "data-lake"), (BLOBS, "blob")):
        assert account(prod, store)["encryption"]["keyVaultProperties"]["keyName"] == key
        permission = prod.one(ROLE, f"mlops-key-vault-{key}-reader-role")
        assert permission.urn in prod.before(prod.one(ACCOUNT, f"{store}-account"))
        assert account(dev, store)["encryption"]["keySource"] == "Microsoft.Storage"
    assert dev.all("azure-native:keyvault:Key") == []


def test_the_registry_has_no_administrator_and_is_premium_where_it_is_closed(dev, prod):
    for graph, sku in ((dev, "Standard"), (prod, "Premium")):
        registry = graph.one(REGISTRY).inputs
        assert registry["sku"] == {"name": sku}
        assert registry["adminUserEnabled"] is registry["anonymousPullEnabled"] is False
    closed = prod.one(REGISTRY).inputs
    assert closed["publicNetworkAccess"] == "Disabled"
    assert closed["zoneRedundancy"] == "Enabled"
    assert closed["policies"]["retentionPolicy"] == {"status": "enabled", "days": 30}


def test_a_lake_can_be_left_out_with_all_that_is_in_it():
    off = {"enabled": False}
    graph = build_platform(settings_of("prod", data_lake=off, ingestion=off))
    assert [node.name for node in graph if "lake" in node.name] == []
    assert {key.inputs["keyName"] for key in graph.all("azure-native:keyvault:Key")} == {"blob", "sql"}


def test_a_lake_alone_has_its_group_and_its_lock():
    off = {"enabled": False}
    systems = ("machine_learning", "compute", "databricks", "registry", "blob", "network")
    nothing = dict.fromkeys(systems, off)
    graph = build_platform(settings_of("prod", **nothing))
    assert graph.one(ACCOUNT).inputs["isHnsEnabled"] is True
    lock = graph.one("azure-native:authorization:ManagementLockByScope")
    assert graph.one(ACCOUNT).urn in graph.before(lock)
