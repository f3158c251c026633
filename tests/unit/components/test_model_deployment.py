"""A served model: assets by content, an endpoint, its slots, and the traffic after them."""

import json

import pulumi
import pytest
from pydantic import ValidationError

from azure_ml_platform.dynamic.content import MissingContentError, content_version
from tests.unit.components.cases.given import TAGS, UPLOAD, WORKSPACE

ML = "azure-native:machinelearningservices"
ARTIFACT = "pulumi-python:dynamic/azure_ml_platform:Artifact"
TRAFFIC = "pulumi-python:dynamic/azure_ml_platform:Traffic"


CLUSTER = f"{WORKSPACE}/computes/kubernetes"
DRAIN = "pulumi-python:dynamic/azure_ml_platform:Drain"


@pytest.fixture
def graph(made):
    return made("ModelDeployment", full=True)


def test_versions_are_named_after_their_content(graph, files):
    model = graph.one(f"{ML}:ModelVersion").inputs
    assert model["version"] == content_version(files / "model")
    code = graph.one(f"{ML}:CodeVersion").inputs
    assert code["version"] == content_version(files / "code")
    assert code["properties"]["codeUri"].endswith(f"models/wines/code/{code['version']}")


def test_a_model_is_registered_as_a_path_in_a_datastore(graph):
    model = graph.one(f"{ML}:ModelVersion").inputs
    workspace = WORKSPACE.replace("resourceGroups", "resourcegroups").replace(
        "providers/Microsoft.MachineLearningServices/workspaces", "workspaces"
    )
    path = f"datastores/models/paths/wines/model/{model['version']}"
    assert model["properties"]["modelUri"] == f"azureml:/{workspace}/{path}"


def test_another_base_image_is_another_environment(made):
    one = made("ModelDeployment", full=True).one(f"{ML}:EnvironmentVersion").inputs
    other = made("ModelDeployment", full=True, base_image="image:2").one(f"{ML}:EnvironmentVersion").inputs
    assert one["properties"]["condaFile"] == other["properties"]["condaFile"] == "dependencies: [python=3.11]\n"
    assert one["version"] != other["version"]


def test_files_are_uploaded_before_a_version_refers_to_them(graph):
    uploads = {node.urn for node in graph.all(ARTIFACT)}
    assert len(uploads) == 2
    versions = graph.one(f"{ML}:ModelVersion").dependencies | graph.one(f"{ML}:CodeVersion").dependencies
    assert uploads <= versions


def test_what_several_slots_run_is_registered_once_and_what_one_has_of_its_own_beside_it(made, files):
    (files / "other").mkdir(exist_ok=True)
    (files / "other" / "weights.bin").write_bytes(b"better")
    graph = made("ModelDeployment", full=True, slots={"blue": {}, "green": {"model": str(files / "other")}})
    versions = {node.inputs["version"]: node for node in graph.all(f"{ML}:ModelVersion")}
    assert set(versions) == {content_version(files / "model"), content_version(files / "other")}
    assert len(graph.all(f"{ML}:ModelContainer")) == len(graph.all(f"{ML}:CodeVersion")) == 1
    green = graph.one(f"{ML}:OnlineDeployment", "x-green").inputs["properties"]
    assert green["model"] == versions[content_version(files / "other")].id


def test_another_version_is_another_resource_so_that_the_one_before_stays_until_nothing_runs_it(graph):
    for kind in ("ModelVersion", "CodeVersion", "EnvironmentVersion"):
        version = graph.one(f"{ML}:{kind}")
        assert version.name.endswith(version.inputs["version"])


def test_the_deployment_serves_these_versions(graph):
    deployment = graph.one(f"{ML}:OnlineDeployment", "x-blue").inputs["properties"]
    assert deployment["model"] == graph.one(f"{ML}:ModelVersion").id
    assert deployment["environmentId"] == graph.one(f"{ML}:EnvironmentVersion").id
    assert deployment["codeConfiguration"] == {
        "codeId": graph.one(f"{ML}:CodeVersion").id,
        "scoringScript": "score.py",
    }


