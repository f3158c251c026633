"""Managed clusters and their node pools: what is refused, and what a cluster is given."""

import base64

import pytest
import yaml

from local.arm import quotas
from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Once, Platform
from tests.unit.arm.kubernetes_samples import cluster_body

IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"


@pytest.fixture
def cluster(azure: Azure, platform: Platform, once: Once) -> str:
    """The path of a cluster that runs."""
    path = f"{platform.group}/providers/Microsoft.ContainerService/managedClusters/aks-test"
    once("cluster", lambda: azure.put(path, cluster_body(platform)))
    return path


def pool(size: str = "Standard_D4s_v5", **properties: object) -> Json:
    return {"properties": {"vmSize": size, "count": 1, "mode": "User", **properties}}


def inline(**changes: object) -> list[Json]:
    return [{"name": "system", "mode": "System", "vmSize": "Standard_D2s_v5", "count": 1, **changes}]


def test_a_cluster_tells_its_addresses_version_and_identities(azure: Azure, cluster: str) -> None:
    shown = azure("GET", cluster).properties
    assert shown["fqdn"].startswith("aks-test-")
    assert shown["fqdn"].endswith(f".hcp.{REGION}.azmk8s.io")
    assert shown["currentKubernetesVersion"] == "1.33.5"
    assert shown["oidcIssuerProfile"]["issuerURL"].startswith(f"https://{REGION}.oic.prod-aks.azure.com/")
    kubelet = shown["identityProfile"]["kubeletidentity"]
    assert azure("GET", kubelet["resourceId"]).properties["principalId"] == kubelet["objectId"]
    assert shown["addonProfiles"]["omsagent"]["identity"]["resourceId"].endswith("/omsagent-aks-test")


def test_a_cluster_makes_a_group_for_its_nodes_that_goes_with_it(azure: Azure, cluster: str) -> None:
    group = f"{azure.subscription}/resourceGroups/MC_rg-test_aks-test_{REGION}"
    assert azure("GET", group).body["managedBy"] == azure("GET", cluster).body["id"]
    azure.delete(cluster)
    assert azure("GET", group).status == 404
    assert len(azure.clusters.removed) == 1


def test_a_closed_node_group_is_changed_by_the_cluster_alone(azure: Azure, platform: Platform, cluster: str) -> None:
    path = cluster.replace("aks-test", "aks-closed")
    azure.put(path, cluster_body(platform, nodeResourceGroupProfile={"restrictionLevel": "ReadOnly"}))
    inside = f"{azure.subscription}/resourceGroups/MC_rg-test_aks-closed_{REGION}"
    identity = f"{inside}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-mine"
    answer = azure("PUT", identity, {"location": REGION})
    assert (answer.status, answer.code) == (403, "DenyAssignmentAuthorizationFailed")
    azure.delete(path)


@pytest.mark.parametrize("name", ["gpu-pool", "GPU", "1gpu", "averylongname"])
def test_a_pool_has_a_short_name_of_lower_case_letters_and_digits(azure: Azure, cluster: str, name: str) -> None:
    assert azure("PUT", f"{cluster}/agentPools/{name}", pool()).code == "InvalidParameter"


def test_a_pool_of_windows_has_a_shorter_name(azure: Azure, cluster: str) -> None:
    answer = azure("PUT", f"{cluster}/agentPools/windows1", pool(osType="Windows"))
    assert answer.body["error"]["target"] == "agentPoolProfile.name"
    assert azure("PUT", f"{cluster}/agentPools/win1", pool(osType="Windows")).status == 201


@pytest.mark.trap("retired-sizes")
@pytest.mark.parametrize("size", ["Standard_NC6", "Standard_NC6s_v3", "Standard_X1"])
def test_a_size_that_is_retired_or_unknown_is_refused(azure: Azure, cluster: str, size: str) -> None:
    answer = azure("PUT", f"{cluster}/agentPools/gpu", pool(size))
    assert answer.code == "VMSizeNotSupported"
    assert size in answer.message


@pytest.mark.parametrize(
    "counts",
    [
        {"count": -1},
        {"count": 1001},
        {"minCount": 1, "maxCount": 2},
        {"enableAutoScaling": True},
        {"enableAutoScaling": True, "minCount": 3, "maxCount": 2},
        {"enableAutoScaling": True, "minCount": 0, "maxCount": 2, "count": 3},
    ],
)
def test_counts_fit_together(azure: Azure, cluster: str, counts: Json) -> None:
    assert azure("PUT", f"{cluster}/agentPools/cpu", pool(**counts)).code == "InvalidParameter"


