"""What each service is billed for, and what it is not."""

import pytest

from azure_ml_platform.cost.resource import UNKNOWN
from tests.unit.cost.given import estimated, lines, quantities, resource

COMPUTE = "machinelearningservices:Compute"
DEPLOYMENT = "machinelearningservices:OnlineDeployment"
WORKSPACE = "machinelearningservices:Workspace"
RULE = "machinelearningservices:ManagedNetworkSettingsRule"
CLUSTER, POOL = "containerservice:ManagedCluster", "containerservice:AgentPool"
DATABASE = "sql:Database"


def cluster(least, most, priority="Dedicated", size="Standard_DS3_v2"):
    scale = {"minNodeCount": least, "maxNodeCount": most}
    nodes = {"vmSize": size, "vmPriority": priority, "scaleSettings": scale}
    return resource(COMPUTE, properties={"computeType": "AmlCompute", "properties": nodes})


def database(sku="GP_Gen5_2", name="it", **properties):
    return resource(
        DATABASE, name, **({"sku": {"name": sku}, "requestedBackupStorageRedundancy": "Local"} | properties)
    )


def pool(**properties):
    return resource(POOL, **({"vmSize": "Standard_D4s_v5"} | properties))


def account(sku="Standard_LRS", **properties):
    return resource("storage:StorageAccount", sku={"name": sku}, **properties)


def test_a_training_cluster_that_goes_down_to_no_node_has_no_fixed_cost():
    found = quantities(cluster(0, 4), cluster_hours=10)
    assert found == {"vm/Standard_DS3_v2 assumed": 40, "load-balancer assumed": 10}


def test_nodes_that_always_stay_are_fixed_and_only_the_others_are_assumed():
    found = quantities(cluster(1, 4), cluster_hours=10)
    assert found["vm/Standard_DS3_v2 fixed"] == 730
    assert found["vm/Standard_DS3_v2 assumed"] == 30
    assert found["load-balancer fixed"] == 730


def test_a_low_priority_node_costs_a_fifth():
    line = lines(cluster(0, 1, "LowPriority"))["vm/Standard_DS3_v2 assumed"]
    assert line.unit_price == pytest.approx(0.293 / 5)


def test_every_fifty_nodes_have_a_load_balancer():
    assert quantities(cluster(0, 101), cluster_hours=10)["load-balancer assumed"] == 30


def test_a_compute_instance_is_billed_while_it_runs_and_its_disk_always():
    instance = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
    found = quantities(resource(COMPUTE, properties=instance), instance_hours=60)
    assert found == {"vm/Standard_DS3_v2 assumed": 60, "disk/P10 fixed": 1, "load-balancer fixed": 730}


def test_a_cluster_of_kubernetes_that_is_attached_is_billed_where_it_is():
    assert quantities(resource(COMPUTE, properties={"computeType": "Kubernetes"})) == {}


def test_a_deployment_has_the_price_of_its_machines_as_a_derived_one():
    properties = {"instanceType": "Standard_DS3_v2", "endpointComputeType": "Managed"}
    line = lines(resource(DEPLOYMENT, properties=properties, sku={"capacity": 2}))["vm/Standard_DS3_v2 fixed"]
    assert (line.quantity, line.grade) == (1460, "D")


def test_a_deployment_that_scales_has_more_instances_at_times():
    properties = {"instanceType": "Standard_DS3_v2", "scaleSettings": {"maxInstances": 5}}
    deployment = resource(DEPLOYMENT, properties=properties, sku={"capacity": 2})
    assert quantities(deployment, deployment_peak_hours=10)["vm/Standard_DS3_v2 assumed"] == 30


def test_a_deployment_on_kubernetes_costs_its_cluster():
    assert quantities(resource(DEPLOYMENT, properties={"endpointComputeType": "Kubernetes"})) == {}