def test_a_model_of_a_registry_needs_no_upload(made):
    graph = made("ModelDeployment")
    assert graph.all(ARTIFACT) == []
    assert graph.all(f"{ML}:ModelVersion") == []
    deployment = graph.one(f"{ML}:OnlineDeployment").inputs["properties"]
    assert deployment["model"] == "azureml://registries/shared/models/wine/versions/3"


def test_code_and_environment_of_a_registry_need_no_upload(made):
    registry = "azureml://registries/shared"
    code, environment = f"{registry}/codes/wine/versions/1", f"{registry}/environments/wine/versions/2"
    graph = made("ModelDeployment", code=code, scoring_script="score.py", environment=environment)
    assert graph.all(ARTIFACT) == []
    deployment = graph.one(f"{ML}:OnlineDeployment").inputs["properties"]
    assert deployment["codeConfiguration"]["codeId"] == code
    assert deployment["environmentId"] == environment


def test_a_model_without_scoring_code_is_an_mlflow_model(made, files):
    graph = made("ModelDeployment", model=str(files / "model"), upload=UPLOAD)
    assert graph.one(f"{ML}:ModelVersion").inputs["properties"]["modelType"] == "mlflow_model"
    assert "codeConfiguration" not in graph.one(f"{ML}:OnlineDeployment").inputs["properties"]


def test_local_files_without_a_place_for_them_are_refused(made, files):
    with pytest.raises(ValidationError, match="model has nowhere to be uploaded to"):
        made("ModelDeployment", model=str(files / "model"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model": "nowhere"}, "nowhere does not exist: give the path of a file or of a folder with files"),
        ({"scoring_script": "main.py"}, "code has no main.py; it has score.py"),
        ({"environment": "nowhere.yaml"}, "nowhere.yaml does not exist: give the path of a file"),
    ],
)
def test_what_is_not_there_is_named_at_preview(made, change, sentence):
    with pytest.raises(MissingContentError, match=sentence):
        made("ModelDeployment", full=True, **change)


@pytest.mark.parametrize("missing", ["scoring_script", "environment"])
def test_scoring_code_without_its_script_or_its_environment_is_refused(made, missing):
    with pytest.raises(ValidationError, match="code, scoring_script and environment belong together"):
        made("ModelDeployment", full=True, **{missing: None})


def test_a_slot_is_as_the_endpoint_says_but_for_what_it_says_itself(graph):
    blue, green = (graph.one(f"{ML}:OnlineDeployment", f"x-{slot}").inputs for slot in ("blue", "green"))
    assert (blue["deploymentName"], green["deploymentName"]) == ("blue", "green")
    assert blue["sku"] == {"name": "Default", "capacity": 3}
    assert green["sku"] == {"name": "Default", "capacity": 2}
    assert blue["properties"]["requestSettings"]["requestTimeout"] == "PT60S"
    assert green["properties"]["requestSettings"]["requestTimeout"] == "PT90S"
    for slot in (blue, green):
        assert slot["properties"]["requestSettings"]["maxConcurrentRequestsPerInstance"] == 4
        assert slot["properties"]["livenessProbe"]["failureThreshold"] == 3
        assert slot["properties"]["readinessProbe"]["initialDelay"] == "PT1S"
        assert slot["properties"]["startupProbe"]["failureThreshold"] == 60
        assert slot["properties"]["environmentVariables"] == {"LOG_LEVEL": "debug"}


def test_what_the_model_was_asked_and_answered_is_kept_when_it_is_wanted(graph, made):
    collector = graph.one(f"{ML}:OnlineDeployment", "x-blue").inputs["properties"]["dataCollector"]
    assert collector["collections"] == {
        name: {"dataCollectionMode": "Enabled", "samplingRate": 0.5} for name in ("model_inputs", "model_outputs")
    }
    assert "dataCollector" not in made("ModelDeployment").one(f"{ML}:OnlineDeployment").inputs["properties"]


@pytest.mark.avoids("traffic-is-lost")
def test_the_endpoint_says_nothing_of_traffic_and_ignores_it(graph):
    endpoint = graph.one(f"{ML}:OnlineEndpoint")
    assert not {"traffic", "mirrorTraffic"} & set(endpoint.inputs["properties"])
    assert endpoint.ignore_changes == ("properties.traffic", "properties.mirrorTraffic")