def test_a_system_pool_is_neither_empty_nor_spot_nor_tiny(azure: Azure, cluster: str) -> None:
    path = f"{cluster}/agentPools/other"
    assert azure("PUT", path, pool(mode="System", count=0)).code == "InvalidParameter"
    assert azure("PUT", path, pool(mode="System", scaleSetPriority="Spot")).code == "InvalidParameter"
    assert azure("PUT", path, pool("Standard_D1_v2", mode="System")).code == "SystemPoolSkuTooLow"


def test_a_cluster_always_has_a_system_pool(azure: Azure, platform: Platform, cluster: str) -> None:
    other = cluster.replace("aks-test", "aks-other")
    answer = azure("PUT", other, cluster_body(platform, agentPoolProfiles=inline(mode="User")))
    assert answer.code == "MustDefineAtLeastOneSystemPool"
    assert azure("DELETE", f"{cluster}/agentPools/system").code == "MustDefineAtLeastOneSystemPool"
    azure.put(f"{cluster}/agentPools/second", pool(mode="System"))
    azure.delete(f"{cluster}/agentPools/system")
    assert azure("PUT", f"{cluster}/agentPools/second", pool()).code == "MustDefineAtLeastOneSystemPool"


@pytest.mark.trap("pools-beside-their-cluster")
def test_what_a_pool_was_made_with_stays(azure: Azure, platform: Platform, cluster: str) -> None:
    azure.put(f"{cluster}/agentPools/cpu", pool())
    assert azure("PUT", f"{cluster}/agentPools/cpu", pool("Standard_D8s_v5")).code == "PropertyChangeNotAllowed"
    answer = azure("PUT", cluster, cluster_body(platform, agentPoolProfiles=inline(vmSize="Standard_D4s_v5")))
    assert answer.code == "PropertyChangeNotAllowed"


@pytest.mark.trap("pools-beside-their-cluster")
def test_a_pool_beside_the_cluster_survives_a_change_of_the_cluster(
    azure: Azure, platform: Platform, cluster: str
) -> None:
    azure.put(f"{cluster}/agentPools/cpu", pool())
    azure.put(cluster, {**cluster_body(platform), "tags": {"changed": "yes"}})
    shown = [profile["name"] for profile in azure("GET", cluster).properties["agentPoolProfiles"]]
    assert shown == ["system", "cpu"]


def test_spot_nodes_carry_the_taint_that_keeps_other_pods_away(azure: Azure, cluster: str) -> None:
    azure.put(f"{cluster}/agentPools/spot", pool(scaleSetPriority="Spot"))
    (node,) = (node for node in azure.clusters.nodes if node.labels["agentpool"] == "spot")
    assert node.taints == [{"key": "kubernetes.azure.com/scalesetpriority", "value": "spot", "effect": "NoSchedule"}]


def test_a_pool_has_its_nodes_with_labels_taints_zones_and_capacity(azure: Azure, cluster: str) -> None:
    quotas.change(azure.store, {"standardNCASv3_T4Family": 16})
    taints = {"nodeTaints": ["sku=gpu:NoSchedule"], "nodeLabels": {"use": "serving"}, "availabilityZones": ["1", "2"]}
    azure.put(f"{cluster}/agentPools/gpu", pool("Standard_NC4as_T4_v3", **{**taints, "count": 2}))
    one, two = (node for node in azure.clusters.nodes if node.labels["agentpool"] == "gpu")
    assert one.taints == [{"key": "sku", "value": "gpu", "effect": "NoSchedule"}]
    assert (one.labels["use"], two.labels["topology.kubernetes.io/zone"]) == ("serving", "2")
    assert one.capacity == {"cpu": "4", "memory": "28Gi", "pods": "250", "nvidia.com/gpu": "1"}
    azure.delete(f"{cluster}/agentPools/gpu")
    assert [node.labels["agentpool"] for node in azure.clusters.nodes] == ["system"]


def test_pools_take_from_the_quota_of_their_family_and_spot_ones_from_another(azure: Azure, cluster: str) -> None:
    answer = azure("PUT", f"{cluster}/agentPools/gpu", pool("Standard_NC4as_T4_v3"))
    assert answer.code == "ErrCode_InsufficientVCPUQuota"
    assert "requested 4, remaining 0 for family standardNCASv3_T4Family" in answer.message
    azure.put(f"{cluster}/agentPools/gpu", pool("Standard_NC4as_T4_v3", count=0))
    quotas.change(azure.store, {"standardDSv5Family": 10})
    azure.put(f"{cluster}/agentPools/cpu", pool(count=2))
    assert azure("PUT", f"{cluster}/agentPools/more", pool()).code == "ErrCode_InsufficientVCPUQuota"
    assert azure("PUT", f"{cluster}/agentPools/spot", pool(scaleSetPriority="Spot")).status == 201


