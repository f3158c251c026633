"""Security of Kubernetes clusters: who gets in, add-ons and logs: Microsoft.ContainerService/managedClusters."""

from collections.abc import Callable, Mapping

from pulumi_policy import Severity

from policies.kit.conditions import (
    Condition,
    all_of,
    any_of,
    each_value,
    is_set,
    is_true,
    not_true,
    one_of,
)
from policies.kit.kinds import KUBERNETES_CLUSTER
from policies.kit.properties import Properties
from policies.kit.remedy import Changes, Remedy, where
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, either
from policies.security.diagnostic_settings import sends
from policies.security.limits import Limits


def rules(_: Limits) -> list[AnyRule]:
    """The rules on the control plane of a cluster and on what Azure runs in it."""
    return [*_api_server(), *_identities(), *_network(), *_addons(), _logging()]


def _addon(name: str, condition: Callable[[str], Condition]) -> Condition:
    """A condition on the profile of an add-on, whose key Azure reads without regard to case."""

    return lambda properties: condition(_path_of(name, properties))(properties)


def _path_of(addon: str, properties: Properties) -> str:
    profiles = properties.get("addonProfiles")
    keys = list(profiles) if isinstance(profiles, Mapping) else []
    return f"addonProfiles.{next((key for key in keys if key.casefold() == addon.casefold()), addon)}"


def _enabled(name: str) -> Condition:
    return _addon(name, lambda path: is_true(f"{path}.enabled"))


def _not_enabled(name: str) -> Condition:
    return _addon(name, lambda path: not_true(f"{path}.enabled"))


def _set_addon(name: str, values: Changes) -> Remedy:
    """Sets values of the profile of an add-on."""
    return lambda properties: {f"{_path_of(name, properties)}.{path}": value for path, value in values.items()}


def _api_server() -> list[AnyRule]:
    ranges = "apiServerAccessProfile.authorizedIPRanges"
    return [
        Rule(
            id="aks-api-access",
            requires="The API server of a cluster is private, or answers to known addresses only",
            conditions={
                KUBERNETES_CLUSTER: any_of(
                    is_true("apiServerAccessProfile.enablePrivateCluster"),
                    all_of(
                        is_set(ranges),
                        each_value(ranges, lambda value: not str(value).endswith("/0"), "not be the whole internet"),
                    ),
                )
            },
            fix=f"set apiServerAccessProfile.enablePrivateCluster to true, or {ranges} to the callers' addresses",
            severity=Severity.CRITICAL,
            control="NS-2",
            sources=(
                *("CKV_AZURE_115", "CKV_AZURE_6", "AZU-0065", "AZU-0041", "KICS 2583fab1", "AZR-000030"),
                *("AP 040732e8", "AP 0e246bcf", "azqr aks-004"),
            ),
        ),
        Rule(
            id="aks-run-command-off",
            requires="Nobody runs commands in a cluster from outside its network",
            conditions={KUBERNETES_CLUSTER: is_true("apiServerAccessProfile.disableRunCommand")},
            remedies={KUBERNETES_CLUSTER: {"apiServerAccessProfile.disableRunCommand": True}},
            fix="set apiServerAccessProfile.disableRunCommand to true",
            severity=Severity.MEDIUM,
            control="PA-7",
            sources=("AP 89f2d532",),
        ),
    ]


def _identities() -> list[AnyRule]:
    return [
        Rule(
            id="aks-local-accounts",
            requires="Nobody enters a cluster without an Entra identity",
            conditions={KUBERNETES_CLUSTER: is_true("disableLocalAccounts")},
            remedies={KUBERNETES_CLUSTER: where(is_true("aadProfile.managed"), {"disableLocalAccounts": True})},
            fix="set disableLocalAccounts to true, with an aadProfile",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV_AZURE_141", "AZR-000031", "AP 993c2fcd"),
        ),
        Rule(
            id="aks-entra-rbac",
            requires="Entra ID says who enters a cluster, and Azure roles what they may do there",
            conditions={
                KUBERNETES_CLUSTER: all_of(
                    is_true("enableRBAC"), is_true("aadProfile.managed"), is_true("aadProfile.enableAzureRBAC")
                )
            },
            fix="set enableRBAC, aadProfile.managed and aadProfile.enableAzureRBAC to true",
            severity=Severity.HIGH,
            control="PA-7",
            sources=(
                *("CKV_AZURE_5", "AZU-0042", "KICS 9307a2ed", "AZR-000029", "AZR-000032", "AZR-000038"),
                *("AP 450d2877", "AP ac4a19c2", "azqr aks-007"),
            ),
        ),
        Rule(
            id="aks-managed-identity",
            requires="A cluster acts under a managed identity, whose credentials nobody has",
            conditions={
                KUBERNETES_CLUSTER: all_of(
                    one_of("identity.type", "SystemAssigned", "UserAssigned"),
                    # What Azure itself writes where there is no service principal.
                    one_of("servicePrincipalProfile.clientId", "msi", or_absent=True),
                )
            },
            fix='set identity.type to "UserAssigned" with an identity, and leave servicePrincipalProfile out',
            severity=Severity.HIGH,
            control="IM-3",
            sources=("AZR-000025", "AP da6e2401"),
        ),
        Rule(
            id="aks-workload-identity",
            requires="Pods act under identities of their own, without a stored credential",
            conditions={
                KUBERNETES_CLUSTER: all_of(
                    is_true("oidcIssuerProfile.enabled"), is_true("securityProfile.workloadIdentity.enabled")
                )
            },
            fix="set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true",
            severity=Severity.MEDIUM,
            control="IM-3",
            sources=("AP 2cc2e023",),
        ),
    ]