def test_an_endpoint_that_is_written_keeps_its_traffic(graph):
    hooks = graph.one(f"{ML}:OnlineEndpoint").hooks
    assert hooks == {"before_update": ("x-endpoint-before-update",), "after_update": ("x-endpoint-after-update",)}


def test_another_authentication_mode_replaces_the_endpoint(graph):
    endpoint = graph.one(f"{ML}:OnlineEndpoint")
    assert endpoint.replace_on_changes == ("properties.authMode", "properties.compute")
    assert endpoint.delete_before_replace


def test_another_size_of_machines_replaces_a_deployment(graph):
    deployment = graph.one(f"{ML}:OnlineDeployment", "x-green")
    assert deployment.replace_on_changes == ("properties.instanceType",)
    assert deployment.delete_before_replace


def test_one_slot_is_the_simple_form_and_has_all_traffic(made):
    graph = made("ModelDeployment")
    assert graph.one(f"{ML}:OnlineDeployment").inputs["deploymentName"] == "blue"
    assert graph.one(TRAFFIC).inputs["split"] == {"blue": 100}
    assert made("ModelDeployment", slots={"main": {}}).one(TRAFFIC).inputs["split"] == {"main": 100}


@pytest.mark.avoids("traffic-too-early")
def test_traffic_comes_after_all_deployments(graph):
    traffic = graph.one(TRAFFIC)
    assert traffic.inputs["split"] == {"blue": 90, "green": 10}
    assert traffic.inputs["canary"] == {
        "slot": "green",
        "steps": [5, 10],
        "hold_minutes": 10,
        "error_rate_percent": 1,
    }
    deployments = graph.all(f"{ML}:OnlineDeployment")
    assert sorted(traffic.inputs["deployments"].values()) == sorted(node.id for node in deployments)
    assert {node.urn for node in deployments} <= traffic.property_dependencies["deployments"]
    assert graph.one(f"{ML}:OnlineEndpoint").urn in traffic.dependencies


def test_each_deployment_is_drained_before_it_goes_and_traffic_knows_which_was_made_anew(graph):
    traffic = graph.one(TRAFFIC)
    for slot in ("blue", "green"):
        drain = graph.one(DRAIN, f"x-{slot}-drain")
        assert drain.inputs["deployment_id"] == graph.one(f"{ML}:OnlineDeployment", f"x-{slot}").id
        assert drain.urn in traffic.property_dependencies["made"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"traffic": {}}, "traffic is missing: say which of blue, green answers how many percent"),
        ({"traffic": {"blue": 90}}, "traffic sums to 90: must be 100, or 0 for none at all"),
        ({"traffic": {"blue": 101, "green": -1}}, "traffic.blue is 101: must be a percentage from 0 to 100"),
        ({"traffic": {"red": 100}}, "traffic.red: no slot of that name; slots are blue, green"),
        ({"mirror": {"green": 10}}, "mirror.green: the slot has 10 percent of live traffic"),
        ({"traffic": {"blue": 100}, "mirror": {"green": 51}}, "mirror.green is 51: must be at most 50"),
        ({"traffic": {"blue": 0}, "mirror": {"green": 1, "blue": 1}}, "mirror names green, blue"),
        ({"canary": {"slot": "red", "steps": [10]}}, "canary.slot is red: no slot of that name"),
        ({"canary": {"slot": "green", "steps": [20]}}, "canary.steps end at 20: must end at 10 or less"),
        ({"canary": {"slot": "green", "steps": [10, 5]}}, "10, 5: must be percentages from 1 to 100 that rise"),
    ],
)
def test_traffic_that_cannot_be_is_refused_in_a_sentence(made, change, sentence):
    with pytest.raises(ValidationError) as refused:
        made("ModelDeployment", full=True, **change)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"endpoint_name": "ab"}, "endpoint_name"),
        ({"slots": {"x_y": {}}}, "slots.x_y: must be named with 3 to 32 letters"),
        ({"slots": {f"slot{number}": {} for number in range(21)}}, "21 of them, and an endpoint has at most 20"),
        ({"instance_type": "Standard_NC6"}, "Standard_NC6: Azure stopped it on 2023-09-06"),
        ({"instance_type": "Standard_D4s_v5"}, "Standard_D4s_v5: managed online endpoints do not offer it"),
    ],
)
def test_names_and_sizes_that_azure_would_refuse_are_refused_before(made, change, sentence):
    with pytest.raises(ValidationError) as refused:
        made("ModelDeployment", **change)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        {"public_network_access": False},
        {"tags": {**TAGS, "team": "vision"}},
        {"identity_id": "/subscriptions/other"},
        {"auth_mode": "AADToken"},
    ],
)
def test_whatever_writes_the_endpoint_again_has_its_traffic_looked_after(made, change):
    before, after = made("ModelDeployment", full=True), made("ModelDeployment", full=True, **change)
    assert before.one(f"{ML}:OnlineEndpoint").inputs != after.one(f"{ML}:OnlineEndpoint").inputs
    assert before.one(TRAFFIC).inputs["trigger"] != after.one(TRAFFIC).inputs["trigger"]


