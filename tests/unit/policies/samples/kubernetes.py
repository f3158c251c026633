"""Samples of the rules on Kubernetes: clusters, node pools, and what runs in them."""

from collections.abc import Iterator
from typing import Any

from policies.kit.kinds import DIAGNOSTIC_SETTING, KUBERNETES_CLUSTER, NODE_POOL
from tests.unit.policies.analyzer import Node
from tests.unit.policies.samples.case import Case

CLUSTER = Node(KUBERNETES_CLUSTER, {"resourceName": "aks-mlops"}, name="cluster")
CLUSTER_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks-mlops"
ENTRA = {"aadProfile": {"managed": True, "enableAzureRBAC": True}}
SECRETS = "addonProfiles.azureKeyvaultSecretsProvider"
AUDIT = {"category": "kube-audit-admin", "enabled": True}
ONLY_SYSTEM = "CriticalAddonsOnly=true:NoSchedule"
POD = "kubernetes:core/v1:Pod"
PODS = {
    POD: "spec",
    "kubernetes:apps/v1:Deployment": "spec.template.spec",
    "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec",
}
SERVICE = "kubernetes:core/v1:Service"
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def container(**properties: Any) -> list[dict[str, Any]]:
    """The containers of a pod: one."""
    return [{"name": "main", **properties}]


def secured(**context: Any) -> list[dict[str, Any]]:
    """The containers of a pod, with a security context."""
    return container(securityContext=context)


def limited(**limits: str) -> list[dict[str, Any]]:
    """The containers of a pod, with limits."""
    return container(resources={"limits": limits})


def in_pods(rule: str, path: str, good: Any, bad: Any) -> Iterator[Case]:
    """What decides of pods, wherever a kind describes them; those of the system may be as they like."""
    for kind, pod in PODS.items():
        yield Case(rule, kind, f"{pod}.{path}", good, bad, "passes")
    of_pod = {"spec": {path: bad}}
    yield Case(rule, POD, "metadata.namespace", "kube-system", "training", "violates", rest=of_pod)


def in_containers(rule: str, good: Any, bad: Any) -> Iterator[Case]:
    """What decides of containers, whenever they run."""
    yield from in_pods(rule, "containers", good, bad)
    yield from in_pods(rule, "initContainers", good, bad)


