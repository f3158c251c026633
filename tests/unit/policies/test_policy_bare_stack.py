"""Before the security rules, a stack of naked resources: what nobody has cared for is found."""

from functools import cache

from policies import security
from tests.harness import build
from tests.unit.policies import bare
from tests.unit.policies.judging import judge, resources
from tests.unit.policies.recorded import declared

QUIET = {
    "acr-admin-user": "Azure makes no such user by itself",
    "acr-anonymous-pull": "Azure asks everybody who they are by itself",
    "aks-dashboard-off": "Azure installs no dashboard by itself",
    "aks-http-routing-off": "Azure installs no ingress by itself",
    "aks-max-pods": "Azure's own network for pods has room for more than fifty on a node",
    "aks-node-public-ip": "Azure gives nodes no public address by itself",
    "aks-version-floor": "Azure takes a version that gets fixes by itself",
    "aml-approved-registry": "no model is named, so that none comes from elsewhere",
    "aml-hbi-storage-private": "the workspace does not say that its data is highly confidential",
    "k8s-host-namespaces": "Kubernetes keeps a pod from its node by itself",
    "k8s-host-path": "no volume is named",
    "k8s-privileged": "Kubernetes gives a container no rights of its node by itself",
    "kv-soft-delete": "Azure keeps a deleted vault for ninety days by itself",
    "nsg-any-inbound": "a security group without rules lets nobody in",
    "nsg-mgmt-ports": "a security group without rules lets nobody in",
    "secret-not-plaintext": "nothing is said, so that no credential is",
    "sql-audit-retention": "there is no audit; sql-auditing says so",
    "sql-tde": "Azure encrypts a database by itself",
    "st-container-private": "Azure makes a container private by itself",
    "st-https-only": "Azure takes encrypted requests only by itself",
    "st-local-users": "Azure makes no local users by itself",
    "st-trusted-bypass": "there is no firewall to be let through; st-default-deny says so",
    "vnet-dns": "Azure resolves names by itself",
}
"""Rules that a bare stack breaks nothing of, each with the reason."""


@cache
def broken() -> frozenset[str]:
    """Ids of the rules that the bare stack breaks."""
    rules = security.PACK.rules(security.PACK.profile("prod").limits)
    stack = resources(declared(node) for node in build(bare.stack, cloud=bare.Cloud()))
    return frozenset(rule.id for rule in rules if any(verdict.violated for _, verdict in judge(rule, stack)))


def test_a_bare_stack_breaks_every_security_rule_but_those_that_have_a_reason_to_be_quiet() -> None:
    every = {rule.id for rule in security.PACK.rules(security.PACK.profile("prod").limits)}
    assert broken() == every - QUIET.keys()
    assert QUIET.keys() <= every
