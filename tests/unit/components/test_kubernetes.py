"""Kubernetes: what its arguments change, and what is inside a cluster."""

import json
from itertools import pairwise

import pytest
from pydantic import ValidationError

from azure_ml_platform.components.kubernetes_args import KubernetesArgs, NodePoolArgs
from azure_ml_platform.components.kubernetes_serving import KubernetesServingArgs
from azure_ml_platform.components.kubernetes_sign_in import TOKEN_COMMAND

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
WINDOW = "azure-native:containerservice:MaintenanceConfiguration"
ROLE = "azure-native:authorization:RoleAssignment"
EXTENSION = "azure-native:kubernetesconfiguration:Extension"
COMPUTE = "azure-native:machinelearningservices:Compute"
PROVIDER = "pulumi:providers:kubernetes"
INSTANCE_TYPE = "kubernetes:amlarc.azureml.com/v1alpha1:InstanceType"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
TRUST = "azure-native:managedidentity:FederatedIdentityCredential"


@pytest.fixture
def cluster(made):
    return made("Kubernetes").one(CLUSTER).inputs


def roles(graph):
    return {node.name: node.inputs["roleDefinitionId"].rsplit("/", 1)[-1] for node in graph.all(ROLE)}


def test_the_api_server_has_a_private_address_and_runs_no_commands_for_others(cluster):
    access = cluster["apiServerAccessProfile"]
    assert access["enablePrivateCluster"] is True
    assert access["enablePrivateClusterPublicFQDN"] is False
    assert access["disableRunCommand"] is True


def test_people_enter_with_entra_and_azure_roles_and_nobody_with_a_local_account(cluster):
    assert cluster["aadProfile"] == {"managed": True, "enableAzureRBAC": True}
    assert cluster["disableLocalAccounts"] is True


def test_pods_leave_with_identities_of_their_own(cluster):
    assert cluster["oidcIssuerProfile"] == {"enabled": True}
    assert cluster["securityProfile"]["workloadIdentity"] == {"enabled": True}


def test_pods_have_their_own_addresses_and_policies_are_enforced(cluster):
    network = cluster["networkProfile"]
    assert (network["networkPluginMode"], network["networkDataplane"], network["networkPolicy"]) == (
        "overlay",
        "cilium",
        "cilium",
    )


def test_the_control_plane_has_a_service_level_and_the_bill_is_taken_apart(cluster, made):
    assert cluster["sku"] == {"name": "Base", "tier": "Standard"}
    assert cluster["metricsProfile"] == {"costAnalysis": {"enabled": True}}
    free = made("Kubernetes", uptime_sla=False).one(CLUSTER).inputs
    assert (free["sku"]["tier"], free["metricsProfile"]["costAnalysis"]["enabled"]) == ("Free", False)


