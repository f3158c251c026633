"""Cost of machine learning: how far compute grows, and how soon it is given back."""

from datetime import timedelta

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.cost.ml_sizes import CLUSTER, CLUSTER_SIZE, INSTANCE, with_gpu, without_gpu
from policies.kit.conditions import Condition, all_of, at_most, between, lasts, one_of, only_if, some
from policies.kit.kinds import COMPUTE, ML_WORKSPACE, ONLINE_DEPLOYMENT
from policies.kit.rule import AnyRule, Rule

_SCALE = "properties.properties.scaleSettings"
# The service takes 15 minutes to 3 days (Compute Instance, idleTimeBeforeShutdown).
_SHORTEST_SHUTDOWN = timedelta(minutes=15)


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on compute, deployments and the managed network."""
    return [*_clusters(limits), *_instances(limits), *_rest(limits)]


def _cluster(condition: Condition) -> Condition:
    return only_if(CLUSTER, condition, otherwise="not a cluster")


def _cpu(condition: Condition) -> Condition:
    return _cluster(only_if(without_gpu(CLUSTER_SIZE), condition, otherwise="a GPU cluster"))


def _gpu(condition: Condition) -> Condition:
    return _cluster(only_if(with_gpu(CLUSTER_SIZE), condition, otherwise="a CPU cluster"))


def _clusters(limits: Limits) -> list[AnyRule]:
    to_zero = at_most(f"{_SCALE}.minNodeCount", 0, or_absent=True)
    zero_fix = "set scaleSettings.minNodeCount to 0"
    return [
        Rule(
            id="aml-min-nodes-zero",
            requires="A cluster without work has no nodes",
            conditions={COMPUTE: _cpu(to_zero)},
            remedies={COMPUTE: {f"{_SCALE}.minNodeCount": 0}},
            fix=zero_fix,
            severity=Severity.HIGH,
            control="CO:12",
            sources=("CKV_AZURE_150",),
        ),
        Rule(
            id="aml-gpu-min-nodes-zero",
            requires="A GPU cluster without work has no nodes",
            conditions={COMPUTE: _gpu(to_zero)},
            remedies={COMPUTE: {f"{_SCALE}.minNodeCount": 0}},
            fix=zero_fix,
            severity=Severity.HIGH,
            control="CO:12",
            sources=("CKV_AZURE_150",),
        ),
        Rule(
            id="aml-max-nodes",
            requires="A cluster cannot grow beyond what the stack is meant to pay for",
            conditions={
                COMPUTE: all_of(
                    _cpu(at_most(f"{_SCALE}.maxNodeCount", limits.cluster_nodes_max)),
                    _gpu(at_most(f"{_SCALE}.maxNodeCount", limits.gpu_cluster_nodes_max)),
                )
            },
            fix=f"set scaleSettings.maxNodeCount to {limits.cluster_nodes_max} or less, "
            f"with a GPU to {limits.gpu_cluster_nodes_max} or less",
            severity=Severity.HIGH,
            control="CO:04",
        ),
        Rule(
            id="aml-idle-scale-down",
            requires="An idle node is given back soon",
            conditions={
                COMPUTE: _cluster(
                    lasts(
                        f"{_SCALE}.nodeIdleTimeBeforeScaleDown",
                        timedelta(0),
                        timedelta(minutes=limits.cluster_idle_minutes_max),
                    )
                )
            },
            remedies={COMPUTE: {f"{_SCALE}.nodeIdleTimeBeforeScaleDown": f"PT{limits.cluster_idle_minutes_max}M"}},
            fix=f'set scaleSettings.nodeIdleTimeBeforeScaleDown to "PT{limits.cluster_idle_minutes_max}M" or less',
            severity=Severity.MEDIUM,
            control="CO:12",
        ),
        Rule(
            id="aml-low-priority",
            requires="Training runs on machines that Azure sells cheaper and may take back",
            conditions={COMPUTE: _cluster(one_of("properties.properties.vmPriority", "LowPriority"))},
            fix='set vmPriority to "LowPriority" before the cluster is created',
            severity=Severity.MEDIUM,
            control="CO:05",
        ),
    ]


def _instances(limits: Limits) -> list[AnyRule]:
    longest = timedelta(minutes=limits.instance_idle_minutes_max)
    return [
        Rule(
            id="ci-idle-shutdown",
            requires="An idle compute instance stops by itself",
            conditions={
                COMPUTE: only_if(
                    INSTANCE,
                    lasts("properties.properties.idleTimeBeforeShutdown", _SHORTEST_SHUTDOWN, longest),
                    otherwise="not a compute instance",
                )
            },
            remedies={
                COMPUTE: {"properties.properties.idleTimeBeforeShutdown": f"PT{limits.instance_idle_minutes_max}M"}
            },
            fix=f'set idleTimeBeforeShutdown to "PT{limits.instance_idle_minutes_max}M" or less',
            severity=Severity.HIGH,
            control="CO:06",
            sources=("AZR-000403", "AP 679ddf89"),
        ),
        Rule(
            id="ci-stop-schedule",
            requires="A compute instance stops at the end of the day",
            conditions={
                COMPUTE: only_if(
                    INSTANCE,
                    some(
                        "properties.properties.schedules.computeStartStop",
                        all_of(one_of("action", "Stop"), one_of("status", "Enabled")),
                        'have one with action "Stop" and status "Enabled"',
                    ),
                    otherwise="not a compute instance",
                )
            },
            fix="add an enabled schedule with the action Stop",
            severity=Severity.MEDIUM,
            control="CO:08",
        ),
    ]


def _rest(limits: Limits) -> list[AnyRule]:
    return [
        Rule(
            id="endpoint-capacity",
            requires="A deployment has no more instances than the stack is meant to pay for",
            conditions={
                ONLINE_DEPLOYMENT: all_of(
                    between("sku.capacity", 1, limits.endpoint_instances_max),
                    at_most("properties.scaleSettings.maxInstances", limits.endpoint_instances_max, or_absent=True),
                )
            },
            fix=f"set sku.capacity, and scaleSettings.maxInstances, to {limits.endpoint_instances_max} or less",
            severity=Severity.HIGH,
            control="CO:12",
        ),
        Rule(
            id="aml-firewall-cost",
            requires="The firewall that an approved-outbound network starts is no larger than it has to be",
            conditions={
                ML_WORKSPACE: only_if(
                    one_of("managedNetwork.isolationMode", "AllowOnlyApprovedOutbound"),
                    one_of("managedNetwork.firewallSku", *limits.firewall_skus),
                    otherwise="a network that starts no firewall",
                )
            },
            fix=f'set managedNetwork.firewallSku to "{limits.firewall_skus[0]}"',
            severity=Severity.MEDIUM,
            control="CO:07",
        ),
    ]