@pytest.mark.parametrize("change", [{"instance_count": 5}, {"request_timeout_seconds": 10}, {"callers": {}}])
def test_whatever_leaves_the_endpoint_alone_leaves_its_traffic_alone(made, change):
    before, after = made("ModelDeployment", full=True), made("ModelDeployment", full=True, **change)
    assert before.one(TRAFFIC).inputs == after.one(TRAFFIC).inputs


def test_an_endpoint_that_waits_for_an_identity_is_digested_once_that_is_known(made):
    def traffic(identity):
        return made("ModelDeployment", full=True, identity_id=identity).one(TRAFFIC).inputs["trigger"]

    assert traffic(pulumi.Output.from_input("/subscriptions/id")) == traffic("/subscriptions/id")


def test_a_deployment_that_fails_shows_its_containers_log(graph):
    for slot in ("blue", "green"):
        hooks = graph.one(f"{ML}:OnlineDeployment", f"x-{slot}").hooks
        assert hooks == {"on_error": (f"x-{slot}-on-error",)}


def test_a_workspaces_id_is_all_that_has_to_be_known_of_it(made):
    graph = made("ModelDeployment")
    for node in (graph.one(f"{ML}:OnlineEndpoint"), graph.one(f"{ML}:OnlineDeployment")):
        assert (node.inputs["resourceGroupName"], node.inputs["workspaceName"]) == ("rg-test", "mlw")
        assert node.inputs["location"] == "northeurope", "the workspace's own, as the mocked Azure has it"
    assert graph.one(f"{ML}:OnlineEndpoint").inputs["identity"] == {"type": "SystemAssigned"}


@pytest.fixture
def on_cluster(made):
    """An endpoint on an attached cluster, its slots between one and four pods."""
    return made(
        "ModelDeployment",
        full=True,
        compute_id=CLUSTER,
        instance_type="cpu-small",
        autoscale={"min_instances": 1, "max_instances": 4, "cpu_above_percent": 60},
    )


def test_an_attached_cluster_runs_the_same_slots(on_cluster):
    endpoint = on_cluster.one(f"{ML}:OnlineEndpoint")
    assert endpoint.inputs["properties"]["compute"] == CLUSTER
    assert "kind" not in endpoint.inputs
    assert "properties.compute" in endpoint.replace_on_changes
    for node in on_cluster.all(f"{ML}:OnlineDeployment"):
        properties = node.inputs["properties"]
        assert (properties["endpointComputeType"], properties["instanceType"]) == ("Kubernetes", "cpu-small")
        assert properties["livenessProbe"]["failureThreshold"] == 3
    assert on_cluster.one(TRAFFIC).inputs["split"] == {"blue": 90, "green": 10}