def _network() -> list[AnyRule]:
    return [
        Rule(
            id="aks-network-policy",
            requires="A cluster can keep pods apart from each other",
            conditions={KUBERNETES_CLUSTER: one_of("networkProfile.networkPolicy", "azure", "calico", "cilium")},
            fix='set networkProfile.networkPolicy to "cilium" before the cluster is created',
            severity=Severity.HIGH,
            control="NS-1",
            sources=("CKV_AZURE_7", "AZU-0043", "KICS 25c0228e", "AZR-000027"),
        ),
        Rule(
            id="aks-azure-cni",
            requires="Pods have addresses that Azure's network knows",
            conditions={KUBERNETES_CLUSTER: one_of("networkProfile.networkPlugin", "azure")},
            fix='set networkProfile.networkPlugin to "azure"',
            severity=Severity.LOW,
            control="NS-1",
            sources=("CKV2_AZURE_29", "AP 46238e2f"),
        ),
    ]


def _addons() -> list[AnyRule]:
    secrets = "azureKeyvaultSecretsProvider"
    return [
        Rule(
            id="aks-azure-policy-addon",
            requires="Azure Policy judges what is deployed into a cluster",
            conditions={KUBERNETES_CLUSTER: _enabled("azurepolicy")},
            remedies={KUBERNETES_CLUSTER: _set_addon("azurepolicy", {"enabled": True})},
            fix="set addonProfiles.azurepolicy.enabled to true",
            severity=Severity.MEDIUM,
            control="PV-2",
            sources=("CKV_AZURE_116", "AZU-0066", "AZR-000028", "AP 0a15ec92"),
        ),
        Rule(
            id="aks-defender",
            requires="Microsoft Defender looks for threats in a cluster",
            conditions={KUBERNETES_CLUSTER: is_true("securityProfile.defender.securityMonitoring.enabled")},
            fix="set securityProfile.defender.securityMonitoring.enabled to true, which is billed by vCore",
            severity=Severity.MEDIUM,
            control="LT-1",
            sources=("Azure.AKS.DefenderProfile", "AP a1840de2"),
        ),
        Rule(
            id="aks-secret-rotation",
            requires="Pods read secrets from a vault, and get new versions by themselves",
            conditions={
                KUBERNETES_CLUSTER: all_of(
                    _enabled(secrets),
                    # A text: the values of an add-on's config are.
                    _addon(secrets, lambda path: one_of(f"{path}.config.enableSecretRotation", "true")),
                )
            },
            remedies={
                KUBERNETES_CLUSTER: _set_addon(secrets, {"enabled": True, "config.enableSecretRotation": "true"})
            },
            fix=f'enable addonProfiles.{secrets}, with config.enableSecretRotation "true"',
            severity=Severity.MEDIUM,
            control="DP-7",
            sources=("CKV_AZURE_172", "AZR-000033", "AZR-000034"),
        ),
        Rule(
            id="aks-http-routing-off",
            requires="No unencrypted ingress with a public name is in a cluster",
            conditions={KUBERNETES_CLUSTER: _not_enabled("httpApplicationRouting")},
            remedies={KUBERNETES_CLUSTER: _set_addon("httpApplicationRouting", {"enabled": False})},
            fix="leave addonProfiles.httpApplicationRouting out",
            severity=Severity.MEDIUM,
            control="NS-2",
            sources=("CKV_AZURE_246", "AZR-000035", "azqr aks-010"),
        ),
        Rule(
            id="aks-dashboard-off",
            requires="The dashboard, which needs no sign-in of its own, is not in a cluster",
            conditions={KUBERNETES_CLUSTER: _not_enabled("kubeDashboard")},
            remedies={KUBERNETES_CLUSTER: _set_addon("kubeDashboard", {"enabled": False})},
            fix="leave addonProfiles.kubeDashboard out",
            severity=Severity.LOW,
            control="PV-2",
            sources=("CKV_AZURE_8", "KICS c62d3b92"),
        ),
    ]


def _logging() -> AnyRule:
    audit = any_of(one_of("category", "kube-audit", "kube-audit-admin"), one_of("categoryGroup", "audit", "allLogs"))
    logs = sends(all_of(is_true("enabled"), audit), "the enabled category kube-audit-admin or kube-audit")

    def judge(cluster: Resource, stack: Stack) -> Verdict:
        return either([_enabled("omsagent")(cluster.properties), logs(cluster, stack)])

    return StackRule(
        id="aks-logging",
        requires="What happens in a cluster is recorded",
        judge=for_each((KUBERNETES_CLUSTER,), judge),
        fix='enable addonProfiles.omsagent, or add a DiagnosticSetting with the category "kube-audit-admin"',
        severity=Severity.MEDIUM,
        control="LT-3",
        sources=(
            *("CKV_AZURE_4", "AZU-0040", "KICS 9b09dee1", "AZR-000041", "AZR-000022"),
            "AP 245fc9df",
        ),
    )