@pytest.mark.trap("one-operation-at-a-time")
def test_one_operation_at_a_time_on_a_cluster_and_its_pools(azure: Azure, cluster: str) -> None:
    azure.clusters.gate.clear()
    running = azure("PUT", f"{cluster}/agentPools/one", pool())
    answer = azure("PUT", f"{cluster}/agentPools/two", pool())
    azure.clusters.gate.set()
    assert (answer.status, answer.code) == (409, "OperationNotAllowed")
    assert "Another operation (one - Creating) is in progress" in answer.message
    azure.settle(running)
    assert azure("PUT", f"{cluster}/agentPools/two", pool()).status == 201


@pytest.mark.parametrize(
    ("version", "code"),
    [("1.30", "K8sVersionNotSupported"), ("1.33.99", "K8sVersionNotSupported"), ("x", "K8sVersionNotSupported")],
)
def test_a_version_that_azure_does_not_offer_is_refused(
    azure: Azure, platform: Platform, cluster: str, version: str, code: str
) -> None:
    path = cluster.replace("aks-test", "aks-other")
    assert azure("PUT", path, cluster_body(platform, kubernetesVersion=version)).code == code


def test_a_cluster_goes_up_one_minor_version_at_a_time(azure: Azure, platform: Platform, cluster: str) -> None:
    path = cluster.replace("aks-test", "aks-other")
    azure.put(path, cluster_body(platform, kubernetesVersion="1.32"))
    assert azure("PUT", path, cluster_body(platform, kubernetesVersion="1.34")).code == "OperationNotAllowed"
    azure.put(path, cluster_body(platform, kubernetesVersion="1.33"))
    assert azure("PUT", path, cluster_body(platform, kubernetesVersion="1.32")).code == "OperationNotAllowed"
    assert azure("GET", path).properties["currentKubernetesVersion"] == "1.33.5"


def test_a_dns_prefix_is_part_of_a_host_name(azure: Azure, platform: Platform, cluster: str) -> None:
    path = cluster.replace("aks-test", "aks-other")
    for prefix in ("-a", "a" * 55, "a_b"):
        assert azure("PUT", path, cluster_body(platform, dnsPrefix=prefix)).code == "InvalidParameter"
    assert azure("PUT", cluster, cluster_body(platform, dnsPrefix="other")).code == "PropertyChangeNotAllowed"


def test_the_name_of_the_node_group_may_get_too_long(azure: Azure, platform: Platform, cluster: str) -> None:
    path = cluster.replace("aks-test", "a" * 60)
    answer = azure("PUT", path, cluster_body(platform))
    assert (answer.code, "maximum length is 80" in answer.message) == ("InvalidParameter", True)
    assert azure("PUT", path, cluster_body(platform, nodeResourceGroup="rg-nodes")).status == 201


@pytest.mark.trap("identity-without-its-role")
def test_an_own_kubelet_identity_needs_the_role_that_assigns_it(azure: Azure, platform: Platform, cluster: str) -> None:
    kubelet = platform.identity.replace("id-test", "id-kubelet")
    azure.put(kubelet, {"location": REGION})
    body = cluster_body(platform, identityProfile={"kubeletidentity": {"resourceId": kubelet}})
    path = cluster.replace("aks-test", "aks-other")
    assert azure("PUT", path, body).code == "CustomKubeletIdentityMissingPermissionError"
    definition = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{IDENTITY_OPERATOR}"
    role = {"roleDefinitionId": definition, "principalId": platform.principal, "principalType": "ServicePrincipal"}
    guid = "11111111-2222-3333-4444-555555555555"
    azure.put(f"{kubelet}/providers/Microsoft.Authorization/roleAssignments/{guid}", {"properties": role})
    shown = azure.put(path, body).properties["identityProfile"]["kubeletidentity"]
    assert shown["objectId"] == azure("GET", kubelet).properties["principalId"]