def test_the_group_of_the_nodes_is_closed(cluster):
    assert cluster["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}


def test_unused_images_go_and_node_images_are_kept_new(cluster):
    assert cluster["securityProfile"]["imageCleaner"]["enabled"] is True
    assert cluster["autoUpgradeProfile"] == {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}


def test_policy_prometheus_keda_and_the_pod_autoscaler_are_on(cluster):
    assert cluster["addonProfiles"]["azurepolicy"]["enabled"] is True
    assert cluster["azureMonitorProfile"] == {"metrics": {"enabled": True}}
    assert cluster["workloadAutoScalerProfile"]["keda"] == {"enabled": True}
    assert cluster["workloadAutoScalerProfile"]["verticalPodAutoscaler"] == {"enabled": True}


@pytest.mark.avoids("pools-beside-their-cluster")
def test_only_the_system_pool_is_part_of_the_cluster_and_its_count_is_left_to_the_autoscaler(made):
    graph = made("Kubernetes", full=True)
    node = graph.one(CLUSTER)
    (profile,) = node.inputs["agentPoolProfiles"]
    assert (profile["name"], profile["mode"], profile["count"]) == ("system", "System", 3)
    assert node.ignore_changes == ("agentPoolProfiles[0].count",)
    assert {pool.inputs["agentPoolName"] for pool in graph.all(POOL)} == {"serving", "spot", "gpu"}
    assert all(pool.ignore_changes == ("count",) for pool in graph.all(POOL))


@pytest.mark.avoids("one-operation-at-a-time")
def test_pools_follow_each_other_as_a_cluster_does_one_thing_at_a_time(made):
    graph = made("Kubernetes", full=True)
    chain = [graph.one(POOL, f"x-pool-{name}") for name in ("serving", "spot", "gpu")]
    for before, after in pairwise(chain):
        assert before.urn in after.dependencies


def test_gpu_nodes_keep_other_pods_away_and_spot_nodes_say_that_they_are(made):
    graph = made("Kubernetes", full=True)
    assert graph.one(POOL, "x-pool-gpu").inputs["nodeTaints"] == ["sku=gpu:NoSchedule"]
    spot = graph.one(POOL, "x-pool-spot").inputs
    assert "kubernetes.azure.com/scalesetpriority=spot:NoSchedule" in spot["nodeTaints"]
    assert (spot["scaleSetPriority"], spot["spotMaxPrice"], spot["scaleSetEvictionPolicy"]) == ("Spot", -1.0, "Delete")


def test_a_pool_takes_from_its_preset_what_it_does_not_say():
    pool = NodePoolArgs(preset="gpu_spot")
    assert (pool.size, pool.least, pool.most) == ("Standard_NC4as_T4_v3", 0, 1)
    assert NodePoolArgs(preset="system", min_nodes=5).most == 5


@pytest.mark.avoids("identity-without-its-role")
def test_roles_come_before_the_cluster_that_needs_them(made):
    graph = made("Kubernetes", full=True)
    needed = {"x-kubelet-role", "x-registry-role", "x-secrets-key-role", "x-api-server-subnet-role"}
    before = {graph.by_urn(urn).name for urn in graph.one(CLUSTER).dependencies}
    assert needed <= before
    assert roles(graph)["x-kubelet-role"] == "f1a07417-d97a-45cb-824c-7a7467783830"


def test_an_administrator_gets_the_role_inside_the_cluster_and_no_other(made):
    graph = made("Kubernetes", full=True)
    role = graph.one(ROLE, "x-team-administrator")
    assert role.inputs["scope"] == graph.one(CLUSTER).id
    assert roles(graph)["x-team-administrator"] == "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"


def test_both_kinds_of_upgrades_keep_to_a_weekly_window(made):
    windows = made("Kubernetes", full=True).all(WINDOW)
    assert {node.inputs["configName"] for node in windows} == {
        "aksManagedAutoUpgradeSchedule",
        "aksManagedNodeOSUpgradeSchedule",
    }
    for node in windows:
        schedule = node.inputs["maintenanceWindow"]["schedule"]["weekly"]
        assert schedule == {"dayOfWeek": "Saturday", "intervalWeeks": 1}


def test_secrets_in_the_store_are_encrypted_with_the_given_key(made):
    security = made("Kubernetes", full=True).one(CLUSTER).inputs["securityProfile"]["azureKeyVaultKms"]
    assert (security["enabled"], security["keyVaultNetworkAccess"]) == (True, "Private")


def test_defender_and_container_logs_go_where_the_diagnostics_go(made):
    full = made("Kubernetes", full=True).one(CLUSTER).inputs
    assert full["securityProfile"]["defender"]["securityMonitoring"] == {"enabled": True}
    assert full["addonProfiles"]["omsagent"]["config"]["useAADAuth"] == "true"


@pytest.mark.avoids("logs-that-cost")
def test_the_audit_is_logged_without_reads(made):
    setting = made("Kubernetes", full=True).one("azure-native:monitor:DiagnosticSetting").inputs
    logged = {log["category"] for log in setting["logs"]}
    assert "kube-audit-admin" in logged
    assert "kube-audit" not in logged


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"system_pool": {"preset": "gpu_spot"}}, "system_pool has the preset gpu_spot: give it system"),
        ({"allowed_ip_ranges": ["198.51.100.7"]}, "belong to a public API server"),
        ({"cluster_name": "a" * 55}, "at most 54 characters"),
    ],
)
def test_what_does_not_go_together_is_refused(change, sentence):
    identity = {"name": "id", "principal_id": "p", "id": "/id"}
    place = {"resource_group_name": "rg", "location": "westeurope", "cluster_name": "aks"}
    with pytest.raises(ValidationError, match=sentence):
        KubernetesArgs.model_validate(
            {**place, "identity": identity, "kubelet": {**identity, "client_id": "c"}, **change}
        )


