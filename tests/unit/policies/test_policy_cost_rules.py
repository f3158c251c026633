"""Cost rules where resources are joined, or where a sample of one property does not tell it all."""

import json
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from policies import security
from policies.cost import PACK
from policies.cost.databricks import OBJECT
from policies.kit.bench import Bench
from policies.kit.kinds import KUBERNETES_CLUSTER, NODE_POOL, SQL_DATABASE
from policies.kit.waivers import Waivers
from tests.unit.policies.analyzer import UNKNOWN, Analyzer, Node

GATEWAY = Node("network:NatGateway", {"natGatewayName": "ng"}, "gateway")


def judged(rule_id: str, *nodes: Node, profile: str = "dev") -> list[str]:
    """What the pack reports by a rule, as `policy: message`."""
    rule = next(rule for rule in PACK.rules(PACK.profile(profile).limits) if rule.id == rule_id)
    reports = Analyzer(Bench("framework", Waivers()).policies([(rule, EnforcementLevel.MANDATORY)])).run(nodes)
    return [f"{report.policy}: {report.message}" for report in reports]


def test_a_gateway_that_a_subnet_was_computed_from_is_used_before_its_id_is_known() -> None:
    network = Node("network:VirtualNetwork", {"subnets": UNKNOWN}, "network", references={"subnets": ["gateway"]})
    assert judged("idle-network", GATEWAY, network) == []


def test_a_gateway_that_only_others_subnets_were_computed_from_is_idle() -> None:
    guard = Node("network:NetworkSecurityGroup", {"networkSecurityGroupName": "nsg"}, "guard")
    network = Node("network:VirtualNetwork", {"subnets": UNKNOWN}, "network", references={"subnets": ["guard"]})
    [report] = judged("idle-network", GATEWAY, guard, network)
    assert "no Subnet, VirtualNetwork uses it, must have one that does" in report


def test_subnets_of_unknown_origin_may_use_a_gateway() -> None:
    network = Node("network:VirtualNetwork", {"subnets": UNKNOWN}, "network")
    [report] = judged("idle-network", GATEWAY, network)
    assert "undecided at preview: network.subnets (idle-network)" in report


def test_a_zone_that_no_endpoint_writes_to_is_idle() -> None:
    zone = Node("privatedns:PrivateZone", {"privateZoneName": "privatelink.blob.core.windows.net"}, "zone")
    assert len(judged("idle-network", zone)) == 1
    group = Node(
        "network:PrivateDnsZoneGroup",
        {"privateDnsZoneConfigs": UNKNOWN},
        "group",
        references={"privateDnsZoneConfigs": ["zone"]},
    )
    assert judged("idle-network", zone, group) == []


def test_the_pool_of_the_cluster_itself_is_never_spare_and_may_have_a_gpu_node() -> None:
    system = {
        "mode": "System",
        "vmSize": "Standard_NC4as_T4_v3",
        "enableAutoScaling": True,
        "minCount": 1,
        "maxCount": 2,
    }
    assert judged("aks-spot-pools", Node(NODE_POOL, system)) == []
    assert judged("aks-autoscaler", Node(KUBERNETES_CLUSTER, {"agentPoolProfiles": [system]})) == []


def test_a_finding_in_a_cluster_names_the_pool() -> None:
    [report] = judged("aks-autoscaler", Node(KUBERNETES_CLUSTER, {"agentPoolProfiles": [{"enableAutoScaling": False}]}))
    assert "agentPoolProfiles[0].enableAutoScaling is false, must be true" in report


@pytest.mark.parametrize("size", ["Standard_D4s_v5", "Standard_NC4as_T4_v3", "Standard_DS3_v2"])
def test_a_size_without_a_local_disk_may_have_a_managed_one(size: str) -> None:
    assert judged("aks-ephemeral-os-disk", Node(NODE_POOL, {"vmSize": size, "osDiskType": "Managed"})) == []


@pytest.mark.parametrize("size", ["Standard_D4ds_v5", "Standard_E8ds_v5", "Standard_NC24ads_A100_v4"])
def test_a_size_with_one_uses_it(size: str) -> None:
    assert len(judged("aks-ephemeral-os-disk", Node(NODE_POOL, {"vmSize": size, "osDiskType": "Managed"}))) == 1


def test_a_database_by_dtu_cannot_sleep_and_needs_no_licence() -> None:
    small = Node(SQL_DATABASE, {"sku": {"name": "S1"}})
    assert judged("sql-serverless-autopause", small) == []
    assert judged("sql-licence", small, profile="prod") == []
    assert judged("sql-licence", Node(SQL_DATABASE, {"sku": {"name": "GP_S_Gen5_2"}}), profile="prod") == []


def databricks(kind: str, spec: Any) -> Node:
    return Node(OBJECT, {"kind": kind, "spec": spec if isinstance(spec, str) else json.dumps(spec)})


def test_a_policy_for_jobs_needs_no_time_after_which_clusters_end() -> None:
    definition = {"cluster_type": {"type": "fixed", "value": "job"}, "num_workers": {"type": "fixed", "value": 2}}
    assert judged("dbx-cluster-guard", databricks("cluster policy", {"definition": json.dumps(definition)})) == []


@pytest.mark.parametrize("spec", ["no JSON", "[]", {"definition": "no JSON"}, {"definition": "[]"}, {}])
def test_a_policy_that_nobody_can_read_is_a_violation_and_no_crash(spec: Any) -> None:
    [report] = judged("dbx-cluster-guard", databricks("cluster policy", spec))
    assert "is no object, must be one" in report


def test_what_else_is_inside_a_workspace_is_left_alone() -> None:
    assert judged("dbx-cluster-guard", databricks("schema", {"name": "bronze"})) == []
    assert judged("dbx-cluster-guard", Node(OBJECT, {"kind": "external location", "spec": UNKNOWN})) == []


def test_rules_on_every_azure_resource_leave_the_librarys_own_resources_alone() -> None:
    rules = {rule.id: rule for rule in security.PACK.rules(security.PACK.profile("prod").limits)}
    policies = Bench("framework", Waivers()).policies([(rules["allowed-locations"], EnforcementLevel.MANDATORY)])
    assert Analyzer(policies).run([Node("dynamic:Artifact", {"location": "brazilsouth"})]) == []