@pytest.mark.parametrize(
    "properties",
    [
        {"aadProfile": None, "disableLocalAccounts": True},
        {"oidcIssuerProfile": None},
        {"apiServerAccessProfile": {"enablePrivateCluster": True, "authorizedIPRanges": ["192.0.2.0/24"]}},
        {"networkProfile": {"networkPlugin": "kubenet", "networkPluginMode": "overlay"}},
        {"networkProfile": {"networkPolicy": "cilium"}},
        {"networkProfile": {"serviceCidr": "10.1.0.0/16"}},
    ],
)
def test_what_does_not_go_together_is_refused(azure: Azure, platform: Platform, cluster: str, properties: Json) -> None:
    path = cluster.replace("aks-test", "aks-other")
    assert azure("PUT", path, cluster_body(platform, **properties)).status == 400


def test_the_oidc_issuer_stays_on(azure: Azure, platform: Platform, cluster: str) -> None:
    body = cluster_body(platform, oidcIssuerProfile={"enabled": False}, securityProfile=None)
    assert azure("PUT", cluster, body).code == "OIDCIssuerFeatureCannotBeDisabled"


def test_container_insights_needs_a_workspace_that_exists(azure: Azure, platform: Platform, cluster: str) -> None:
    config = {"logAnalyticsWorkspaceResourceID": f"{platform.logs}-none"}
    body = cluster_body(platform, addonProfiles={"omsagent": {"enabled": True, "config": config}})
    assert azure("PUT", cluster, body).code == "LinkedResourceNotFound"


def kubeconfig(azure: Azure, cluster: str, action: str) -> Json:
    answer = azure("POST", f"{cluster}/{action}")
    assert answer.status == 200, answer.body
    document: Json = yaml.safe_load(base64.b64decode(answer.body["kubeconfigs"][0]["value"]))
    return document


def test_people_sign_in_with_entra_and_the_local_account_with_a_token(azure: Azure, cluster: str) -> None:
    user = kubeconfig(azure, cluster, "listClusterUserCredential")
    assert user["clusters"][0]["cluster"]["server"] == "https://127.0.0.1:6443"
    assert user["users"][0]["user"]["exec"]["command"] == "kubelogin"
    admin = kubeconfig(azure, cluster, "listClusterAdminCredential")
    assert admin["users"][0]["user"] == {"token": "the token"}


def test_a_cluster_without_local_accounts_hands_out_no_static_credential(
    azure: Azure, platform: Platform, cluster: str
) -> None:
    azure.put(cluster, cluster_body(platform, disableLocalAccounts=True))
    answer = azure("POST", f"{cluster}/listClusterAdminCredential")
    assert (answer.status, answer.code) == (400, "BadRequest")
    assert "disable local accounts" in answer.message
    assert azure("POST", f"{cluster}/listClusterUserCredential").status == 200


def test_where_no_cluster_was_built_its_credentials_say_how_to_build_one(azure: Azure, cluster: str) -> None:
    azure.clusters.stop_all()
    azure.clusters.version = None
    answer = azure("POST", f"{cluster}/listClusterUserCredential")
    assert (answer.status, answer.code) == (400, "ResourceOperationFailure")


def test_a_cluster_that_was_made_before_one_could_run_runs_when_somebody_signs_in(azure: Azure, cluster: str) -> None:
    azure.clusters.stop_all()
    assert kubeconfig(azure, cluster, "listClusterUserCredential")["current-context"] == "aks-test"
    assert len(azure.clusters.running) == 1


def test_a_stopped_cluster_does_nothing_until_it_is_started(azure: Azure, platform: Platform, cluster: str) -> None:
    stopping = azure("POST", f"{cluster}/stop")
    assert stopping.status == 202
    azure.settle(stopping)
    assert azure("GET", cluster).properties["powerState"] == {"code": "Stopped"}
    assert not azure.clusters.running
    for path, body in ((f"{cluster}/agentPools/cpu", pool()), (cluster, cluster_body(platform))):
        assert azure("PUT", path, body).code == "OperationNotAllowed"
    assert azure("POST", f"{cluster}/listClusterUserCredential").code == "OperationNotAllowed"
    azure.settle(azure("POST", f"{cluster}/start"))
    assert azure("GET", cluster).properties["provisioningState"] == "Succeeded"
    assert len(azure.clusters.running) == 1


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("weekend", {}),
        ("default", {"maintenanceWindow": {"schedule": {"weekly": {}}, "durationHours": 4}}),
        ("aksManagedAutoUpgradeSchedule", {}),
        ("aksManagedNodeOSUpgradeSchedule", {"maintenanceWindow": {"schedule": {"weekly": {}}, "durationHours": 3}}),
    ],
)
def test_a_maintenance_window_has_a_known_name_and_at_least_four_hours(
    azure: Azure, cluster: str, name: str, properties: Json
) -> None:
    assert azure("PUT", f"{cluster}/maintenanceConfigurations/{name}", {"properties": properties}).status == 400