def test_a_cluster_scales_its_pods_itself(on_cluster):
    assert on_cluster.all("azure-native:monitor:AutoscaleSetting") == []
    scale = on_cluster.one(f"{ML}:OnlineDeployment", "x-blue").inputs["properties"]["scaleSettings"]
    assert scale["scaleType"] == "TargetUtilization"
    assert (scale["minInstances"], scale["maxInstances"], scale["targetUtilizationPercentage"]) == (1, 4, 60)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"autoscale": None, "traffic": {"blue": 100}, "mirror": {"green": 10}}, "on Kubernetes copies no requests"),
        ({}, "on Kubernetes neither busy hours nor latency count"),
    ],
)
def test_what_a_cluster_has_not_is_refused(made, change, sentence):
    with pytest.raises(ValidationError, match=sentence):
        made("ModelDeployment", full=True, compute_id=CLUSTER, **change)


def test_callers_may_do_nothing_but_call_this_endpoint(graph, made):
    role = graph.one("azure-native:authorization:RoleDefinition")
    action = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    assert role.inputs["permissions"] == [{"actions": [f"{action}/listkeys/action"]}]
    assert role.inputs["assignableScopes"] == [WORKSPACE.partition("/providers")[0]]
    assignment = graph.one("azure-native:authorization:RoleAssignment").inputs
    assert assignment["scope"] == graph.one(f"{ML}:OnlineEndpoint").id
    assert assignment["roleDefinitionId"] == role.id
    by_token = made("ModelDeployment", full=True, auth_mode="AADToken")
    permissions = by_token.one("azure-native:authorization:RoleDefinition").inputs["permissions"]
    assert permissions == [{"actions": [f"{action}/score/action"]}]


def test_nobody_gets_a_role_unless_somebody_is_named(made):
    assert made("ModelDeployment").all("azure-native:authorization:RoleDefinition") == []


def test_each_slot_has_machines_by_processor_time_and_latency(graph):
    setting = graph.one("azure-native:monitor:AutoscaleSetting", "x-green-autoscale").inputs
    assert setting["targetResourceUri"] == graph.one(f"{ML}:OnlineDeployment", "x-green").id
    usual = setting["profiles"][0]
    assert usual["capacity"] == {"minimum": "2", "default": "2", "maximum": "6"}
    triggers = [rule["metricTrigger"] for rule in usual["rules"]]
    assert [(each["metricName"], each["operator"], each["threshold"]) for each in triggers] == [
        ("CpuUtilizationPercentage", "GreaterThan", 70),
        ("CpuUtilizationPercentage", "LessThan", 30),
        ("RequestLatency_P95", "GreaterThan", 500),
    ]
    assert triggers[2]["metricResourceUri"] == graph.one(f"{ML}:OnlineEndpoint").id


def test_busy_hours_begin_and_end(graph):
    _, busy, after = graph.one("azure-native:monitor:AutoscaleSetting", "x-blue-autoscale").inputs["profiles"]
    assert busy["capacity"]["minimum"] == "4"
    assert (busy["recurrence"]["schedule"]["hours"], busy["recurrence"]["schedule"]["minutes"]) == ([7], [0])
    assert json.loads(after["name"]) == {"name": "default", "for": busy["name"]}
    assert (after["recurrence"]["schedule"]["hours"], after["recurrence"]["schedule"]["minutes"]) == ([19], [30])
    assert after["capacity"]["minimum"] == "2"


def test_the_number_of_machines_is_the_autoscalers(graph, made):
    assert graph.one(f"{ML}:OnlineDeployment", "x-blue").ignore_changes == ("sku.capacity",)
    assert made("ModelDeployment").one(f"{ML}:OnlineDeployment").ignore_changes == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"min_instances": 4, "max_instances": 3}, "max_instances is 3: must be 4 or more"),
        ({"min_instances": 4, "max_instances": 8}, "instance_count is 3: must be from 4 to 8"),
        (
            {"min_instances": 1, "max_instances": 4, "cpu_below_percent": 70},
            "cpu_below_percent is 70: must be below 70",
        ),
        (
            {
                "min_instances": 1,
                "max_instances": 4,
                "busy_hours": {"start": "07:00", "end": "19:00", "min_instances": 5},
            },
            "busy_hours.min_instances is 5: must be from 1 to 4",
        ),
        (
            {
                "min_instances": 1,
                "max_instances": 4,
                "busy_hours": {"start": "19:00", "end": "07:00", "min_instances": 2},
            },
            "end is 07:00: must be later than 19:00",
        ),
    ],
)
def test_machines_by_demand_that_cannot_be_are_refused(made, change, sentence):
    with pytest.raises(ValidationError) as refused:
        made("ModelDeployment", full=True, slots={}, traffic={}, canary=None, autoscale=change)
    assert sentence in str(refused.value)