CLUSTERS = (
    Case(
        *("aks-api-access", KUBERNETES_CLUSTER, "apiServerAccessProfile.enablePrivateCluster"),
        *(True, False, "violates"),
    ),
    Case(
        *("aks-api-access", KUBERNETES_CLUSTER, "apiServerAccessProfile.authorizedIPRanges"),
        *(["203.0.113.0/24"], ["203.0.113.0/24", "0.0.0.0/0"], "violates"),
    ),
    Case(
        *("aks-run-command-off", KUBERNETES_CLUSTER, "apiServerAccessProfile.disableRunCommand"),
        *(True, False, "violates"),
    ),
    Case("aks-local-accounts", KUBERNETES_CLUSTER, "disableLocalAccounts", True, False, "violates", rest=ENTRA),
    Case("aks-entra-rbac", KUBERNETES_CLUSTER, "enableRBAC", True, False, "violates", rest=ENTRA),
    Case(
        *("aks-entra-rbac", KUBERNETES_CLUSTER, "aadProfile.enableAzureRBAC", True, False, "violates"),
        rest={"enableRBAC": True, "aadProfile": {"managed": True}},
    ),
    Case("aks-managed-identity", KUBERNETES_CLUSTER, "identity.type", "UserAssigned", "None", "violates"),
    Case(
        *("aks-managed-identity", KUBERNETES_CLUSTER, "servicePrincipalProfile.clientId", "msi", "0f3c", "passes"),
        rest={"identity": {"type": "SystemAssigned"}},
    ),
    Case(
        *("aks-workload-identity", KUBERNETES_CLUSTER, "securityProfile.workloadIdentity.enabled"),
        *(True, False, "violates"),
        rest={"oidcIssuerProfile": {"enabled": True}},
    ),
    Case(
        *("aks-workload-identity", KUBERNETES_CLUSTER, "oidcIssuerProfile.enabled", True, False, "violates"),
        rest={"securityProfile": {"workloadIdentity": {"enabled": True}}},
    ),
    Case("aks-network-policy", KUBERNETES_CLUSTER, "networkProfile.networkPolicy", "cilium", "none", "violates"),
    Case("aks-azure-cni", KUBERNETES_CLUSTER, "networkProfile.networkPlugin", "azure", "kubenet", "violates"),
    Case("aks-azure-policy-addon", KUBERNETES_CLUSTER, "addonProfiles.azurepolicy.enabled", True, False, "violates"),
    Case("aks-azure-policy-addon", KUBERNETES_CLUSTER, "addonProfiles.azurePolicy.enabled", True, False, "violates"),
    Case(
        *("aks-logging", KUBERNETES_CLUSTER, "addonProfiles.omsAgent.enabled", True, False, "violates"),
    ),
    Case("aks-logging", KUBERNETES_CLUSTER, "addonProfiles.omsagent.enabled", True, False, "violates"),
    Case(
        *("aks-logging", DIAGNOSTIC_SETTING, "logs"),
        *([{"categoryGroup": "audit", "enabled": True}], [{"categoryGroup": "metrics", "enabled": True}], "violates"),
        rest={"resourceUri": CLUSTER_ID},
        others=[CLUSTER],
    ),
    Case(
        *("aks-logging", DIAGNOSTIC_SETTING, "logs", [AUDIT], [{**AUDIT, "category": "guard"}], "violates"),
        rest={"resourceUri": CLUSTER_ID},
        others=[CLUSTER],
    ),
    Case(
        *("aks-defender", KUBERNETES_CLUSTER, "securityProfile.defender.securityMonitoring.enabled"),
        *(True, False, "violates"),
    ),
    Case(
        *("aks-secret-rotation", KUBERNETES_CLUSTER, f"{SECRETS}.config.enableSecretRotation"),
        *("true", "false", "violates"),
        rest={"addonProfiles": {"azureKeyvaultSecretsProvider": {"enabled": True}}},
    ),
    Case(
        *("aks-secret-rotation", KUBERNETES_CLUSTER, "addonProfiles.azurekeyvaultsecretsprovider.enabled"),
        *(True, False, "violates"),
        rest={"addonProfiles": {"azurekeyvaultsecretsprovider": {"config": {"enableSecretRotation": "true"}}}},
    ),
    Case(
        *("aks-secret-rotation", KUBERNETES_CLUSTER, f"{SECRETS}.enabled", True, False, "violates"),
        rest={"addonProfiles": {"azureKeyvaultSecretsProvider": {"config": {"enableSecretRotation": "true"}}}},
    ),
    Case(
        *("aks-http-routing-off", KUBERNETES_CLUSTER, "addonProfiles.httpApplicationRouting.enabled"),
        *(False, True, "passes"),
    ),
    Case(
        *("aks-http-routing-off", KUBERNETES_CLUSTER, "addonProfiles.httpapplicationrouting.enabled"),
        *(False, True, "passes"),
    ),
    Case("aks-dashboard-off", KUBERNETES_CLUSTER, "addonProfiles.KubeDashboard.enabled", False, True, "passes"),
    Case("aks-dashboard-off", KUBERNETES_CLUSTER, "addonProfiles.kubeDashboard.enabled", False, True, "passes"),
    Case(
        *("aks-auto-upgrade", KUBERNETES_CLUSTER, "autoUpgradeProfile.upgradeChannel", "patch", "none", "violates"),
    ),
    Case(
        *("aks-auto-upgrade", KUBERNETES_CLUSTER, "autoUpgradeProfile.nodeOSUpgradeChannel"),
        *("NodeImage", "None", "passes"),
        rest={"autoUpgradeProfile": {"upgradeChannel": "stable"}},
    ),
    Case("aks-version-floor", KUBERNETES_CLUSTER, "kubernetesVersion", "1.33.5", "1.9", "passes"),
    Case("aks-image-cleaner", KUBERNETES_CLUSTER, "securityProfile.imageCleaner.enabled", True, False, "violates"),
    Case("aks-disk-cmk", KUBERNETES_CLUSTER, "diskEncryptionSetID", "/diskEncryptionSets/des", "", "violates"),
)