@pytest.mark.parametrize(("mode", "sku", "meter"), [("AllowOnlyApprovedOutbound", "Standard", "firewall-standard")])
def test_the_first_rule_by_host_name_starts_a_firewall(mode, sku, meter):
    workspace = resource(WORKSPACE, "workspace", managedNetwork={"isolationMode": mode, "firewallSku": sku})
    host = resource(RULE, "host", properties={"type": "FQDN", "destination": "example.com"})
    assert quantities(workspace) == {}
    found = quantities(workspace, host, firewall_gb=20)
    assert found == {f"{meter} fixed": 730, "firewall-data assumed": 20}


def test_the_tier_basic_of_that_firewall_is_unknown_and_not_nothing():
    network = {"isolationMode": "AllowOnlyApprovedOutbound", "firewallSku": "Basic"}
    host = resource(RULE, "host", properties={"type": "FQDN"})
    assert quantities(resource(WORKSPACE, managedNetwork=network), host)["firewall-basic fixed"] is None


def test_an_open_network_has_no_firewall():
    workspace = resource(WORKSPACE, managedNetwork={"isolationMode": "AllowInternetOutbound"})
    assert quantities(workspace, resource(RULE, "host", properties={"type": "FQDN"})) == {}


def test_a_pool_of_kubernetes_costs_its_least_nodes_and_at_times_the_others():
    scaling = pool(enableAutoScaling=True, minCount=1, maxCount=3, count=2)
    found = quantities(scaling, kubernetes_peak_hours=10)
    assert found == {"vm/Standard_D4s_v5 fixed": 730, "vm/Standard_D4s_v5 assumed": 20, "disk/P10 fixed": 1}


def test_a_pool_that_does_not_scale_costs_all_its_nodes():
    assert quantities(pool(count=3))["vm/Standard_D4s_v5 fixed"] == 2190


def test_a_pool_that_goes_down_to_no_node_is_not_priced_as_one():
    found = quantities(pool(enableAutoScaling=True, minCount=0, maxCount=4), kubernetes_peak_hours=0)
    assert found == {}


def test_an_ephemeral_disk_costs_nothing_and_a_managed_one_its_tier():
    assert "disk/P10 fixed" not in quantities(pool(count=1, osDiskType="Ephemeral"))
    assert quantities(pool(count=2, osDiskType="Managed", osDiskSizeGB=200))["disk/P15 fixed"] == 2


def test_a_disk_larger_than_any_tier_of_the_table_is_unknown():
    [unknown] = estimated(pool(count=1, osDiskSizeGB=4096)).unknown
    assert "a disk of 4096 GB is larger than the tiers" in unknown.why


def test_spare_machines_have_no_price():
    spare = pool(enableAutoScaling=True, minCount=0, maxCount=1, scaleSetPriority="Spot")
    assert quantities(spare)["spot-vm/Standard_D4s_v5 assumed"] is None


def test_a_cluster_costs_its_tier_its_own_pool_and_its_way_out():
    own = {"name": "system", "vmSize": "Standard_D4s_v5", "count": 2, "osDiskType": "Ephemeral"}
    found = quantities(resource(CLUSTER, sku={"tier": "Standard"}, agentPoolProfiles=[own]))
    machines = {"vm/Standard_D4s_v5 fixed": 1460}
    assert found == {"aks-standard fixed": 730, "load-balancer fixed": 730, "public-ip fixed": 730} | machines


def test_the_free_tier_of_a_cluster_has_a_price_of_nothing():
    line = lines(resource(CLUSTER, sku={"tier": "Free"}, networkProfile={"outboundType": "none"}))["aks-free fixed"]
    assert line.amount == 0


def test_defender_watches_the_processors_of_the_nodes_that_always_stay():
    watched = {"defender": {"securityMonitoring": {"enabled": True}}}
    own = {"vmSize": "Standard_D4s_v5", "count": 3}
    more = pool(enableAutoScaling=True, minCount=1, maxCount=9, vmSize="Standard_D8s_v5")
    found = quantities(resource(CLUSTER, "cluster", securityProfile=watched, agentPoolProfiles=[own]), more)
    assert found["defender-containers fixed"] == 3 * 4 + 8