@pytest.mark.avoids("extension-that-collides")
def test_the_extension_serves_on_an_internal_address_and_brings_nothing_that_is_there(made):
    settings = made("KubernetesServing").one(EXTENSION).inputs["configurationSettings"]
    assert settings["internalLoadBalancerProvider"] == "azure"
    assert (settings["allowInsecureConnections"], settings["inferenceRouterHA"]) == ("true", "false")
    assert (settings["installPromOp"], settings["installDcgmExporter"]) == ("false", "false")
    assert settings["enableTraining"] == "false"


def test_a_certificate_makes_calls_encrypted_and_three_nodes_the_router_available(made):
    settings = made("KubernetesServing", full=True).one(EXTENSION).inputs["configurationSettings"]
    assert (settings["sslSecret"], settings["sslCname"]) == ("tls", "models.example.com")
    assert "allowInsecureConnections" not in settings
    assert settings["inferenceRouterHA"] == "true"


@pytest.mark.avoids("extension-without-accounts")
def test_the_workspace_is_let_in_before_the_extension_and_attached_after_it(made):
    graph = made("KubernetesServing", full=True)
    binding = graph.one("azure-native:containerservice:TrustedAccessRoleBinding")
    assert binding.inputs["roles"] == ["Microsoft.MachineLearningServices/workspaces/mlworkload"]
    assert binding.urn in graph.one(EXTENSION).dependencies
    assert graph.one(EXTENSION).urn in graph.one(COMPUTE).dependencies


def test_the_workspaces_own_identity_may_attach_before_it_does(made):
    graph = made("KubernetesServing", full=True)
    assert list(roles(graph)) == ["x-workspace-contributor"]
    assert graph.one(ROLE).urn in graph.one(COMPUTE).dependencies
    with_accounts = made("KubernetesServing", full=True, trusted_access=False)
    assert set(roles(with_accounts)) == {
        "x-workspace-reader",
        "x-workspace-kubernetes-extension-contributor",
        "x-workspace-aks-cluster-admin",
    }


def test_instance_types_ask_for_their_share_of_the_right_nodes(made):
    compute = made("KubernetesServing", full=True).one(COMPUTE).inputs["properties"]["properties"]
    assert compute["defaultInstanceType"] == "small"
    gpu = compute["instanceTypes"]["gpu"]
    assert gpu["nodeSelector"] == {"workload": "gpu"}
    assert gpu["resources"]["limits"] == {"cpu": "3", "memory": "20Gi", "nvidia.com/gpu": "1"}
    assert gpu["resources"]["requests"] == {"cpu": "3", "memory": "20Gi"}
    with pytest.raises(ValidationError, match="name at least one"):
        KubernetesServingArgs.model_validate({**dict.fromkeys(_SERVING, "x"), "instance_types": {}})


_SERVING = (
    "resource_group_name",
    "location",
    "cluster_id",
    "cluster_name",
    "workspace_id",
    "workspace_name",
    "identity_id",
)


def test_the_cluster_is_entered_as_whoever_deploys_and_no_credential_is_kept(made):
    provider = made("KubernetesWorkloads").one(PROVIDER)
    user = json.loads(provider.inputs["kubeconfig"])["users"][0]["user"]
    assert list(user) == ["exec"]
    assert (user["exec"]["command"], user["exec"]["interactiveMode"]) == (TOKEN_COMMAND, "Never")
    assert "kubeconfig" in provider.secrets


@pytest.mark.avoids("rotated-credentials-replace")
def test_the_cluster_stays_the_same_one_whatever_its_kubeconfig_says(made):
    provider = made("KubernetesWorkloads").one(PROVIDER)
    assert provider.inputs["clusterIdentifier"].endswith("/managedClusters/aks")


def test_instance_types_are_declared_in_the_cluster_between_the_extension_and_the_attachment(made):
    graph = made("KubernetesServing", full=True)
    kind = graph.one(INSTANCE_TYPE, "x-type-gpu")
    assert kind.inputs["metadata"]["name"] == "gpu"
    assert kind.inputs["spec"] == {
        "nodeSelector": {"workload": "gpu"},
        "resources": {
            "requests": {"cpu": "3", "memory": "20Gi"},
            "limits": {"cpu": "3", "memory": "20Gi", "nvidia.com/gpu": 1},
        },
    }
    assert graph.one(EXTENSION).urn in kind.dependencies
    assert kind.urn in graph.one(COMPUTE).dependencies
    assert not made("KubernetesServing").all(INSTANCE_TYPE)