def test_what_a_slot_is_asked_and_answers_is_compared_each_day(graph):
    schedule = graph.one(f"{ML}:Schedule", "x-green-monitor").inputs
    action = schedule["properties"]["action"]
    definition = action["monitorDefinition"]
    assert action["actionType"] == "CreateMonitor"
    assert definition["monitoringTarget"] == {
        "taskType": "Classification",
        "deploymentId": graph.one(f"{ML}:OnlineDeployment", "x-green").id,
    }
    signals = {name: signal["signalType"] for name, signal in definition["signals"].items()}
    assert sorted(signals.values()) == ["DataDrift", "DataQuality", "FeatureAttributionDrift", "PredictionDrift"]
    drift = definition["signals"]["data_drift"]
    assert drift["productionData"]["uri"] == "azureml:wine-green-model_inputs:1"
    assert drift["referenceData"]["uri"] == "azureml:wine-training:1"
    emails = definition["alertNotificationSettings"]["emailNotificationSettings"]["emails"]
    assert emails == ["me@example.com"]


def test_without_a_reference_a_slot_is_compared_with_its_own_past(made):
    monitor = {"task": "Regression", "window_days": 3}
    graph = made("ModelDeployment", full=True, monitor=monitor)
    signals = graph.one(f"{ML}:Schedule", "x-blue-monitor").inputs["properties"]["action"]["monitorDefinition"][
        "signals"
    ]
    assert "feature_attribution" not in signals
    past = signals["prediction_drift"]["referenceData"]
    assert (past["windowSize"], past["windowOffset"]) == ("P3D", "P3D")
    assert past["uri"] == signals["prediction_drift"]["productionData"]["uri"]


@pytest.mark.avoids("schedules-double")
def test_a_schedule_is_declared_off_and_switched_on_so_that_it_is_off_before_it_goes(graph):
    schedule = graph.one(f"{ML}:Schedule", "x-blue-monitor")
    switch = graph.one("pulumi-python:dynamic/azure_ml_platform:ScheduleSwitch", "x-blue-monitor-switch")
    assert schedule.inputs["properties"]["isEnabled"] is False
    assert schedule.ignore_changes == ("properties.isEnabled",)
    assert switch.inputs["schedule_id"] == schedule.id


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"monitor": {"task": "Regression", "attribution": True}}, "reference is missing"),
        ({"collection": None}, "collection is missing"),
        ({"collection": {"outputs": False}}, "collection is missing"),
    ],
)
def test_a_monitor_without_data_is_refused(made, change, sentence):
    with pytest.raises(ValidationError, match=sentence):
        made("ModelDeployment", full=True, **change)


def test_sample_calls_hold_no_secret_and_say_how_to_sign_in(graph, made):
    keyed = graph.one("azure-ml-platform:index:ModelDeployment").outputs["sample_calls"]
    assert set(keyed) == {"curl"}
    assert "listKeys" in keyed["curl"]
    assert "@sample.json https://wine.westeurope.inference.ml.azure.com/score" in keyed["curl"]
    calls = made("ModelDeployment").one("azure-ml-platform:index:ModelDeployment").outputs["sample_calls"]
    assert "az account get-access-token --scope https://ml.azure.com/.default" in calls["curl"]
    compile(calls["python"], "sample", "exec")


def test_the_addresses_of_the_endpoint_are_outputs(graph):
    outputs = graph.one("azure-ml-platform:index:ModelDeployment").outputs
    assert outputs["scoring_uri"] == "https://wine.westeurope.inference.ml.azure.com/score"
    assert outputs["swagger_uri"] == "https://wine.westeurope.inference.ml.azure.com/swagger.json"
    assert set(outputs["deployment_ids"]) == {"blue", "green"}


def test_no_provider_is_stored_as_a_secret(graph):
    for node in (*graph.all(ARTIFACT), *graph.all(DRAIN), graph.one(TRAFFIC)):
        assert node.secrets == frozenset()
