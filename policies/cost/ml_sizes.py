"""Which virtual machines training, serving and Kubernetes may run on."""

from collections.abc import Callable

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.kit.conditions import Condition, any_of, each, holds, is_set, matches, one_of, only_if
from policies.kit.kinds import COMPUTE, KUBERNETES_CLUSTER, NODE_POOL, ONLINE_DEPLOYMENT
from policies.kit.rule import AnyRule, Rule

CLUSTER = one_of("properties.computeType", "AmlCompute")
"""The compute is a cluster that grows and shrinks."""
INSTANCE = one_of("properties.computeType", "ComputeInstance")
"""The compute is somebody's workstation."""
CLUSTER_SIZE = "properties.properties.vmSize"
"""Where a compute names its size."""
DEPLOYMENT_SIZE = "properties.instanceType"
"""Where a deployment names its size."""


def with_gpu(path: str) -> Condition:
    """The size has a GPU: Azure's sizes with one are those of the family N."""
    return matches(path, ["standard_n*"])


def without_gpu(path: str) -> Condition:
    """The size has no GPU."""
    return holds(path, lambda size: not str(size).casefold().startswith("standard_n"), "be a size without a GPU")


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on sizes."""
    return [
        Rule(
            id="vm-size-allow-list",
            requires="Virtual machines are of the sizes that the stack is meant to pay for",
            conditions=_by_kind(lambda path: matches(path, limits.vm_sizes))
            | {KUBERNETES_CLUSTER: each("agentPoolProfiles", matches("vmSize", limits.vm_sizes))},
            fix="choose an allowed size, or have the size added to the profile",
            severity=Severity.HIGH,
            control="CO:07",
            sources=("AP cccc23c7",),
        ),
        Rule(
            id="gpu-opt-in",
            requires="A GPU is used where the profile allows it, for a reason that its tag gpu-reason states",
            conditions=_by_kind(
                lambda path: any_of(without_gpu(path), is_set("tags.gpu-reason")) if limits.gpus else without_gpu(path)
            ),
            fix="state the reason in the tag gpu-reason" if limits.gpus else "choose a size without a GPU",
            severity=Severity.HIGH,
            control="CO:07",
        ),
    ]


def _by_kind(condition: Callable[[str], Condition]) -> dict[str, Condition]:
    owned = any_of(CLUSTER, INSTANCE)
    return {
        COMPUTE: only_if(owned, condition(CLUSTER_SIZE), otherwise="a compute whose nodes the workspace does not own"),
        NODE_POOL: condition("vmSize"),
        ONLINE_DEPLOYMENT: condition(DEPLOYMENT_SIZE),
    }