def test_metrics_of_a_cluster_are_unknown():
    metrics = resource(CLUSTER, azureMonitorProfile={"metrics": {"enabled": True}})
    assert quantities(metrics)["prometheus-samples assumed"] is None


def test_a_provisioned_database_costs_processors_licence_and_the_space_for_data_and_log():
    found = quantities(database("GP_Gen5_4"))
    compute = {"sql-gp-compute fixed": 2920, "sql-gp-licence fixed": 2920}
    assert found == compute | {"sql-gp-storage fixed": pytest.approx(32 * 1.3)}


def test_zones_cost_processors_and_space_once_more():
    found = quantities(database(zoneRedundant=True, maxSizeBytes=100 * 2**30))
    assert found["sql-gp-zone-redundancy fixed"] == 1460
    assert found["sql-gp-storage-zrs fixed"] == pytest.approx(130)


def test_a_licence_that_is_owned_is_not_billed():
    assert "sql-gp-licence fixed" not in quantities(database(licenseType="BasePrice"))


def test_a_serverless_database_costs_the_hours_in_which_it_is_awake():
    found = quantities(database("GP_S_Gen5_2", autoPauseDelay=60, minCapacity=0.5), sql_active_hours=60)
    assert found["sql-gp-serverless assumed"] == 60
    assert "sql-gp-serverless fixed" not in found
    assert not any("licence" in meter for meter in found)


def test_a_serverless_database_uses_no_less_than_its_least_size_while_it_is_awake():
    found = quantities(database("GP_S_Gen5_4", autoPauseDelay=60, minCapacity=2), sql_active_hours=10)
    assert found["sql-gp-serverless assumed"] == 20


def test_a_serverless_database_that_never_pauses_costs_its_least_size_all_the_time():
    found = quantities(
        database("GP_S_Gen5_2", autoPauseDelay=-1, minCapacity=0.5), sql_active_hours=10, sql_active_vcores=2
    )
    assert found["sql-gp-serverless fixed"] == 365
    assert found["sql-gp-serverless assumed"] == 15


def test_a_database_by_dtu_costs_its_size_per_month_with_its_storage():
    assert quantities(database("S1"), sql_backup_gb=10) == {"sql-dtu/s1 fixed": 1}


def test_a_database_of_a_pool_costs_the_pool():
    pooled = database("GP_Gen5_2", elasticPoolId=UNKNOWN)
    assert quantities(pooled) == {}


def test_a_database_of_an_unknown_size_is_listed_as_unknown():
    unknown = estimated(database("DC_Gen9_2")).unknown
    assert {line.why for line in unknown} == {"no price of databases of the size dc_gen9_2 is known"}


@pytest.mark.parametrize(("kept", "meter"), [("Local", "lrs"), ("Zone", "zrs"), (None, "ragrs")])
def test_backups_are_billed_by_where_they_are_kept(kept, meter):
    found = quantities(database(requestedBackupStorageRedundancy=kept), sql_backup_gb=10)
    assert found[f"sql-backup-{meter} assumed"] == 10


def test_backups_for_years_are_billed_where_a_policy_keeps_some():
    keeps = resource("sql:LongTermRetentionPolicy", weeklyRetention="P4W")
    nothing = resource("sql:LongTermRetentionPolicy", weeklyRetention="PT0S")
    assert quantities(keeps, database(name="db"), sql_long_term_gb=10)["sql-ltr-lrs assumed"] == 10
    assert quantities(nothing, sql_long_term_gb=10) == {}


def failover(kind="Geo"):
    group = resource("sql:FailoverGroup", "group", databases=[UNKNOWN], secondaryType=kind)
    servers = [resource("sql:Server", name, location=name) for name in ("westus3", "northeurope")]
    return [group, *servers, database(name="db", location="westus3")]


