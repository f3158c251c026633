"""Quota, compute instances, and what is attached."""

from datetime import timedelta

import pytest

from local.arm.documents import Json
from local.arm.identifiers import ResourceId
from local.arm.store import Resource
from tests.unit.arm.doubles import REGION, Azure, Platform, workspace_body
from tests.unit.arm.endpoints import deployment_body


def cluster(size: str, least: int = 0, **properties: object) -> Json:
    inner = {"vmSize": size, "scaleSettings": {"minNodeCount": least, "maxNodeCount": 50}, **properties}
    return {"location": REGION, "properties": {"computeType": "AmlCompute", "properties": inner}}


def instance(**properties: object) -> Json:
    inner = {"vmSize": "Standard_DS3_v2", **properties}
    return {"location": REGION, "properties": {"computeType": "ComputeInstance", "properties": inner}}


@pytest.mark.trap("no-gpus-at-first")
def test_families_with_gpus_start_without_quota(azure: Azure, platform: Platform) -> None:
    path, body = f"{platform.workspace}/computes/gpu", cluster("Standard_NC4as_T4_v3")
    answer = azure("PUT", path, body)
    assert answer.code == "ClusterMinNodesExceedCoreQuota"
    assert "vCPU quota of 0 in westeurope" in answer.message
    azure("PUT", "/local/quotas", {"westeurope/standardNCASv3_T4Family": 4})
    assert azure("PUT", path, body).status == 201


def test_nodes_that_always_run_count_against_the_quota(azure: Azure, platform: Platform) -> None:
    azure("PUT", "/local/quotas", {"standardDSv2Family": 16})
    path = f"{platform.workspace}/computes"
    azure.put(f"{path}/one", cluster("Standard_DS3_v2", least=3))
    answer = azure("PUT", f"{path}/two", cluster("Standard_DS3_v2", least=2))
    assert (answer.code, "min nodes of 2" in answer.message) == ("ClusterMinNodesExceedCoreQuota", True)
    assert azure("PUT", f"{path}/two", cluster("Standard_DS3_v2", least=1)).status == 201
    assert azure("PUT", f"{path}/three", cluster("Standard_D4s_v3", least=1)).status == 201, "another family"
    assert azure("PUT", f"{path}/one", cluster("Standard_DS3_v2", least=2)).status == 200, "its own nodes do not count"


def test_low_priority_nodes_have_a_quota_of_their_own(azure: Azure, platform: Platform) -> None:
    azure("PUT", "/local/quotas", {"standardDSv2Family": 0, "lowPriority": 4})
    path = f"{platform.workspace}/computes"
    assert azure("PUT", f"{path}/cpu", cluster("Standard_DS3_v2")).code == "ClusterMinNodesExceedCoreQuota"
    assert azure("PUT", f"{path}/cpu", cluster("Standard_DS3_v2", vmPriority="LowPriority")).status == 201


