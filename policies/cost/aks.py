"""Cost of Kubernetes: how far node pools grow, what they run on, and which level of service is paid."""

import re

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.cost.ml_sizes import with_gpu
from policies.kit.conditions import Condition, all_of, at_most, each, holds, is_set, is_true, one_of, only_if
from policies.kit.kinds import DIAGNOSTIC_SETTING, KUBERNETES_CLUSTER, NODE_POOL
from policies.kit.properties import Properties, Unknown
from policies.kit.rule import AnyRule, Rule
from policies.kit.verdict import PASSED, Verdict, undecided, violation

# In the names of sizes a `d` after the number of processors stands for a local disk
# (learn.microsoft.com/azure/virtual-machines/vm-naming-conventions).
_WITH_LOCAL_DISK = re.compile(r"standard_[a-z]+\d+(?:-\d+)?[a-z]*d[a-z]*_.*", re.IGNORECASE)
_USER_POOL = one_of("mode", "User")


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on clusters and their node pools."""
    return [*_pools(limits), *_cluster(limits)]


def pools(condition: Condition) -> dict[str, Condition]:
    """A condition on every pool: those that are part of a cluster, and those that are resources."""
    return {KUBERNETES_CLUSTER: each("agentPoolProfiles", condition), NODE_POOL: condition}


def _pools(limits: Limits) -> list[AnyRule]:
    most = limits.kubernetes_nodes_max
    return [
        Rule(
            id="aks-autoscaler",
            requires="A node pool has the nodes that its work needs, and no more than the stack is meant to pay for",
            conditions=pools(
                all_of(
                    is_true("enableAutoScaling"),
                    at_most("maxCount", most),
                    _grows,
                    only_if(
                        all_of(with_gpu("vmSize"), _USER_POOL),
                        at_most("minCount", 0, or_absent=True),
                        otherwise="no pool of GPUs",
                    ),
                )
            ),
            fix=f"set enableAutoScaling to true, and minCount below a maxCount of at most {most}, with a GPU to 0",
            severity=Severity.MEDIUM,
            control="CO:12",
            sources=("Azure.AKS.AutoScaling",),
        ),
        Rule(
            id="aks-spot-pools",
            requires="Work that can be repeated runs on spare machines",
            conditions={
                NODE_POOL: only_if(
                    _USER_POOL,
                    all_of(one_of("scaleSetPriority", "Spot"), is_set("spotMaxPrice")),
                    otherwise="a pool that the cluster itself needs",
                )
            },
            fix='set scaleSetPriority to "Spot" and spotMaxPrice to -1 before the pool is created',
            severity=Severity.MEDIUM,
            control="CO:05",
        ),
        Rule(
            id="aks-ephemeral-os-disk",
            requires="A node uses the disk that comes with its machine",
            conditions=pools(
                only_if(
                    holds("vmSize", _has_local_disk, "be a size with a local disk"),
                    one_of("osDiskType", "Ephemeral"),
                    otherwise="a size without a local disk",
                )
            ),
            fix='set osDiskType to "Ephemeral" before the pool is created',
            severity=Severity.LOW,
            control="CO:07",
            sources=("CKV_AZURE_226", "Azure.AKS.EphemeralOSDisk"),
        ),
    ]


def _cluster(limits: Limits) -> list[AnyRule]:
    tiers = limits.kubernetes_tiers
    return [
        Rule(
            id="aks-tier",
            requires="The level of service of a cluster is one that the stack is meant to pay for",
            # Free is what a cluster has that says nothing.
            conditions={KUBERNETES_CLUSTER: one_of("sku.tier", *tiers, or_absent="Free" in tiers)},
            remedies={KUBERNETES_CLUSTER: {"sku.tier": tiers[0]}},
            fix=f'set sku.tier to "{tiers[0]}"',
            severity=Severity.MEDIUM,
            control="CO:08",
            sources=("CKV_AZURE_170", "Azure.AKS.UptimeSLA"),
        ),
        Rule(
            id="aks-audit-admin",
            requires="The log of a cluster leaves out reads, which are most of it",
            conditions={DIAGNOSTIC_SETTING: each("logs", _is_not_the_whole_audit)},
            fix="send the category kube-audit-admin instead of kube-audit",
            severity=Severity.MEDIUM,
            control="CO:10",
            sources=("Azure.AKS.AuditAdmin",),
        ),
    ]


def _grows(pool: Properties) -> Verdict:
    least, most = pool.get("minCount"), pool.get("maxCount")
    unknown = [value.path for value in (least, most) if isinstance(value, Unknown)]
    if unknown:
        return undecided(*unknown)
    if isinstance(least, int | float) and isinstance(most, int | float) and least < most:
        return PASSED
    return violation(f"{pool.path('minCount')} is not below maxCount, must leave room to scale")


def _has_local_disk(size: object) -> bool:
    return isinstance(size, str) and _WITH_LOCAL_DISK.fullmatch(size) is not None


_is_not_the_whole_audit = only_if(
    is_true("enabled"),
    holds("category", lambda category: str(category).casefold() != "kube-audit", "not be the whole audit"),
    otherwise="a category that is off",
)