def test_a_failover_group_has_a_second_database_in_the_other_region():
    copies = [line for line in estimated(*failover()).lines if line.resource == "group"]
    assert {line.meter for line in copies} == {"sql-gp-compute", "sql-gp-licence", "sql-gp-storage"}
    assert {line.region for line in copies} == {"northeurope"}


def test_a_second_database_that_only_stands_by_has_no_licence():
    copies = [line.meter for line in estimated(*failover("Standby")).lines if line.resource == "group"]
    assert "sql-gp-licence" not in copies


def test_a_failover_group_whose_databases_are_elsewhere_is_unknown():
    [unknown] = estimated(failover()[0]).unknown
    assert "which 1 databases have a copy is not said here" in unknown.why


def test_the_agent_of_jobs_is_unknown_until_somebody_states_its_price():
    agent = resource("sql:JobAgent", sku={"name": "JA100"})
    assert quantities(agent) == {"sql-job-agent-ja100 fixed": None}
    [line] = estimated(agent, prices={"sql-job-agent-ja100": 0.05}).lines
    assert line.amount == pytest.approx(36.5)


def test_defender_for_sql_costs_by_server_where_it_is_on():
    assert quantities(resource("sql:ServerSecurityAlertPolicy", state="Enabled")) == {"defender-sql fixed": 1}
    assert quantities(resource("sql:ServerSecurityAlertPolicy", state="Disabled")) == {}


def test_an_account_costs_its_data_and_operations_by_tier_and_redundancy():
    found = quantities(account(accessTier="Cool"), blob_gb=7, storage_writes_10k=2, storage_reads_10k=3)
    operations = {"blob-cool-write-lrs assumed": 2, "blob-cool-read-lrs assumed": 3}
    assert found == {"blob-cool-lrs assumed": 7} | operations


def test_a_lake_has_meters_and_an_amount_of_its_own():
    assert quantities(account("Standard_GZRS", isHnsEnabled=True), lake_gb=9)["lake-hot-gzrs assumed"] == 9


def test_operations_that_nobody_has_a_price_of_are_unknown():
    assert quantities(account("Standard_ZRS"))["blob-hot-write-zrs assumed"] is None


def test_defender_scans_no_more_than_its_cap():
    scan = {"isEnabled": True, "malwareScanning": {"onUpload": {"isEnabled": True, "capGBPerMonth": 20}}}
    found = quantities(resource("security:DefenderForStorage", properties=scan), malware_scan_gb=100)
    assert found == {"defender-storage fixed": 1, "defender-malware-scan assumed": 20}


def test_logs_are_billed_beyond_what_comes_free():
    assert quantities(resource("operationalinsights:Workspace"), log_gb=12) == {"log-ingestion assumed": 7}


def test_a_daily_cap_lets_in_no_more():
    capped = resource("operationalinsights:Workspace", workspaceCapping={"dailyQuotaGb": 1})
    assert quantities(capped, log_gb=100)["log-ingestion assumed"] == pytest.approx(730 / 24 - 5)
    uncapped = resource("operationalinsights:Workspace", workspaceCapping={"dailyQuotaGb": -1})
    assert quantities(uncapped, log_gb=100)["log-ingestion assumed"] == 95


def test_logs_that_are_kept_longer_than_a_month_cost_the_rest():
    kept = resource("operationalinsights:Workspace", retentionInDays=31 + 73)
    assert quantities(kept, log_gb=10)["log-retention assumed"] == pytest.approx(24)


def test_tables_of_the_plan_basic_are_billed_apart():
    assert quantities(resource("dynamic:LogTable", plan="Basic"), basic_log_gb=3) == {"log-basic-ingestion assumed": 3}
    assert quantities(resource("dynamic:LogTable", plan="Analytics"), basic_log_gb=3) == {}


def metric_alert(name, **properties):
    criteria = {"allOf": [{"criterionType": "StaticThresholdCriterion"}]}
    return resource("monitor:MetricAlert", name, **({"scopes": [UNKNOWN], "criteria": criteria} | properties))


