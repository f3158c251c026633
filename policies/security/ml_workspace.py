"""Security of machine learning workspaces, datastores and registries: Microsoft.MachineLearningServices."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, contains, is_false, is_set, not_true, one_of
from policies.kit.kinds import ML_REGISTRY, ML_WORKSPACE, STORAGE_ACCOUNT
from policies.kit.properties import Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, every, not_applicable, undecided
from policies.security.limits import Limits
from policies.security.private_endpoints import has_private_endpoint


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on workspaces, their datastores, and registries of models."""
    return [*_network(limits), *_identity(), *_data()]


def _network(limits: Limits) -> list[AnyRule]:
    modes = limits.workspace_isolation_modes
    return [
        Rule(
            id="aml-workspace-public-access",
            requires="A workspace cannot be reached from public networks",
            conditions={
                ML_WORKSPACE: all_of(
                    one_of("publicNetworkAccess", "Disabled"), not_true("allowPublicAccessWhenBehindVnet")
                )
            },
            remedies={ML_WORKSPACE: {"publicNetworkAccess": "Disabled", "allowPublicAccessWhenBehindVnet": False}},
            fix='set publicNetworkAccess to "Disabled" and leave allowPublicAccessWhenBehindVnet out',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV2_AZURE_49", "CKV_AZURE_144", "AZR-000406", "AP 438c38d2", "azqr hub-004"),
        ),
        StackRule(
            id="aml-workspace-private-endpoint",
            requires="A workspace is reached through a private endpoint",
            judge=for_each((ML_WORKSPACE,), has_private_endpoint("amlworkspace")),
            fix="add a PrivateEndpoint with the workspace's id and the group amlworkspace",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP 45e05259", "azqr hub-005"),
        ),
        Rule(
            id="aml-managed-network",
            requires="What runs in a workspace reaches other networks through its managed network only",
            conditions={ML_WORKSPACE: one_of("managedNetwork.isolationMode", *modes)},
            fix=f'set managedNetwork.isolationMode to "{modes[0]}"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP 6ddb1705",),
        ),
        Rule(
            id="aml-registry-public-access",
            requires="A registry of models cannot be reached from public networks",
            conditions={ML_REGISTRY: one_of("publicNetworkAccess", "Disabled")},
            remedies={ML_REGISTRY: {"publicNetworkAccess": "Disabled"}},
            fix='set publicNetworkAccess to "Disabled"',
            severity=Severity.MEDIUM,
            control="NS-2",
        ),
    ]


def _identity() -> list[AnyRule]:
    return [
        Rule(
            id="aml-user-assigned-identity",
            requires="A workspace acts under an identity that outlives it",
            conditions={
                ML_WORKSPACE: all_of(
                    contains("identity.type", "UserAssigned"),
                    is_set("identity.userAssignedIdentities"),
                    is_set("primaryUserAssignedIdentity"),
                )
            },
            fix='set identity.type to "UserAssigned" with an identity that is also primaryUserAssignedIdentity',
            severity=Severity.MEDIUM,
            control="IM-3",
            sources=("AZR-000407", "AP 5f0c7d88"),
        ),
        Rule(
            id="aml-datastore-identity-auth",
            requires="A workspace reaches its own storage by identity, not by account key",
            conditions={ML_WORKSPACE: one_of("systemDatastoresAuthMode", "Identity")},
            remedies={ML_WORKSPACE: {"systemDatastoresAuthMode": "Identity"}},
            fix='set systemDatastoresAuthMode to "Identity"',
            severity=Severity.MEDIUM,
            control="IM-1",
        ),
        Rule(
            id="aml-datastore-no-credentials",
            requires="A datastore holds no credentials",
            conditions={
                "machinelearningservices:Datastore": one_of("properties.credentials.credentialsType", "None"),
            },
            fix='set properties.credentials to {credentialsType: "None"} and give the identities a data role',
            severity=Severity.HIGH,
            control="IM-8",
        ),
    ]


def _data() -> list[AnyRule]:
    return [
        Rule(
            id="aml-workspace-cmk",
            requires="A workspace is encrypted with a key of the organisation",
            conditions={
                ML_WORKSPACE: all_of(
                    one_of("encryption.status", "Enabled"), is_set("encryption.keyVaultProperties.keyIdentifier")
                )
            },
            fix='set encryption.status to "Enabled", with encryption.keyVaultProperties, before it is created',
            severity=Severity.MEDIUM,
            control="DP-5",
            sources=("AP ba769a63", "AP 7f40cee6"),
        ),
        StackRule(
            id="aml-hbi-storage-private",
            requires="A workspace for highly confidential data keeps them in storage without public access",
            judge=for_each((ML_WORKSPACE,), _private_storage),
            fix='set publicNetworkAccess to "Disabled" and allowBlobPublicAccess to false on the workspace\'s storage',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV2_AZURE_50",),
        ),
    ]


_PRIVATE = all_of(one_of("publicNetworkAccess", "Disabled"), is_false("allowBlobPublicAccess"))


def _private_storage(workspace: Resource, stack: Stack) -> Verdict:
    confidential = workspace.properties.get("hbiWorkspace")
    if isinstance(confidential, Unknown):
        return undecided(confidential.path)
    if confidential is not True:
        return not_applicable("the workspace is not for highly confidential data")
    return every(_storage_verdict(workspace, account) for account in stack.of(STORAGE_ACCOUNT))


def _storage_verdict(workspace: Resource, account: Resource) -> Verdict:
    used = workspace.refers_to("storageAccount", account)
    if isinstance(used, Unknown):
        return undecided(used.path)
    return _PRIVATE(account.properties) if used else not_applicable("not the workspace's storage")