POOLS = (
    Case("aks-node-public-ip", NODE_POOL, "enableNodePublicIP", False, True, "passes"),
    Case(
        *("aks-node-public-ip", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([{"name": "system"}], [{"name": "system"}, {"name": "b", "enableNodePublicIP": True}], "passes"),
    ),
    Case("aks-encryption-at-host", NODE_POOL, "enableEncryptionAtHost", True, False, "violates"),
    Case(
        *("aks-encryption-at-host", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([{"enableEncryptionAtHost": True}], [{"name": "system"}], "passes"),
    ),
    Case("aks-version-floor", NODE_POOL, "orchestratorVersion", "1.34", "1.29.2", "passes"),
    Case(
        *("aks-version-floor", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        *([{"name": "system"}], [{"orchestratorVersion": "one"}], "passes"),
    ),
    Case("aks-max-pods", NODE_POOL, "maxPods", 50, 30, "passes"),
    Case("aks-max-pods", KUBERNETES_CLUSTER, "agentPoolProfiles", [{"maxPods": 110}], [{"maxPods": 30}], "passes"),
    Case(
        *("aks-max-pods", KUBERNETES_CLUSTER, "networkProfile.networkPluginMode", "overlay", "", "violates"),
        rest={"networkProfile": {"networkPlugin": "azure"}, "agentPoolProfiles": [{"name": "system"}]},
    ),
    Case(
        *("aks-system-pool-taint", KUBERNETES_CLUSTER, "agentPoolProfiles"),
        [{"mode": "System", "nodeTaints": [ONLY_SYSTEM]}],
        [{"mode": "System", "nodeTaints": []}],
        absent="passes",
        rest={"resourceName": "aks-mlops"},
        others=[Node(NODE_POOL, {"resourceName": "aks-mlops", "mode": "User"}, name="pool")],
    ),
    Case(
        *("aks-system-pool-taint", NODE_POOL, "nodeTaints", [ONLY_SYSTEM], ["sku=gpu:NoSchedule"], "violates"),
        rest={"resourceName": "aks-mlops", "mode": "System"},
        others=[
            Node(
                *(KUBERNETES_CLUSTER, {"resourceName": "aks-mlops", "agentPoolProfiles": [{"mode": "User"}]}, "cluster")
            )
        ],
    ),
)

WORKLOADS = (
    *in_containers("k8s-privileged", secured(privileged=False), secured(privileged=True)),
    *in_containers("k8s-privilege-escalation", secured(allowPrivilegeEscalation=False), container()),
    *in_containers(
        *("k8s-capabilities", secured(capabilities={"drop": ["ALL"]}), secured(capabilities={"add": ["NET_ADMIN"]})),
    ),
    *in_pods("k8s-host-path", "volumes", [{"name": "a", "emptyDir": {}}], [{"name": "a", "hostPath": {"path": "/"}}]),
    *in_pods("k8s-host-namespaces", "hostNetwork", False, True),
    *in_pods("k8s-host-namespaces", "hostPID", False, True),
    *in_pods("k8s-host-namespaces", "hostIPC", False, True),
    *in_containers("k8s-limits", limited(cpu="1", memory="2Gi"), limited(cpu="1")),
    *in_containers("k8s-limits", limited(cpu="1", memory="2Gi"), limited(memory="2Gi")),
    *in_containers(
        *("k8s-image-tag", container(image="registry:5000/model@sha256:0f"), container(image="registry:5000/model")),
    ),
    *in_containers("k8s-image-tag", container(image="model:3.1"), container(image="model:latest")),
    *in_containers("k8s-image-registry", container(image="crmlops.azurecr.io/model:3"), container(image="model:3")),
    Case(
        *("k8s-internal-load-balancer", SERVICE, "metadata.annotations"),
        *({INTERNAL: "true"}, {INTERNAL: "false"}, "violates"),
        rest={"spec": {"type": "LoadBalancer"}},
    ),
    Case("k8s-internal-load-balancer", SERVICE, "spec.type", "ClusterIP", "LoadBalancer", "passes"),
    Case("k8s-namespace", POD, "metadata.namespace", "training", "default", "violates"),
)

SECURITY = (*CLUSTERS, *POOLS, *WORKLOADS)

COST: tuple[Case, ...] = ()
