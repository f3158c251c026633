"""Security of a cluster's nodes and of its versions: Microsoft.ContainerService/managedClusters and agentPools."""

from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import (
    Condition,
    all_of,
    any_of,
    at_least,
    each,
    holds,
    includes,
    is_set,
    is_true,
    none_of,
    not_true,
    one_of,
)
from policies.kit.kinds import KUBERNETES_CLUSTER, NODE_POOL
from policies.kit.properties import Properties, Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import PASSED, Verdict, every, not_applicable, undecided
from policies.security.limits import Limits

_POOLS = "agentPoolProfiles"


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on node pools, their images and their versions."""
    return [*_nodes(), *_upgrades(limits.kubernetes_version_min)]


def _in_pools(condition: Condition) -> dict[str, Condition]:
    """A condition on every pool, within the cluster or by itself."""
    return {KUBERNETES_CLUSTER: each(_POOLS, condition), NODE_POOL: condition}


def _nodes() -> list[AnyRule]:
    return [
        Rule(
            id="aks-node-public-ip",
            requires="No node can be reached from the internet",
            conditions=_in_pools(not_true("enableNodePublicIP")),
            fix="set enableNodePublicIP of the pool to false",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_143",),
        ),
        Rule(
            id="aks-encryption-at-host",
            requires="Temporary disks and caches of nodes are encrypted",
            conditions=_in_pools(is_true("enableEncryptionAtHost")),
            fix="set enableEncryptionAtHost to true before the pool is created",
            severity=Severity.MEDIUM,
            control="DP-4",
            sources=("CKV_AZURE_227", "AP 41425d9f"),
        ),
        Rule(
            id="aks-disk-cmk",
            requires="Disks of nodes are encrypted with a key of the organisation",
            conditions={KUBERNETES_CLUSTER: is_set("diskEncryptionSetID")},
            fix="set diskEncryptionSetID before the cluster is created",
            severity=Severity.LOW,
            control="DP-5",
            sources=("CKV_AZURE_117", "AZU-0067", "AP 7d7be79c"),
        ),
        StackRule(
            id="aks-system-pool-taint",
            requires="Where there are pools for work, the system pool takes the cluster's own pods only",
            judge=for_each((KUBERNETES_CLUSTER,), _system_pools_apart),
            fix='add "CriticalAddonsOnly=true:NoSchedule" to nodeTaints of the system pool',
            severity=Severity.LOW,
            sources=("CKV_AZURE_232", "AP e16d171b"),
        ),
        Rule(
            id="aks-max-pods",
            requires="A node takes fifty pods or more",
            conditions={
                KUBERNETES_CLUSTER: any_of(
                    each(_POOLS, at_least("maxPods", 50)),
                    # Azure's own default is 110 or more then; where pods have addresses of the subnet it is 30.
                    all_of(
                        any_of(
                            one_of("networkProfile.networkPluginMode", "overlay"),
                            none_of("networkProfile.networkPlugin", "azure"),
                        ),
                        each(_POOLS, at_least("maxPods", 50, or_absent=True)),
                    ),
                ),
                NODE_POOL: at_least("maxPods", 50, or_absent=True),
            },
            fix="set maxPods to 50 or more before the pool is created",
            severity=Severity.LOW,
            sources=("CKV_AZURE_168", "AZR-000018"),
        ),
    ]


def _upgrades(floor: str) -> list[AnyRule]:
    recent = f"be {floor} or newer, or absent for Azure's choice"
    return [
        Rule(
            id="aks-auto-upgrade",
            requires="A cluster and the images of its nodes are kept up to date",
            conditions={
                KUBERNETES_CLUSTER: all_of(
                    one_of("autoUpgradeProfile.upgradeChannel", "patch", "stable", "rapid", "node-image"),
                    none_of("autoUpgradeProfile.nodeOSUpgradeChannel", "None"),
                )
            },
            remedies={
                KUBERNETES_CLUSTER: {
                    "autoUpgradeProfile.upgradeChannel": "patch",
                    "autoUpgradeProfile.nodeOSUpgradeChannel": "NodeImage",
                }
            },
            fix='set autoUpgradeProfile.upgradeChannel to "patch" and nodeOSUpgradeChannel to "NodeImage"',
            severity=Severity.MEDIUM,
            control="PV-6",
            sources=("CKV_AZURE_171", "AZR-000036", "Azure.AKS.NodeAutoUpgrade", "AP 5c345cdf", "AP 04408ca5"),
        ),
        Rule(
            id="aks-version-floor",
            requires="A cluster runs a version of Kubernetes that still gets fixes",
            conditions={
                KUBERNETES_CLUSTER: all_of(
                    holds("kubernetesVersion", _not_before(floor), recent),
                    each(_POOLS, holds("orchestratorVersion", _not_before(floor), recent)),
                ),
                NODE_POOL: holds("orchestratorVersion", _not_before(floor), recent),
            },
            fix=f'upgrade to "{floor}" or newer, one minor version after the other',
            severity=Severity.MEDIUM,
            control="PV-6",
            sources=("AZR-000015",),
        ),
        Rule(
            id="aks-image-cleaner",
            requires="Images that no pod uses any more are removed from nodes",
            conditions={KUBERNETES_CLUSTER: is_true("securityProfile.imageCleaner.enabled")},
            remedies={KUBERNETES_CLUSTER: {"securityProfile.imageCleaner.enabled": True}},
            fix="set securityProfile.imageCleaner.enabled to true, with intervalHours",
            severity=Severity.LOW,
            control="PV-6",
            sources=("AP af3c26b2",),
        ),
    ]


def _not_before(floor: str) -> Any:
    def accepts(version: Any) -> bool:
        return version is None or _numbers(version) >= _numbers(floor)

    return accepts


def _numbers(version: Any) -> tuple[int, ...]:
    """Major and minor of `1.33` or `1.33.2`; nothing, which is before every version, for what is none."""
    parts = str(version).split(".")
    return tuple(map(int, parts[:2])) if all(part.isdecimal() for part in parts) else ()


_SYSTEM = one_of("mode", "System")
_RESERVED = includes("nodeTaints", "CriticalAddonsOnly=true:NoSchedule")


def _system_pools_apart(cluster: Resource, stack: Stack) -> Verdict:
    inside = cluster.properties.objects(_POOLS)
    if isinstance(inside, Unknown):
        return undecided(inside.path)
    links = stack.referring(NODE_POOL, "resourceName", cluster)
    pools = [pool for pool in inside if isinstance(pool, Properties)] + [pool.properties for pool in links.sources]
    if all(_SYSTEM(pool).passed for pool in pools):
        return not_applicable("all pools are system pools")
    return every(_RESERVED(pool) if _SYSTEM(pool).passed else PASSED for pool in pools)