def test_the_first_ten_time_series_of_metric_alerts_are_free():
    alerts = [metric_alert(f"alert-{number:02}") for number in range(12)]
    assert estimated(*alerts).total == pytest.approx(0.20)


def test_a_dynamic_threshold_costs_once_more_and_an_alert_that_is_off_nothing():
    dynamic = {"allOf": [{"criterionType": "DynamicThresholdCriterion"}]}
    assert quantities(metric_alert("it", criteria=dynamic))["metric-alert-dynamic fixed"] == 1
    assert quantities(metric_alert("it", enabled=False)) == {}


@pytest.mark.parametrize(("every", "meter"), [("PT1M", 1), ("PT5M", 5), ("PT15M", 15), ("PT6H", 15), (None, 15)])
def test_a_log_alert_costs_by_how_often_it_looks(every, meter):
    alert = resource("monitor:ScheduledQueryRule", evaluationFrequency=every, location="westeurope")
    assert quantities(alert) == {f"log-alert-{meter}-minutes fixed": 1}


def test_a_registry_is_billed_per_day_and_for_images_beyond_what_its_tier_holds():
    registry = resource("containerregistry:Registry", sku={"name": "Standard"})
    found = quantities(registry, registry_gb=130)
    assert found == {"acr-standard fixed": pytest.approx(30.4167, abs=1e-4), "acr-storage assumed": 30}
    assert lines(registry)["acr-standard fixed"].amount == pytest.approx(20.276, abs=1e-3)


def test_only_keys_in_hardware_cost_by_the_month():
    key = "keyvault:Key"
    assert quantities(resource(key, properties={"kty": "RSA-HSM"})) == {"hsm-key-rsa-2048 fixed": 1}
    assert quantities(resource(key, properties={"kty": "RSA-HSM", "keySize": 4096})) == {"hsm-key-advanced fixed": 1}
    assert quantities(resource(key, properties={"kty": "RSA"})) == {}


def test_flow_logs_cost_beyond_what_comes_free_and_their_analytics_all_of_it():
    analytics = {"networkWatcherFlowAnalyticsConfiguration": {"enabled": True, "trafficAnalyticsInterval": 10}}
    found = quantities(resource("network:FlowLog", flowAnalyticsConfiguration=analytics), flow_log_gb=8)
    assert found == {"flow-log assumed": 3, "traffic-analytics-10 assumed": 8}


def test_the_parts_of_a_network_cost_by_the_hour():
    kinds = ("network:NatGateway", "network:PrivateEndpoint", "network:PublicIPAddress", "privatedns:PrivateZone")
    found = quantities(*(resource(kind, kind) for kind in kinds))
    hours = {f"{meter} fixed": 730 for meter in ("nat-gateway", "private-endpoint", "public-ip")}
    assert {key: value for key, value in found.items() if key.endswith("fixed")} == hours | {
        "private-dns-zone fixed": 1
    }


def databricks(**parameters):
    return resource("databricks:Workspace", sku={"name": "premium"}, parameters=parameters)


def test_a_databricks_workspace_costs_the_units_and_machines_of_its_jobs():
    terms = {"databricks_nodes": 3, "databricks_hours": 10, "databricks_node_type": "Standard_D8ds_v5"}
    assert quantities(databricks(), **terms) == {"dbu-premium-jobs assumed": 60, "vm/Standard_D8ds_v5 assumed": 30}


def test_a_closed_workspace_in_no_network_of_ones_own_brings_a_gateway():
    closed = {"enableNoPublicIp": {"value": True}}
    assert quantities(databricks(**closed))["nat-gateway fixed"] == 730
    own = closed | {"customVirtualNetworkId": {"value": UNKNOWN}}
    assert "nat-gateway fixed" not in quantities(databricks(**own))


def test_machines_whose_units_are_not_known_leave_the_units_unknown():
    [unknown] = estimated(databricks(), databricks_node_type="Standard_F4s_v2").unknown
    assert "the units that Standard_F4s_v2 uses per hour are not known" in unknown.why