def test_a_namespace_has_a_quota_and_what_asks_for_nothing_gets_a_small_share_of_it(made):
    graph = made("KubernetesWorkloads", full=True)
    quota = graph.one("kubernetes:core/v1:ResourceQuota").inputs["spec"]["hard"]
    assert quota == {"requests.cpu": "8", "requests.memory": "32Gi", "requests.nvidia.com/gpu": "2"}
    (limit,) = graph.one("kubernetes:core/v1:LimitRange").inputs["spec"]["limits"]
    assert limit == {"type": "Container", "defaultRequest": {"cpu": "100m", "memory": "128Mi"}}


def test_pods_talk_to_their_namespace_its_neighbours_and_the_dns_and_to_nobody_else_inside(made):
    policy = made("KubernetesWorkloads", full=True).one(POLICY).inputs["spec"]
    assert (policy["podSelector"], policy["policyTypes"]) == ({}, ["Ingress", "Egress"])
    neighbour = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "azureml"}}}
    assert policy["ingress"] == [{"from": [{"podSelector": {}}, neighbour]}]
    inside, names, _ = policy["egress"]
    assert inside == {"to": [{"podSelector": {}}, neighbour]}
    assert {(port["protocol"], port["port"]) for port in names["ports"]} == {("UDP", 53), ("TCP", 53)}


def test_pods_reach_listed_ports_outside_and_never_the_identity_of_their_node(made):
    outside = made("KubernetesWorkloads", full=True).one(POLICY).inputs["spec"]["egress"][-1]
    assert outside["to"] == [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]
    assert [port["port"] for port in outside["ports"]] == [443, 1433]
    closed = made("KubernetesWorkloads", namespaces={"team": {"ports_out": []}}).one(POLICY).inputs["spec"]
    assert not any("ipBlock" in peer for rule in closed["egress"] for peer in rule["to"])


def test_of_the_pods_that_serve_one_at_a_time_leaves_its_node(made):
    budget = made("KubernetesWorkloads", full=True).one(BUDGET).inputs["spec"]
    assert (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")
    assert budget["selector"] == {"matchExpressions": [{"key": "ml.azure.com/deployment-name", "operator": "Exists"}]}
    assert not made("KubernetesWorkloads").all(BUDGET)


def test_a_service_account_is_trusted_to_be_its_identity(made):
    graph = made("KubernetesWorkloads", full=True)
    account = graph.one("kubernetes:core/v1:ServiceAccount", "x-team-models").inputs["metadata"]
    assert account["annotations"]["azure.workload.identity/client-id"] == "client"
    trust = graph.one(TRUST, "x-team-models-trust").inputs
    assert trust["subject"] == "system:serviceaccount:team:models"
    assert trust["audiences"] == ["api://AzureADTokenExchange"]


def test_trust_in_service_accounts_is_written_one_after_the_other(made):
    graph = made("KubernetesWorkloads", full=True)
    assert graph.one(TRUST, "x-team-models-trust").urn in graph.one(TRUST, "x-team-jobs-trust").dependencies


def test_objects_go_at_once_but_a_namespace_after_what_is_in_it(made):
    for graph in (made("KubernetesWorkloads", full=True), made("KubernetesServing", full=True)):
        objects = [node for node in graph.nodes if node.type.startswith("kubernetes:") and "Namespace" not in node.type]
        assert objects
        for node in objects:
            assert node.inputs["metadata"]["annotations"]["pulumi.com/deletionPropagationPolicy"] == "background"
    assert "annotations" not in made("KubernetesWorkloads").one("kubernetes:core/v1:Namespace").inputs["metadata"]


def test_gpus_are_offered_on_the_nodes_that_have_them(made):
    spec = made("KubernetesWorkloads", full=True).one("kubernetes:apps/v1:DaemonSet").inputs["spec"]["template"]["spec"]
    assert spec["nodeSelector"] == {"workload": "gpu"}
    assert {item["key"] for item in spec["tolerations"]} == {"sku", "kubernetes.azure.com/scalesetpriority"}
    assert not made("KubernetesWorkloads").all("kubernetes:apps/v1:DaemonSet")


def test_nodes_of_a_subnet_call_out_as_it_does_and_the_default_is_a_load_balancer(made):
    def way_out(graph):
        return graph.one(CLUSTER).inputs["networkProfile"]["outboundType"]

    assert way_out(made("Kubernetes")) == "loadBalancer"
    assert way_out(made("Kubernetes", full=True)) == "userAssignedNATGateway"
    with pytest.raises(ValidationError, match="give nodes_subnet_id"):
        made("Kubernetes", outbound="userDefinedRouting")