def test_trusted_access_is_for_a_resource_that_exists_with_roles_of_its_type(
    azure: Azure, platform: Platform, cluster: str
) -> None:
    path = f"{cluster}/trustedAccessRoleBindings/ml"
    roles = ["Microsoft.MachineLearningServices/workspaces/mlworkload"]
    missing = {"sourceResourceId": f"{platform.workspace}x", "roles": roles}
    assert azure("PUT", path, {"properties": missing}).code == "LinkedResourceNotFound"
    foreign = {"sourceResourceId": platform.vault, "roles": roles}
    assert azure("PUT", path, {"properties": foreign}).code == "BadRequest"


EXTENSION = "providers/Microsoft.KubernetesConfiguration/extensions"


def machine_learning(**settings: str) -> Json:
    return {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": settings}}


SERVING = {"enableInference": "true", "inferenceRouterServiceType": "loadBalancer", "allowInsecureConnections": "true"}


@pytest.mark.trap("extension-that-collides")
@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "one of enableTraining and enableInference"),
        ({**SERVING, "inferenceRouterServiceType": "none"}, "inferenceRouterServiceType is 'none'"),
        ({**SERVING, "allowInsecureConnections": "false"}, "inference needs TLS"),
        ({**SERVING, "sslSecret": "tls"}, "TLS needs sslCname"),
        (SERVING, "needs 3 nodes, the cluster has 1"),
    ],
)
def test_the_machine_learning_extension_fails_after_it_was_accepted(
    azure: Azure, cluster: str, settings: Json, why: str
) -> None:
    path = f"{cluster}/{EXTENSION}/azureml"
    ended = azure.settle(azure("PUT", path, machine_learning(**settings)))
    assert (ended.body["status"], ended.body["error"]["code"]) == ("Failed", "ExtensionOperationFailed")
    assert why in ended.body["error"]["message"]
    assert azure("GET", path).properties["provisioningState"] == "Failed"


@pytest.mark.trap("extension-without-accounts")
def test_the_machine_learning_extension_needs_local_accounts_or_trusted_access(
    azure: Azure, platform: Platform, cluster: str
) -> None:
    azure.put(cluster, cluster_body(platform, disableLocalAccounts=True))
    path = f"{cluster}/{EXTENSION}/azureml"
    body = machine_learning(**SERVING, inferenceRouterHA="false")
    assert "local accounts" in azure.settle(azure("PUT", path, body)).body["error"]["message"]
    roles = ["Microsoft.MachineLearningServices/workspaces/mlworkload"]
    binding = {"properties": {"sourceResourceId": platform.workspace, "roles": roles}}
    azure.put(f"{cluster}/trustedAccessRoleBindings/ml", binding)
    assert azure.put(path, body).properties["provisioningState"] == "Succeeded"


@pytest.mark.trap("extension-that-collides")
def test_a_cluster_has_one_extension_of_each_type(azure: Azure, cluster: str) -> None:
    body = machine_learning(enableTraining="true")
    shown = azure.put(f"{cluster}/{EXTENSION}/azureml", body)
    assert shown.properties["scope"] == {"cluster": {"releaseNamespace": "azureml"}}
    assert azure("PUT", f"{cluster}/{EXTENSION}/second", body).code == "Conflict"


def test_the_machine_learning_extension_brings_its_namespace_and_the_kind_of_instance_types(
    azure: Azure, cluster: str
) -> None:
    path = f"{cluster}/{EXTENSION}/azureml"
    azure.settle(azure("PUT", path, machine_learning()))
    assert not azure.clusters.objects
    azure.put(path, machine_learning(enableTraining="true"))
    brought = [(one.body["kind"], one.body["metadata"]["name"]) for one in azure.clusters.objects]
    kind = ("CustomResourceDefinition", "instancetypes.amlarc.azureml.com")
    assert brought == [("Namespace", "azureml"), kind]


def test_protected_settings_of_an_extension_are_not_shown(azure: Azure, cluster: str) -> None:
    body = machine_learning(enableTraining="true")
    body["properties"]["configurationProtectedSettings"] = {"sslKeyPemFile": "secret"}
    shown = azure.put(f"{cluster}/{EXTENSION}/azureml", body).properties
    assert shown["configurationProtectedSettings"] == {"sslKeyPemFile": ""}


def test_an_extension_lies_on_a_cluster(azure: Azure, platform: Platform) -> None:
    assert azure("PUT", f"{platform.vault}/{EXTENSION}/azureml", machine_learning()).code == "BadRequest"
