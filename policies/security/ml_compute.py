"""Security of machine learning compute: Microsoft.MachineLearningServices/workspaces/computes."""

from pulumi_policy import Severity

from policies.kit.conditions import Condition, all_of, is_false, is_set, is_true, one_of, only_if
from policies.kit.kinds import COMPUTE
from policies.kit.remedy import where
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, either
from policies.security.limits import Limits
from policies.security.managed_network import isolated

_CLUSTER = one_of("properties.computeType", "AmlCompute")
_INSTANCE = one_of("properties.computeType", "ComputeInstance")
_OWN_NODES = one_of("properties.computeType", "AmlCompute", "ComputeInstance")


def _for_nodes(condition: Condition) -> Condition:
    return only_if(_OWN_NODES, condition, otherwise="a compute whose nodes the workspace does not own")


def rules(_: Limits) -> list[AnyRule]:
    """The rules on compute clusters and compute instances."""
    return [
        Rule(
            id="aml-compute-local-auth",
            requires="Nobody logs in to a compute with a local account",
            conditions={COMPUTE: _for_nodes(is_true("properties.disableLocalAuth"))},
            remedies={COMPUTE: where(_CLUSTER, {"properties.disableLocalAuth": True})},
            fix="set properties.disableLocalAuth to true",
            severity=Severity.HIGH,
            control="IM-1",
            sources=("CKV_AZURE_142", "AZR-000404", "AP e96a9a5f"),
        ),
        Rule(
            id="aml-compute-no-public-ip",
            requires="No node of a compute can be reached from the internet",
            conditions={COMPUTE: _for_nodes(is_false("properties.properties.enableNodePublicIp"))},
            fix="set properties.properties.enableNodePublicIp to false, in a managed or own virtual network",
            severity=Severity.HIGH,
            control="NS-2",
        ),
        Rule(
            id="aml-compute-ssh-closed",
            requires="The SSH port of a compute is closed to public networks",
            conditions={
                COMPUTE: all_of(
                    only_if(
                        _CLUSTER,
                        one_of("properties.properties.remoteLoginPortPublicAccess", "Disabled"),
                        otherwise="not a cluster",
                    ),
                    only_if(
                        _INSTANCE,
                        one_of("properties.properties.sshSettings.sshPublicAccess", "Disabled"),
                        otherwise="not an instance",
                    ),
                )
            },
            fix='set remoteLoginPortPublicAccess (cluster) or sshSettings.sshPublicAccess (instance) to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
        ),
        StackRule(
            id="aml-compute-vnet",
            requires="A compute runs in a virtual network: its own subnet, or the workspace's managed network",
            judge=for_each((COMPUTE,), _in_network),
            fix="set properties.properties.subnet.id, or managedNetwork.isolationMode of the workspace",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AZR-000405", "AP 7804b5c7"),
        ),
    ]


_IN_SUBNET = is_set("properties.properties.subnet.id")


def _in_network(compute: Resource, stack: Stack) -> Verdict:
    condition = _for_nodes(lambda _: either([_IN_SUBNET(compute.properties), isolated(compute, stack)]))
    return condition(compute.properties)