def test_the_public_port_of_a_cluster_is_decided_at_creation(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/computes/cpu"
    shown = azure.put(path, cluster("Standard_DS3_v2")).properties["properties"]
    assert shown["remoteLoginPortPublicAccess"] == "Enabled", "there is no network around it"
    assert azure("PUT", path, cluster("Standard_DS3_v2", remoteLoginPortPublicAccess="NotSpecified")).status == 200
    closed = cluster("Standard_DS3_v2", remoteLoginPortPublicAccess="Disabled")
    assert azure("PUT", path, closed).code == "PropertyChangeNotAllowed"


def test_usages_and_sizes_are_told_by_region(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.workspace}/computes/cpu", cluster("Standard_DS3_v2", least=2))
    place = f"{azure.subscription}/providers/Microsoft.MachineLearningServices/locations"
    usages = {item["name"]["value"]: item for item in azure("GET", f"{place}/{REGION}/usages").body["value"]}
    assert (usages["standardDSv2Family"]["currentValue"], usages["standardDSv2Family"]["limit"]) == (8, 100)
    assert usages["standardNCASv3_T4Family"]["limit"] == 0
    elsewhere = azure("GET", f"{place}/northeurope/usages").body["value"]
    assert all(item["currentValue"] == 0 for item in elsewhere)
    sizes = {item["name"]: item["vCPUs"] for item in azure("GET", f"{place}/{REGION}/vmSizes").body["value"]}
    assert sizes["Standard_DS3_v2"] == 4


@pytest.mark.parametrize(
    "quotas", [{"standardXFamily": 1}, {"moon/standardDSv2Family": 1}, {"standardDSv2Family": -1}, {"lowPriority": "4"}]
)
def test_a_quota_names_a_family_and_a_number_of_cores(azure: Azure, quotas: Json) -> None:
    assert azure("PUT", "/local/quotas", quotas).code == "InvalidQuota"


def test_quotas_can_be_taken_back(azure: Azure) -> None:
    azure("PUT", "/local/quotas", {"STANDARDDSV2FAMILY": 1})
    assert azure("GET", "/local/quotas").body == {"standardDSv2Family": 1}
    assert azure("DELETE", "/local/quotas").body == {}


@pytest.mark.trap("room-for-upgrades")
def test_a_deployment_needs_a_fifth_more_than_it_runs(
    azure: Azure, platform: Platform, empty_endpoint: str, assets: None
) -> None:
    azure("PUT", "/local/quotas", {"standardDSv2Family": 24})
    path = f"{empty_endpoint}/deployments/blue"
    ten = {**deployment_body(empty_endpoint), "sku": {"name": "Default", "capacity": 10}}
    answer = azure("PUT", path, ten)
    assert answer.code == "OutOfQuota"
    assert "Additional needed: 48, 12 instances for 10" in answer.message
    azure.put(path, {**ten, "sku": {"name": "Default", "capacity": 5}})
    assert azure("PUT", f"{empty_endpoint}/deployments/green", deployment_body(empty_endpoint)).code == "OutOfQuota"


@pytest.mark.parametrize("number", [0, 51])
def test_a_deployment_has_at_most_fifty_instances(azure: Azure, empty_endpoint: str, assets: None, number: int) -> None:
    body = {**deployment_body(empty_endpoint), "sku": {"name": "Default", "capacity": number}}
    assert azure("PUT", f"{empty_endpoint}/deployments/blue", body).code == "BadRequest"


def test_a_deployment_answers_within_three_minutes(azure: Azure, empty_endpoint: str, assets: None) -> None:
    path = f"{empty_endpoint}/deployments/blue"
    slow = deployment_body(empty_endpoint, requestSettings={"requestTimeout": "PT3M1S"})
    assert "181 s" in azure("PUT", path, slow).message
    assert azure("PUT", path, deployment_body(empty_endpoint, requestSettings={"requestTimeout": "PT3M"})).status == 201


def test_a_deployment_needs_a_network_that_is_there(
    azure: Azure, platform: Platform, empty_endpoint: str, assets: None
) -> None:
    azure.delete(empty_endpoint)
    body = workspace_body(platform, managedNetwork={"isolationMode": "AllowInternetOutbound"})
    azure.put(platform.workspace, body)
    azure.put(empty_endpoint, {"location": REGION, "properties": {"authMode": "Key"}})
    path = f"{empty_endpoint}/deployments/blue"
    assert "not provisioned" in azure("PUT", path, deployment_body(empty_endpoint)).message
    azure("POST", f"{platform.workspace}/provisionManagedNetwork")
    assert azure("PUT", path, deployment_body(empty_endpoint)).status == 201


@pytest.mark.parametrize("name", ["ci", "1-instance", "ci-user-", "instance-1", "a" * 25])
def test_names_of_instances_have_their_own_rule(azure: Azure, platform: Platform, name: str) -> None:
    answer = azure("PUT", f"{platform.workspace}/computes/{name}", instance())
    assert answer.code in ("InvalidResourceName", "BadRequest")


def test_the_name_of_an_instance_is_taken_once_in_a_region(azure: Azure, platform: Platform) -> None:
    other = platform.workspace.replace("mlw-test", "mlw-other")
    azure.put(other, workspace_body(platform))
    azure.put(f"{platform.workspace}/computes/ci-user", instance())
    answer = azure("PUT", f"{other}/computes/ci-user", instance())
    assert (answer.status, answer.code) == (409, "AlreadyExists")
    elsewhere = {**instance(), "location": "northeurope"}
    assert azure("PUT", f"{other}/computes/ci-user", elsewhere).status == 201
    assert azure("PUT", f"{other}/computes/cpu", cluster("Standard_DS3_v2")).status == 201


def test_an_instance_is_stopped_started_and_restarted(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/computes/ci-user"
    azure.put(path, instance())
    assert azure("POST", f"{path}/stop").status == 204
    assert azure("GET", path).properties["properties"]["state"] == "Stopped"
    assert azure("POST", f"{path}/restart").code == "Conflict"
    azure("PUT", "/local/quotas", {"standardDSv2Family": 3})
    assert "vCPU quota of 3" in azure("POST", f"{path}/start").message
    azure("DELETE", "/local/quotas")
    assert azure("POST", f"{path}/start").status == 204
    assert azure("POST", f"{path}/restart").status == 204
    assert azure("GET", path).properties["properties"]["lastOperation"]["operationName"] == "Restart"


@pytest.mark.trap("instances-run-for-ever")
def test_an_instance_runs_until_somebody_stops_it(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/computes/ci-user"
    azure.put(path, instance())
    azure.cloud.clock.move(timedelta(days=365))
    assert azure("GET", path).properties["properties"]["state"] == "Running"


def test_a_cluster_has_no_power_switch(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.workspace}/computes/cpu", cluster("Standard_DS3_v2"))
    assert azure("POST", f"{platform.workspace}/computes/cpu/stop").code == "BadRequest"


@pytest.mark.parametrize(("idle", "accepted"), [("PT15M", True), ("P3D", True), ("PT14M", False), ("soon", False)])
def test_idle_time_lies_between_a_quarter_hour_and_three_days(
    azure: Azure, platform: Platform, idle: str, accepted: bool
) -> None:
    answer = azure("PUT", f"{platform.workspace}/computes/ci-user", instance(idleTimeBeforeShutdown=idle))
    assert (answer.status == 201) == accepted


def test_a_schedule_of_an_instance_stops_or_starts_it_at_a_time(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/computes/ci-user"

    def put(**stop: object) -> str:
        schedule = {"action": "Stop", "triggerType": "Cron", "cron": {"expression": "0 19 * * *"}, **stop}
        return azure("PUT", path, instance(schedules={"computeStartStop": [schedule]})).code

    assert put(action="Pause") == "InvalidPropertyValue"
    assert put(cron={"expression": "19:00"}) == "InvalidPropertyValue"
    assert put(cron={"expression": "0 25 * * *"}) == "InvalidPropertyValue"
    assert put(triggerType="Recurrence", recurrence={"frequency": "Week", "interval": 0}) == "InvalidPropertyValue"
    assert put() == ""


CLUSTERS, EXTENSIONS = "Microsoft.ContainerService/managedClusters", "Microsoft.KubernetesConfiguration/extensions"


READER, EXTENSION_CONTRIBUTOR, CLUSTER_ADMIN, CONTRIBUTOR = (
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "85cb6faf-e071-4c9b-8136-154b5a04f717",
    "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
)


def attached(target: str) -> Json:
    inner = {"namespace": "ml", "relayConnectionString": "hunter2"}
    return {
        "location": REGION,
        "properties": {"computeType": "Kubernetes", "resourceId": target, "properties": inner},
    }


def known(azure: Azure, path: str, kind: str, properties: Json) -> None:
    """Put on record a resource, whether or not its own type is covered."""
    azure.store.put(Resource(ResourceId.parse(path), kind, "1", None, {"properties": properties}, "2026", "2026"))


def grant(azure: Azure, target: str, role: str, principal: str) -> None:
    """Assign a role."""
    kind = "Microsoft.Authorization/roleAssignments"
    known(azure, f"{target}/providers/{kind}/{role}", kind, {"roleDefinitionId": role, "principalId": principal})


def test_a_kubernetes_cluster_is_attached_once_its_extension_is_there(azure: Azure, platform: Platform) -> None:
    path, target = f"{platform.workspace}/computes/aks", f"{platform.group}/providers/{CLUSTERS}/aks-test"
    assert azure("PUT", path, attached(platform.storage)).code == "LinkedInvalidPropertyId"
    assert azure("PUT", path, attached(target)).code == "LinkedResourceNotFound"
    known(azure, target, CLUSTERS, {})
    assert "extension" in azure("PUT", path, attached(target)).message
    known(azure, f"{target}/providers/{EXTENSIONS}/aml", EXTENSIONS, {"extensionType": "Microsoft.AzureML.Kubernetes"})
    grant(azure, target, CONTRIBUTOR, platform.principal)
    shown = azure.put(path, attached(target)).properties
    assert shown["isAttachedCompute"] is True
    assert "hunter2" not in str(shown)


@pytest.mark.parametrize(
    ("cluster", "needed"),
    [({}, (READER, EXTENSION_CONTRIBUTOR, CLUSTER_ADMIN)), ({"disableLocalAccounts": True}, (CONTRIBUTOR,))],
    ids=["local accounts", "trusted access"],
)
def test_a_workspaces_own_identity_needs_roles_on_the_cluster_that_it_attaches(
    azure: Azure, platform: Platform, cluster: Json, needed: tuple[str, ...]
) -> None:
    path, target = f"{platform.workspace}/computes/aks", f"{platform.group}/providers/{CLUSTERS}/aks-test"
    known(azure, target, CLUSTERS, cluster)
    known(azure, f"{target}/providers/{EXTENSIONS}/aml", EXTENSIONS, {"extensionType": "Microsoft.AzureML.Kubernetes"})
    for role in needed:
        answer = azure("PUT", path, attached(target))
        assert (answer.code, "has no role" in answer.message) == ("BadRequest", True)
        grant(azure, target, role, platform.principal)
    assert azure("PUT", path, attached(target)).status in (200, 201)
